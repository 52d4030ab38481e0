// Instants are milliseconds since 1970, zones are IANA names.

const formats = new Map();

/** A zone that the browser can tell the time of: UTC in the place of one it does not know. */
function known(zone) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: known(zone), hourCycle: "h23", ...options }));
  return formats.get(key);
}

const wallFields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };

/** What a clock on the wall shows there. */
export function wall(instant, zone) {
  const found = {};
  for (const { type, value } of format(zone, wallFields).formatToParts(instant)) if (type !== "literal") found[type] = Number(value);
  return found;
}

/** How far ahead of UTC a zone is at an instant, in milliseconds. */
export function offset(instant, zone) {
  const w = wall(instant, zone);
  return Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second) - Math.floor(instant / 1000) * 1000;
}

/** The instant at which a clock on the wall there shows this. Days may run over the end of the month. */
export function instantOf({ year, month, day, hour, minute }, zone) {
  const utc = Date.UTC(year, month - 1, day, hour, minute);
  const close = utc - offset(utc, zone);
  return utc - offset(close, zone);
}

/** The next time it is that hour there. */
export function nextHour(now, zone, hour) {
  const today = wall(now, zone);
  for (let ahead = 0; ; ahead++) {
    const at = instantOf({ ...today, day: today.day + ahead, hour, minute: 0 }, zone);
    if (at > now) return at;
  }
}

/** The zone in which it is earliest: where several are possible, an hour that has come there has come everywhere. */
export function westernmost(zones, now) {
  return zones.reduce((west, zone) => (offset(now, zone) < offset(now, west) ? zone : west), zones[0] ?? "UTC");
}

/** Reads the value of a datetime-local field as the time of a zone. */
export function fromField(value, zone) {
  const m = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(value);
  if (!m) return NaN;
  const [year, month, day, hour, minute] = m.slice(1).map(Number);
  return instantOf({ year, month, day, hour, minute }, zone);
}

/** Writes an instant as the value of a datetime-local field. */
export function toField(instant, zone) {
  return new Date(instant + offset(instant, zone)).toISOString().slice(0, 16);
}

/** RFC 3339 in UTC, without fractions. */
export const rfc3339 = (instant) => new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");

export const clockTime = (instant, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(instant);
export const clockSeconds = (instant, zone) => format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(instant);
const day = { weekday: "short", day: "numeric", month: "short" };
let present = Date.now();

/** Sets what is now: days of another year are told with it. */
export function setPresent(instant) {
  present = instant;
}

export const dayName = (instant, zone) => format(zone, { ...day, year: "numeric" }).format(instant).replace(",", "");
export const shortDay = (instant, zone) =>
  (wall(instant, zone).year === wall(present, zone).year ? format(zone, day).format(instant).replace(",", "") : dayName(instant, zone));

/** Day and hour, such as Tue 5 Jan, 11:00 PST. */
export const moment = (instant, zone) => `${shortDay(instant, zone)}, ${clockTime(instant, zone)} ${zoneLetters(instant, zone)}`;

/** What each person's own clock shows, such as Thu 3 Dec, 10:00; a span of such clocks is written without a zone. */
export const shown = (text) => `${shortDay(Date.parse(text + "Z"), "UTC")}, ${clockTime(Date.parse(text + "Z"), "UTC")}`;

/** Such as PST, or GMT+2 where a zone has no letters in English. */
export function zoneLetters(instant, zone) {
  if (known(zone) === "UTC") return "UTC";
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(instant);
  return parts.find((p) => p.type === "timeZoneName")?.value ?? zone;
}

/** A moment and whose clock shows it. People who may be in several zones have none of their own: it is another's then. */
export const momentOf = (instant, zone, other) =>
  zone === "several" ? `${moment(instant, other)} · in several zones` : `${moment(instant, zone)} · ${city(zone)}`;

/** The city a zone is named for. */
export const city = (zone) => zone.split("/").at(-1).replaceAll("_", " ");
