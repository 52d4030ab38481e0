import { badge, byId, el, redraw, say } from "./dom.js";
import * as time from "./time.js";

/** Lists the campaigns, newest first, and keeps the form's command up to date. */
export function drawCampaigns(page) {
  const all = page.state.campaigns.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  byId("campaign-empty").hidden = all.length > 0;
  redraw(byId("campaign-list"), [all, page.zone()], () => all.map((c) => row(c, page)));
  const topics = page.state.numbers.flatMap((n) => n.topics.map((t) => ({ value: `${n.brand} ${t}`, text: `${n.brand_name} ${t} (${n.class})` })));
  const unique = [...new Map(topics.map((t) => [t.value, t])).values()];
  redraw(byId("campaign-topic"), unique, () => unique.map((t) => el("option", { value: t.value }, t.text)));
  suggest(page);
  drawCommand(page);
}

function row(c, page) {
  const when = (iso) => {
    const at = Date.parse(iso);
    return el("time", { datetime: iso, title: time.rfc3339(at) }, `${time.shortDay(at, page.zone())}, ${time.clockTime(at, page.zone())}`);
  };
  return el("li", {},
    el("p", { class: "line" }, badge(c.state), el("span", { class: "soft" }, `${page.brandName(c.brand)} ${c.topic}`)),
    el("p", { class: "body" }, c.text),
    c.why && el("p", { class: "error" }, `${{ done: "Ended", canceled: "Canceled" }[c.state] ?? "Paused"}: ${c.why}`),
    el("p", { class: "soft" }, when(c.at), " to ", when(c.expires), ` ${time.zoneLetters(Date.parse(c.at), page.zone())}`),
    el("dl", { class: "counts" }, ...["sent", "deferred", "refused", "expired", ...(c.counts.unreadable ? ["unreadable"] : [])].map((k) =>
      el("div", { "data-none": c.counts[k] ? false : true }, el("dt", {}, k), el("dd", {}, String(c.counts[k]))))),
    c.state === "done" && !Object.values(c.counts).some(Boolean) && el("p", { class: "soft" }, "Nobody was subscribed."),
    el("p", { class: "id" }, c.id));
}

let touched = false; // somebody chose the times

/** Suggests ten to six o'clock of the next day on which it is not yet ten there. */
function suggest(page) {
  const zone = page.zone();
  for (const label of document.querySelectorAll("#campaign-form [data-zone]")) say(label, time.zoneLetters(page.now(), zone));
  if (touched) return;
  const at = time.nextHour(page.now(), zone, 10);
  byId("campaign-at").value = time.toField(at, zone);
  byId("campaign-expires").value = time.toField(at + 8 * 3600 * 1000, zone);
}

/** A word as a POSIX shell takes it. */
const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

function drawCommand(page) {
  const [brand, topic] = byId("campaign-topic").value.split(" ");
  const flag = (name, field) => {
    const at = time.fromField(byId(field).value, page.zone());
    return Number.isNaN(at) ? [] : [`${name} ${time.rfc3339(at)}`];
  };
  say(byId("campaign-command"), [
    `AWS_ENDPOINT_URL=${location.origin}`,
    "go run ./cmd/smsconsent campaign create",
    `--brand ${quoted(brand)} --topic ${quoted(topic ?? "")}`,
    `--text ${quoted(byId("campaign-text").value)}`,
    ...flag("--at", "campaign-at"),
    ...flag("--expires", "campaign-expires"),
  ].join(" \\\n  "));
}

/** Keeps the command in step with the form, and copies it. */
export function watchCampaignForm(page) {
  byId("campaign-form").addEventListener("input", (event) => {
    touched ||= event.target.type === "datetime-local";
    drawCommand(page);
  });
  byId("campaign-form").addEventListener("submit", (event) => event.preventDefault());
  byId("campaign-copy").addEventListener("click", async () => {
    const command = byId("campaign-command");
    try {
      await navigator.clipboard.writeText(command.textContent);
      say(byId("campaign-copied"), "Copied.");
    } catch {
      getSelection().selectAllChildren(command);
      say(byId("campaign-copied"), "Selected; copy it with the keyboard.");
    }
  });
}
