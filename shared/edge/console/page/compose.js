import { ask, byId, call, count, el, redraw, say, sentence } from "./dom.js";
import * as time from "./time.js";

let planned = null; // what the server planned, while the form says the same
let touched = false; // somebody chose the times
let planning = false;

const money = (sum) => `$${sum.toFixed(2)}`;
const mostRows = 24; // hours that are listed

/** Keeps the form's choices and suggestions as the page knows them. */
export function drawCompose(page) {
  byId("compose").hidden = !page.campaigns?.acts;
  if (!page.about) return;
  const topics = page.about.brands.flatMap((b) => b.topics.map((t) => ({ value: `${b.id} ${t.id}`, text: `${b.name} ${t.id} (${t.class})`, class: t.class })));
  redraw(byId("campaign-topic"), topics, () => topics.map((t) => el("option", { value: t.value, "data-class": t.class }, t.text)));
  const zones = [...new Set([page.wall(), "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "UTC"])];
  if (!touched) redraw(byId("campaign-zone"), zones, () => zones.map((z) => el("option", { value: z }, z.replaceAll("_", " "))));
  suggest(page);
  drawVouch();
}

/** Suggests ten to six o'clock of the next day on which it is not yet ten there. */
function suggest(page) {
  if (touched) return;
  const zone = byId("campaign-zone").value;
  const at = time.nextHour(page.now(), zone, 10);
  byId("campaign-at").value = time.toField(at, zone);
  byId("campaign-expires").value = time.toField(at + 8 * 3600 * 1000, zone);
}

function drawVouch() {
  const transactional = byId("campaign-topic").selectedOptions[0]?.dataset.class === "transactional";
  byId("campaign-vouch").hidden = !transactional;
  byId("campaign-digest-label").hidden = transactional;
  byId("campaign-zone-label").hidden = byId("campaign-local").checked;
}

/** The campaign that the form tells of. */
function draft() {
  const [brand, topic] = byId("campaign-topic").value.split(" ");
  const local = byId("campaign-local").checked;
  const instant = (field) => (local ? byId(field).value.replace("T", " ") : time.rfc3339(time.fromField(byId(field).value, byId("campaign-zone").value)));
  const transactional = !byId("campaign-vouch").hidden;
  return {
    brand, topic, text: byId("campaign-text").value, at: instant("campaign-at"), expires: instant("campaign-expires"), local_time: local,
    in: byId("campaign-in").value.split(/[\s,]+/).filter(Boolean),
    digest: !transactional && byId("campaign-digest").checked, again: byId("campaign-again").checked,
    not_marketing: transactional && byId("campaign-not-marketing").checked, urgent: transactional && byId("campaign-urgent").checked,
    says: transactional ? byId("campaign-says").value : "",
  };
}

const fields = {
  topic: "campaign-topic", text: "campaign-text", at: "campaign-at", expires: "campaign-expires", in: "campaign-in", says: "campaign-says",
};

function complain(problem) {
  say(byId("campaign-error"), problem?.message ?? "");
  for (const id of Object.values(fields)) byId(id).removeAttribute("aria-invalid");
  if (!problem) return;
  if (/says the same/.test(problem.message)) byId("campaign-again-label").hidden = false;
  const field = byId(fields[problem.field] ?? "campaign-text");
  if (fields[problem.field]) field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** What was planned is no longer what the form says. */
function forget(status) {
  planned = null;
  byId("campaign-schedule").disabled = true;
  byId("plan").replaceChildren();
  say(byId("plan-status"), status);
}

async function showPlan(page) {
  if (planning) return;
  planning = true;
  complain(null);
  forget("Asking about each person on the list. Nothing is sent.");
  const said = JSON.stringify(draft());
  try {
    const found = await call("POST", "/console/campaigns/plan", JSON.parse(said));
    if (said !== JSON.stringify(draft())) {
      forget("The form has changed meanwhile: show the plan again.");
      return;
    }
    planned = found;
    byId("campaign-schedule").disabled = false;
    say(byId("plan-status"), "The plan. Nothing is scheduled yet.");
    byId("plan").replaceChildren(...plan(found, page));
  } catch (problem) {
    forget("");
    complain(problem);
  } finally {
    planning = false;
  }
}

const figure = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

/** A table with a caption; the first cell of each row is its head. */
function table(caption, heads, rows) {
  return el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", {}, ...rows.map(([head, ...cells]) => el("tr", {}, el("th", { scope: "row" }, head), ...cells.map((c) => el("td", {}, c))))));
}

function plan({ text, problems, approval, plan: p }, page) {
  const n = (x) => x.toLocaleString("en-US");
  const hours = p.hours.slice(0, mostRows);
  const until = (r) => (r.until_first ? `, until ${time.moment(Date.parse(r.until_first), page.wall())}` : "");
  return [
    ...problems.map((w) => el("p", { class: "warn" }, sentence(w))),
    approval && el("p", { class: "warn" }, "Somebody else has to approve it before it goes out."),
    el("dl", { class: "counts" }, figure("on the list", n(p.audience)), figure("get it", n(p.will)), figure("of them later", n(p.later)), figure("no time", n(p.expire)), figure("cost about", money(p.cost))),
    el("blockquote", {}, p.longest?.text || text),
    el("p", { class: "soft" }, `${count(p.parts, "part")} in all${p.unpriced?.length ? `; without ${p.unpriced.join(", ")}, of which no price is known` : ""}.`),
    p.reasons?.length > 0 && table("Who does not get it", ["Rule", "Why", "People"], p.reasons.map((r) => [r.rule, `${sentence(r.because)}${until(r)}`, n(r.people)])),
    hours.length > 0 && table("When", ["In the hour from", "People"], hours.map((h) => [`${time.moment(Date.parse(h.at), h.zone)} · ${time.city(h.zone)}`, n(h.people)])),
    p.hours.length > mostRows && el("p", { class: "soft" }, `and ${count(p.hours.length - mostRows, "more hour")}.`),
  ].filter(Boolean);
}

async function schedule(page, actions) {
  if (!planned) return;
  const { id, at, plan: p } = planned;
  const answer = await ask({
    title: `Text ${count(p.will, "person", "people")}?`, yes: "Schedule",
    text: `From ${time.moment(Date.parse(at), page.wall())}, for about ${money(p.cost)}. Nothing has been sent yet; you can pause or cancel it later.`,
  });
  if (answer === null || planned?.id !== id) return;
  byId("campaign-schedule").disabled = true;
  try {
    await call("POST", `/console/campaigns/${encodeURIComponent(id)}`, {});
    byId("campaign-text").value = "";
    byId("campaign-again").checked = false;
    byId("campaign-again-label").hidden = true;
    touched = false;
    forget("Scheduled. It stands on top of the list.");
    actions.did("");
  } catch (problem) {
    byId("campaign-schedule").disabled = !planned;
    complain(problem);
  }
}

/** Writes what another campaign says into the form; when it begins is for whoever copies to choose. */
export function copy(c) {
  byId("campaign-topic").value = `${c.brand} ${c.topic}`;
  byId("campaign-text").value = c.text;
  byId("campaign-in").value = c.in.join(", ");
  byId("campaign-digest").checked = c.digest;
  drawVouch();
  complain(null);
  forget("Copied. Choose when, then show the plan.");
  byId("campaign-text").focus();
}

/** Takes the form. */
export function watchCompose(page, actions) {
  const form = byId("campaign-form");
  form.addEventListener("input", (event) => {
    touched ||= event.target.type === "datetime-local" || event.target.id === "campaign-zone";
    drawVouch();
    if (planned) forget("The form has changed: show the plan again.");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    showPlan(page);
  });
  byId("campaign-schedule").addEventListener("click", () => schedule(page, actions));
}
