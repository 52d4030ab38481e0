import { ask, badge, byId, call, count, el, redraw, say, sentence } from "./dom.js";
import * as time from "./time.js";

/** Lists the campaigns and series in their order, with what may be done with each. */
export function drawCampaigns(page, actions) {
  const found = page.campaigns;
  const list = byId("campaign-list");
  list.setAttribute("aria-busy", String(!found));
  if (!found) return;
  const all = found.campaigns;
  byId("campaign-empty").hidden = found.order.length > 0;
  byId("campaign-more").hidden = all.length >= found.all;
  say(byId("campaign-count"), found.all ? count(found.all, "campaign") : "");
  redraw(list, [all, found.series, found.order, page.wall(), found.acts], () => {
    const rows = new Map([...found.series.map((s) => [s.id, seriesRow(s, page, actions)]), ...all.map((c) => [c.id, row(c, page, actions)])]);
    return found.order.map((id) => rows.get(id));
  });
}

/** Whom a campaign or a series is for, where that is not everybody on the list. */
const part = (c) => [...c.in, ...(c.attributes ?? [])].join(", ");

/** The topic, and whom on its list it is for. */
const whom = (c, page) => `${page.brandName(c.brand)} ${c.topic}${part(c) && `, only ${part(c)}`}`;

/** Why it is not going on. */
const why = (c) => c.why && el("p", { class: "error" }, `${{ done: "Ended", canceled: "Canceled" }[c.state] ?? "Paused"}: ${c.why}`);

/** The ID, after the name somebody gave it. */
const called = (c) => el("p", { class: "id" }, c.name && `${c.name} · `, c.id);

function row(c, page, actions) {
  const zone = page.wall();
  const when = (iso) => el("time", { datetime: iso, title: time.rfc3339(Date.parse(iso)) }, time.moment(Date.parse(iso), zone));
  return el("li", {},
    el("p", { class: "line" }, badge(c.state), el("span", { class: "soft" }, whom(c, page))),
    el("p", { class: "body" }, c.text),
    why(c),
    c.waits && ["scheduled", "running"].includes(c.state) && el("p", { class: "error" }, `It does not go out yet, for ${c.waits}.`),
    c.approved && el("p", { class: "soft" }, `Approved by ${c.approved}`),
    el("p", { class: "soft" }, ...(c.local ? [`${c.local.from} to ${c.local.until} on each person’s own clock`] : [when(c.at), " to ", when(c.expires)]), c.next && c.state === "running" && el("span", {}, "; next look ", when(c.next))),
    el("dl", { class: "counts" }, ...["sent", "deferred", "refused", "expired", ...(c.counts.unreadable ? ["unreadable"] : [])].map((k) =>
      el("div", { "data-none": c.counts[k] ? false : true }, el("dt", {}, k), el("dd", {}, c.counts[k].toLocaleString("en-US"))))),
    c.state === "done" && !Object.values(c.counts).some(Boolean) && el("p", { class: "soft" }, part(c) ? "Nobody on the list was in the part it was for." : "Nobody was subscribed."),
    page.campaigns.acts && el("div", { class: "acts" }, ...acts(c, page, actions)),
    called(c));
}

function seriesRow(s, page, actions) {
  const { button, about, act } = tools(s, actions, page.wall());
  const open = s.state === "running";
  const ends = [s.times && count(s.times, "time"), s.until && `until ${time.moment(Date.parse(s.until), s.zone)}`, s.max_cost !== undefined && `at most $${s.max_cost.toFixed(2)} a run`].filter(Boolean).join(", ");
  return el("li", { class: "series" },
    el("p", { class: "line" }, badge(s.state), el("span", { class: "soft" }, `Repeated · ${whom(s, page)}`)),
    el("p", { class: "body" }, s.text),
    why(s),
    el("p", { class: "soft" }, sentence(`${s.when}${ends && `; ${ends}`}; ${count(s.runs, "run")} so far`)),
    page.campaigns.acts && el("div", { class: "acts" }, ...[
      ["running", "paused"].includes(s.state) && button("Edit", () => actions.edit(s)),
      button("Copy", () => actions.copy(s)),
      open && button("Pause", () => act("Pause", { title: "Pause the series?", text: `“${about}” No run is made or goes on until you resume it.`, label: "Why, for whoever wonders", yes: "Pause" })),
      s.state === "paused" && button("Resume", () => act("Resume", { title: "Let it go on?", text: `“${about}” goes on with the next date.`, yes: "Resume" })),
      ["running", "paused"].includes(s.state) && button("Cancel", () => act("Cancel", { title: "End the series for good?", text: `“${about}” Its runs that are not over end with it.`, label: "Why, for whoever wonders", yes: "Cancel the series" })),
    ].filter(Boolean)),
    called(s));
}

/** What became of a test, with until when it is deferred, and why. */
const tested = ({ status, until, because }, zone) =>
  `The test is ${status}${until ? ` until ${time.moment(Date.parse(until), zone)}` : ""}${because ? `: ${because}` : ""}.`;

/** What a row does: a button, the beginning of its text, and an act after a question. */
function tools(c, actions, zone) {
  const path = `/console/campaigns/${encodeURIComponent(c.id)}`;
  return {
    path,
    about: c.text.length > 60 ? `${c.text.slice(0, 60)}…` : c.text,
    button: (name, doing) => el("button", { type: "button", "data-key": `${c.id} ${name}`, "data-act": name, click: doing }, name),
    act: async (name, question, body = (why) => ({ why })) => {
      const said = await ask(question);
      if (said === null) return;
      try {
        const answer = await call("POST", `${path}/${name.toLowerCase()}`, body(said));
        actions.did(answer.status ? tested(answer, zone) : "");
      } catch (problem) {
        actions.did(problem.message);
      }
    },
  };
}

/** May be edited still: until two minutes before it begins. */
const editable = (c, page) => ["scheduled", "paused"].includes(c.state) && Date.parse(c.at) - page.now() > 2 * 60 * 1000;

function acts(c, page, actions) {
  const open = ["scheduled", "running"].includes(c.state);
  const { path, button, about, act } = tools(c, actions, page.wall());
  const testers = page.about?.brands.find((b) => b.id === c.brand)?.testers;
  return [
    c.waits && open && button("Approve", () => act("Approve", { title: "Approve this campaign?", text: `It goes out as it stands now: “${c.text}”`, yes: "Approve" })),
    open && button("Pause", () => act("Pause", { title: "Pause this campaign?", text: `“${about}” What was handed to the carrier cannot be taken back.`, label: "Why, for whoever wonders", yes: "Pause" })),
    c.state === "paused" && button("Resume", () => act("Resume", { title: "Let it go on?", text: `“${about}” goes on with those it has not texted yet, at hours permitted to each.`, yes: "Resume" })),
    (open || c.state === "paused") && button("Cancel", () => act("Cancel", { title: "End this campaign for good?", text: `“${about}” Whoever was not texted by then never is.`, label: "Why, for whoever wonders", yes: "Cancel the campaign" })),
    editable(c, page) && button("Edit", () => actions.edit(c)),
    button("Copy", () => actions.copy(c)),
    testers && !page.simulated && button("Test", () => act("Test", { title: "Send it to a tester?", text: `“${about}” The text counts as one of theirs.`, label: "Phone of a tester", yes: "Send the test" }, (to) => ({ to }))),
    el("a", { class: "button", href: `${path}/report`, target: "_blank", rel: "noopener", "data-key": `${c.id} report` }, "Report"),
  ].filter(Boolean);
}
