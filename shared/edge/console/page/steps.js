import { byId, el, redraw, say } from "./dom.js";

const hidden = () => localStorage.getItem("steps") === "hidden";

/** Leads through the story until it has been told or somebody hides it. */
export function drawSteps(page) {
  const f = page.figures;
  if (!f || !page.campaigns) return; // nothing is known yet
  const { campaigns } = page.campaigns;
  const subscribed = f.lists.some((l) => l.people > 0);
  const left = f.stopped > 0;
  const steps = [
    { name: "Sign up", how: `Open the sign-up page and enter ${page.phone}. The phone gets one text.`, done: subscribed || left || f.waiting > 0 },
    { name: "Confirm", how: "Answer YES. Until then the phone gets nothing else.", done: subscribed || left },
    { name: "Schedule", how: "Under Campaigns write one for tomorrow, look at its plan, and schedule it.", done: campaigns.length > 0 },
    { name: "Let time pass", how: "Move the clock past its time. It goes out in permitted hours only.", done: campaigns.some((c) => c.counts.sent > 0) },
    { name: "Stop", how: "Text STOP, then look at the record: every step is in it, in order.", done: left },
  ];
  const next = steps.findIndex((s) => !s.done);
  byId("steps").hidden = hidden();
  byId("steps-show").hidden = !hidden();
  redraw(byId("steps-list"), [steps, next], () => steps.map((s, i) =>
    el("li", { "data-done": String(s.done), "aria-current": i === next && "step" }, s.name, s.done && el("span", { class: "hidden" }, " (done)"))));
  say(byId("steps-how"), next < 0 ? "That is the whole story. The record proves every step of it." : steps[next].how);
}

/** Hides the story and shows it again. */
export function watchSteps(page) {
  const turn = (value, focus) => {
    if (value) localStorage.setItem("steps", value);
    else localStorage.removeItem("steps");
    drawSteps(page);
    byId(focus).focus();
  };
  byId("steps-hide").addEventListener("click", () => turn("hidden", "steps-show"));
  byId("steps-show").addEventListener("click", () => turn("", "steps-hide"));
}
