// When a request fails, the page says so, and what was typed stays.
import { say, toast } from "./words.js";

document.body.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  const key = status === 403 ? "forbidden" : status === 404 ? "missing" : "failed";
  toast(say(key), "late");
  event.detail.target?.classList?.add("is-failed");
});
document.body.addEventListener("htmx:sendError", () => toast(say("offline"), "late"));
document.body.addEventListener("htmx:timeout", () => toast(say("offline"), "late"));
document.body.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target?.classList?.remove("is-failed");
  // a second click must not send a second time
  event.detail.elt.closest("form")?.querySelectorAll("button[type=submit]").forEach((b) => b.setAttribute("aria-disabled", "true"));
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  event.detail.elt.closest("form")?.querySelectorAll("button[type=submit]").forEach((b) => b.removeAttribute("aria-disabled"));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
// after errors, look at them
function toErrors(root) {
  const box = root.querySelector?.("[data-errors]");
  if (box) box.focus();
}
document.body.addEventListener("htmx:afterSwap", (event) => toErrors(event.detail.target || document));
toErrors(document);
