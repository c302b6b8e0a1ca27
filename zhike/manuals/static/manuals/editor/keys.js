// The keys of a grid, while no cell is open.
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-12, 0], PageDown: [12, 0] };

export function inputKey(sheet, event) {
  if (event.isComposing || event.defaultPrevented || event.target.tagName !== "TD") return;
  const command = event.ctrlKey || event.metaKey;
  const task = command ? withCommand(sheet, event) : event.altKey ? withAlt(sheet, event) : alone(sheet, event);
  if (!task) return;
  event.preventDefault();
  event.stopPropagation();
  task();
}

function withCommand(sheet, event) {
  const { row, column } = sheet.at;
  return {
    z: () => sheet.undo(!event.shiftKey),
    y: () => sheet.undo(false),
    a: () => { sheet.from = { row: 0, column: 0 }; sheet.select(sheet.rows.length - 1, sheet.columns.length - 1, { extend: true }); },
    enter: () => sheet.addRow(row, null, 0),
    delete: () => sheet.deleteRows(),
    backspace: () => sheet.deleteRows(),
    home: () => sheet.select(0, 0),
    end: () => sheet.select(sheet.rows.length - 1, sheet.columns.length - 1),
    arrowup: () => sheet.select(0, column, { extend: event.shiftKey }),
    arrowdown: () => sheet.select(sheet.rows.length - 1, column, { extend: event.shiftKey }),
  }[event.key.toLowerCase()];
}

function withAlt(sheet, event) {
  const { row } = sheet.at;
  if (event.key === "ArrowUp") return () => sheet.moveRow(row, row - 1);
  if (event.key === "ArrowDown") return event.shiftKey ? () => sheet.moveRow(row, row + 1) : () => sheet.edit({ words: true });
  return null;
}

function alone(sheet, event) {
  const { row, column } = sheet.at;
  const move = MOVES[event.key];
  if (move) return () => sheet.select(row + move[0], column + move[1], { extend: event.shiftKey });
  if (event.key === "Home") return () => sheet.select(row, 0, { extend: event.shiftKey });
  if (event.key === "End") return () => sheet.select(row, sheet.columns.length - 1, { extend: event.shiftKey });
  if (event.key === "Enter") return () => sheet.edit();
  if (event.key === "F2") return () => sheet.edit({ asText: true });
  if (event.key === "Delete" || event.key === "Backspace") return () => sheet.clear();
  if (event.key === "Tab") return tab(sheet, event.shiftKey ? -1 : 1);
  if (event.key === "Insert") return () => sheet.addRow(row, null, 0);
  if (event.key.length === 1) return () => sheet.edit({ typed: event.key });
  return null;
}

// through the cells, row after row; out of the grid at either end
function tab(sheet, way) {
  const width = sheet.columns.length;
  const next = sheet.at.row * width + sheet.at.column + way;
  if (next < 0 || next >= width * sheet.rows.length) return null;
  return () => sheet.select(Math.floor(next / width), next % width);
}
