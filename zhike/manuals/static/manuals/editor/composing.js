// Chinese is typed onto a selected cell as onto a line of text: an input method works only where text may be
// written, so the cell that has the focus takes it, and what was composed begins the editor of the cell.
export function setUpComposing(sheet) {
  const { table } = sheet;
  const cellOf = (event) => (event.target.tagName === "TD" ? event.target : null);

  table.addEventListener("keydown", (event) => {
    // before the first letter goes to the input method: it replaces what stands there
    if ((event.isComposing || event.keyCode === 229) && cellOf(event) && !sheet.composing) getSelection().selectAllChildren(event.target);
  }, true);
  table.addEventListener("compositionstart", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    getSelection().selectAllChildren(cell);
    sheet.composing = { cell, html: cell.innerHTML };
  });
  table.addEventListener("compositionend", (event) => {
    const { cell, html } = sheet.composing || {};
    if (!cell) return;
    sheet.composing = null;
    cell.innerHTML = html;
    if (event.data) sheet.edit({ typed: event.data });
  });
  table.addEventListener("beforeinput", (event) => {
    if (!cellOf(event) || event.isComposing || event.inputType === "insertCompositionText") return;
    event.preventDefault();
    if (event.inputType === "insertText" && event.data) sheet.edit({ typed: event.data });
  });
}

export function writable(cell, is = true) {
  if (is && matchMedia("(pointer: fine)").matches) cell.contentEditable = "true";
  else cell.removeAttribute("contenteditable");
}
