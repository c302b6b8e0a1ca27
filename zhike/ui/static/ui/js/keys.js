// Single letters while nothing is typed; the sheet behind "?" lists them (zhike/ui/keys.py).
import { isTyping, say, toast } from "./words.js";
import { openPalette } from "./palette.js";
import { show } from "./dialogs.js";
import * as list from "./lists.js";
import { walk } from "./walk.js";

let leading = 0; // when G was struck

const focusOn = (selector) => {
  const field = document.querySelector(selector);
  if (!field) return false;
  field.focus();
  field.select?.();
  return true;
};

function reply(mode) {
  const switcher = document.querySelector(`[data-mode="${mode}"]`);
  if (!switcher) return false;
  switcher.click();
  return focusOn("[data-composer] textarea");
}

function click(selector) {
  const target = document.querySelector(selector);
  target?.click();
  return Boolean(target);
}

export function copy(text) {
  if (!text) return false;
  navigator.clipboard?.writeText(text).then(() => toast(say("copied", { text }), "met"));
  return true;
}

const LETTERS = {
  j: () => (list.hasList() ? (list.step(1), true) : walk(1)),
  k: () => (list.hasList() ? (list.step(-1), true) : walk(-1)),
  x: () => (list.selectRow(), true),
  X: () => (list.selectRow(true), true),
  o: () => list.openRow(),
  Enter: () => list.openRow(),
  "/": () => focusOn("[data-list-search]") || openPalette(),
  f: () => focusOn("[data-filter] select, [data-filter] input:not([type=hidden])"),
  r: () => reply("reply"),
  n: () => reply("note"),
  w: () => click("[data-key=why] > summary"),
  l: () => click("main a.zk-clause"),
  d: () => list.peekCustomer(),
  ".": () => copy(document.querySelector("[data-copy]")?.dataset.copy),
  ">": () => copy(location.href),
  "?": () => { const sheet = document.getElementById("keys"); if (sheet) show(sheet); return Boolean(sheet); },
};

// where one types first; on a telephone its keyboard would cover what stands above
if (matchMedia("(min-width: 721px)").matches) document.querySelector("[data-focus]")?.focus();

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k") { if (openPalette()) event.preventDefault(); return; }
  if (command && event.key === "Enter") {
    const form = document.activeElement?.closest("form");
    if (form?.method === "post") { event.preventDefault(); form.requestSubmit(form.querySelector("button[type=submit]:not([formaction])") || undefined); }
    return;
  }
  if (isTyping()) { if (event.key === "Escape") document.activeElement.blur(); return; }
  if (command && event.key.toLowerCase() === "a" && list.hasList()) { event.preventDefault(); list.selectAll(); return; }
  if (command || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") { if (list.clearSelection()) event.preventDefault(); return; }
  if (event.key === "Enter" && document.activeElement?.closest("a, button, summary, input")) return;
  if (leading && event.timeStamp - leading < 1500) {
    leading = 0;
    const target = document.querySelector(`[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
    if (target) { event.preventDefault(); location.assign(target.href); }
    return;
  }
  if (event.key === "g") { leading = event.timeStamp; return; }
  const marked = document.querySelector(`[data-key-on="${CSS.escape(event.key)}"]`);
  if (marked) { event.preventDefault(); marked.click(); return; }
  if (LETTERS[event.key]?.()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const source = event.target.closest?.("[data-copy]");
  if (source && copy(source.dataset.copy)) event.preventDefault();
});
