// What the sheets of one draft share: the save that is under way, the revision that was seen, the trouble bar.
const WAIT = 300; // ms after a change
const WAIT_TYPING = 350; // ms after a key, before what stands in the cell is checked
const AGAIN = 5000; // ms after a lost connection

const words = document.getElementById("editor-words")?.dataset || {};
export const say = (key, values = {}) => (words[key] || "").replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export class Desk {
  constructor(root) {
    this.root = root;
    this.seen = Number(root.dataset.seen);
    this.closed = root.hasAttribute("data-closed");
    this.sheets = new Map();
    this.waiting = []; // sheets (or the text) with changes that are not saved
    this.flying = null;
    this.blocked = false; // after somebody else's save, until the person decides
    this.trouble = document.getElementById("trouble");
    this.status = document.getElementById("saved");
    this.trouble.querySelector("[data-mine]").addEventListener("click", () => this.saveMine());
    root.addEventListener("submit", (event) => this.hold(event), true);
    root.addEventListener("click", (event) => this.holdLink(event), true);
    addEventListener("beforeunload", (event) => { if (this.busy) event.preventDefault(); });
  }

  get busy() { return this.waiting.length > 0 || this.flying !== null; }

  add(sheet) { this.sheets.set(sheet.key, sheet); }

  sheetOf(spot) { return this.sheets.get((spot || "").split("|")[0]); }

  // to the cell of a finding ("key|row|column"), or to a line of the text
  goTo(spot, place) {
    if (this.text) return this.text.jump(Number(place.split(":")[0]));
    const [key, row, column] = (spot || "").split("|");
    const sheet = this.sheets.get(key);
    if (!sheet) return false;
    sheet.select(Math.max(0, Number(row)), Math.max(0, Number(column)), { scroll: true });
    return true;
  }

  // something changed and is to be saved; `part` has payload() and saved(answer)
  changed(part) {
    if (this.closed) return;
    if (!this.waiting.includes(part)) this.waiting.push(part);
    this.note(say("saving"));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), part.delay || WAIT);
  }

  // check what is being typed without saving it
  typing(sheet, rows) {
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(async () => {
      if (this.busy || this.blocked || this.closed) return;
      const version = ++sheet.tries;
      const answer = await this.post(sheet.address, { ...sheet.payload(), rows, keep: false });
      if (answer?.parts && version === sheet.tries && !this.busy) sheet.tried(answer.parts[`sheet:${sheet.key}`]);
    }, WAIT_TYPING);
  }

  async flush() {
    if (this.flying || this.blocked || !this.waiting.length) return;
    const part = this.waiting[0];
    const version = part.version;
    this.flying = this.post(part.address, { ...part.payload(), seen: this.seen, keep: true });
    const answer = await this.flying;
    this.flying = null;
    if (answer === null) {
      this.note(say("unsaved"));
      this.say(say("lost"));
      this.timer = setTimeout(() => this.flush(), AGAIN);
      return;
    }
    if (answer.refused) return this.refused(part, answer);
    this.say("");
    this.seen = answer.revision;
    for (const field of document.querySelectorAll("input[name=seen]")) field.value = answer.revision;
    if (part.version === version) this.waiting = this.waiting.filter((one) => one !== part);
    this.note(say("saved", { time: answer.saved }));
    this.show(answer.parts);
    if (this.waiting.length) await this.flush();
  }

  // put the parts of the answer into the page; sheets with newer changes wait for their own answer
  show(parts) {
    for (const [name, html] of Object.entries(parts)) {
      if (name.startsWith("sheet:")) {
        const sheet = this.sheets.get(name.slice(6));
        if (sheet && !this.waiting.includes(sheet)) sheet.dress(html);
        continue;
      }
      const place = this.root.querySelector(`[data-part="${name}"]`);
      if (place && !place.contains(document.activeElement)) swap(place, html);
    }
  }

  refused(part, answer) {
    this.blocked = Boolean(answer.revision);
    if (!this.blocked) this.waiting = this.waiting.filter((one) => one !== part);
    this.note(say("unsaved"));
    this.theirs = answer;
    const mine = this.trouble.querySelector("[data-mine]");
    mine.hidden = !answer.revision || (part.key && answer.line === null);
    this.say(answer.refused);
    part.failed?.();
  }

  saveMine() {
    this.seen = this.theirs.revision;
    const part = this.waiting[0];
    if (part?.key && this.theirs.line) part.line = this.theirs.line;
    this.blocked = false;
    this.flush();
  }

  say(sentence) {
    this.trouble.querySelector("span").textContent = sentence;
    this.trouble.hidden = !sentence;
  }

  note(text) { if (this.status) this.status.textContent = text; }

  async settled() {
    clearTimeout(this.timer);
    if (this.flying) await this.flying;
    while (this.waiting.length && !this.blocked) {
      await this.flush();
      if (!this.trouble.hidden) return false;
    }
    return !this.waiting.length;
  }

  // forms and links of the page go on only when everything typed has been saved
  async hold(event) {
    if (!this.busy || event.target.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await this.settled()) event.target.requestSubmit(event.submitter || undefined);
  }

  async holdLink(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || !this.busy || link.target || event.defaultPrevented || link.hasAttribute("data-at")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await this.settled()) link.click();
  }

  // null: the server was not reached or did not answer as itself
  async post(address, body) {
    const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json", Accept: "application/json" },
        body: typeof body === "string" ? body : JSON.stringify({ seen: this.seen, shown: this.root.dataset.focus, ...body }),
      });
      return answer.ok ? await answer.json() : null;
    } catch { return null; }
  }
}

export function swap(place, html) {
  const open = place.querySelector("details[open]")?.id;
  place.innerHTML = html;
  if (open) document.getElementById(open)?.setAttribute("open", "");
  window.htmx?.process(place);
}
