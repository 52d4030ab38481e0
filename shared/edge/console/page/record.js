import { badge, byId, count, el, redraw, say, sentence } from "./dom.js";
import * as time from "./time.js";

export const kinds = {
  confirmation: "confirmation request", reply: "reply", reminder: "reminder", promotional: "promotional", transactional: "transactional",
};

const happened = {
  requested: "Asked to join", confirmed: "Confirmed", told: "Was told of the texts", declined: "Said NO to the request", "opted-out": "Opted out", restarted: "Came back", expired: "Did not confirm in time",
  suspended: "Suspended", received: "Texted", noted: "Noted", voided: "Wrong number: consent void", paused: "Paused", resumed: "Resumed",
  "kept-out": "Kept out by AWS's list",
};
const sources = {
  form: "on the form", api: "from a backend", import: "from a list", page: "on the preference page", sms: "by text", carrier: "from the carrier", audit: "by the audit",
};

/** Shows the proof: ledger events and texts of the selected person in order, and whether the chain is whole. */
export function drawRecord(page, actions) {
  const record = page.records[page.brand];
  say(byId("record-title"), record ? `Record at ${page.brandName(page.brand)}` : "Record");
  drawChain(record);
  const brands = Object.keys(page.records);
  const choice = byId("record-brands");
  choice.hidden = brands.length < 2;
  redraw(choice, [brands, page.brand], () => brands.map((b) => el("button", {
    type: "button", "data-key": b, "aria-pressed": String(b === page.brand), click: () => actions.chooseBrand(b),
  }, page.brandName(b))));
  redraw(byId("record-topics"), page.facts, () => page.facts.map((f) => badge(f.text, f.tone)));
  drawSilence(page);
  const empty = byId("record-empty");
  empty.hidden = Boolean(record);
  say(empty, page.simulated ? "Nothing is on record for this phone. The first entry comes when its owner signs up or texts in; each one is chained to the one before, so a change shows."
    : "A record is shown once somebody opens it: every event and text, and whether all of it is as it was stored.");
  redraw(byId("timeline"), [page.phone, page.person, page.brand, page.zone(), record], () => entries(record, page.zone()));
}

/** Says of each topic what keeps a campaign back now, and until when. */
function drawSilence(page) {
  const zone = page.zone();
  redraw(byId("silence"), [page.silence, zone], () => page.silence.map((s) => {
    const counted = s.counted?.length ? `: ${s.counted.map((at) => time.shortDay(Date.parse(at), zone)).join(", ")}` : "";
    const until = s.until ? `; next on ${time.moment(Date.parse(s.until), zone)}` : "";
    const says = s.verdict === "allow" ? "a campaign may text them now." : `${s.because}${counted}${until}.`;
    return el("li", { "data-verdict": s.verdict }, el("strong", {}, s.topic), " ", sentence(says));
  }));
}

function drawChain(record) {
  const line = byId("chain");
  line.hidden = !record;
  line.dataset.whole = String(record?.verified);
  say(line, record?.verified ? `Chain verified \u2713 ${count(record.events.length, "event")}` : "Chain broken \u2717");
  const problem = byId("chain-problem");
  problem.hidden = !record?.fault;
  say(problem, record?.fault ?? "");
}

/** An event comes before the texts it caused, even where they carry the same time. */
function entries(record, zone) {
  const all = [
    ...(record?.events ?? []).map((e) => ({ at: Date.parse(e.at), order: 0, draw: () => event(e, zone) })),
    ...(record?.messages ?? []).map((m) => ({ at: Date.parse(m.at), order: 1, draw: () => message(m, zone) })),
  ];
  return all.sort((a, b) => a.at - b.at || a.order - b.order).map((e) => e.draw());
}

function moment(iso, zone) {
  const at = Date.parse(iso);
  return el("time", { datetime: iso, title: time.rfc3339(at) }, time.moment(at, zone));
}

function event(e, zone) {
  const what = [sources[e.source] ?? e.source, ...(e.topics?.length ? [e.topics.join(", ")] : [])].filter(Boolean).join(" · ");
  return el("li", { class: "event", "data-tone": e.type },
    el("span", { class: "mark", "aria-hidden": "true" }, String(e.seq)),
    el("div", { class: "line" }, el("strong", {}, happened[e.type] ?? e.type), el("span", { class: "soft" }, what), moment(e.at, zone)),
    e.type === "told" && el("p", { class: "soft body" }, `Told by ${e.evidence.source}, ${e.evidence.at}: \u201c${e.evidence.disclosure}\u201d`),
    e.evidence?.understood && el("p", { class: "soft body" }, `\u201c${e.evidence.body}\u201d was read as ${e.evidence.understood}: ${e.evidence.why}`),
    facts(`event ${e.seq}`, "Evidence", { ...e.evidence, until: e.until, recorded: e.recorded, prev: e.prev, hash: e.hash }));
}

/** A list of names and values to unfold. */
function facts(key, title, list) {
  return el("details", { "data-key": key },
    el("summary", { "data-key": `${key} title` }, title),
    el("dl", { class: "facts" }, ...Object.entries(list).filter(([, v]) => v).flatMap(([k, v]) => [el("dt", {}, k.replaceAll("_", " ")), el("dd", {}, String(v))])));
}

function message(m, zone) {
  return el("li", { class: "text" },
    el("span", { class: "mark", "aria-hidden": "true" }),
    el("div", { class: "line" }, el("span", {}, `Text: ${kinds[m.kind] ?? m.kind}`), badge(m.status), moment(m.at, zone)),
    el("p", { class: "soft body" }, m.body),
    ["withheld", "rejected"].includes(m.status) && el("p", { class: "soft body" }, `It did not go out: ${m.history.at(-1)?.detail}`),
    facts(`text ${m.id}`, "History", {
      ...Object.fromEntries(m.history.map((h) => [h.status, [h.at, h.detail].filter(Boolean).join(" ")])),
      from: m.from, campaign: m.campaign, policy: m.policy, message: m.id, "AWS message": m.aws_id,
    }));
}
