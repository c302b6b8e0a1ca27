// What the regulation still asks for before the visit is closed: the same table that the server decides by.
import { t } from "./html.js";

export function demandsOf(visit, rules) {
  return rules.demands[`${visit.kind}|${visit.record.absent ? 1 : 0}`] || [];
}

const groupOf = (rules, kind, list) => Object.keys(rules.groups[kind]).find((key) => rules.groups[kind][key] === list);
const codes = (rules, list) => (rules.words[list] || []).map(([code]) => code);

const lacking = {
  PURPOSE: (record) => (record.purposes.length && record.target.trim() ? 0 : 1),
  POLICY_READ: (record) => (record.policyRead ? 0 : 1),
  FOCUS: (record) => (record.focus.trim() && record.content.trim() ? 0 : 1),
  CHECKS: (record, demand, rules) => codes(rules, demand.list).filter((code) => !(code in (record.checks[demand.list] || {}))).length,
  ARRIVED: (record) => (record.arrived ? 0 : 1),
  PLACE: (record) => (record.place || record.why ? 0 : 1),
  HOST: (record) => (record.host.trim() && record.position.trim() ? 0 : 1),
  DECIDES: (record) => (record.decides === null ? 1 : 0),
  FINDINGS: (record, demand, rules) => {
    const group = groupOf(rules, "FINDINGS", demand.list);
    return codes(rules, demand.list).filter((code) => !record.findings.some(([g, kind]) => g === group && kind === code)).length;
  },
  PROBLEMS: (record) => (record.noProblem || record.problems.length ? 0 : 1),
  GIVEN: (record, demand, rules) => {
    const group = groupOf(rules, "GIVEN", demand.list);
    const told = new Set(record.given.filter(([g]) => g === group).map(([, topic]) => topic)).size;
    return Math.max(0, (demand.count ?? codes(rules, demand.list).length) - told);
  },
  GUIDED: (record, demand, rules) =>
    codes(rules, demand.list || "指导方面").filter((code) => !record.guidance.some(([aspect]) => aspect === code)).length,
  MINUTES: (record, demand) => (record.guidance.reduce((sum, [, minutes]) => sum + minutes, 0) >= (demand.count || 1) ? 0 : 1),
  PHOTO: (record, demand) => Math.max(0, (demand.count || 1) - record.photos.length),
  SATISFACTION: (record) => (record.satisfaction ? 0 : 1),
  REPORT: (record) => (record.report.trim() ? 0 : 1),
  SIGNATURE: (record) => (record.signer ? 0 : 1),
  NEXT: (record) => (record.next ? 0 : 1),
  LEFT: (record) => (record.left ? 0 : 1),
};

const TITLES = {
  PURPOSE: "Purpose of the visit", POLICY_READ: "I have read the policies of this month", FOCUS: "Key work",
  ARRIVED: "I have arrived", PLACE: "Why there is no position", HOST: "Who received you", DECIDES: "Decides on cooperation",
  PROBLEMS: "Problems", MINUTES: "Minutes", PHOTO: "Photos", SATISFACTION: "Satisfaction", REPORT: "Visit report",
  SIGNATURE: "Customer's signature", NEXT: "Next visit", LEFT: "I am leaving",
};

export const titleOf = (demand, rules) => (demand.list ? rules.titles[demand.list] || demand.list : t(TITLES[demand.code] || demand.code));

// Each demand that is not met, with how many lines it lacks.
export function missing(visit, rules) {
  return demandsOf(visit, rules)
    .filter((demand) => !(demand.excusable && visit.record.excuses[demand.key]?.trim()))
    .map((demand) => ({ ...demand, lacks: (lacking[demand.code] || (() => 1))(visit.record, demand, rules), title: titleOf(demand, rules) }))
    .filter((demand) => demand.lacks > 0);
}
