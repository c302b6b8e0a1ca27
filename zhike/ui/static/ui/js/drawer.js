// The right-hand drawer: [data-drawer="address"] looks into something without leaving the page.
// The rail opens the same way on a phone.
const drawer = document.getElementById("drawer");
let opener = null;

export function openDrawer(address, from = null) {
  if (!drawer || !window.htmx || !address) return false;
  opener = from || document.activeElement;
  drawer.hidden = false;
  drawer.classList.add("is-loading");
  window.htmx.ajax("GET", address, { target: drawer, swap: "innerHTML" }).then(() => {
    drawer.classList.remove("is-loading");
    (drawer.querySelector("h2, a, button") || drawer).focus?.();
  });
  return true;
}

export function closeDrawer() {
  const side = document.querySelector(".zk-case.is-open");
  if (side) { side.classList.remove("is-open"); return true; }
  if (!drawer || drawer.hidden) return false;
  drawer.hidden = true;
  drawer.replaceChildren();
  opener?.focus?.();
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-drawer]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    if (openDrawer(link.dataset.drawer || link.href, link)) event.preventDefault();
  }
  if (event.target.closest?.("[data-drawer-close]")) closeDrawer();
  const side = event.target.closest?.("[data-side]");
  if (side) {
    const page = document.querySelector(".zk-case");
    const open = page?.classList.toggle("is-open");
    side.setAttribute("aria-expanded", String(Boolean(open)));
  }
  const rail = event.target.closest?.("[data-rail]");
  if (rail) toggleRail();
  else if (document.body.classList.contains("rail-open") && event.target.closest?.("[data-veil]")) toggleRail(false);
});

function toggleRail(open = !document.body.classList.contains("rail-open")) {
  document.body.classList.toggle("rail-open", open);
  document.querySelectorAll("[data-rail]").forEach((b) => b.setAttribute("aria-expanded", String(open)));
  const veil = document.querySelector("[data-veil]");
  if (veil) veil.hidden = !open;
  if (open) document.querySelector("#rail a")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (document.body.classList.contains("rail-open")) return toggleRail(false);
  if (closeDrawer()) event.stopImmediatePropagation();
});

document.body.addEventListener("zk:done", (event) => {
  if (event.target.closest?.("#drawer") && !event.target.closest("[data-stay]")) closeDrawer();
});
