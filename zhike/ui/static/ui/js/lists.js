// A list: the row cursor, selection, the bar of bulk actions. Filters, sorting and paging are links and a form.
import { say } from "./words.js";

const rows = () => [...document.querySelectorAll("[data-list] tbody tr[data-row]")];
const at = () => document.querySelector("[data-list] tr.is-at");
let anchor = null;

export function hasList() {
  return rows().length > 0;
}

export function step(by) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(at());
  setAt(all[Math.max(0, Math.min(all.length - 1, here < 0 ? 0 : here + by))]);
}

function setAt(row) {
  at()?.classList.remove("is-at");
  if (!row) return;
  row.classList.add("is-at");
  row.scrollIntoView({ block: "nearest" });
}

export function openRow() {
  const link = at()?.querySelector("a[data-main]") || at()?.querySelector("a[href]");
  if (link) link.click();
  return Boolean(link);
}

export function peekCustomer() {
  const link = at()?.querySelector("[data-drawer]") || document.querySelector("main [data-drawer]");
  link?.click();
  return Boolean(link);
}

export function selectRow(range = false) {
  const row = at();
  const box = row?.querySelector(".pick");
  if (!box) return;
  const all = rows();
  if (range && anchor && all.includes(anchor)) {
    const [from, to] = [all.indexOf(anchor), all.indexOf(row)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((r) => { r.querySelector(".pick").checked = true; });
  } else {
    box.checked = !box.checked;
    anchor = row;
  }
  refresh();
}

// the first Ctrl A takes the page, the second every matching row
export function selectAll() {
  const boxes = [...document.querySelectorAll("[data-list] .pick")];
  if (!boxes.length) return;
  const whole = document.querySelector("[data-list] [name=all]");
  if (boxes.every((box) => box.checked) && whole) whole.checked = true;
  boxes.forEach((box) => { box.checked = true; });
  refresh();
}

export function clearSelection() {
  const chosen = document.querySelectorAll("[data-list] .pick:checked");
  if (!chosen.length) return false;
  chosen.forEach((box) => { box.checked = false; });
  refresh();
  return true;
}

function refresh() {
  for (const list of document.querySelectorAll("[data-list]")) {
    const boxes = [...list.querySelectorAll(".pick")];
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-on", box.checked));
    const page = list.querySelector("[data-pick-page]");
    if (page) {
      page.checked = chosen.length > 0 && chosen.length === boxes.length;
      page.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    const whole = list.querySelector("[name=all]");
    if (whole && chosen.length < boxes.length) whole.checked = false;
    const note = list.querySelector("[data-selected]");
    if (note) {
      const count = whole?.checked ? whole.dataset.count : chosen.length;
      note.textContent = say("selected", { count });
    }
  }
}

document.addEventListener("change", (event) => {
  const box = event.target;
  const list = box.closest?.("[data-list]");
  if (!list) return;
  if (box.matches("[data-pick-page]")) {
    list.querySelectorAll(".pick").forEach((pick) => { pick.checked = box.checked; });
    const whole = list.querySelector("[name=all]");
    if (whole && !box.checked) whole.checked = false;
  }
  if (box.matches("[name=all]") && box.checked) list.querySelectorAll(".pick").forEach((pick) => { pick.checked = true; });
  if (box.matches(".pick, [data-pick-page], [name=all]")) refresh();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-clear]")) clearSelection();
  const toggle = event.target.closest?.("[data-filter-toggle]");
  if (toggle) toggle.setAttribute("aria-expanded", String(toggle.form.classList.toggle("is-open")));
  const box = event.target.closest?.("[data-list] .pick");
  if (box) {
    const row = box.closest("tr");
    if (event.shiftKey && anchor) { setAt(row); box.checked = false; selectRow(true); } else anchor = row;
  }
  const row = event.target.closest?.("tr[data-row]");
  if (row) setAt(row);
});

// a select of the filter bar or the pager acts at once
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submit]")) event.target.form?.requestSubmit();
});
// empty conditions do not belong in the address
document.addEventListener("formdata", (event) => {
  if (!event.target.matches?.("[data-filter]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});
document.body.addEventListener("htmx:afterSettle", () => { anchor = null; refresh(); });
refresh();
