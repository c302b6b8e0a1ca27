// Fields: characters left, dropped files with their names, the two modes of a composer.
import { say } from "./words.js";

function countdown(field) {
  const counter = document.querySelector(`[data-counter="${CSS.escape(field.id)}"]`);
  if (!counter) return;
  const left = Number(field.dataset.limit) - [...field.value].length;
  counter.textContent = left < 0 ? say("tooLong", { count: -left }) : String(left);
  counter.hidden = left > 500; // far from the end the number says nothing
  counter.classList.toggle("is-late", left < 0);
}

document.addEventListener("input", (event) => {
  if (event.target.dataset?.limit) countdown(event.target);
  if (event.target.matches?.("textarea[data-grow]")) grow(event.target);
});

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, innerHeight * 0.4)}px`;
}

// files
function list(zone) {
  const field = zone.querySelector("input[type=file]");
  const out = zone.querySelector("[data-files]");
  const limit = Number(zone.dataset.limitMb || 20);
  out?.replaceChildren(...[...field.files].map((file) => {
    const line = document.createElement("li");
    const big = file.size > limit * 1024 * 1024;
    line.className = big ? "is-late" : "";
    line.textContent = big ? say("tooBig", { name: file.name, limit }) : `${file.name} · ${Math.ceil(file.size / 1024)} KB`;
    return line;
  }));
}
document.addEventListener("change", (event) => {
  const zone = event.target.closest?.("[data-drop]");
  if (zone) list(zone);
});
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", name === "dragover");
    if (name !== "drop") return;
    const field = zone.querySelector("input[type=file]");
    const all = new DataTransfer();
    if (field.multiple) [...field.files].forEach((file) => all.items.add(file));
    [...event.dataTransfer.files].slice(0, field.multiple ? 50 : 1).forEach((file) => all.items.add(file));
    field.files = all.files;
    list(zone);
  });
}

// composer: reply and internal note share one form; the chosen mode is a radio or a tab
document.addEventListener("click", (event) => {
  const mode = event.target.closest?.("[data-mode]");
  if (!mode) return;
  setMode(mode);
  mode.closest("[data-composer]").querySelector("textarea")?.focus();
  event.preventDefault();
});

// a restored draft of an internal note must come back as a note: it was not meant for the customer
document.addEventListener("zk:restored", (event) => {
  const kept = event.target.querySelector?.("input[name=mode]")?.value;
  const mode = kept && event.target.querySelector(`[data-mode="${CSS.escape(kept)}"]`);
  if (mode) setMode(mode);
});

function setMode(mode) {
  const form = mode.closest("[data-composer]");
  form.dataset.now = mode.dataset.mode;
  form.classList.toggle("is-note", mode.dataset.mode === "note");
  const hidden = form.querySelector("input[name=mode]");
  if (hidden) hidden.value = mode.dataset.mode;
  form.querySelectorAll("[data-mode]").forEach((other) => other.setAttribute("aria-pressed", String(other === mode)));
  const area = form.querySelector("textarea");
  if (area) area.placeholder = mode.dataset.hint || "";
}

document.querySelectorAll("[data-limit]").forEach(countdown);
document.querySelectorAll(".zk-timeline[data-end]").forEach((feed) => { feed.scrollTop = feed.scrollHeight; });
document.body.addEventListener("htmx:afterSettle", (event) => {
  event.detail.target?.querySelectorAll?.("[data-limit]").forEach(countdown);
  document.querySelectorAll(".zk-timeline[data-end]").forEach((feed) => { feed.scrollTop = feed.scrollHeight; });
});
