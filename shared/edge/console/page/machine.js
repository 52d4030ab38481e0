import { byId, count, el, redraw, say } from "./dom.js";
import * as time from "./time.js";

/** Shows what waits in the queues, and what is scheduled. */
export function drawMachine(page) {
  if (!page.state) return;
  const { queues, schedules } = page.state;
  const names = Object.keys(queues).sort((a, b) => (a === "dead") - (b === "dead") || a.localeCompare(b));
  redraw(byId("queues"), queues, () => names.map((name) => {
    const dead = name === "dead";
    return el("li", { "data-tone": dead && queues[name] > 0 ? "bad" : "" }, dead ? "dead letters " : `${name} `, el("strong", {}, String(queues[name])));
  }));
  const due = schedules.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const when = (iso) => time.moment(Date.parse(iso), "UTC");
  say(byId("schedules-next"), due.length ? `${count(due.length, "schedule")}, next ${when(due[0].at)}` : "Nothing is scheduled");
  redraw(byId("schedules-list"), due, () => due.map((s) => el("li", {}, el("time", { datetime: s.at }, when(s.at)), " ", s.name)));
}
