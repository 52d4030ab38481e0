import { byId, say } from "./dom.js";
import { drawPlace } from "./place.js";

/** Shows whom somebody chose, as far as nobody has to be told that they looked. */
export function drawPerson(page) {
  const { look } = page;
  say(byId("phone-title"), look?.phone ?? (page.person ? page.listed()?.phone ?? "…" : "Nobody chosen"));
  byId("person-empty").hidden = Boolean(page.person);
  byId("record-open").hidden = !page.person || Boolean(page.records[page.brand]);
  byId("record-hint").hidden = byId("record-open").hidden;
  drawPlace(page);
}

/** Opens the record, which is noted. */
export function watchPerson(actions) {
  byId("record-open").addEventListener("click", () => actions.openRecord());
}
