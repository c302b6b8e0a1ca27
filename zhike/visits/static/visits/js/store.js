// What the phone keeps: the copy of the day, what was made and not yet sent, pictures, and half-written texts.
// Every change is written before the page shows it, so closing the browser or an empty battery loses nothing.
import { openDB } from "../../vendor/idb/idb.js";

const opened = openDB("zhike-road", 1, {
  upgrade(db) {
    db.createObjectStore("meta");
    db.createObjectStore("days");
    db.createObjectStore("drafts");
    db.createObjectStore("files");
    const entries = db.createObjectStore("entries", { keyPath: "seq", autoIncrement: true });
    entries.createIndex("party", "party");
    entries.createIndex("uid", "uid", { unique: true });
  },
});

export const WAITING = "waiting";
// pictures of what has arrived are kept for this long, so that a visit can be looked at again on the road
const KEPT_FOR = 3 * 24 * 3600 * 1000;

export async function device() {
  const db = await opened;
  let name = await db.get("meta", "device");
  if (!name) {
    name = crypto.randomUUID();
    await db.put("meta", name, "device");
  }
  return name;
}

export async function lastPerson() {
  return (await opened).get("meta", "person");
}

export async function keepDay(day) {
  const db = await opened;
  const work = db.transaction(["meta", "days"], "readwrite");
  await Promise.all([
    work.objectStore("meta").put(day.me, "person"),
    work.objectStore("days").put(day, day.me.party),
    work.done,
  ]);
}

export async function dayOf(party) {
  return (await opened).get("days", party);
}

export async function entriesOf(party) {
  return (await opened).getAllFromIndex("entries", "party", party);
}

// People who used this phone before and whose entries still wait for them.
export async function othersWaiting(party) {
  const rows = await (await opened).getAll("entries");
  const names = new Set(rows.filter((row) => row.party !== party && row.state === WAITING).map((row) => row.name));
  return [...names];
}

export async function add(entry, file) {
  const db = await opened;
  const work = db.transaction(["entries", "files"], "readwrite", { durability: "strict" });
  if (file) await work.objectStore("files").put(file, entry.uid);
  const seq = await work.objectStore("entries").add(entry);
  await work.done;
  return { ...entry, seq };
}

export async function change(entry) {
  const db = await opened;
  await db.put("entries", entry);
}

export async function drop(entry) {
  const db = await opened;
  const work = db.transaction(["entries", "files"], "readwrite");
  await Promise.all([work.objectStore("entries").delete(entry.seq), work.objectStore("files").delete(entry.uid), work.done]);
}

export async function fileOf(uid) {
  return (await opened).get("files", uid);
}

// What arrived long ago is on the server; the phone keeps the newest days.
export async function tidy(party, now) {
  for (const entry of await entriesOf(party)) {
    if (entry.state === "kept" && now - entry.sentAt > KEPT_FOR) await drop(entry);
  }
}

export async function draftsOf(visit) {
  const db = await opened;
  const found = {};
  const range = IDBKeyRange.bound(`${visit}:`, `${visit}:\uffff`);
  for (const key of await db.getAllKeys("drafts", range)) found[key.slice(visit.length + 1)] = await db.get("drafts", key);
  return found;
}

export async function keepDraft(visit, name, value) {
  const db = await opened;
  if (value === "" || value === null || value === undefined) await db.delete("drafts", `${visit}:${name}`);
  else await db.put("drafts", value, `${visit}:${name}`);
}

// The browser is asked not to throw anything away when space is short.
export const holdOn = () => navigator.storage?.persist?.().catch(() => false);
