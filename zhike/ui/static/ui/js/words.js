// Sentences that the server translated, and how patterns are filled.
const source = document.getElementById("zk-words");
const words = source ? JSON.parse(source.textContent) : {};

export function say(key, values = {}) {
  return (words[key] || "").replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? values[name] : whole));
}

// A message in the corner, built from text only.
export function toast(text, kind = "brand") {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const box = document.createElement("div");
  box.className = `zk-toast is-${kind}`;
  const line = document.createElement("span");
  line.textContent = text;
  box.append(line);
  region.append(box);
}

// The letter keys work only while nothing is being typed.
export function isTyping(element = document.activeElement) {
  if (!element) return false;
  if (element.isContentEditable) return true;
  if (element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && !["checkbox", "radio", "button", "submit", "file"].includes(element.type);
}
