// Walk a list from inside a case: the list leaves its addresses here, the case page walks them.
import { say } from "./words.js";

const KEY = "zk_walk";
const read = () => { try { return JSON.parse(sessionStorage.getItem(KEY)) || {}; } catch { return {}; } };

function remember() {
  const list = document.querySelector("[data-list]");
  if (!list) return;
  const links = [...list.querySelectorAll("tr[data-row] a[data-main]")].map((link) => link.getAttribute("href"));
  const before = read();
  sessionStorage.setItem(KEY, JSON.stringify({ back: location.pathname + location.search, links, last: before.last }));
  const row = list.querySelector(`tr[data-row] a[data-main][href="${CSS.escape(before.last || "")}"]`)?.closest("tr");
  if (row) row.classList.add("is-at");
}

function place() {
  const walk = read();
  const here = location.pathname;
  const index = (walk.links || []).findIndex((link) => link.split("?")[0] === here);
  const bar = document.querySelector("[data-walk]");
  if (index < 0) return null;
  sessionStorage.setItem(KEY, JSON.stringify({ ...walk, last: walk.links[index] }));
  if (bar) {
    bar.hidden = false;
    const note = bar.querySelector("[data-walk-place]");
    if (note) note.textContent = say("walk", { place: index + 1, count: walk.links.length });
    for (const [name, by] of [["previous", -1], ["next", 1]]) {
      const link = bar.querySelector(`[data-walk-${name}]`);
      const target = walk.links[index + by];
      if (!link) continue;
      if (target) link.href = target;
      else { link.removeAttribute("href"); link.setAttribute("aria-disabled", "true"); }
    }
  }
  const back = document.querySelector("[data-walk-back]");
  if (back && walk.back) back.href = walk.back;
  return { walk, index };
}

export function walk(by) {
  const found = place();
  const target = found?.walk.links[found.index + by];
  if (target) location.assign(target);
  return Boolean(target);
}

remember();
place();
document.body.addEventListener("htmx:afterSettle", remember);
