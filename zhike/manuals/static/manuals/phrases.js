// Standard phrases: a click puts one in at the cursor of the form's text box; "/" in an empty line opens the list.
function boxOf(inside) {
  return inside.closest("form")?.querySelector("textarea") ?? null;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-phrase]");
  if (!button) return;
  const box = boxOf(button);
  const pop = button.closest("details");
  if (!box) return;
  box.focus();
  box.setRangeText(button.dataset.phrase, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  pop.open = false;
});

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key !== "/" || event.isComposing || !box.matches?.("textarea")) return;
  const pop = box.closest("form")?.querySelector("[data-phrases]");
  const before = box.value.slice(0, box.selectionStart);
  if (!pop || (before && !before.endsWith("\n"))) return;
  event.preventDefault();
  pop.open = true;
  pop.querySelector("input").focus();
});

// in the list: down and up go from phrase to phrase
document.addEventListener("keydown", (event) => {
  const pop = event.target.closest?.("[data-phrases]");
  if (!pop || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const buttons = [...pop.querySelectorAll("[data-phrase]")];
  const at = buttons.indexOf(document.activeElement);
  if (event.key === "Enter") {
    if (event.target.matches("input")) { event.preventDefault(); buttons[0]?.click(); }
    return;
  }
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) pop.querySelector("input").focus();
  else buttons[Math.min(next, buttons.length - 1)]?.focus();
});
