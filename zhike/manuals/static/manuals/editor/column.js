// The editor of one column: its name with the names that are offered, its place, its end.
import { say } from "./desk.js";

const NARROW = "(max-width: 720px)";

export class ColumnEditor {
  constructor(box) {
    this.box = box;
    if (!box) return;
    for (const name of ["input", "list", "message", "where"]) this[name] = box.querySelector(`[data-${name}]`);
    this.word = box.querySelector("template");
    this.input.addEventListener("input", () => { this.at = -1; this.draw(); });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.finish(item.dataset.name);
    });
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("click", (event) => this.button(event.target.closest("[data-do]")?.dataset.do));
    document.addEventListener("pointerdown", (event) => { if (this.sheet && !box.contains(event.target)) this.close(false); }, true);
    addEventListener("resize", () => this.place());
    document.addEventListener("scroll", (event) => { if (this.sheet && !box.contains(event.target)) this.place(); }, true);
  }

  // `fresh`: a column that is to stand at this place, there is none yet; `anywhere`: where its kind usually stands
  open(sheet, column, { fresh = false, anywhere = false } = {}) {
    this.sheet = sheet;
    this.anywhere = anywhere;
    this.column = column;
    this.fresh = fresh;
    this.at = -1;
    this.input.value = fresh ? "" : sheet.columns[column].label;
    this.where.textContent = say(fresh ? "newcolumn" : "column");
    for (const button of this.box.querySelectorAll("[data-there]")) button.hidden = fresh;
    this.box.querySelector("[data-do=left]").disabled = column === 0;
    this.box.querySelector("[data-do=right]").disabled = column === sheet.columns.length - 1;
    this.box.querySelector("[data-do=drop]").disabled = sheet.columns.length === 1;
    this.box.hidden = false;
    this.head.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.tell("");
    this.draw();
    this.place();
    this.input.focus();
    this.input.select();
  }

  get head() { return this.sheet.headAt(Math.min(this.column, this.sheet.columns.length - 1)); }

  place() {
    if (!this.sheet || matchMedia(NARROW).matches) { this.box.style.cssText = ""; return; }
    const rect = this.head.getBoundingClientRect();
    const left = this.fresh && this.column === this.sheet.columns.length ? rect.right : rect.left;
    this.box.style.left = `${Math.max(8, Math.min(left, innerWidth - this.box.offsetWidth - 8))}px`;
    this.box.style.top = `${rect.bottom + 4}px`;
  }

  draw() {
    const own = this.fresh ? "" : this.sheet.columns[this.column].label;
    const sought = this.input.value.trim().toLowerCase();
    const all = sought === own.toLowerCase() ? this.sheet.given.more : this.sheet.given.more.filter(([name, note]) => `${name} ${note}`.toLowerCase().includes(sought));
    this.names = all.map(([name]) => name);
    this.list.hidden = !all.length;
    this.input.setAttribute("aria-expanded", String(all.length > 0));
    this.list.replaceChildren(...all.map(([name, note], n) => {
      const item = this.word.content.firstElementChild.cloneNode(true);
      item.dataset.name = name;
      item.id = `column-${n}`;
      item.querySelector(".name").textContent = name;
      item.querySelector(".note").textContent = note;
      item.classList.toggle("at", n === this.at);
      item.setAttribute("aria-selected", String(n === this.at));
      return item;
    }));
    if (this.at >= 0) this.input.setAttribute("aria-activedescendant", `column-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
    this.list.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.close();
    else if (event.target !== this.input) return;
    else if (way) { this.at = Math.max(-1, Math.min(this.at + way, this.names.length - 1)); this.draw(); }
    else if (event.key === "Enter") this.finish(this.at >= 0 ? this.names[this.at] : undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  button(task) {
    const { sheet, column } = this;
    if (!task || !sheet) return;
    if (task === "finish") return this.finish();
    if (task === "give-up") return this.close();
    this.hide();
    if (task === "after") return this.open(sheet, column + 1, { fresh: true });
    if (task === "drop") { sheet.dropColumn(column); return sheet.select(sheet.at.row, column); }
    const to = column + (task === "left" ? -1 : 1);
    sheet.moveColumn(column, to);
    this.open(sheet, to);
  }

  finish(picked) {
    const { sheet, fresh, anywhere } = this;
    const name = (picked ?? this.input.value).replace(/\s+/g, " ").trim();
    if (!name) return fresh ? this.close() : this.tell(say("noname"));
    if (sheet.columns.some((one, n) => one.label === name && (fresh || n !== this.column))) return this.tell(say("twice", { name }));
    const column = anywhere ? sheet.usualPlace(name) : this.column;
    this.hide();
    if (fresh) sheet.addColumn(column, name);
    else sheet.nameColumn(column, name);
    sheet.select(sheet.at.row, column);
  }

  tell(message) {
    this.message.textContent = message;
    this.message.hidden = !message;
    this.input.setAttribute("aria-invalid", String(Boolean(message)));
  }

  close(focus = true) {
    const name = this.sheet && this.head.querySelector("button");
    this.hide();
    if (focus) name?.focus();
  }

  hide() {
    this.box.hidden = true;
    this.sheet = null;
  }
}
