import { byId, el, redraw, say } from "./dom.js";
import * as time from "./time.js";

/** Shows what waits in the queues, what is scheduled, which replies a person should read, and what audits found. */
export function drawMachine(page) {
  const { queues, schedules, to_read: letters, audits } = page.state;
  const names = Object.keys(queues).sort((a, b) => (a === "dead") - (b === "dead") || a.localeCompare(b));
  redraw(byId("queues"), queues, () => names.map((name) => {
    const dead = name === "dead";
    return el("li", { "data-tone": dead && queues[name] > 0 ? "bad" : "" }, dead ? "dead letters " : `${name} `, el("strong", {}, String(queues[name])));
  }));
  const due = schedules.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const when = (iso) => `${time.dayName(Date.parse(iso), "UTC")}, ${time.clockTime(Date.parse(iso), "UTC")} UTC`;
  say(byId("schedules-next"), due.length ? `${due.length} schedule${due.length === 1 ? "" : "s"}, next ${when(due[0].at)}` : "Nothing is scheduled");
  redraw(byId("schedules-list"), due, () => due.map((s) => el("li", {}, el("time", { datetime: s.at }, when(s.at)), " ", s.name)));
  say(byId("to-read-count"), letters.length ? `${letters.length} ${letters.length === 1 ? "reply" : "replies"} to read` : "Nothing to read");
  redraw(byId("to-read-list"), letters, () => letters.toReversed().map((l) =>
    el("li", {}, el("time", { datetime: l.at }, when(l.at)), el("pre", { class: "letter" }, l.message))));
  say(byId("audits-count"), audits.length ? `${audits.length} audit report${audits.length === 1 ? "" : "s"}` : "No audit yet");
  redraw(byId("audits-list"), audits, () => audits.slice(0, 50).map((run) =>
    el("li", {}, el("a", { href: `/audits/${run}`, target: "_blank", rel: "noopener" }, run))));
}
