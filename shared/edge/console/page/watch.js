import { byId, count, el, redraw, say, sentence } from "./dom.js";
import * as time from "./time.js";

const most = 50; // reports that are listed

/** Shows what a person should look at: alarms that ring, replies no rule understood, and what audits found. */
export function drawWatch(page, actions) {
  const when = (iso) => time.moment(Date.parse(iso), page.wall());
  drawAlarms(page, when);
  drawReplies(page, when, actions);
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

function drawReplies(page, when, actions) {
  const found = page.replies;
  const waiting = (found?.replies.length ?? 0) + (page.alarms?.alarms.length ?? 0);
  const badge = byId("watch-count");
  badge.hidden = !waiting;
  say(badge, waiting ? ` ${waiting}${found?.more ? "+" : ""}` : "");
  if (!found) return;
  const { replies } = found;
  say(byId("to-read-count"), replies.length ? `${found.more ? "More than " : ""}${count(replies.length, "reply", "replies")} to read` : "Nothing to read");
  const several = page.about?.brands.length > 1;
  redraw(byId("to-read-list"), replies, () => replies.map((r) => el("li", {},
    el("p", { class: "line" },
      el("button", { type: "button", class: "quiet", "data-key": `${r.id} who`, click: () => actions.select(page.simulated ? r.phone : r.person, r.brand) }, r.phone),
      several && el("span", { class: "soft" }, page.brandName(r.brand)),
      el("time", { datetime: r.at }, when(r.at))),
    el("pre", { class: "letter" }, r.words || "The words are deleted."),
    el("p", { class: "line" }, el("span", { class: "soft" }, sentence(r.why) + "."),
      el("button", { type: "button", "data-key": r.id, "aria-label": `Mark as read: the reply of ${r.phone}`, click: () => actions.markRead(r.id) }, "Mark as read")))));
}
