// The editor of a draft: its tables as grids or its text, saved as one goes.
import { Desk } from "./desk.js";
import { Sheet } from "./sheet.js";
import { CellEditor } from "./cell.js";
import { ColumnEditor } from "./column.js";
import { setUpClipboard } from "./clipboard.js";
import { setUpText } from "./text.js";

const root = document.getElementById("editor");
if (root) {
  const desk = new Desk(root);
  desk.cell = new CellEditor(document.getElementById("cell"), desk);
  desk.column = new ColumnEditor(document.getElementById("column"));
  for (const box of root.querySelectorAll("[data-sheet]")) desk.add(new Sheet(box, desk));
  if (!desk.closed) setUpClipboard(desk);
  setUpText(root, desk);

  // a finding or an example leads to its cell; what is not on this page is loaded
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-at]");
    if (!link || link === root || event.ctrlKey || event.metaKey) return;
    if (desk.goTo(link.dataset.spot, link.dataset.at)) {
      event.preventDefault();
      if (link.hasAttribute("data-offer")) desk.sheetOf(link.dataset.spot)?.takeOffer(Number(link.dataset.offer || 0));
    }
  });
  if (root.dataset.at) desk.goTo(root.dataset.spot, root.dataset.at);
}
