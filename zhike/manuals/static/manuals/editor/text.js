// The text of a draft: a plain field with the numbers of its lines, saved by itself, findings leading to their line.
const AFTER = 1200; // ms after the last key

export function setUpText(root, desk) {
  const field = root.querySelector("[data-draft-text]");
  if (!field) return;
  const numbers = root.querySelector("[data-numbers]");
  let count = 0;

  function number() {
    const lines = field.value.split("\n").length;
    if (lines === count) return;
    count = lines;
    numbers.textContent = Array.from({ length: lines }, (_one, n) => n + 1).join("\n");
  }

  const part = {
    delay: AFTER,
    version: 0,
    address: root.dataset.text,
    payload: () => ({ text: field.value }),
  };

  desk.text = {
    jump(line) {
      const start = field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      const end = field.value.indexOf("\n", start);
      field.focus();
      field.setSelectionRange(start, end < 0 ? field.value.length : end);
      const height = parseFloat(getComputedStyle(field).lineHeight);
      field.scrollTop = Math.max(0, (line - 6) * height);
      return true;
    },
  };

  field.addEventListener("input", () => { number(); part.version++; desk.changed(part); });
  field.addEventListener("scroll", () => { numbers.scrollTop = field.scrollTop; });
  field.form.addEventListener("submit", (event) => { event.preventDefault(); part.version++; desk.changed(part); });
  number();
}
