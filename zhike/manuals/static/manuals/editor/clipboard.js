// Copy, cut and paste of ranges: tab-separated text out; in, whatever WPS, Excel or a web page puts there.
export function setUpClipboard(desk) {
  const inGrid = () => document.activeElement?.closest?.(".zk-grid td") && desk.sheet;

  function copy(event) {
    const sheet = inGrid();
    if (!sheet) return;
    const { top, bottom, left, right } = sheet.range();
    const lines = sheet.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
    if (event.type === "cut") sheet.clear();
  }

  document.addEventListener("copy", copy);
  document.addEventListener("cut", copy);
  document.addEventListener("paste", async (event) => {
    const sheet = inGrid();
    if (!sheet) return;
    event.preventDefault();
    const html = event.clipboardData.getData("text/html");
    const text = event.clipboardData.getData("text/plain");
    const { top, bottom, left, right } = sheet.range();
    if (!/[\t\n]/.test(text.trim()) && !/<table/i.test(html)) {
      const block = Array.from({ length: bottom - top + 1 }, () => Array(right - left + 1).fill(text));
      return sheet.fill(block);
    }
    const answer = await desk.post(desk.root.dataset.paste, /<table/i.test(html) ? html : text);
    if (answer?.rows?.length) sheet.fill(answer.rows);
  });
}
