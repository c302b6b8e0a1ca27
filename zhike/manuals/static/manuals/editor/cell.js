// The editor of one cell: a list of words to pick from, or a line of text with words proposed.
// Over the cell on a desk; a sheet from below on a phone.
import { say } from "./desk.js";

const ALONE = ["-", "有", "无", "any"]; // words that stand in a cell by themselves
const NARROW = "(max-width: 720px)";
const MOST = 200; // words shown at once

const wordsIn = (text) => text.split(/[、,,]/).map((one) => one.trim()).filter(Boolean);

export class CellEditor {
  constructor(box, desk) {
    this.box = box;
    this.desk = desk;
    if (!box) return;
    for (const name of ["input", "list", "message", "cellwords", "foot", "ticked", "label", "where", "source"]) this[name] = box.querySelector(`[data-${name}]`);
    this.word = box.querySelector("template[data-word]");
    this.chip = box.querySelector("template[data-chip]");
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.pick(Number(item.dataset.n));
    });
    this.box.querySelector("[data-as-text]").addEventListener("click", () => this.asText());
    this.box.querySelector("[data-give-up]").addEventListener("click", () => this.close());
    this.box.querySelector("[data-finish]").addEventListener("click", () => this.finish());
    for (const button of this.box.querySelectorAll("[data-step]")) button.addEventListener("click", () => this.step(Number(button.dataset.step)));
    document.addEventListener("pointerdown", (event) => {
      if (this.sheet && !this.box.contains(event.target)) this.finish({ focus: false });
    }, true);
    addEventListener("resize", () => this.place());
    document.addEventListener("scroll", (event) => { if (this.sheet && !this.box.contains(event.target)) this.place(); }, true);
  }

  open(sheet, at, { typed = null, asText = false, words = false } = {}) {
    if (this.sheet) this.finish({ focus: false });
    this.sheet = sheet;
    this.at = at;
    this.column = sheet.columns[at.column];
    this.cell = sheet.cellAt(at.row, at.column);
    this.cell.classList.add("is-edit");
    this.choices = this.column.choices;
    this.before = sheet.text(at);
    const known = new Set(this.choices.map(([word]) => word));
    const present = wordsIn(this.before);
    const pure = present.every((word) => known.has(word) || word === "-");
    this.listed = this.choices.length > 0 && !asText && (words || pure) && (pure || !this.before);
    this.ticks = this.listed ? present.filter((word) => known.has(word) && !(word === "-" && present.length === 1)) : [];
    this.input.value = typed ?? (this.listed ? "" : this.before);
    this.label.textContent = this.column.label;
    this.where.textContent = say("row", { n: at.row + 1 });
    this.source.hidden = !this.column.source;
    if (this.column.source) this.source.href = `?table=${encodeURIComponent(this.column.source)}`;
    this.box.hidden = false;
    this.box.classList.toggle("is-list", this.listed);
    this.shown = -1;
    this.at_word = this.listed && typed === null ? this.choices.findIndex(([word]) => this.ticks.includes(word)) : -1;
    this.draw();
    this.told(sheet);
    this.place();
    this.input.focus();
    if (!this.listed && typed === null) this.input.select();
    if (typed !== null) this.typed();
  }

  place() {
    if (!this.sheet || matchMedia(NARROW).matches) { this.box.removeAttribute("data-over"); this.box.style.cssText = ""; return; }
    const rect = this.cell.getBoundingClientRect();
    const width = this.listed ? 276 : Math.max(rect.width, 240);
    this.box.dataset.over = this.listed ? "below" : "on";
    this.box.style.width = `${width}px`;
    this.box.style.left = `${Math.max(8, Math.min(rect.left - (this.listed ? 2 : 0), innerWidth - width - 8))}px`;
    const top = this.listed ? rect.bottom + 4 : rect.top;
    const height = this.box.offsetHeight;
    this.box.style.top = `${this.listed && top + height > innerHeight - 8 && rect.top > height + 8 ? rect.top - height - 4 : top}px`;
  }

  // --- words

  matching() {
    const typed = this.listed ? this.input.value.trim() : this.token().text;
    const sought = typed.toLowerCase();
    const found = this.choices.map(([word, note], n) => ({ word, note, n }));
    if (!sought) return found;
    return found.filter(({ word, note }) => word.toLowerCase().includes(sought) || note.toLowerCase().includes(sought));
  }

  // the word at the end of the text, that a proposal would replace
  token() {
    const text = this.input.value;
    const start = Math.max(...[..."、,,([<>= ."].map((mark) => text.lastIndexOf(mark))) + 1;
    return { start, text: text.slice(start).trim() };
  }

  draw() {
    const found = this.matching().slice(0, MOST);
    const proposed = this.listed || (this.choices.length > 0 && (this.input.value === "" || this.token().text !== ""));
    this.list.hidden = !proposed || !found.length;
    this.foot.hidden = !this.listed;
    this.box.querySelector("[data-tick-hint]").hidden = !this.column.several;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.visible = found.map(({ n }) => n);
    if (!this.visible.includes(this.at_word)) this.at_word = this.listed && this.input.value ? this.visible[0] ?? -1 : -1;
    this.list.replaceChildren(...found.map((one) => this.item(one)));
    this.list.querySelector(".at")?.scrollIntoView({ block: "nearest" });
    this.drawTicks();
  }

  item({ word, note, n }) {
    const item = this.word.content.firstElementChild.cloneNode(true);
    const ticked = this.ticks.includes(word);
    item.dataset.n = n;
    item.id = `word-${n}`;
    item.querySelector(".name").textContent = word;
    item.querySelector(".note").textContent = note;
    item.querySelector(".box").classList.toggle("on", ticked);
    item.querySelector(".box").hidden = !this.column.several || !this.listed;
    item.setAttribute("aria-selected", String(ticked));
    item.classList.toggle("at", n === this.at_word);
    if (n === this.at_word) this.input.setAttribute("aria-activedescendant", item.id);
    return item;
  }

  drawTicks() {
    const chips = this.ticks.map((word) => {
      const chip = this.chip.content.firstElementChild.cloneNode(true);
      chip.textContent = word;
      return chip;
    });
    if (this.listed && this.column.several && this.ticks.length) this.cell.replaceChildren(...chips.map((chip) => chip.cloneNode(true)));
    this.ticked.replaceChildren(...(this.listed ? chips : []));
    this.ticked.hidden = !this.listed || !this.ticks.length;
  }

  move(by) {
    const now = this.visible.indexOf(this.at_word);
    this.at_word = this.visible[Math.max(0, Math.min(now + by, this.visible.length - 1))] ?? -1;
    this.draw();
  }

  pick(n) {
    const word = this.choices[n][0];
    if (!this.listed) {
      const { start } = this.token();
      this.input.value = this.input.value.slice(0, start) + word;
      this.at_word = -1;
      this.typed();
      return this.input.focus();
    }
    if (!this.column.several) { this.ticks = [word]; return this.finish({ down: false }); }
    this.tick(n);
  }

  tick(n) {
    const word = this.choices[n][0];
    this.at_word = n;
    if (this.ticks.includes(word)) this.ticks = this.ticks.filter((one) => one !== word);
    else if (ALONE.includes(word)) this.ticks = [word];
    else this.ticks = [...this.ticks.filter((one) => !ALONE.includes(one)), word];
    this.input.value = "";
    this.draw();
    this.place();
    this.preview();
  }

  asText() {
    const value = this.value();
    this.listed = false;
    this.box.classList.remove("is-list");
    this.input.value = value;
    this.draw();
    this.place();
    this.input.focus();
  }

  // --- what is typed

  typed() {
    this.at_word = -1;
    this.draw();
    this.place();
    this.preview();
  }

  // the words picked; or what was typed, where it names none of them
  value() {
    const typed = this.input.value.trim();
    if (!this.listed || (typed && !this.visible.length)) return typed;
    const order = this.choices.map(([word]) => word).filter((word) => this.ticks.includes(word));
    return order.join("、") || this.sheet.blank(this.at.column);
  }

  preview() {
    const rows = this.sheet.rows.map((row, n) => (n === this.at.row ? row.map((text, c) => (c === this.at.column ? this.value() : text)) : row));
    this.desk.typing(this.sheet, rows);
  }

  // the server has looked at what stands in the cell
  told(sheet) {
    if (sheet !== this.sheet) return;
    const { message = "", words = "" } = this.cell.dataset;
    this.message.textContent = message;
    this.message.hidden = !message;
    this.cellwords.textContent = words;
    this.cellwords.hidden = !words;
    this.input.setAttribute("aria-invalid", String(Boolean(message)));
    this.place();
  }

  key(event) {
    if (event.isComposing) return;
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const task = event.key === "Escape" ? () => this.close()
      : event.key === "Tab" ? () => this.step(event.shiftKey ? -1 : 1, false)
      : event.key === "Enter" ? () => this.enter()
      : event.key === "F2" && this.listed ? () => this.asText()
      : way && !this.list.hidden ? () => this.move(way)
      : event.key === " " && this.listed && this.column.several && this.at_word >= 0 ? () => this.tick(this.at_word)
      : null;
    if (task && (event.target === this.input || event.key === "Escape")) {
      event.preventDefault();
      task();
    }
    event.stopPropagation();
  }

  enter() {
    if (this.at_word < 0) return this.finish({ down: true });
    if (!this.listed) return this.pick(this.at_word);
    if (!this.column.several) return this.pick(this.at_word);
    if (!this.ticks.length || this.input.value) { this.tick(this.at_word); }
    this.finish({ down: false });
  }

  finish({ down = false, focus = true } = {}) {
    if (!this.sheet) return;
    const { sheet, at } = this;
    const value = this.value();
    this.hide();
    sheet.drawn[at.row][at.column] = null; // chips and findings of the trial go
    if (value === this.before) this.restore(sheet, at);
    else sheet.set(at.row, at.column, value);
    if (focus) sheet.select(at.row + (down ? 1 : 0), at.column);
  }

  close() {
    if (!this.sheet) return;
    const { sheet, at } = this;
    this.hide();
    this.restore(sheet, at);
    sheet.select(at.row, at.column);
  }

  // the cell as it was; the server dresses it again
  restore(sheet, at) {
    sheet.drawn[at.row][at.column] = null;
    sheet.draw();
    this.desk.typing(sheet, sheet.rows);
  }

  hide() {
    this.cell.classList.remove("is-edit");
    this.box.hidden = true;
    this.sheet = null;
  }

  step(way, open = true) {
    const { sheet, at } = this;
    this.finish({ focus: false });
    const width = sheet.columns.length;
    const next = Math.max(0, Math.min(at.row * width + at.column + way, width * sheet.rows.length - 1));
    sheet.select(Math.floor(next / width), next % width);
    if (open) sheet.edit();
  }
}
