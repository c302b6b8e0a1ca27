// Sends what waits, in the order in which it was made. An answer is believed only entry by entry: what the server does
// not name stays waiting, and what was sent twice is known there by its key.
import { where } from "./html.js";
import * as store from "./store.js";

const AT_ONCE = 40;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

export class SignIn extends Error {}

async function answered(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", ...options });
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignIn();
  return answer;
}

// The copy of the day, with the seconds by which the clock of this phone is wrong.
export async function fetchDay() {
  const asked = Date.now();
  const answer = await answered(where.day);
  if (!answer.ok) throw new Error(String(answer.status));
  const day = await answer.json();
  const middle = (asked + Date.now()) / 2;
  day.offset = Math.round((Date.parse(day.now) - middle) / 1000);
  day.fetchedAt = Date.now();
  await store.keepDay(day);
  return day;
}

async function piece(waiting) {
  const form = new FormData();
  const entries = [];
  let bytes = 0;
  for (const entry of waiting.slice(0, AT_ONCE)) {
    const file = entry.hasFile ? await store.fileOf(entry.uid) : null;
    if (file && entries.length && bytes + file.size > BYTES_AT_ONCE) break;
    if (file) {
      form.append(entry.uid, file, entry.data.name || "picture.png");
      bytes += file.size;
    }
    const { uid, visit, kind, data, made_at, offset, device } = entry;
    entries.push({ uid, visit, kind, data, made_at, offset, device });
  }
  form.append("entries", JSON.stringify(entries));
  return { form, entries };
}

// Sends until nothing waits; returns whether anything was sent. Throws SignIn, or an error when there is no network.
export async function sendAll(party, token) {
  let sent = false;
  for (;;) {
    const waiting = (await store.entriesOf(party)).filter((entry) => entry.state === store.WAITING);
    if (!waiting.length) return sent;
    const { form, entries } = await piece(waiting);
    const answer = await answered(where.send, { method: "POST", body: form, headers: { "X-CSRFToken": token } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { results } = await answer.json();
    const by = Object.fromEntries(results.map((result) => [result.uid, result]));
    for (const entry of waiting.slice(0, entries.length)) {
      const result = by[entry.uid];
      if (!result) continue;
      const state = result.result === "known" ? "kept" : result.result;
      await store.change({ ...entry, state, sentence: result.sentence || "", here: result.here || {}, sentAt: Date.now() });
    }
    if (!entries.some((entry) => by[entry.uid])) throw new Error("unanswered");
    sent = true;
  }
}

export async function settle(uid, take, reason, token) {
  const form = new FormData();
  form.append("uid", uid);
  form.append("take", take ? "1" : "0");
  form.append("reason", reason);
  const answer = await answered(where.settle, { method: "POST", body: form, headers: { "X-CSRFToken": token } });
  return answer.ok ? "" : (await answer.json()).sentence;
}
