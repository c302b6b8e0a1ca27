// Elements and words. A word that the page was not given shows itself, so nothing is ever blank.
import { h, render } from "../../vendor/preact/preact.js";
import htm from "../../vendor/htm/htm.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const html = htm.bind(h);
export const where = read("road-where");
const words = read("road-words");

export function t(word, values = {}) {
  const said = words[word] || word;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export const show = (tree) => render(tree, document.getElementById("road"));

export const clockOf = (moment) => {
  if (!moment) return "";
  const at = new Date(moment);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
};

const pad = (number) => String(number).padStart(2, "0");

export const dayOf = (moment) => {
  const at = new Date(moment);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
};
