import { byId, el, redraw, say } from "./dom.js";

let led = -1; // the step somebody was last led to

const hidden = () => localStorage.getItem("steps") === "hidden";

/** Leads through the story until it has been told or somebody hides it. */
export function drawSteps(page) {
  const { contacts, campaigns } = page.state;
  const states = contacts.flatMap((c) => Object.values(c.topics));
  const left = contacts.some((c) => c.stopped.length) || states.includes("unsubscribed");
  const steps = [
    { name: "Sign up", how: `Open the sign-up page and enter ${page.phone}. The phone gets one text.`, done: contacts.length > 0 },
    { name: "Confirm", how: "Answer YES. Until then the phone gets nothing else.", done: left || states.includes("subscribed") },
    { name: "Schedule", how: "Make a campaign for tomorrow with the command under Campaigns.", done: campaigns.length > 0 },
    { name: "Let time pass", how: "Move the clock past its time. It goes out in permitted hours only.", done: campaigns.some((c) => c.counts.sent > 0) },
    { name: "Stop", how: "Text STOP, then look at the record: every step is in it, in order.", done: left },
  ];
  const next = steps.findIndex((s) => !s.done);
  byId("steps").hidden = hidden();
  byId("steps-show").hidden = !hidden();
  redraw(byId("steps-list"), [steps, next], () => steps.map((s, i) =>
    el("li", { "data-done": String(s.done), "aria-current": i === next && "step" }, s.name, s.done && el("span", { class: "hidden" }, " (done)"))));
  if (next !== led && steps[next]?.name === "Schedule") byId("campaign-new").open = true;
  led = next;
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
