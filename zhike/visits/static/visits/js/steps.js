// What is filled in for each demand of the regulation. Texts are drafts on the phone until they are saved with a button,
// so a half-written sentence survives a closed browser too.
import { clockOf, dayOf, html, t } from "./html.js";
import { ink, pad, rounded } from "./pad.js";
import { drawn, shrunk } from "./pictures.js";
import { position } from "./place.js";

const ASPECTS = "指导方面";
const SHOWN = "示范项目";
const PURPOSES = "拜访目的";
const PROBLEMS = "问题种类";
const PHOTOS = "照片种类";
const GREETINGS = "问候语";
const GREETED = "打招呼";

const words = (rules, list) => rules.words[list] || [];
const groupOf = (rules, kind, list) => Object.keys(rules.groups[kind]).find((key) => rules.groups[kind][key] === list);

export const clause = (name) => (name ? html`<span class="zk-clause">${name}</span>` : null);

export const field = (label, input) => html`<label class="f road-field"><span>${label}</span>${input}</label>`;

export function text(app, name, label, { rows = 0, type = "text", value = "" } = {}) {
  const kept = app.drafts[name] ?? value;
  const keep = (event) => app.draft(name, event.target.value, true);
  return field(
    label,
    rows
      ? html`<textarea class="form-control w-100" rows=${rows} data-draft=${name} value=${kept} onInput=${keep}></textarea>`
      : html`<input class="form-control w-100" type=${type} data-draft=${name} value=${kept} onInput=${keep} />`,
  );
}

export function choice(app, name, options, { value = "" } = {}) {
  const chosen = app.drafts[name] ?? value;
  return html`<div class="zk-pick" role="radiogroup">
    ${options.map(
      ([code, label]) =>
        html`<button type="button" role="radio" aria-checked=${String(chosen) === String(code)} class=${String(chosen) === String(code) ? "on" : ""}
          onClick=${() => app.draft(name, code, true)}>${label}</button>`,
    )}
  </div>`;
}

const pick = (app, name, label, options) => field(
  label,
  html`<select class="form-select w-100" data-draft=${name} value=${app.drafts[name] || ""} onChange=${(event) => app.draft(name, event.target.value, true)}>
    ${options.map(([code, word]) => html`<option value=${code} selected=${String(code) === (app.drafts[name] || "")}>${word}</option>`)}</select>`,
);

const tick = (app, name, label) => html`<label class="road-tick"><input type="checkbox" checked=${Boolean(app.drafts[name])}
  onChange=${(event) => app.draft(name, event.target.checked ? "1" : "", true)} /><span>${label}</span></label>`;

const save = (label, act, disabled = false) => html`<button type="button" class="btn btn-primary w-100 mt-2" disabled=${disabled} onClick=${act}>${label}</button>`;

const said = (rows) => (rows.length ? html`<ul class="road-said">${rows.map((row) => html`<li><i class="ti ti-check" aria-hidden="true"></i>${row}</li>`)}</ul>` : null);

const yes = () => [["1", t("yes")], ["0", t("no")]];

const widgets = {
  PURPOSE: (app, visit, rules) => {
    const { record } = visit;
    const chosen = new Set((app.drafts.purposes ?? record.purposes.join()).split(",").filter(Boolean));
    const turn = (code) => {
      if (!chosen.delete(code)) chosen.add(code);
      app.draft("purposes", [...chosen].join(), true);
    };
    return html`<div class="zk-pick">${words(rules, PURPOSES).map(
        ([code, label]) => html`<button type="button" aria-pressed=${chosen.has(code)} class=${chosen.has(code) ? "on" : ""} onClick=${() => turn(code)}>${label}</button>`,
      )}</div>
      ${text(app, "target", t("Target"), { value: record.target })}
      ${save(t("Save"), () => app.make("prepare", { purposes: [...chosen], target: app.drafts.target ?? record.target }, ["purposes", "target"]))}`;
  },
  POLICY_READ: (app, visit) => policies(app, visit),
  FOCUS: (app, visit) => {
    const { record } = visit;
    return html`${text(app, "focus", t("Key work"), { rows: 2, value: record.focus })}
      ${text(app, "content", t("What to publicise"), { rows: 2, value: record.content })}
      ${save(t("Save"), () => app.make("prepare", { focus: app.drafts.focus ?? record.focus, content: app.drafts.content ?? record.content }, ["focus", "content"]))}`;
  },
  CHECKS: (app, visit, rules, demand) => {
    const done = visit.record.checks[demand.list] || {};
    const lines = words(rules, demand.list);
    const open = lines.filter(([code]) => !(code in done));
    const answer = (answers) => app.make("check", { list: demand.list, answers });
    const greetings = demand.list === GREETED ? words(rules, GREETINGS).map(([, label]) => label) : [];
    return html`${greetings.length ? html`<p class="road-note">${greetings.join(" · ")}</p>` : null}<ul class="road-checks">${lines.map(
        ([code, label]) => html`<li>
          <button type="button" role="checkbox" aria-checked=${done[code] === true} class=${done[code] === true ? "on" : code in done ? "off" : ""} onClick=${() => answer({ [code]: done[code] !== true })}>
            <i class=${`ti ${done[code] === true ? "ti-square-check" : code in done ? "ti-square-x" : "ti-square"}`} aria-hidden="true"></i><span>${label}</span></button>
          ${code in done ? null : html`<button type="button" class="road-no" onClick=${() => answer({ [code]: false })}>${t("Not at hand")}</button>`}
        </li>`,
      )}</ul>
      ${open.length > 1 ? html`<button type="button" class="btn w-100" onClick=${() => answer(Object.fromEntries(open.map(([code]) => [code, true])))}>${t("All done")}</button>` : null}`;
  },
  ARRIVED: (app, visit) => {
    const { record } = visit;
    if (record.arrived) {
      const found = record.place ? t("Position within {n} m", { n: record.accuracy ?? "?" }) : t("Position not known: {why}", { why: record.why });
      return html`${said([t("Arrived {time}", { time: clockOf(record.arrived) }), found])}`;
    }
    const arrive = async () => {
      app.say({ looking: true });
      const found = await position();
      app.say({ looking: false, noPlace: !found });
      const why = (app.drafts.why || "").trim();
      if (found) await app.make("arrive", found, ["why"]);
      else if (why) await app.make("arrive", { why }, ["why"]);
    };
    return html`${app.noPlace || app.drafts.why ? html`<p class="road-note is-late">${t("The phone gives no position. Say why, then arrive.")}</p>${text(app, "why", t("Why there is no position"))}` : null}
      ${app.looking ? html`<p class="road-note">${t("Looking for the position …")}</p>` : null}
      ${save(t("I have arrived"), arrive, app.looking)}`;
  },
  HOST: (app, visit) => {
    const { record } = visit;
    const decides = record.decides === null ? "" : record.decides ? "1" : "0";
    const given = (name, value) => app.drafts[name] ?? value ?? "";
    const keep = () => {
      const chosen = given("decides", decides);
      return app.make(
        "host",
        {
          name: given("host", record.host), position: given("position", record.position), decides: chosen === "" ? null : chosen === "1",
          persons: given("persons", record.persons) || null, cards: given("cards", record.cards) || null,
        },
        ["host", "position", "decides", "persons", "cards"],
      );
    };
    return html`${record.host ? said([[record.host, record.position].filter(Boolean).join(" · ")]) : null}
      ${text(app, "host", t("Their name"), { value: record.host })}${text(app, "position", t("Position held"), { value: record.position })}
      <div class="f">${t("Decides on cooperation")}</div>${choice(app, "decides", yes(), { value: decides })}
      <div class="road-two">${text(app, "persons", t("Persons present"), { type: "number" })}${text(app, "cards", t("Name cards given"), { type: "number" })}</div>
      ${save(t("Save"), keep)}`;
  },
  FINDINGS: (app, visit, rules, demand) => {
    const group = groupOf(rules, "FINDINGS", demand.list);
    const lines = words(rules, demand.list);
    const there = (code) => visit.record.findings.filter(([g, kind]) => g === group && kind === code);
    const open = lines.filter(([code]) => !there(code).length);
    const rest = async () => {
      for (const [code] of open) {
        const typed = (app.drafts[`${group}.${code}`] || "").trim();
        if (typed) await app.make("note_finding", { group, kind: code, text: typed }, [`${group}.${code}`]);
      }
      const left = open.filter(([code]) => !(app.drafts[`${group}.${code}`] || "").trim()).map(([code]) => code);
      if (left.length) await app.make("nothing_new", { group, kinds: left });
    };
    return html`<div class="road-lines">${lines.map(([code, label]) => {
        const found = there(code);
        const name = `${group}.${code}`;
        return html`<div class="road-line">
          <div class="f"><b>${label}</b></div>
          ${said(found.map(([, , words_]) => words_ || t("Nothing new")))}
          ${found.length ? null : html`<div class="road-entry"><input class="form-control" data-draft=${name} value=${app.drafts[name] || ""} placeholder=${t("What was learnt")} aria-label=${label} onInput=${(event) => app.draft(name, event.target.value, true)} />
            <button type="button" class="btn" onClick=${() => app.make("note_finding", { group, kind: code, text: (app.drafts[name] || "").trim() }, [name])}>${(app.drafts[name] || "").trim() ? t("Save") : t("Nothing new")}</button></div>`}
        </div>`;
      })}</div>
      ${open.length > 1 ? html`<button type="button" class="btn w-100" onClick=${rest}>${t("The rest: nothing new")}</button>` : null}`;
  },
  PROBLEMS: (app, visit, rules) => {
    const bits = ["in_authority", "at_once", "urgent", "needs_others"].map((name) => (app.drafts[`p.${name}`] ? "1" : "0")).join("");
    const ruling = rules.problems[bits] || { codes: [], labels: [], reply: false };
    const typed = (app.drafts["p.text"] || "").trim();
    const solved = ruling.codes.join() === "SOLVE";
    const ready = typed && (!solved || (app.drafts["p.answer"] || "").trim()) && (!ruling.reply || app.drafts["p.reply"]);
    const names = ["text", "kind", "in_authority", "at_once", "urgent", "needs_others", "answer", "reply", "proposal", "unit"].map((name) => `p.${name}`);
    const asks = rules.asks && ruling.codes.includes("COORDINATE");
    const raise = () =>
      app.make(
        "raise_problem",
        {
          text: typed, kind: app.drafts["p.kind"] || "OTHER", in_authority: bits[0] === "1", at_once: bits[1] === "1", urgent: bits[2] === "1",
          needs_others: bits[3] === "1", answer: app.drafts["p.answer"] || "", proposal: app.drafts["p.proposal"] || "",
          reply_by: app.drafts["p.reply"] ? new Date(app.drafts["p.reply"]).toISOString() : null,
          to_unit: asks ? app.drafts["p.unit"] || null : null,
        },
        names,
      );
    return html`${said([...visit.record.problems, ...(visit.record.noProblem ? [t("No problem")] : [])])}
      ${text(app, "p.text", t("What the customer says"), { rows: 2 })}
      ${typed
        ? html`<div class="f">${t("Kind")}</div>${choice(app, "p.kind", words(rules, PROBLEMS), { value: "OTHER" })}
            ${tick(app, "p.in_authority", t("Within my authority"))}${tick(app, "p.at_once", t("Can be solved now"))}
            ${tick(app, "p.urgent", t("Urgent"))}${tick(app, "p.needs_others", t("Other departments are needed"))}
            <p class="road-note"><b>${ruling.labels.join(" · ")}</b> ${clause(ruling.clause)}</p>
            ${solved ? text(app, "p.answer", t("How it was solved"), { rows: 2 }) : text(app, "p.proposal", t("What you propose"), { rows: 2 })}
            ${ruling.reply ? text(app, "p.reply", t("Answer promised by"), { type: "datetime-local" }) : null}
            ${asks ? pick(app, "p.unit", t("Department that is asked"), [["", t("My own leader")], ...app.day.units]) : null}
            ${save(t("Save"), raise, !ready)}`
        : visit.record.problems.length || visit.record.noProblem
          ? null
          : html`<button type="button" class="btn w-100" onClick=${() => app.make("no_problem", {})}>${t("No problem")}</button>`}`;
  },
  GIVEN: (app, visit, rules, demand) => {
    const group = groupOf(rules, "GIVEN", demand.list);
    const told = new Set(visit.record.given.filter(([g]) => g === group).map(([, topic]) => topic));
    const more = (topic) =>
      group === "ITEM"
        ? { quantity: Number(app.drafts["g.quantity"]) || 1 }
        : group === "GIFT"
          ? { value: app.drafts["g.value"] || "0" }
          : group === "POLICY"
            ? { accepted: !(app.drafts["g.objection"] || "").trim(), objection: app.drafts["g.objection"] || "" }
            : {};
    return html`${group === "ITEM" ? text(app, "g.quantity", t("Number"), { type: "number" }) : null}
      ${group === "GIFT" ? text(app, "g.value", t("Worth (yuan)"), { type: "number" }) : null}
      ${group === "POLICY" ? text(app, "g.objection", t("Not accepted, because")) : null}
      <div class="zk-pick">${words(rules, demand.list).map(
        ([code, label]) => html`<button type="button" aria-pressed=${told.has(code)} class=${told.has(code) ? "on" : ""} disabled=${told.has(code)}
          onClick=${() => app.make("give", { group, topic: code, ...more(code) }, ["g.quantity", "g.value", "g.objection"])}>${label}</button>`,
      )}</div>`;
  },
  GUIDED: (app, visit, rules, demand) => {
    const there = (code) => visit.record.guidance.filter(([aspect]) => aspect === code);
    const lines = words(rules, demand.list || ASPECTS);
    const open = lines.filter(([code]) => !there(code).length);
    return html`<div class="road-lines">${lines.map(([code, label]) => {
        const found = there(code);
        const name = (part) => `a.${code}.${part}`;
        const typed = ["finding", "text"].some((part) => (app.drafts[name(part)] || "").trim()) || app.drafts[name("shown")];
        const data = {
          aspect: code, finding: app.drafts[name("finding")] || "", text: app.drafts[name("text")] || "",
          demonstration: app.drafts[name("shown")] || "", minutes: Number(app.drafts[name("minutes")]) || 0,
        };
        const parts = ["open", "finding", "text", "shown", "minutes"].map(name);
        return html`<div class="road-line"><div class="f"><b>${label}</b></div>
          ${said(found.map(([, minutes]) => (minutes ? `${t("Done")} · ${t("Minutes")} ${minutes}` : t("Done"))))}
          ${found.length
            ? null
            : html`<div class="road-entry"><button type="button" class="btn" onClick=${() => app.make("guide", { aspect: code, is_fine: true }, parts)}>${t("In order")}</button>
                <button type="button" class="btn" aria-expanded=${Boolean(app.drafts[name("open")])} onClick=${() => app.draft(name("open"), app.drafts[name("open")] ? "" : "1", true)}>${t("Advice")} …</button></div>`}
          ${!found.length && app.drafts[name("open")]
            ? html`${text(app, name("finding"), t("Found, and why"), { rows: 2 })}${text(app, name("text"), t("Advice"), { rows: 2 })}
                <div class="f">${t("Shown in person")}</div>${choice(app, name("shown"), words(rules, SHOWN))}
                ${text(app, name("minutes"), t("Minutes"), { type: "number" })}
                ${save(t("Save"), () => app.make("guide", data, parts), !typed && !data.finding)}`
            : null}</div>`;
      })}</div>
      ${open.length > 1
        ? html`<button type="button" class="btn w-100" onClick=${async () => {
            for (const [code] of open) await app.make("guide", { aspect: code, is_fine: true });
          }}>${t("In order")}: ${t("All done")}</button>`
        : null}`;
  },
  MINUTES: (app, visit) => said([`${t("Minutes")} ${visit.record.guidance.reduce((sum, [, minutes]) => sum + minutes, 0)}`]),
  SATISFACTION: (app, visit) => {
    const { record } = visit;
    const grades = ["very dissatisfied", "dissatisfied", "fair", "satisfied", "very satisfied"];
    return html`<div class="zk-pick" role="radiogroup">${grades.map(
        (word, index) => html`<button type="button" role="radio" aria-checked=${record.satisfaction === index + 1} class=${record.satisfaction === index + 1 ? "on" : ""} onClick=${() => app.make("judge", { satisfaction: index + 1 })}>${t(word)}</button>`,
      )}</div>
      ${text(app, "remark", t("In the customer's words"), { rows: 2, value: record.remark })}
      ${app.drafts.remark ? save(t("Save"), () => app.make("judge", { remark: app.drafts.remark }, ["remark"])) : null}`;
  },
  REPORT: (app, visit) => html`${text(app, "report", t("Visit report"), { rows: 4, value: visit.record.report })}
    ${save(t("Save"), () => app.make("report", { text: app.drafts.report ?? visit.record.report }, ["report"]))}`,
  SIGNATURE: (app, visit, rules) => {
    const { record } = visit;
    if (record.signer && !app.again) {
      return html`${record.signature && app.pictures[record.signature] ? html`<img class="road-signature" alt=${record.signer} src=${app.pictures[record.signature]} />` : null}
        ${said([`${record.signer} · ${clockOf(record.signed)}`])}<button type="button" class="btn w-100" onClick=${() => app.say({ again: true })}>${t("Sign again")}</button>`;
    }
    return html`${text(app, "signer", t("Who signs"), { value: record.signer || record.host })}
      <canvas class="road-pad" ref=${(box) => box && ready(box, app)} aria-label=${t("Customer's signature")}></canvas>
      ${app.faint ? html`<p class="road-note is-late" role="alert">${t("This is no signature yet: let the customer sign again.")}</p>` : null}
      <div class="road-entry"><button type="button" class="btn" onClick=${() => wipe(app)}>${t("Sign again")}</button>
        <button type="button" class="btn btn-primary" onClick=${() => signed(app, record, rules)}>${t("Keep the signature")}</button></div>`;
  },
  NEXT: (app, visit) => {
    const { record } = visit;
    const brief = app.day.customers[visit.customer] || {};
    const told = (event) => app.draft("next", event.target.value, true);
    const typed = app.drafts.next ?? "";
    const past = typed && typed <= dayOf(Date.now());
    return html`${record.next ? said([record.next]) : null}
      <input class="form-control w-100" type="date" data-draft="next" value=${typed || record.next} aria-label=${t("Next visit")} onInput=${told} />
      ${past ? html`<p class="road-note is-late" role="alert">${t("The next visit must lie ahead.")}</p>` : null}
      ${brief.propose
        ? html`<p class="road-note">${t("{every} by the regulation; proposed {day}", { every: brief.every, day: brief.propose })}
            <button type="button" class="road-no" onClick=${() => app.draft("next", brief.propose, true)}>${brief.propose}</button></p>`
        : null}
      <p class="road-note">${t("Tell the customer the day.")}</p>
      ${typed ? save(t("Save"), () => app.make("set_next", { on: typed }, ["next"]), past) : null}`;
  },
  LEFT: (app, visit) => (visit.record.left ? said([t("Left {time}", { time: clockOf(visit.record.left) })]) : save(t("I am leaving"), () => app.make("leave", {}))),
};

// The policies of the month with their text; each is ticked when it is read, on whichever visit of the day that was.
export function policies(app, visit) {
  const items = app.day.policies || [];
  const read = new Set(app.entries.filter((entry) => entry.kind === "prepare").flatMap((entry) => entry.data.policies || []));
  const isRead = (one) => one.read || read.has(one.id);
  const name = (one) => `policy.${one.id}`;
  const ticked = items.filter((one) => !isRead(one) && app.drafts[name(one)]);
  const ready = items.every((one) => isRead(one) || app.drafts[name(one)]);
  const confirm = () =>
    app.make("prepare", { policies: ticked.map((one) => one.id), policy_read: ready, seen: app.day.now }, ticked.map(name));
  return html`${items.map(
      (one) => html`<details class="road-policy"><summary>${isRead(one) ? html`<i class="ti ti-check" aria-hidden="true"></i>` : null}<span class="zk-tag">${one.kind}</span> <b>${one.title}</b></summary><p>${one.body}</p></details>
        ${isRead(one) ? null : tick(app, name(one), t("I have read it"))}`,
    )}
    ${visit.record.policyRead && !ticked.length ? said([t("Done")]) : save(t("I have read the policies of this month"), confirm, !ready && !ticked.length)}`;
}

// A position or a name is filled in together with what stands beside it.
const TOGETHER = { PLACE: "ARRIVED", DECIDES: "HOST", PHOTO: "" };

// ---- the signature

function ready(box, app) {
  if (app.box === box) return;
  app.box = box;
  app.paint = pad(box, () => app.strokes, () => app.draft("strokes", JSON.stringify(app.strokes)));
}

function wipe(app) {
  app.strokes = [];
  app.draft("strokes", "");
  app.say({ faint: false });
  app.paint?.();
}

async function signed(app, record, rules) {
  const signer = (app.drafts.signer ?? (record.signer || record.host)).trim();
  if (ink(app.strokes) < rules.leastInk || !signer) {
    app.say({ faint: true });
    return;
  }
  const strokes = rounded(app.strokes);
  const picture = await drawn(strokes, app.box.clientWidth, app.box.clientHeight);
  const place = await position();
  const where = place ? { latitude: place.latitude, longitude: place.longitude } : {};
  app.strokes = [];
  app.say({ faint: false, again: false });
  await app.make("sign", { signer, strokes, ...where }, ["signer", "strokes"], picture);
}

// ---- photos

export function photos(app, visit, rules, needed) {
  const { record } = visit;
  const take = (kind) => async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const small = await shrunk(file);
    app.say({ unreadable: !small });
    if (small) await app.make("photo", { kind, name: `${kind.toLowerCase()}.jpg` }, [], small);
  };
  const label = (code) => (words(rules, PHOTOS).find(([one]) => one === code) || [code, code])[1];
  return html`<section><div class="row-x f"><span>${t("Photos")}</span><span class="push s12 ink3">${t("kept on the phone, sent by itself")}</span></div>
    <div class="zk-photos">
      ${record.photos.map((photo) => html`<div><img alt=${label(photo.kind)} src=${photo.url || app.pictures[photo.uid] || ""} /><em>${label(photo.kind)} ${clockOf(photo.at)}</em></div>`)}
      ${words(rules, PHOTOS).map(
        ([code, name]) => html`<label class=${needed && !record.photos.length ? "need" : ""}><span><i class="ti ti-camera" aria-hidden="true"></i><br />${name}</span>
          <input type="file" accept="image/*" capture="environment" aria-label=${`${t("Take a photo")}: ${name}`} onChange=${take(code)} /></label>`,
      )}
    </div>
    ${app.unreadable ? html`<p class="road-note is-late" role="alert">${t("This picture cannot be read.")}</p>` : null}</section>`;
}

// ---- one step

function excuse(app, demand) {
  const name = `why.${demand.key}`;
  if (!(name in app.drafts)) return html`<button type="button" class="road-no" onClick=${() => app.draft(name, " ", true)}>${t("Give a reason instead")}</button>`;
  return html`${text(app, name, t("Why"))}${save(t("Save"), () => app.make("excuse", { demand: demand.key, reason: app.drafts[name].trim() }, [name]))}`;
}

export function section(app, visit, rules, demand, title, lacks) {
  const draw = widgets[demand.code];
  if (demand.code in TOGETHER || !draw) return null;
  const reason = visit.record.excuses[demand.key];
  return html`<section id=${`d-${demand.key}`} data-demand=${demand.key}>
    <div class="f row-x"><span><b>${title}</b></span>${lacks ? html`<span class="zk-tag is-late">${lacks}</span>` : null}<span class="push">${clause(demand.clause)}</span></div>
    ${draw(app, visit, rules, demand)}
    ${reason ? html`<p class="road-note">${t("Reason: {why}", { why: reason })}</p>` : demand.excusable && lacks && demand.code !== "ARRIVED" ? excuse(app, demand) : null}
  </section>`;
}
