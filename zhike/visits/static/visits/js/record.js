// A visit as it stands: what the server had, and on top of it what was made here since.
const empty = () => ({
  purposes: [], target: "", focus: "", content: "", policyRead: false, checks: {}, excuses: {}, arrived: "", left: "",
  place: false, accuracy: null, why: "", host: "", position: "", decides: null, absent: false, noProblem: false,
  satisfaction: null, remark: "", report: "", signer: "", signed: "", next: "", findings: [], problems: [], given: [],
  guidance: [], photos: [],
});

const put = {
  prepare: (record, data) => {
    for (const name of ["purposes", "target", "focus", "content"]) if (name in data) record[name] = data[name];
    if (data.policy_read) record.policyRead = true;
  },
  check: (record, data) => {
    record.checks = { ...record.checks, [data.list]: { ...record.checks[data.list], ...data.answers } };
  },
  arrive: (record, data, entry) => {
    record.arrived = entry.made_at;
    record.place = data.latitude !== undefined;
    record.accuracy = data.accuracy ?? null;
    record.why = data.why || "";
  },
  host: (record, data) => {
    record.host = data.name || "";
    record.position = data.position || "";
    record.decides = data.decides ?? null;
    record.persons = data.persons;
    record.cards = data.cards;
    record.absent = Boolean(data.absent);
  },
  note_finding: (record, data) => record.findings.push([data.group, data.kind, data.text || ""]),
  nothing_new: (record, data) => data.kinds.forEach((kind) => record.findings.push([data.group, kind, ""])),
  raise_problem: (record, data) => {
    record.problems.push(data.text);
    record.noProblem = false;
  },
  no_problem: (record) => (record.noProblem = true),
  give: (record, data) => record.given.push([data.group, data.topic]),
  guide: (record, data) => record.guidance.push([data.aspect, Number(data.minutes) || 0]),
  photo: (record, data, entry) => record.photos.push({ kind: data.kind, at: entry.made_at, uid: entry.uid }),
  sign: (record, data, entry) => {
    record.signer = data.signer;
    record.signed = entry.made_at;
    record.signature = entry.uid;
  },
  judge: (record, data) => {
    if (data.satisfaction) record.satisfaction = data.satisfaction;
    if (data.remark !== undefined) record.remark = data.remark;
  },
  report: (record, data) => (record.report = data.text),
  set_next: (record, data) => (record.next = data.on),
  leave: (record, data, entry) => (record.left = entry.made_at),
  excuse: (record, data) => (record.excuses = { ...record.excuses, [data.demand]: data.reason }),
};

const STATES = { start: "UNDER_WAY", arrive: "UNDER_WAY", close: "CLOSED", skip: "MISSED" };
// refused and in conflict: the server's record is the one that holds
const counts = (entry, fetchedAt) =>
  entry.state === "waiting" || (entry.state === "kept" && entry.sentAt > fetchedAt);

export function standing(visit, entries, fetchedAt) {
  const found = { ...visit, record: { ...empty(), ...structuredClone(visit.record || {}) } };
  for (const entry of entries) {
    if (entry.visit !== visit.uid || !counts(entry, fetchedAt)) continue;
    put[entry.kind]?.(found.record, entry.data, entry);
    if (STATES[entry.kind]) found.state = STATES[entry.kind];
    if (entry.kind === "skip") found.reason = entry.data.reason;
  }
  return found;
}

// Every visit of the phone: those of the server, then those that only this phone knows.
export function visitsOf(day, entries) {
  const known = new Set(day.visits.map((visit) => visit.uid));
  const own = entries
    .filter((entry) => entry.kind === "start" && entry.data.customer && !known.has(entry.visit) && counts(entry, day.fetchedAt))
    .map((entry) => ({
      uid: entry.visit, number: "", customer: entry.data.customer, kind: entry.data.kind || "ROUND",
      unit: day.customers[entry.data.customer]?.unit, on: entry.made_at.slice(0, 10), at: "", state: "PLANNED", record: {},
    }));
  return [...day.visits, ...own].map((visit) => standing(visit, entries, day.fetchedAt));
}
