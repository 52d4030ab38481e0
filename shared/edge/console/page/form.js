// The form of a campaign: what it tells, how another campaign gets into it, and what is wrong with a field.

import { byId, el, redraw, say, sentence } from "./dom.js";
import * as time from "./time.js";

let touched = false; // somebody chose the times
let known = null; // the page
let edits = ""; // ID of the campaign in whose place it is put, or of a series; empty for a new one
let runs = false; // what is edited is a series

/** Fields by the names that errors have. */
const fields = {
  topic: "campaign-topic", text: "campaign-text", at: "campaign-at", expires: "campaign-expires", zone: "campaign-zone", in: "campaign-in", says: "campaign-says",
  digest: "campaign-digest", urgent: "campaign-urgent", "not-marketing": "campaign-not-marketing", attribute: "campaign-attributes", content: "campaign-content",
  "max-cost": "campaign-cost", repeat: "campaign-cron", for: "campaign-for", until: "campaign-last", times: "campaign-times", far: "campaign-far",
};
const fieldOf = (name) => byId(fields[name] ?? (name.startsWith("text-") ? `campaign-${name}` : "")) ?? null;

/** Keeps the form's choices and suggestions as the page knows them. */
export function drawForm(page) {
  known = page;
  const topics = page.about.brands.flatMap((b) => b.topics.map((t) => ({ value: `${b.id} ${t.id}`, text: `${b.name} ${t.id} (${t.class})`, class: t.class })));
  redraw(byId("campaign-topic"), topics, () => topics.map((t) => el("option", { value: t.value, "data-class": t.class }, t.text)));
  const zones = [...new Set([page.wall(), "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "UTC"])];
  if (!touched) redraw(byId("campaign-zone"), zones, () => zones.map((z) => el("option", { value: z }, z.replaceAll("_", " "))));
  redraw(byId("campaign-texts"), page.about.languages, () => page.about.languages.map((code) =>
    el("label", { class: "wide" }, `Text in ${new Intl.DisplayNames("en", { type: "language" }).of(code)}`,
      el("textarea", { id: `campaign-text-${code}`, "data-language": code, rows: 2, maxlength: 1600, lang: code }))));
  suggest();
  drawChoices();
}

/** Suggests ten to six o'clock of the next day on which it is not yet ten there. */
function suggest() {
  if (touched) return;
  const zone = byId("campaign-zone").value;
  const at = time.nextHour(known.now(), zone, 10);
  byId("campaign-at").value = time.toField(at, zone);
  byId("campaign-expires").value = time.toField(at + 8 * 3600 * 1000, zone);
}

/** Shows the fields that go with what is chosen. */
export function drawChoices() {
  const transactional = byId("campaign-topic").selectedOptions[0]?.dataset.class === "transactional";
  const repeat = byId("campaign-repeat").value;
  byId("campaign-vouch").hidden = !transactional;
  byId("campaign-digest-label").hidden = transactional;
  byId("campaign-zone-label").hidden = runs || (byId("campaign-local").checked && !repeat);
  byId("campaign-at-label").hidden = byId("campaign-local-label").hidden = runs;
  byId("campaign-at").required = !runs;
  byId("campaign-expires-label").hidden = runs || Boolean(repeat);
  byId("campaign-expires").required = !runs && !repeat;
  byId("campaign-runs").hidden = !runs && !repeat;
  byId("campaign-cron-label").hidden = repeat !== "cron";
  byId("campaign-repeat-label").hidden = Boolean(edits);
  byId("campaign-when").hidden = !runs;
  say(byId("compose-title"), runs ? "Edit the runs to come" : edits ? "Edit a campaign" : "New campaign");
  byId("campaign-stop").hidden = !edits;
  say(byId("campaign-schedule"), edits ? "Save\u2026" : "Schedule\u2026");
}

/** The schedule of the runs, by the clock of the zone: each day, week or month at the time of the first. */
function cron() {
  const [day, hour, minute] = byId("campaign-at").value.slice(8).split(/[T:]/).map(Number);
  const at = `${minute} ${hour}`;
  switch (byId("campaign-repeat").value) {
    case "day": return `${at} * * *`;
    case "week": return `${at} * * ${new Date(`${byId("campaign-at").value}Z`).getUTCDay()}`;
    case "month": return `${at} ${day} * *`;
    case "cron": return byId("campaign-cron").value.trim();
    default: return "";
  }
}

/** The campaign that the form tells of. */
export function draft() {
  const value = (id) => byId(id).value.trim();
  const checked = (id) => byId(id).checked;
  const words = (id) => value(id).split(/\s*,\s*/).filter(Boolean);
  const [brand, topic] = value("campaign-topic").split(" ");
  const zone = value("campaign-zone");
  const repeat = cron();
  const onClocks = checked("campaign-local") && !repeat;
  const instant = (id) => (!value(id) ? "" : onClocks ? value(id).replace("T", " ") : time.rfc3339(time.fromField(value(id), zone)));
  const transactional = !byId("campaign-vouch").hidden;
  const texts = [...document.querySelectorAll("[data-language]")].filter((field) => field.value.trim());
  return {
    brand, topic, text: byId("campaign-text").value, texts: Object.fromEntries(texts.map((field) => [field.dataset.language, field.value])),
    at: runs ? "" : instant("campaign-at"), expires: runs || repeat ? "" : instant("campaign-expires"), local_time: checked("campaign-local"), zone, far: checked("campaign-far"),
    in: value("campaign-in").split(/[\s,]+/).filter(Boolean), attributes: words("campaign-attributes"), content: value("campaign-content"), max_cost: value("campaign-cost"),
    digest: !transactional && checked("campaign-digest"), again: checked("campaign-again"),
    not_marketing: transactional && checked("campaign-not-marketing"), urgent: transactional && checked("campaign-urgent"),
    says: transactional ? value("campaign-says") : "",
    ...((runs || repeat) && { repeat, for: value("campaign-for") && `${value("campaign-for")}h`, until: instant("campaign-last"), times: value("campaign-times") }),
    edits,
  };
}

/** Says what is wrong, beside the field it is wrong with. */
export function complain(problem) {
  const line = byId("campaign-error");
  say(line, "");
  for (const field of byId("campaign-form").querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  if (!problem) return;
  if (/says the same/.test(problem.message)) byId("campaign-again-label").hidden = false;
  const field = fieldOf(problem.field ?? "");
  const beside = field?.closest("label") ?? byId("campaign-rare");
  beside.after(line);
  say(line, problem.message);
  if (!field) return;
  if (field.closest("details")) field.closest("details").open = true;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", line.id);
  field.focus();
}

/** Empties the form but for its topic and the zone. */
export function clear() {
  const kept = ["campaign-topic", "campaign-zone"].map((id) => [id, byId(id).value]);
  byId("campaign-form").reset();
  for (const [id, value] of kept) byId(id).value = value;
  byId("campaign-again-label").hidden = true;
  edits = "";
  runs = touched = false;
  suggest();
}

/** Writes what another campaign says into the form; where it is edited, when as well. */
export function fill(c, editing) {
  const zone = byId("campaign-zone").value;
  clear();
  byId("campaign-topic").value = `${c.brand} ${c.topic}`;
  byId("campaign-text").value = c.text;
  for (const field of document.querySelectorAll("[data-language]")) field.value = c.texts?.[field.dataset.language] ?? "";
  byId("campaign-in").value = c.in.join(", ");
  byId("campaign-attributes").value = c.attributes?.join(", ") ?? "";
  byId("campaign-content").value = c.content ?? "";
  byId("campaign-digest").checked = c.digest;
  byId("campaign-local").checked = Boolean(c.local);
  if (c.cron) repeatAs(c, editing);
  if (editing) {
    edits = c.id;
    runs = Boolean(c.cron);
    touched = true;
    if (runs) {
      say(byId("campaign-when"), `It is repeated ${c.when}. Another schedule is another series: copy it.`);
      byId("campaign-last").value = c.until ? time.toField(Date.parse(c.until), zone) : "";
    } else {
      byId("campaign-at").value = c.local?.from_field ?? time.toField(Date.parse(c.at), zone);
      byId("campaign-expires").value = c.local?.until_field ?? time.toField(Date.parse(c.expires), zone);
    }
    byId("campaign-urgent").checked = Boolean(c.urgent);
    byId("campaign-not-marketing").checked = Boolean(c.not_marketing);
    byId("campaign-says").value = c.urgent || c.not_marketing || "";
  }
  byId("campaign-rare").open = Boolean(c.cron || c.texts || c.attributes?.length || c.content);
  drawChoices();
  complain(null);
  byId("campaign-text").focus();
}

/** Writes how another series is repeated into the form; where it is copied, with its schedule. */
function repeatAs(s, editing) {
  byId("campaign-for").value = s.hours;
  byId("campaign-cost").value = s.max_cost ?? "";
  byId("campaign-times").value = s.times ?? "";
  if (editing) return;
  const zones = byId("campaign-zone");
  if (![...zones.options].some((o) => o.value === s.zone)) zones.append(el("option", { value: s.zone }, s.zone.replaceAll("_", " ")));
  zones.value = s.zone;
  suggest();
  touched = true; // the choice of zones stays as it is
  byId("campaign-repeat").value = "cron";
  byId("campaign-cron").value = s.cron;
}

/** Takes note of what somebody writes. */
export function watchForm(changed, stopped) {
  byId("campaign-form").addEventListener("input", (event) => {
    touched ||= event.target.type === "datetime-local" || event.target.id === "campaign-zone";
    drawChoices();
    changed();
  });
  byId("campaign-stop").addEventListener("click", () => {
    clear();
    drawChoices();
    complain(null);
    stopped();
  });
}

/** What the form is about to do, in words. */
export const asks = (planned, when, money, people) => (edits
  ? { title: runs ? "Change the runs to come?" : "Save it as it is here?", yes: "Save", text: `${runs ? "The next that is made" : "It"} goes to ${people} from ${when}, for about ${money}.` }
  : { title: `Text ${people}?`, yes: "Schedule", text: sentence(`${planned.repeat ? "it is repeated ${planned.repeat} until you cancel it or it ends by itself; the first run goes out " : ""}from ${when}, for about ${money}. Nothing has been sent yet; you can pause or cancel it later.`) });
