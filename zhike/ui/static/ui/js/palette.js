// The command palette: opens on Ctrl K, walks its results with the arrows, opens one with Enter.
import { show } from "./dialogs.js";
import { openDrawer } from "./drawer.js";

const palette = document.getElementById("palette");

export function openPalette() {
  if (!palette) return false;
  show(palette);
  const field = palette.querySelector("input");
  field.value = "";
  window.htmx?.trigger(field, "zk:opened");
  return true;
}

const options = () => [...palette.querySelectorAll('[role="option"]')];

function move(step) {
  const all = options();
  if (!all.length) return;
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = all[(at + step + all.length) % all.length];
  all.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
  next.scrollIntoView({ block: "nearest" });
}

if (palette) {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]") && !event.ctrlKey && openPalette()) event.preventDefault();
  });
  palette.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const all = options();
    const chosen = all.find((option) => option.getAttribute("aria-selected") === "true") || all[0];
    if (!chosen) return;
    palette.close();
    if (chosen.dataset.drawer) openDrawer(chosen.dataset.drawer);
    else location.assign(chosen.href);
  });
  palette.addEventListener("htmx:afterSwap", () => move(1));
}
