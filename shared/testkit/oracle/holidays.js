// Prints what date-holidays knows of places and years: node holidays.js FOLDER PLACES FIRST LAST, where PLACES are
// like FR,US-PA and FOLDER holds the package's bundle. One object a day: place, region ("" for all of it), date, name,
// kind.
"use strict";
const [folder, places, first, last] = process.argv.slice(2);
globalThis.self = globalThis; // the bundle is one for browsers
const { default: Holidays } = require(require("path").join(folder, "umd.min.js"));
const known = new Holidays();
const out = [];

// The clock of a place does not matter, but the days must be whole ones.
function list(place, region, at) {
  const holidays = new Holidays(...at, { languages: ["en"], timezone: "UTC" });
  for (let year = +first; year <= +last; year++) {
    for (const h of holidays.getHolidays(year) || []) {
      const begin = Date.parse(h.date.slice(0, 10));
      const days = Math.min(10, Math.max(1, Math.round((h.end - h.start) / 86400000))) || 1;
      for (let i = 0; i < days; i++) {
        const date = new Date(begin + i * 86400000).toISOString().slice(0, 10);
        out.push({ place, region, date, name: h.name, kind: h.type });
      }
    }
  }
}

for (const place of places.split(",")) {
  const [country, state] = place.split("-");
  if (!known.getCountries()[country]) continue;
  if (state && !(known.getStates(country) || {})[state]) continue;
  list(place, "", state ? [country, state] : [country]);
  if (state) continue;
  for (const region of Object.keys(known.getStates(country) || {})) list(place, region, [country, region]);
}
console.log(JSON.stringify(out));
