// One table as a grid: its rows as texts, the cell that has the focus, the range, undo, and what the server said.
import { setUpComposing, writable } from "./composing.js";
import { inputKey } from "./keys.js";

const SECTIONS = ["[data-bar]", "[data-bars]"];
const TOLD = ["data-words", "data-message", "title", "aria-invalid"];

export class Sheet {
  constructor(box, desk) {
    this.box = box;
    this.desk = desk;
    this.address = desk.root.dataset.table;
    this.version = 0;
    this.tries = 0;
    this.undone = [];
    this.done = [];
    this.read(box);
    this.rows = this.given.rows.map((row) => [...row]);
    this.drawn = this.rows.map((row) => [...row]);
    this.at = { row: 0, column: 0 };
    this.from = { ...this.at };
    this.table = box.querySelector(".zk-grid");
    this.body = this.table.tBodies[0];
    const first = this.cellAt(0, 0);
    if (first) first.tabIndex = 0;
    this.listen();
  }

  read(box) {
    this.given = JSON.parse(box.querySelector("script[type='application/json']").textContent);
    this.key = this.given.key;
    this.line = this.given.line;
    this.columns = this.given.columns;
  }

  payload() {
    return { table: this.key, line: this.line, labels: this.columns.map((one) => one.label), rows: this.rows };
  }

  cellAt(row, column) { return this.body.rows[row]?.cells[column + 1] || null; }

  headAt(column) { return this.table.tHead.rows[0].cells[column + 1]; }

  placeOf(cell) {
    const line = cell?.closest("tr");
    if (!line || line.hasAttribute("data-ghost") || cell.tagName !== "TD") return null;
    return { row: line.sectionRowIndex, column: cell.cellIndex - 1 };
  }

  text(place = this.at) { return this.rows[place.row]?.[place.column] ?? ""; }

  blank(column) { return this.given.kind === "decision" && this.columns[column].role === "input" ? "-" : ""; }

  // --- the mouse and the finger

  listen() {
    this.table.addEventListener("pointerdown", (event) => this.press(event));
    this.table.addEventListener("pointerover", (event) => this.sweep(event));
    addEventListener("pointerup", () => { this.sweeping = false; });
    this.table.addEventListener("click", (event) => {
      const cell = event.target.closest("td");
      if (event.target.closest("tr[data-ghost]")) return this.takeOffer(0);
      if (cell && matchMedia("(max-width: 720px), (pointer: coarse)").matches && this.placeOf(cell)) this.edit();
    });
    this.table.addEventListener("dblclick", (event) => { if (this.placeOf(event.target.closest("td"))) this.edit(); });
    this.table.addEventListener("focusin", (event) => this.focused(event.target));
    this.table.addEventListener("keydown", (event) => inputKey(this, event));
    this.box.addEventListener("click", (event) => this.button(event));
    if (this.desk.closed) return;
    this.listenToDrags();
    setUpComposing(this);
  }

  press(event) {
    const place = this.placeOf(event.target.closest("td"));
    if (!place || event.button) return;
    if (event.shiftKey) { event.preventDefault(); this.select(place.row, place.column, { extend: true }); return; }
    this.select(place.row, place.column);
    this.sweeping = event.pointerType === "mouse";
  }

  sweep(event) {
    const place = this.sweeping ? this.placeOf(event.target.closest("td")) : null;
    if (place && (place.row !== this.at.row || place.column !== this.at.column)) this.select(place.row, place.column, { extend: true });
  }

  focused(cell) {
    const place = this.placeOf(cell);
    if (place && (place.row !== this.at.row || place.column !== this.at.column)) this.select(place.row, place.column);
    if (place && !this.desk.closed) writable(cell);
    this.desk.sheet = this;
  }

  button(event) {
    const task = event.target.closest("[data-do]")?.dataset.do;
    if (task === "add") this.addRow(this.rows.length - 1);
    if (task === "delete") this.deleteRows();
    if (task === "up") this.moveRow(this.at.row, this.at.row - 1);
    if (task === "down") this.moveRow(this.at.row, this.at.row + 1);
    if (task === "column") this.desk.column.open(this, this.columns.length, { fresh: true, anywhere: true });
    if (event.target.closest("[data-bar] [data-offer]")) this.takeOffer(0);
    const head = event.target.closest("[data-column]")?.closest("th");
    if (head && !this.desk.closed) this.desk.column.open(this, head.cellIndex - 1);
  }

  listenToDrags() {
    const line = (event) => event.target.closest("tr:not([data-ghost])");
    const clear = () => this.body.querySelectorAll(".is-over").forEach((one) => one.classList.remove("is-over"));
    this.body.addEventListener("pointerdown", (event) => { const number = event.target.closest("th.n"); if (number) number.draggable = true; });
    this.body.addEventListener("dragstart", (event) => {
      this.dragged = line(event)?.sectionRowIndex;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
    });
    this.body.addEventListener("dragover", (event) => {
      if (this.dragged === undefined || !line(event)) return;
      event.preventDefault();
      clear();
      line(event).classList.add("is-over");
    });
    this.body.addEventListener("drop", (event) => {
      event.preventDefault();
      if (this.dragged !== undefined && line(event)) this.moveRow(this.dragged, line(event).sectionRowIndex);
    });
    this.body.addEventListener("dragend", () => { this.dragged = undefined; clear(); });
  }

  // --- selection

  select(row, column, { extend = false, scroll = false, focus = true } = {}) {
    const to = { row: clamp(row, this.rows.length), column: clamp(column, this.columns.length) };
    const old = this.cellAt(this.at.row, this.at.column);
    if (old) { old.tabIndex = -1; writable(old, false); }
    this.at = to;
    if (!extend) this.from = { ...to };
    this.paintRange();
    const cell = this.cellAt(to.row, to.column);
    if (!cell) return;
    cell.tabIndex = 0;
    if (!this.desk.closed) writable(cell);
    if (focus && document.activeElement !== cell) cell.focus({ preventScroll: !scroll });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.tell(cell);
  }

  range() {
    return {
      top: Math.min(this.at.row, this.from.row), bottom: Math.max(this.at.row, this.from.row),
      left: Math.min(this.at.column, this.from.column), right: Math.max(this.at.column, this.from.column),
    };
  }

  paintRange() {
    for (const cell of this.painted || []) { cell.classList.remove("is-range"); cell.removeAttribute("aria-selected"); }
    this.painted = [];
    const { top, bottom, left, right } = this.range();
    if (top === bottom && left === right) return;
    for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) {
      const cell = this.cellAt(row, column);
      if (!cell) continue;
      cell.classList.add("is-range");
      cell.setAttribute("aria-selected", "true");
      this.painted.push(cell);
    }
  }

  // what the cell says in words, and what is wrong with it, below the table
  tell(cell) {
    const line = this.box.querySelector("[data-saying]");
    line.textContent = cell.dataset.message || cell.dataset.words || "";
    line.classList.toggle("is-wrong", Boolean(cell.dataset.message));
  }

  // --- changes

  remember() {
    this.done.push({ rows: this.rows.map((row) => [...row]), columns: this.columns, at: { ...this.at } });
    if (this.done.length > 200) this.done.shift();
    this.undone = [];
  }

  undo(back = true) {
    const [source, target] = back ? [this.done, this.undone] : [this.undone, this.done];
    const step = source.pop();
    if (!step) return;
    target.push({ rows: this.rows, columns: this.columns, at: { ...this.at } });
    this.rows = step.rows;
    if (labels(step.columns) !== labels(this.columns)) this.shape(step.columns);
    this.commit();
    this.select(step.at.row, step.at.column);
  }

  set(row, column, text) {
    const clean = text.replace(/\s*\n\s*/g, " ").trim();
    if (this.rows[row][column] === clean) return;
    this.remember();
    this.rows[row][column] = clean;
    this.commit();
  }

  clear() {
    const { top, bottom, left, right } = this.range();
    this.remember();
    for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) this.rows[row][column] = this.blank(column);
    this.commit();
  }

  // a block of texts from the cell that has the focus on; rows are added as needed
  fill(block) {
    const { top, left } = this.range();
    this.remember();
    block.forEach((line, down) => {
      if (!this.rows[top + down]) this.rows.push(this.columns.map((_one, n) => this.blank(n)));
      line.forEach((text, right) => { if (left + right < this.columns.length) this.rows[top + down][left + right] = text.trim(); });
    });
    this.commit();
    this.from = { row: top, column: left };
    this.select(top + block.length - 1, Math.min(left + block[0].length, this.columns.length) - 1, { extend: true });
  }

  addRow(after, texts = null, column = 0) {
    if (this.desk.closed) return;
    this.remember();
    this.rows.splice(after + 1, 0, texts ? [...texts] : this.columns.map((_one, n) => this.blank(n)));
    this.commit();
    this.select(after + 1, column);
  }

  deleteRows() {
    const { top, bottom } = this.range();
    if (this.desk.closed || this.rows.length <= bottom - top + 1) return; // a table keeps one row
    this.remember();
    this.rows.splice(top, bottom - top + 1);
    this.commit();
    this.select(Math.min(top, this.rows.length - 1), this.at.column);
  }

  moveRow(from, to) {
    if (this.desk.closed || from === to || to < 0 || to >= this.rows.length) return;
    this.remember();
    this.rows.splice(to, 0, ...this.rows.splice(from, 1));
    this.commit();
    this.select(to, this.at.column);
  }

  // --- columns; what the table's examples say of a column goes with it

  // facts stand before the outcomes, outcomes before clause and note
  usualPlace(label) {
    const behind = { input: ["outcome", "clause", "note"], outcome: ["clause", "note"] }[roleOf(this.given, label)] || [];
    const place = this.columns.findIndex((one) => behind.includes(one.role));
    return place < 0 ? this.columns.length : place;
  }

  addColumn(at, label) {
    this.reshape((list, blank) => list.toSpliced(at, 0, blank), { ...NEW_COLUMN, label, role: roleOf(this.given, label) });
  }

  nameColumn(at, label) {
    const old = this.columns[at].label;
    if (old === label) return;
    this.remember();
    this.shape(this.columns.map((one, n) => (n === at ? { ...one, label } : one)));
    this.commit();
    const there = this.examples?.columns.findIndex((one) => one.label === old) ?? -1;
    if (there >= 0) this.examples.nameColumn(there, label);
  }

  dropColumn(at) {
    if (this.desk.closed || this.columns.length === 1) return;
    const { label } = this.columns[at];
    this.reshape((list) => list.toSpliced(at, 1));
    const there = this.examples?.columns.findIndex((one) => one.label === label) ?? -1;
    if (there >= 0) this.examples.dropColumn(there);
  }

  moveColumn(from, to) {
    if (this.desk.closed || from === to || to < 0 || to >= this.columns.length) return;
    this.reshape((list) => list.toSpliced(from, 1).toSpliced(to, 0, list[from]));
  }

  get examples() { return this.given.kind === "decision" ? this.desk.sheets.get(this.key.replace("decision.", "examples.")) : null; }

  // the same change to the columns and to each row; `column` is what a new one is
  reshape(change, column = null) {
    if (this.desk.closed) return;
    this.remember();
    this.rows = this.rows.map((row) => change(row, column && this.given.kind === "decision" && column.role === "input" ? "-" : ""));
    this.shape(change(this.columns, column));
    this.commit();
  }

  // the page with other columns, until the server has said how they look
  shape(columns) {
    this.columns = columns;
    this.body.querySelector("[data-ghost]")?.remove();
    const groups = [this.table.querySelector("colgroup"), ...this.table.rows];
    for (const group of groups) {
      while (group.children.length > columns.length + 1) group.lastElementChild.remove();
      while (group.children.length < columns.length + 1) group.append(group.lastElementChild.cloneNode(true));
    }
    columns.forEach((one, n) => {
      const name = this.headAt(n).querySelector("[data-column]") || this.headAt(n);
      name.textContent = one.label;
    });
    this.drawn = this.rows.map(() => []);
  }

  // the row that closes a gap goes to the end, and the outcome that only a person can name is asked for
  takeOffer(number) {
    const offer = this.given.offers[number];
    if (!offer) return;
    const missing = this.columns.findIndex((column, n) => column.role === "outcome" && ["", "-"].includes(offer[n]));
    const place = this.rows.findIndex((row) => row.includes("其余"));
    this.addRow((place < 0 ? this.rows.length : place) - 1, offer, Math.max(0, missing));
    if (missing >= 0) this.edit();
  }

  edit(options = {}) {
    if (!this.desk.closed) this.desk.cell.open(this, { ...this.at }, options);
  }

  commit() {
    this.version++;
    this.draw();
    this.desk.changed(this);
  }

  // --- drawing

  draw() {
    const lines = [...this.body.rows].filter((line) => !line.hasAttribute("data-ghost"));
    while (lines.length > this.rows.length) lines.pop().remove();
    while (lines.length < this.rows.length) {
      const line = lines[0].cloneNode(true);
      line.className = "is-new";
      for (const cell of line.querySelectorAll("td")) { cell.tabIndex = -1; writable(cell, false); plain(cell, ""); }
      (lines.at(-1)).after(line);
      lines.push(line);
      this.drawn[lines.length - 1] = [];
    }
    this.drawn.length = this.rows.length;
    this.rows.forEach((row, n) => {
      lines[n].cells[0].textContent = n + 1;
      row.forEach((text, column) => {
        if (this.drawn[n][column] === text) return;
        plain(lines[n].cells[column + 1], text);
        this.drawn[n][column] = text;
      });
    });
    this.table.setAttribute("aria-rowcount", this.rows.length);
  }

  // the server's look of the table over the cells that stand; focus and range stay
  dress(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    this.read(fresh);
    this.rows = this.given.rows.map((row) => [...row]);
    this.drawn = this.rows.map((row) => [...row]);
    this.look(fresh, true);
  }

  // the same for what is being typed: only what the server says of the cells, not the rows
  tried(html) {
    if (html) this.look(new DOMParser().parseFromString(html, "text/html").body, false);
    this.desk.cell.told(this);
  }

  look(fresh, saved) {
    for (const part of ["colgroup", "thead"]) {
      const [old, now] = [this.table, fresh].map((from) => from.querySelector(part));
      if (saved && old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML;
    }
    if (saved) this.table.className = fresh.querySelector(".zk-grid").className;
    const body = fresh.querySelector("tbody");
    this.body.querySelector("[data-ghost]")?.remove();
    while (this.body.rows.length > body.querySelectorAll("tr:not([data-ghost])").length) this.body.rows[this.body.rows.length - 1].remove();
    for (const line of [...body.rows]) {
      const old = this.body.rows[line.sectionRowIndex];
      if (!old || line.hasAttribute("data-ghost")) { this.body.append(document.importNode(line, true)); continue; }
      old.className = line.className;
      for (let n = 0; n < line.cells.length; n++) this.lookCell(old.cells[n], line.cells[n], saved);
    }
    for (const name of SECTIONS) {
      const place = this.box.querySelector(name);
      place.innerHTML = fresh.querySelector(name)?.innerHTML || "";
      window.htmx?.process(place);
    }
    this.paintRange();
    const cell = this.cellAt(this.at.row, this.at.column);
    if (cell) { cell.tabIndex = 0; this.tell(cell); }
    this.desk.cell.place();
  }

  lookCell(old, fresh, saved) {
    const open = old.classList.contains("is-edit") || old === this.composing?.cell;
    if (!open && old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
    old.className = fresh.className;
    if (open && !this.composing) old.classList.add("is-edit");
    for (const name of TOLD) {
      if (fresh.hasAttribute(name)) old.setAttribute(name, fresh.getAttribute(name));
      else old.removeAttribute(name);
    }
    if (saved && open) this.desk.cell.told(this);
  }
}

function plain(cell, text) {
  cell.textContent = text;
  cell.classList.remove("is-wrong", "is-open", "is-odd");
  for (const name of TOLD) cell.removeAttribute(name);
}

// until the server has answered
const NEW_COLUMN = { several: false, source: "", choices: [] };
const roleOf = (given, label) => (/^(→|->|=>)/.test(label) ? "outcome" : ["条款", "说明", "备注"].includes(label) ? "note" : given.kind === "decision" ? "input" : "free");
const labels = (columns) => columns.map((one) => one.label).join("|");

const clamp = (n, length) => Math.max(0, Math.min(n, length - 1));
