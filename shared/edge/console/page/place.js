import { byId, say, sentence } from "./dom.js";
import * as time from "./time.js";

/** Shows where the chosen phone may be, and whether it is a permitted hour there. */
export function drawPlace(page) {
  const { place } = page;
  const zones = place?.zones ?? [];
  const few = (all, name, many) => (all.length > 3 ? `${all.length} ${many}` : all.map(name).join(" or "));
  say(byId("phone-place"), place ? [few(place.places, (p) => p, "possible places"), few(zones, time.city, "time zones")].filter(Boolean).join(" · ") : "");

  const line = byId("phone-hours");
  const turn = Date.parse(page.permits());
  line.hidden = !place;
  line.dataset.open = String(Boolean(place?.permitted));
  if (place?.problem) say(line, sentence(place.problem));
  else if (place?.permitted) say(line, `Permitted hours until ${time.moment(turn, page.zone())}`);
  else say(line, turn ? `Quiet hours until ${time.moment(turn, page.zone())}` : "Within two weeks no hour suits every place this phone may be in");
}
