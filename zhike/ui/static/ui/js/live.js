// Duties, messages and approvals appear without reloading: a light question every few seconds, and parts of the page
// marked data-live fetch themselves again when the answer has changed. A hidden page asks nothing.
const EVERY = 10000;
const bell = document.getElementById("bell-count");
const address = document.querySelector("[data-pulse]")?.dataset.pulse;
let tag = "";
let asking = false;

function busy() {
  const field = document.activeElement;
  return document.querySelector("dialog[open]") || (field && field.matches("main input, main textarea, main select"));
}

function write(entry, number, late) {
  for (const box of document.querySelectorAll(`[data-count="${entry}"]`)) {
    let badge = box.firstElementChild;
    if (!number) badge?.remove();
    else {
      if (!badge) box.append((badge = document.createElement("span")));
      badge.className = late ? "zk-count is-late" : "zk-count";
      badge.textContent = number;
    }
  }
}

// false: somebody is typing, the parts wait
function show(found) {
  if (bell) bell.textContent = found.unread > 99 ? "99+" : found.unread || "";
  write("today", found.late, true);
  write("approvals", found.approvals, false);
  if (busy()) return false;
  for (const part of document.querySelectorAll("[data-live]")) window.htmx.trigger(part, "zk:news");
  return true;
}

async function ask() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const response = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", redirect: "error" });
    if (response.status === 200) {
      const first = !tag;
      const found = await response.json();
      if (first || show(found)) tag = response.headers.get("ETag") || "";
    }
  } catch {
    // no network, or signed out: the next question may be answered
  } finally {
    asking = false;
  }
}

if (address) {
  ask();
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
