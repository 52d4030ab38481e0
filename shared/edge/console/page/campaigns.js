import { ask, badge, byId, call, count, el, redraw, say } from "./dom.js";
import * as time from "./time.js";

/** Lists the campaigns, newest first, with what may be done with each. */
export function drawCampaigns(page, actions) {
  const found = page.campaigns;
  const list = byId("campaign-list");
  list.setAttribute("aria-busy", String(!found));
  if (!found) return;
  const all = found.campaigns;
  byId("campaign-empty").hidden = all.length > 0;
  byId("campaign-more").hidden = all.length >= found.all;
  say(byId("campaign-count"), found.all ? count(found.all, "campaign") : "");
  redraw(list, [all, page.wall(), found.acts], () => all.map((c) => row(c, page, actions)));
}

function row(c, page, actions) {
  const zone = page.wall();
  const when = (iso) => el("time", { datetime: iso, title: time.rfc3339(Date.parse(iso)) }, time.moment(Date.parse(iso), zone));
  const why = { done: "Ended", canceled: "Canceled" }[c.state] ?? "Paused";
  return el("li", {},
    el("p", { class: "line" }, badge(c.state), el("span", { class: "soft" }, `${page.brandName(c.brand)} ${c.topic}${c.in.length ? `, only ${c.in.join(", ")}` : ""}`)),
    el("p", { class: "body" }, c.text),
    c.why && el("p", { class: "error" }, `${why}: ${c.why}`),
    c.waits && ["scheduled", "running"].includes(c.state) && el("p", { class: "error" }, `It does not go out yet, for ${c.waits}.`),
    c.approved && el("p", { class: "soft" }, `Approved by ${c.approved}`),
    el("p", { class: "soft" }, ...(c.local ? [`${c.local.from} to ${c.local.until} on each person’s own clock`] : [when(c.at), " to ", when(c.expires)]), c.next && c.state === "running" && el("span", {}, "; next look ", when(c.next))),
    el("dl", { class: "counts" }, ...["sent", "deferred", "refused", "expired", ...(c.counts.unreadable ? ["unreadable"] : [])].map((k) =>
      el("div", { "data-none": c.counts[k] ? false : true }, el("dt", {}, k), el("dd", {}, c.counts[k].toLocaleString("en-US"))))),
    c.state === "done" && !Object.values(c.counts).some(Boolean) && el("p", { class: "soft" }, "Nobody was subscribed."),
    page.campaigns.acts && el("div", { class: "acts" }, ...acts(c, page, actions)),
    el("p", { class: "id" }, c.id));
}

function acts(c, page, actions) {
  const open = ["scheduled", "running"].includes(c.state);
  const button = (name, doing) => el("button", { type: "button", "data-key": `${c.id} ${name}`, "data-act": name, click: doing }, name);
  const path = `/console/campaigns/${encodeURIComponent(c.id)}`;
  const about = c.text.length > 60 ? `${c.text.slice(0, 60)}…` : c.text;
  const act = async (name, question) => {
    const why = await ask(question);
    if (why === null) return;
    try {
      await call("POST", `${path}/${name.toLowerCase()}`, { why });
      actions.did("");
    } catch (problem) {
      actions.did(problem.message);
    }
  };
  return [
    c.waits && open && button("Approve", () => act("Approve", { title: "Approve this campaign?", text: `It goes out as it stands now: “${c.text}”`, yes: "Approve" })),
    open && button("Pause", () => act("Pause", { title: "Pause this campaign?", text: `“${about}” What was handed to the carrier cannot be taken back.`, label: "Why, for whoever wonders", yes: "Pause" })),
    c.state === "paused" && button("Resume", () => act("Resume", { title: "Let it go on?", text: `“${about}” goes on with those it has not texted yet, at hours permitted to each.`, yes: "Resume" })),
    (open || c.state === "paused") && button("Cancel", () => act("Cancel", { title: "End this campaign for good?", text: `“${about}” Whoever was not texted by then never is.`, label: "Why, for whoever wonders", yes: "Cancel the campaign" })),
    button("Copy", () => actions.copy(c)),
    el("a", { class: "button", href: `${path}/report`, target: "_blank", rel: "noopener", "data-key": `${c.id} report` }, "Report"),
  ].filter(Boolean);
}
