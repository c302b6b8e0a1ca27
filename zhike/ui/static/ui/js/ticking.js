// Deadline badges run on between two loads. The server's clock counts, not the browser's.
import { say } from "./words.js";

const start = Date.parse(document.body.dataset.now || "");
const loaded = performance.now();
const now = () => (Number.isNaN(start) ? Date.now() : start + (performance.now() - loaded));

export function span(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 1) return say("under");
  if (minutes < 60) return say("minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    const rest = minutes % 60;
    return rest && hours < 10 ? say("both", { hours, minutes: String(rest).padStart(2, "0") }) : say("hours", { hours });
  }
  return say("days", { days: Math.floor(hours / 24) });
}

function tick() {
  const here = now();
  for (const badge of document.querySelectorAll("time[data-tick]")) {
    const due = Date.parse(badge.dateTime);
    const text = badge.querySelector("span:last-child");
    if (Number.isNaN(due) || !text) continue;
    const late = here > due;
    text.textContent = late ? say("late", { span: span(here - due) }) : say("left", { span: span(due - here) });
    const box = badge.closest(".zk-dl") || badge;
    if (late && box.classList.contains("is-run")) {
      box.classList.replace("is-run", "is-late");
      badge.querySelector(".ti")?.classList.replace("ti-clock", "ti-clock-exclamation");
    }
  }
}

setInterval(tick, 20000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
