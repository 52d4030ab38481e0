import { byId, el, redraw } from "./dom.js";
import * as time from "./time.js";

/** Shows the stack at a glance. */
export function drawFigures(page) {
  const f = page.figures;
  if (!f) return;
  const lists = f.lists.filter((l) => l.people);
  const zone = page.wall();
  const stopped = f.stopped === null ? "–" : f.stopped.toLocaleString("en-US");
  redraw(byId("figures"), [f, zone], () => [
    figure("Subscribed", lists.reduce((n, l) => n + l.people, 0).toLocaleString("en-US"),
      lists.length > 1 && lists.map((l) => `${l.topic} ${l.people.toLocaleString("en-US")}`).join(", ")),
    figure("Waiting", `${f.waiting.toLocaleString("en-US")}${f.more ? "+" : ""}`, "for a YES"),
    figure("Stopped", stopped, f.stopped_at ? `as of ${time.shortDay(Date.parse(f.stopped_at), zone)}` : f.stopped === null && "counted by the daily audit"),
    f.next?.local ? figure("Next wave", time.shown(f.next.local.from), "on each person’s own clock")
      : figure("Next wave", f.next ? time.moment(Date.parse(f.next.at), zone) : "none"),
  ]);
}

const figure = (name, value, note) => el("div", {}, el("dt", {}, name), el("dd", {}, value, note && el("small", {}, note)));
