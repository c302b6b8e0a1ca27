// The page on the phone. It always draws from its own copy; the network only carries entries away and a new copy in.
import { clockOf, html, show, t, where } from "./html.js";
import { demandsOf, missing, titleOf } from "./missing.js";
import { visitsOf } from "./record.js";
import * as sending from "./sending.js";
import { photos, policies, section } from "./steps.js";
import * as store from "./store.js";

const SOON = 400;
const RETRY = 30000; // at most; after a first failure much sooner
const PHOTO_STEP = 7;
const GREETING = 2;

const app = {
  day: null, entries: [], drafts: {}, pictures: {}, strokes: [], others: [], route: { name: "day" },
  online: navigator.onLine, busy: false, signIn: false, trouble: "", newer: null, finding: null,
};

// ---- what is made

app.say = (values) => {
  Object.assign(app, values);
  draw();
};

app.draft = (name, value, redraw = false) => {
  if (value === "") delete app.drafts[name];
  else app.drafts[name] = value;
  store.keepDraft(app.route.visit, name, value).catch(full);
  if (redraw) draw();
};

const full = (trouble) => app.say({ trouble: t("Storage of the phone is full: {why}", { why: trouble?.message || trouble }) });

app.make = async (kind, data, drafts = [], file = null, visit = app.route.visit) => {
  const entry = {
    uid: crypto.randomUUID(), visit, kind, data, made_at: new Date().toISOString(), offset: app.day.offset ?? null,
    device: app.device, party: app.day.me.party, name: app.day.me.name, state: store.WAITING, hasFile: Boolean(file),
  };
  try {
    const kept = await store.add(entry, file);
    app.entries.push(kept);
    if (file) app.pictures[entry.uid] = URL.createObjectURL(file);
    for (const name of drafts) {
      delete app.drafts[name];
      await store.keepDraft(visit, name, "");
    }
  } catch (trouble) {
    full(trouble);
    return;
  }
  draw();
  if (!document.hidden) soon();
};

// ---- carrying away and taking along

let timer = 0;
let failed = 0;
function soon(after = SOON) {
  clearTimeout(timer);
  timer = setTimeout(carry, after);
}

async function carry() {
  if (app.busy || !app.day) return;
  app.say({ busy: true });
  let again = RETRY;
  try {
    if (!app.token || waiting() === 0) await taken();
    if (app.day.me.party !== app.party) return;
    if (waiting() && (await sending.sendAll(app.party, app.token))) await taken();
    Object.assign(app, { online: true, signIn: false });
    failed = 0;
    again = SOON; // what was made meanwhile
  } catch (trouble) {
    if (trouble instanceof sending.SignIn) Object.assign(app, { online: true, signIn: true, token: "" });
    else {
      app.online = navigator.onLine && !(trouble instanceof TypeError);
      app.token = "";
    }
    again = Math.min(RETRY, 2000 * 2 ** failed++);
  } finally {
    app.busy = false;
    await reread();
    draw();
    if (waiting()) soon(again);
  }
}

async function taken() {
  const day = await sending.fetchDay();
  if (app.party !== day.me.party) await become(day);
  app.day = day;
  app.token = day.token;
}

const waiting = () => app.entries.filter((entry) => entry.state === store.WAITING).length;

async function reread() {
  app.entries = await store.entriesOf(app.party);
  app.others = await store.othersWaiting(app.party);
}

async function become(day) {
  app.day = day;
  app.party = day.me.party;
  await store.tidy(app.party, Date.now());
  await reread();
}

async function see(visit) {
  app.drafts = await store.draftsOf(visit);
  app.strokes = JSON.parse(app.drafts.strokes || "[]");
  for (const entry of app.entries) {
    if (entry.visit !== visit || !entry.hasFile || app.pictures[entry.uid]) continue;
    const file = await store.fileOf(entry.uid);
    if (file) app.pictures[entry.uid] = URL.createObjectURL(file);
  }
}

// ---- pages

function chip() {
  const n = waiting();
  if (app.signIn) return html`<a class="zk-offline" href=${where.signIn}><i class="ti ti-login" aria-hidden="true"></i>${t("Sign in to send")}</a>`;
  if (!app.online) return html`<span class="zk-offline" role="status"><i class="ti ti-wifi-off" aria-hidden="true"></i>${n ? t("Offline · {n} to send", { n }) : t("Offline")}</span>`;
  if (n) return html`<button type="button" class="zk-offline" onClick=${() => soon(0)}><i class="ti ti-upload" aria-hidden="true"></i>${app.busy ? t("Sending …") : t("{n} to send", { n })}</button>`;
  return html`<span class="zk-offline is-sent" role="status"><i class="ti ti-check" aria-hidden="true"></i>${t("All sent")}</span>`;
}

const notes = () => [
  app.trouble && html`<p class="road-note is-late" role="alert">${app.trouble}</p>`,
  app.newer && html`<p class="road-note">${t("A newer version of this page is here.")} <button type="button" class="road-no" onClick=${() => app.newer.postMessage("take over")}>${t("Reload")}</button></p>`,
  app.signIn && waiting() > 0 && html`<p class="road-note">${t("Nothing is lost: {n} entries wait on this phone.", { n: waiting() })}</p>`,
  ...app.others.map((name) => html`<p class="road-note">${t("Entries of {name} wait on this phone. They are sent when {name} signs in here.", { name })}</p>`),
];

const STATES = { PLANNED: "Begin", UNDER_WAY: "Go on", CLOSED: "Closed", MISSED: "Not made" };

function dayPage() {
  const visits = visitsOf(app.day, app.entries);
  const days = [...new Set([app.day.today, ...visits.map((visit) => visit.on)])].sort();
  const on = app.route.day || app.day.today;
  const shown = visits.filter((visit) => visit.on === on || (on === app.day.today && visit.state === "UNDER_WAY"));
  return html`<header><div class="bar"><a class="btn btn-quiet btn-icon" href=${where.desk} aria-label=${t("To the desk")}><i class="ti ti-chevron-left" aria-hidden="true"></i></a>
      <div class="grow"><h1 class="cut">${t("Visits of the day")}</h1><div class="s12 ink3 cut">${app.day.me.name}</div></div>${chip()}</div>
      <nav class="road-days">${days.map((day) => html`<button type="button" aria-pressed=${day === on} class=${day === on ? "on" : ""} onClick=${() => go({ name: "day", day })}>${day === app.day.today ? t("Today") : day.slice(5)}</button>`)}</nav></header>
    ${notes()}${unsettled()}
    ${shown.length ? shown.map((visit, index) => stop(visit, index)) : html`<p class="road-note">${t("No visit is planned for this day.")}</p>`}
    ${on === app.day.today ? unplanned(visits) : null}`;
}

function stop(visit, index) {
  const brief = app.day.customers[visit.customer] || { name: "?" };
  const facts = [
    [t("Class"), brief.class], [t("Sales of 90 days"), brief.sales], [t("Profit"), brief.profit], [t("Evaluation"), brief.score],
    [t("Promises open"), brief.promises || ""],
  ].filter(([, value]) => value);
  const over = visit.state === "CLOSED" || visit.state === "MISSED";
  return html`<a class=${`road-stop ${over ? "is-over" : ""}`} href=${`#/visit/${visit.uid}`} data-visit=${visit.uid}>
    <span class="road-number">${index + 1}</span>
    <span class="grow"><b>${brief.name}</b> ${visit.kind === "FIRST" ? html`<span class="zk-tag is-brand">${t("first visit")}</span>` : null}
      <span class="s13 ink2">${[visit.at, brief.address].filter(Boolean).join(" · ")}</span>
      <span class="s12 ink3">${brief.last ? t("Last visit {day}", { day: brief.last }) : brief.last === "" ? t("never visited") : ""}</span>
      ${facts.length ? html`<span class="road-facts">${facts.map(([label, value]) => html`<span><i>${label}</i>${value}</span>`)}</span>` : null}
      ${visit.record.focus ? html`<span class="s13">${t("Key work")}: ${visit.record.focus}</span>` : null}
      ${(brief.problems || []).map((problem) => html`<span class="s13 road-open"><i class="ti ti-alert-circle" aria-hidden="true"></i>${problem}</span>`)}
    </span>
    <span class=${`zk-tag ${visit.state === "CLOSED" ? "is-met" : visit.state === "MISSED" ? "is-late" : visit.state === "UNDER_WAY" ? "is-run" : ""}`}>${t(STATES[visit.state])}</span>
  </a>`;
}

function unplanned(visits) {
  if (app.finding === null) return html`<button type="button" class="btn road-add" onClick=${() => app.say({ finding: "" })}><i class="ti ti-plus" aria-hidden="true"></i>${t("Add a visit")}</button>`;
  const there = new Set(visits.filter((visit) => visit.on === app.day.today && visit.state !== "MISSED").map((visit) => visit.customer));
  const typed = app.finding.trim().toLowerCase().replaceAll(" ", "");
  const found = Object.entries(app.day.customers)
    .filter(([key, one]) => !there.has(Number(key)) && one.find.toLowerCase().replaceAll(" ", "").includes(typed))
    .slice(0, 8);
  return html`<section><input class="form-control w-100" autofocus aria-label=${t("Find a customer")} placeholder=${t("Find a customer")} value=${app.finding} onInput=${(event) => app.say({ finding: event.target.value })} />
    ${found.map(([key, one]) => html`<button type="button" class="road-found" onClick=${() => begin(Number(key))}><b>${one.name}</b><span class="s12 ink3">${one.address}</span></button>`)}
    ${found.length ? null : html`<p class="road-note">${t("No customer of yours is called so.")}</p>`}
    ${app.day.cut ? html`<p class="road-note">${app.day.cut}</p>` : null}</section>`;
}

async function begin(customer) {
  const visit = crypto.randomUUID();
  app.finding = null;
  await app.make("start", { customer }, [], null, visit);
  location.hash = `#/visit/${visit}`;
}

function unsettled() {
  return app.day.unsettled.map(
    (entry) => html`<section class="road-clash" data-clash=${entry.uid}><div class="f"><b>${t("To be looked at")}</b> ${entry.customer}</div>
      <p>${entry.sentence}</p>
      <dl><dt>${t("On this phone")}</dt><dd>${plain(entry.data)}</dd><dt>${t("On the record")}</dt><dd>${plain(entry.here)}</dd></dl>
      <div class="road-entry"><button type="button" class="btn" onClick=${() => decide(entry, false)}>${t("Leave it as it is")}</button>
      <button type="button" class="btn btn-primary" onClick=${() => decide(entry, true)}>${t("Take mine")}</button></div></section>`,
  );
}

const plain = (data) => Object.values(data || {}).filter((value) => typeof value === "string" || typeof value === "number").join(" · ") || "—";

async function decide(entry, take) {
  try {
    const refusal = await sending.settle(entry.uid, take, take ? "" : t("Leave it as it is"), app.token);
    app.trouble = refusal;
    await taken();
  } catch {
    app.online = false;
  }
  draw();
}

function visitPage() {
  const visit = visitsOf(app.day, app.entries).find((one) => one.uid === app.route.visit);
  const rules = visit && app.day.rules[visit.unit];
  if (!visit || !rules) return dayPage();
  const brief = app.day.customers[visit.customer] || { name: "?" };
  const steps = rules.steps.length ? rules.steps : numbered(visit, rules);
  const number = Math.min(Math.max(app.route.step || 1, 1), steps.length);
  const step = steps[number - 1];
  const lacking = missing(visit, rules);
  const open = new Set(lacking.map((demand) => demand.step));
  const asked = demandsOf(visit, rules).filter((demand) => demand.step === step.code);
  const lacks = Object.fromEntries(lacking.map((demand) => [demand.key, demand.lacks]));
  const over = visit.state === "CLOSED" || visit.state === "MISSED";
  const last = number === steps.length;
  const to = (n) => go({ ...app.route, step: n });
  return html`<header><div class="bar"><a class="btn btn-quiet btn-icon" href="#/" aria-label=${t("Back")}><i class="ti ti-chevron-left" aria-hidden="true"></i></a>
      <div class="grow"><h1 class="cut">${brief.name}</h1><div class="s12 ink3 cut">${[visit.number, visit.record.arrived ? t("Arrived {time}", { time: clockOf(visit.record.arrived) }) : t("not arrived yet")].filter(Boolean).join(" · ")}</div></div>${chip()}</div>
      <ol class="zk-steps">${steps.map((one, index) => html`<li class=${index + 1 === number ? "now" : open.has(one.code) ? (index + 1 < number ? "part" : "") : "done"} aria-current=${index + 1 === number ? "step" : undefined}></li>`)}</ol>
      <div class="zk-stepname"><span class="zk-tag is-brand">${number} / ${steps.length}</span><h2>${step.label}</h2><span class="push zk-clause">${step.clause}</span></div></header>
    ${notes()}
    ${over
      ? html`<section><p><b>${t(STATES[visit.state])}</b> ${visit.reason || ""}</p>${visit.state === "CLOSED" && waiting() ? html`<p class="road-note">${t("The visit is closed on this phone and will be sent.")}</p>` : null}</section>`
      : html`${step.code === GREETING ? absent(visit) : null}
          ${number === 1 ? html`${month(visit, rules)}${(brief.notes || []).map(([label, text]) => html`<section><div class="f"><b>${label}</b></div><p class="road-note">${text}</p></section>`)}` : null}
          ${asked.map((demand) => section(app, visit, rules, demand, titleOf(demand, rules), lacks[demand.key] || 0))}
          ${step.code === PHOTO_STEP || asked.some((demand) => demand.code === "PHOTO") ? photos(app, visit, rules, Boolean(lacks.PHOTO)) : null}
          ${step.code === 1 ? skip(visit) : null}
          <div class="zk-fix">${last && lacking.length ? need(lacking, steps) : last ? html`<div class="zk-missing is-met"><i class="ti ti-check" aria-hidden="true"></i>${t("Nothing is missing.")}</div>` : null}
            <div class="row-x"><button type="button" class="btn" disabled=${number === 1} onClick=${() => to(number - 1)}>${t("Previous step")}</button>
              ${last
                ? html`<button type="button" class="btn btn-primary" disabled=${lacking.length > 0} onClick=${() => close(visit)}>${t("Close the visit")}</button>`
                : html`<button type="button" class="btn btn-primary" onClick=${() => to(number + 1)}>${t("Next step")}</button>`}</div></div>`}`;
}

// A regulation without names of steps still has their numbers.
const numbered = (visit, rules) =>
  [...new Set(demandsOf(visit, rules).map((demand) => demand.step))].sort((a, b) => a - b).map((code) => ({ code, label: "", clause: "" }));

const need = (lacking, steps) => {
  const names = lacking.map((demand) => {
    const at = steps.findIndex((step) => step.code === demand.step) + 1;
    return html`<a href=${`#/visit/${app.route.visit}/${at}`}>${demand.lacks > 1 ? t("{list}: {n} open", { list: demand.title, n: demand.lacks }) : demand.title}</a>${" "}`;
  });
  return html`<div class="zk-missing"><i class="ti ti-alert-triangle" aria-hidden="true"></i><span>${t("{n} more before it can be closed:", { n: lacking.length })} ${names}</span></div>`;
};

// Policies that the regulation wants read but does not make a condition of closing stand before the first step.
const month = (visit, rules) =>
  (app.day.policies || []).length && !demandsOf(visit, rules).some((demand) => demand.code === "POLICY_READ")
    ? html`<section><div class="f"><b>${t("Policies of the month")}</b></div>${policies(app, visit)}</section>`
    : null;

const absent = (visit) => html`<section><label class="road-tick"><input type="checkbox" checked=${visit.record.absent} onChange=${(event) => app.make("host", { absent: event.target.checked, name: visit.record.host, position: visit.record.position })} />
  <span>${t("The customer is out, a card was left")}</span></label></section>`;

function skip(visit) {
  if (!("skip" in app.drafts)) return html`<button type="button" class="btn btn-quiet road-add" onClick=${() => app.draft("skip", " ", true)}>${t("Not made …")}</button>`;
  const reason = app.drafts.skip.trim();
  return html`<section><label class="f">${t("Why was the visit not made?")}<input class="form-control w-100" data-draft="skip" value=${reason} onInput=${(event) => app.draft("skip", event.target.value || " ", true)} /></label>
    <div class="road-entry"><button type="button" class="btn" onClick=${() => app.draft("skip", "", true)}>${t("Cancel")}</button>
    <button type="button" class="btn btn-primary" disabled=${!reason} onClick=${() => app.make("skip", { reason }, ["skip"]).then(() => (location.hash = "#/"))}>${t("Not made")}</button></div></section>`;
}

async function close(visit) {
  await app.make("close", {}, []);
  for (const name of Object.keys(app.drafts)) await store.keepDraft(visit.uid, name, "");
  location.hash = "#/";
}

// ---- the way around

function read() {
  const [, name, visit, step] = location.hash.split("/");
  return name === "visit" && visit ? { name, visit, step: Number(step) || 1 } : { name: "day" };
}

function go(route) {
  if (route.name === "visit") location.hash = `#/visit/${route.visit}/${route.step}`;
  else {
    app.route = route;
    draw();
  }
}

function draw() {
  if (app.day) show(app.route.name === "visit" ? visitPage() : dayPage());
  else
    show(html`<header><div class="bar"><div class="grow"><h1>${t("Visits of the day")}</h1></div>${chip()}</div></header>
      ${notes()}<p class="road-note">${app.busy ? t("Sending …") : t("The phone has no visits yet. Open this page once with a network.")}</p>`);
}

async function turn() {
  const before = app.route;
  app.route = read();
  if (app.route.name === "visit" && app.route.visit !== before.visit) await see(app.route.visit);
  app.again = app.faint = false;
  draw();
  if (before.step !== app.route.step || before.visit !== app.route.visit) window.scrollTo(0, 0);
}

async function begun() {
  app.device = await store.device();
  const person = await store.lastPerson();
  if (person) await become((await store.dayOf(person.party)) || null);
  await turn();
  try {
    await taken();
    app.online = true;
  } catch (trouble) {
    if (trouble instanceof sending.SignIn) app.signIn = true;
    else app.online = false;
  }
  await turn();
  draw();
  if (app.day) soon(0);
}

window.addEventListener("hashchange", turn);
window.addEventListener("online", () => soon(0));
window.addEventListener("offline", () => app.say({ online: false }));
document.addEventListener("visibilitychange", () => document.hidden || soon(0));

if ("serviceWorker" in navigator) {
  navigator.serviceWorker
    .register(where.worker, { scope: new URL(".", new URL(where.worker, location.href)).pathname })
    .then((registration) => {
      registration.addEventListener("updatefound", () => {
        const fresh = registration.installing;
        fresh.addEventListener("statechange", () => fresh.state === "installed" && navigator.serviceWorker.controller && app.say({ newer: fresh }));
      });
    });
  let reloading = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!reloading) location.reload();
    reloading = false;
  });
}

store.holdOn();
draw();
begun();
