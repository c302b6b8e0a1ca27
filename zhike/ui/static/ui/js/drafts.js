// What was typed stays in this browser until it was sent: <form data-draft="key">.
// Restored after errors, a lost connection or a lost sign-in. Passwords and files are never kept.
import { say } from "./words.js";

const PREFIX = "zk_draft:";
const DAYS = 3 * 24 * 3600 * 1000;
const timers = new WeakMap();

const owner = () => document.querySelector("[data-person]")?.dataset.person || "";
const keyOf = (form) => `${PREFIX}${owner()}:${form.dataset.draft}`;
const kept = (field) => field.name && !field.disabled && field.name !== "csrfmiddlewaretoken"
  && (field.type !== "hidden" || field.hasAttribute("data-keep"))
  && !["password", "file", "submit", "button"].includes(field.type) && !field.hasAttribute("data-nodraft");
const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

function read(form) {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(form)));
    return draft && Date.now() - draft.at < DAYS ? draft : null;
  } catch { return null; }
}

function note(form, text) {
  const line = form.querySelector("[data-draft-note]");
  if (line) line.textContent = text;
}

function save(form) {
  const values = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      (values[field.name] ||= []).push(...(field.checked ? [field.value] : []));
    } else if (field.tagName === "SELECT" && field.multiple) {
      values[field.name] = [...field.selectedOptions].map((option) => option.value);
    } else values[field.name] = field.value;
  }
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values }));
    note(form, say("saved", { time: clock(Date.now()) }));
  } catch { /* the store is full or forbidden: typing goes on */ }
}

function restore(form) {
  if (form.dataset.restored) return;
  form.dataset.restored = "1";
  const draft = read(form);
  // the server's own answer (a form with errors) already holds what was typed
  if (!draft || form.querySelector("[data-errors]")) return;
  let changed = false;
  for (const field of form.elements) {
    if (!kept(field) || !(field.name in draft.values)) continue;
    const value = draft.values[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      const on = value.includes(field.value);
      changed ||= on !== field.checked;
      field.checked = on;
    } else if (Array.isArray(value)) {
      for (const option of field.options) option.selected = value.includes(option.value);
    } else if (value !== field.value) {
      field.value = value;
      changed = true;
    }
  }
  if (changed) {
    note(form, say("restored", { time: clock(draft.at) }));
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.dispatchEvent(new CustomEvent("zk:restored", { bubbles: true }));
  }
}

export function forget(form) {
  clearTimeout(timers.get(form));
  try { localStorage.removeItem(keyOf(form)); } catch { /* nothing to forget */ }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form || !event.isTrusted) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), 800));
});
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft]")) if (timers.has(form) && !form.dataset.sent) save(form);
});

// sent by htmx: the answer says whether it went through
document.body.addEventListener("zk:done", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) forget(form);
});
// sent by the browser: the next page of another address means it went through; errors come back to the same one
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches?.("form[data-draft]") && !form.hasAttribute("hx-post")) {
    save(form);
    sessionStorage.setItem("zk_draft_sent", JSON.stringify([keyOf(form), location.pathname]));
  }
});
try {
  const sent = JSON.parse(sessionStorage.getItem("zk_draft_sent"));
  if (sent) {
    sessionStorage.removeItem("zk_draft_sent");
    const stillThere = document.querySelector("[data-errors], .zk-trouble, .zk-login");
    if (!stillThere) localStorage.removeItem(sent[0]);
  }
} catch { /* no store */ }

// who signs out leaves no drafts on this machine; a lost sign-in keeps them
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-sign-out]")) return;
  const mine = `${PREFIX}${owner()}:`;
  Object.keys(localStorage).filter((key) => key.startsWith(mine)).forEach((key) => localStorage.removeItem(key));
});

const setUp = (root) => root.querySelectorAll?.("form[data-draft]").forEach(restore);
setUp(document);
document.body.addEventListener("htmx:afterSettle", (event) => setUp(event.detail.target?.parentElement || document));
