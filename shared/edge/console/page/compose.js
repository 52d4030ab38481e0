import { ask, byId, call, count, el, say, sentence } from "./dom.js";
import { asks, clear, complain, draft, drawChoices, drawForm, fill, watchForm } from "./form.js";
import * as time from "./time.js";

let planned = null; // what the server planned, while the form says the same
let planning = false;

const money = (sum) => `$${sum.toFixed(2)}`;
const mostRows = 24; // hours that are listed

/** Keeps the form as the page knows its choices. */
export function drawCompose(page) {
  byId("compose").hidden = byId("campaign-new").hidden = !page.campaigns?.acts;
  if (page.about) drawForm(page);
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

function plan({ text, problems, approval, repeat, plan: p }, page) {
  const n = (x) => x.toLocaleString("en-US");
  const hours = p.hours.slice(0, mostRows);
  const until = (r) => (r.until_first ? `, until ${time.moment(Date.parse(r.until_first), page.wall())}` : "");
  return [
    ...problems.map((w) => el("p", { class: "warn" }, sentence(w))),
    repeat && el("p", { class: "warn" }, `It is repeated ${repeat}. The plan of the next run that is made. Lists change, so later ones may cost and reach more or less.`),
    approval && el("p", { class: "warn" }, "Somebody else has to approve it before it goes out."),
    el("dl", { class: "counts" }, figure("on the list", n(p.audience)), figure("will get it", n(p.will)), figure("of them later", n(p.later)), figure("will not", n(p.audience - p.will - p.expire)), figure("too late for", n(p.expire)), figure("cost about", money(p.cost))),
    el("blockquote", {}, p.longest?.text || text),
    el("p", { class: "soft" }, `${count(p.parts, "part")} in all${p.unpriced?.length ? `; without ${p.unpriced.join(", ")}, of which no price is known` : ""}.`),
    p.reasons?.length > 0 && table("Who does not get it", ["Rule", "Why", "People"], p.reasons.map((r) => [r.rule, `${sentence(r.because)}${until(r)}`, n(r.people)])),
    hours.length > 0 && table("When", ["In the hour from", "People"], hours.map((h) => [time.momentOf(Date.parse(h.at), h.zone, page.wall()), n(h.people)])),
    p.hours.length > mostRows && el("p", { class: "soft" }, `and ${count(p.hours.length - mostRows, "more hour")}.`),
  ].filter(Boolean);
}

async function schedule(page, actions) {
  if (!planned) return;
  const { id, at, plan: p } = planned;
  const answer = await ask(asks(planned, p.local ? `${time.shown(p.local.from)} on each person’s own clock` : time.moment(Date.parse(at), page.wall()), money(p.cost), count(p.will, "person", "people")));
  if (answer === null || planned?.id !== id) return;
  byId("campaign-schedule").disabled = true;
  try {
    await call("POST", `/console/campaigns/${encodeURIComponent(id)}`, {});
    clear();
    drawChoices();
    forget("Done. It stands in the list.");
    actions.did("");
  } catch (problem) {
    byId("campaign-schedule").disabled = !planned;
    complain(problem);
  }
}

/** Copies another campaign into the form; when the copy begins is for whoever copies to choose. */
export function copy(c) {
  fill(c, false);
  forget("Copied. Choose when, then show the plan.");
}

/** Begins a new campaign: on a narrow screen the form stands below all others. */
function begin() {
  byId("compose").scrollIntoView();
  byId("campaign-text").focus({ preventScroll: true });
}

/** Puts a campaign that has not begun into the form. */
export function edit(c) {
  fill(c, true);
  forget("Change what is to change, then show the plan.");
}

/** Takes the form. */
export function watchCompose(page, actions) {
  watchForm(() => planned && forget("The form has changed: show the plan again."), () => forget(""));
  byId("campaign-form").addEventListener("submit", (event) => {
    event.preventDefault();
    showPlan(page);
  });
  byId("campaign-new").addEventListener("click", begin);
  byId("campaign-schedule").addEventListener("click", () => schedule(page, actions));
}
