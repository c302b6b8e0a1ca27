// Visits are put on another day or place: by the mouse, or by Shift and an arrow key. The selects work without this.
const LEFT_OUT = "out";
let dragged = null;

const stop = (event) => event.target.closest?.(".vs-stop");
const field = (event) => event.target.closest?.(".vs-day, [data-out]");
const stops = (day) => [...day.querySelectorAll(".vs-stop")];

function place(key, to, at = "") {
  const form = document.getElementById("vs-place");
  form.elements.key.value = key;
  form.elements.to.value = to;
  form.elements.at.value = at;
  form.requestSubmit();
}

function unmark() {
  for (const one of document.querySelectorAll(".is-under, .is-above")) one.classList.remove("is-under", "is-above");
}

// the place among the others of the day where the pointer is
function spot(day, y) {
  const others = stops(day).filter((one) => one !== dragged);
  const below = others.findIndex((one) => {
    const box = one.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  return { at: below < 0 ? others.length : below, before: below < 0 ? null : others[below] };
}

document.addEventListener("dragstart", (event) => {
  dragged = stop(event) || null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.key);
  dragged.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const target = dragged && field(event);
  unmark();
  if (!target) return;
  event.preventDefault();
  target.classList.add("is-under");
  if (target.dataset.day) spot(target, event.clientY).before?.classList.add("is-above");
});

document.addEventListener("drop", (event) => {
  const target = dragged && field(event);
  if (!target) return;
  event.preventDefault();
  const { key } = dragged.dataset;
  if (target.dataset.day) place(key, target.dataset.day, spot(target, event.clientY).at);
  else if (!target.contains(dragged)) place(key, LEFT_OUT);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  unmark();
});

document.addEventListener("keydown", (event) => {
  if (!event.shiftKey || !event.target.matches?.(".vs-stop")) return;
  const one = event.target;
  const day = one.closest(".vs-day");
  const days = [...document.querySelectorAll(".vs-day")];
  const here = days.indexOf(day);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (day && event.key === "ArrowUp") place(one.dataset.key, "earlier");
  else if (day && event.key === "ArrowDown") place(one.dataset.key, "later");
  else if (step && days[here + step]) place(one.dataset.key, days[here + step].dataset.day);
  else return;
  event.preventDefault();
});

// the card keeps the focus where it went to
let moved = "";
document.addEventListener("htmx:beforeRequest", (event) => {
  moved = event.target.elements?.key?.value ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (moved) document.getElementById(`stop${moved}`)?.focus();
  moved = "";
});
