// Popovers are <details>: they open without JavaScript. This closes them on Esc and on a click elsewhere,
// keeps them inside the window, and loads a clause chip's explanation on hover, focus or tap.
const OPEN = "details.zk-pop[open]";
let peek = null;
let timer = 0;

function closeAll(except = null) {
  let closed = false;
  for (const pop of document.querySelectorAll(OPEN)) {
    if (except && pop.contains(except)) continue;
    pop.open = false;
    closed = true;
  }
  return closed;
}

document.addEventListener("click", (event) => {
  closeAll(event.target);
  if (peek && !peek.contains(event.target)) closePeek();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (closePeek()) return event.stopImmediatePropagation();
  const pop = document.querySelector(OPEN);
  if (!pop) return;
  const summary = pop.querySelector("summary");
  closeAll();
  summary.focus();
  event.stopImmediatePropagation();
});

document.addEventListener("toggle", (event) => {
  const pop = event.target;
  if (!pop.matches?.("details.zk-pop") || !pop.open) return;
  closeAll(pop);
  fit(pop.querySelector(".pop"));
}, true);

// Turn the popover to the other side where it would leave the window.
function fit(box) {
  if (!box) return;
  box.classList.remove("is-turned", "is-raised");
  const rect = box.getBoundingClientRect();
  if (rect.right > innerWidth - 8) box.classList.add("is-turned");
  if (rect.left < 8) box.classList.add("is-left");
  if (rect.bottom > innerHeight - 8 && rect.top > rect.height + 60) box.classList.add("is-raised");
}

function closePeek() {
  clearTimeout(timer);
  if (!peek) return false;
  peek.remove();
  peek = null;
  return true;
}

function openPeek(chip) {
  closePeek();
  peek = document.createElement("div");
  peek.className = "zk-peek";
  peek.setAttribute("role", "tooltip");
  document.body.append(peek);
  const place = () => {
    if (!peek) return;
    const at = chip.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - peek.offsetWidth - 8));
    const below = at.bottom + 6 + peek.offsetHeight < innerHeight;
    peek.style.left = `${left + scrollX}px`;
    peek.style.top = `${(below ? at.bottom + 6 : Math.max(8, at.top - 6 - peek.offsetHeight)) + scrollY}px`;
  };
  place();
  window.htmx?.ajax("GET", chip.dataset.peek, { target: peek, swap: "innerHTML" }).then(place);
}

function wait(chip, delay) {
  clearTimeout(timer);
  timer = setTimeout(() => openPeek(chip), delay);
}

document.addEventListener("mouseover", (event) => {
  const chip = event.target.closest?.("[data-peek]");
  if (chip) return wait(chip, 350);
  if (peek && !peek.contains(event.target)) { clearTimeout(timer); timer = setTimeout(closePeek, 250); }
  else if (peek) clearTimeout(timer);
  else clearTimeout(timer);
});
document.addEventListener("focusin", (event) => {
  const chip = event.target.closest?.("[data-peek]");
  if (chip && event.target.matches(":focus-visible")) wait(chip, 350);
});
// on a touch screen the first tap explains, the link inside leads on
document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-peek]");
  if (chip && matchMedia("(hover: none)").matches) { event.preventDefault(); openPeek(chip); }
}, true);
addEventListener("scroll", closePeek, { passive: true, capture: true });
export { closePeek, openPeek };
