// Dialogs: [data-open="id"] opens one, [data-close] closes; [data-dialog="address"] loads one by htmx;
// a form inside that succeeded (zk:done) closes it. [data-confirm] asks first.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.open);
    if (dialog) { event.preventDefault(); show(dialog); }
  }
  const closer = event.target.closest?.("[data-close]");
  if (closer) (closer.closest("dialog") || document.querySelector("dialog[open]"))?.close();
  if (event.target.matches?.("dialog[open]")) event.target.close(); // a click on the backdrop
  const dismiss = event.target.closest?.("[data-dismiss]");
  if (dismiss) dismiss.closest(".zk-toast")?.remove();
  if (event.target.closest?.("[data-back]")) history.back();
  const loader = event.target.closest?.("[data-dialog]");
  if (loader && !event.ctrlKey && !event.metaKey) {
    const dialog = document.getElementById("dialog");
    if (!dialog || !window.htmx) return;
    event.preventDefault();
    window.htmx.ajax("GET", loader.dataset.dialog || loader.href, { target: dialog, swap: "innerHTML" });
  }
});

export function show(dialog) {
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[autofocus], input:not([type=hidden]), textarea, select") || dialog).focus();
  dialog.dispatchEvent(new CustomEvent("zk:opened", { bubbles: true }));
}

// whatever htmx puts into the dialog of the page opens it; an empty answer closes it
document.body.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target;
  if (dialog?.id !== "dialog") return;
  if (dialog.childElementCount) show(dialog);
  else dialog.close();
});

document.body.addEventListener("zk:done", (event) => {
  const dialog = event.target.closest?.("dialog[open]");
  if (dialog && !dialog.hasAttribute("data-stay")) dialog.close();
});

// a question before a step that cannot be taken back: <form data-confirm="dialog id"> or a sentence
document.addEventListener("submit", (event) => {
  const sentence = event.submitter?.dataset.confirm || event.target.dataset?.confirm;
  if (!sentence || event.target.dataset.sure) return;
  const dialog = document.getElementById(sentence);
  if (dialog) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = event.target;
    const submitter = event.submitter;
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.sure = "1";
      form.requestSubmit(submitter);
      delete form.dataset.sure;
      dialog.returnValue = "";
    }, { once: true });
    show(dialog);
  } else if (!confirm(sentence)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// the message line clears itself; refusals stay until closed
const region = document.getElementById("toasts");
if (region) {
  const fade = (box) => {
    if (box.nodeType !== 1 || box.classList.contains("is-late")) return;
    setTimeout(() => box.remove(), 6000);
  };
  [...region.children].forEach(fade);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(fade)))
    .observe(region, { childList: true });
}
