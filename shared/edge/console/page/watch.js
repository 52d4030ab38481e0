import { byId, count, el, redraw, say } from "./dom.js";
import * as time from "./time.js";

const most = 50; // reports that are listed

/** Shows what a person should look at: alarms that ring, replies no rule understood, and what audits found. */
export function drawWatch(page) {
  const when = (iso) => time.moment(Date.parse(iso), page.wall());
  drawAlarms(page, when);
  drawReplies(page, when);
  const { audits } = page;
  if (!audits) return;
  say(byId("audits-count"), audits.length ? count(audits.length, "audit report") : "No audit yet. One runs every day.");
  redraw(byId("audits-list"), audits, () => audits.slice(0, most).map((run) =>
    el("li", {}, el("a", { href: `/audits/${encodeURIComponent(run)}`, target: "_blank", rel: "noopener" }, runTime(run)))));
}

/** A run is named for when it began, such as 20261123T140000.000Z. */
function runTime(run) {
  const iso = run.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, "$1-$2-$3T$4:$5:$6");
  return Number.isNaN(Date.parse(iso)) ? run : time.moment(Date.parse(iso), "UTC");
}

function drawAlarms(page, when) {
  const found = page.alarms;
  if (!found) return;
  const { asked, alarms } = found;
  say(byId("alarms-count"), alarms.length ? count(alarms.length, "alarm rings", "alarms ring") : asked ? "No alarm rings." : "The local stack has no alarms.");
  redraw(byId("alarms-list"), alarms, () => alarms.map((a) => el("li", {},
    el("p", { class: "line" }, el("strong", {}, a.name), el("time", { datetime: a.since }, when(a.since))),
    el("p", {}, a.because))));
}

function drawReplies(page, when) {
  const letters = page.state?.to_read;
  const waiting = (letters?.length ?? 0) + (page.alarms?.alarms.length ?? 0);
  const badge = byId("watch-count");
  badge.hidden = !waiting;
  say(badge, waiting ? ` ${waiting}` : "");
  if (!page.simulated) {
    say(byId("to-read-count"), "A reply that no rule understood is sent by Amazon SNS to whoever subscribed to the stack’s topic for replies, by e-mail or into a help desk. " +
      "AWS keeps no copy, so this page cannot list them; each stands in the record of whoever wrote it.");
    return;
  }
  if (!letters) return;
  say(byId("to-read-count"), letters.length ? `${count(letters.length, "reply", "replies")} to read` : "Nothing to read");
  redraw(byId("to-read-list"), letters, () => letters.toReversed().map((l) =>
    el("li", {}, el("time", { datetime: l.at }, when(l.at)), el("pre", { class: "letter" }, l.message))));
}
