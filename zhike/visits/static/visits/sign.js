// The customer signs at the desk: the box of the dialog, its strokes and picture in the hidden field of the form.
import { pad, rounded } from "./js/pad.js";
import { sheet } from "./js/pictures.js";

function begin(zone) {
  if (zone.dataset.ready) return;
  zone.dataset.ready = "1";
  const [box, field, wipe] = ["canvas", "input", "[data-wipe]"].map((name) => zone.querySelector(name));
  let strokes = [];
  try {
    strokes = JSON.parse(field.value)?.strokes || [];
  } catch {
    strokes = [];
  }
  const keep = () => {
    const kept = rounded(strokes);
    field.value = kept.length ? JSON.stringify({ strokes: kept, picture: sheet(kept, box.clientWidth, box.clientHeight).toDataURL("image/png") }) : "";
  };
  const paint = pad(box, () => strokes, keep);
  wipe.addEventListener("click", () => {
    strokes = [];
    keep();
    paint();
  });
}

document.addEventListener("zk:opened", (event) => event.target.querySelectorAll("[data-pad]").forEach(begin));
