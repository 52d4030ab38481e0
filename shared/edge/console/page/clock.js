import { byId, call, say } from "./dom.js";
import * as time from "./time.js";

/** Shows the stack's time in UTC and where the selected phone is. */
export function drawClock(page) {
  if (!page.state) return;
  const now = page.now();
  const zone = page.zone();
  const several = new Set((page.place?.zones ?? []).map((z) => time.offset(now, z))).size > 1;
  say(byId("clock-utc"), `${time.dayName(now, "UTC")}, ${time.clockSeconds(now, "UTC")}`);
  say(byId("clock-local"), zone === "UTC" ? "place unknown" : `${time.shortDay(now, zone)}, ${time.clockSeconds(now, zone)} ${time.zoneLetters(now, zone)}`);
  say(byId("clock-where"), zone === "UTC" ? "Phone" : time.city(zone) + (several ? " (westernmost)" : ""));
  say(byId("clock-zone"), zone === "UTC" ? "UTC" : time.zoneLetters(now, zone));
  byId("clock-nine").title = zone === "UTC" ? "9:00 in UTC" : `9:00 in ${time.city(zone)}`;
}

/** Moves the clock on request and tells what became of it. */
export function watchClock(page, actions) {
  const section = byId("clock");
  const error = byId("clock-error");
  const busy = byId("clock-busy");
  const controls = [...section.querySelectorAll("button, input")];

  const goTo = async (instant, from) => {
    say(error, "");
    say(busy, "Moving the clock. Everything due on the way is done first.");
    section.setAttribute("aria-busy", "true");
    for (const c of controls) c.disabled = true;
    try {
      const { now } = await call("PUT", "/clock", { now: new Date(instant).toISOString() });
      actions.setNow(now);
      byId("clock-to").value = "";
    } catch (problem) {
      say(error, problem.message);
    } finally {
      for (const c of controls) c.disabled = false;
      from.focus({ preventScroll: true });
      section.removeAttribute("aria-busy");
      say(busy, "");
      actions.refresh();
    }
  };

  section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ahead]");
    if (button) goTo(page.now() + Number(button.dataset.ahead) * 1000, button);
  });
  byId("clock-nine").addEventListener("click", (event) => goTo(time.nextHour(page.now(), page.zone(), 9), event.currentTarget));
  byId("clock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = byId("clock-to");
    goTo(time.fromField(field.value, page.zone()), field);
  });
}
