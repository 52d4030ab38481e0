// The console page: what the stack says is fetched whenever its event stream reports a change, and drawn.

import { byId, call, say } from "./dom.js";
import { drawCampaigns, watchCampaignForm } from "./campaigns.js";
import { drawClock, watchClock } from "./clock.js";
import { drawMachine } from "./machine.js";
import { drawPeople, watchPeople } from "./people.js";
import { drawPhone, watchPhone } from "./phone.js";
import { drawRecord } from "./record.js";
import { drawSteps, watchSteps } from "./steps.js";
import { westernmost } from "./time.js";

const first = "+12065550142";

/** All the page knows. */
const page = {
  state: null, // GET /console/state
  phone: new URLSearchParams(location.search).get("phone") ?? "",
  brand: "", // whose record is shown
  talk: [], // the phone's conversation
  records: {}, // brand → record of the phone's owner
  place: null, // GET /console/phones/{phone}
  added: JSON.parse(sessionStorage.getItem("added") ?? "[]"), // phones without a text yet
  opened: 0, // the stack's time when the page was
  seen: {}, // phone → when the last of its texts was that was looked at
  find: "", // what is looked for among the people
  from: 0, // the first of them that is shown
  ahead: 0, // the stack's clock minus this browser's, in milliseconds

  now() { return Date.now() + this.ahead; },
  zone() { return this.place?.zones.length ? westernmost(this.place.zones, this.now()) : "UTC"; },
  permits() { return this.place?.closes ?? this.place?.opens ?? ""; }, // when that turns
  contacts() { return this.state.contacts.filter((c) => c.phone === this.phone); },
  brandName(id) { return this.state.numbers.find((n) => n.brand === id)?.brand_name ?? id; },
  texts(phone) { return this.state.phones.find((p) => p.phone === phone)?.texts ?? 0; },
};

const actions = {
  refresh,
  select(phone) {
    if (!page.added.includes(phone) && !page.texts(phone)) {
      page.added.push(phone);
      sessionStorage.setItem("added", JSON.stringify(page.added));
    }
    if (phone !== page.phone) Object.assign(page, { phone, brand: "", talk: [], records: {}, place: null });
    history.replaceState(null, "", "?" + new URLSearchParams({ phone }));
    view("phone");
    return refresh();
  },
  find(words) {
    Object.assign(page, { find: words, from: 0 });
    return refresh();
  },
  turn(from) {
    page.from = from;
    return refresh();
  },
  chooseBrand(brand) {
    page.brand = brand;
    refresh();
  },
  view,
  setNow(iso) {
    page.ahead = Date.parse(iso) - Date.now();
  },
};

/** On a narrow screen one part of the page is shown at a time. */
function view(name) {
  document.body.dataset.view = name;
  for (const b of document.querySelectorAll(".views button")) {
    if (b.dataset.show === name) b.setAttribute("aria-current", "true");
    else b.removeAttribute("aria-current");
  }
}

let busy = false;
let again = false;

/** Fetches and draws. Calls that come while it is at work become one more round. */
async function refresh() {
  again = true;
  if (busy) return;
  busy = true;
  try {
    while (again) {
      again = false;
      await load();
      draw();
    }
  } catch (problem) {
    live("lost", problem.message);
  } finally {
    busy = false;
  }
}

async function load() {
  const asked = { find: page.find, from: page.from, phone: page.phone };
  const state = await call("GET", "/console/state?" + new URLSearchParams(asked));
  page.state = state;
  page.from = state.people.from;
  page.opened ||= Date.parse(state.now);
  actions.setNow(state.now);
  if (!page.phone) page.phone = state.phones[0]?.phone ?? first;
  const phone = page.phone;
  const path = encodeURIComponent(phone);
  const brands = page.contacts().map((c) => c.brand);
  if (!brands.includes(page.brand)) page.brand = brands[0] ?? "";
  const brand = page.brand || state.numbers[0].brand;
  const [talk, place, ...records] = await Promise.all([
    call("GET", "/handsets/" + path),
    call("GET", "/console/phones/" + path + "?" + new URLSearchParams({ brand })),
    ...brands.map((b) => call("GET", "/records/" + path + "?" + new URLSearchParams({ brand: b }))),
  ]);
  if (phone !== page.phone) {
    again = true;
    return;
  }
  page.talk = talk;
  page.place = place;
  page.records = Object.fromEntries(brands.map((b, i) => [b, records[i]]));
  page.seen[phone] = talk.length ? Date.parse(talk.at(-1).at) : 0;
}

function draw() {
  drawClock(page);
  drawPeople(page, actions);
  drawPhone(page);
  drawRecord(page, actions);
  drawCampaigns(page);
  drawMachine(page);
  drawSteps(page);
}

function live(state, text) {
  const line = byId("live");
  line.dataset.state = state;
  say(line, text);
}

/** Listens for changes. The browser comes back by itself after a broken connection, but not after a refusal. */
function listen() {
  const source = new EventSource("/console/events");
  source.addEventListener("open", () => live("live", "Live"));
  source.addEventListener("changed", (event) => {
    const { version, now } = JSON.parse(event.data);
    actions.setNow(now);
    drawClock(page);
    if (version !== page.state?.version) refresh();
  });
  source.addEventListener("error", () => {
    live("lost", "Connection lost, trying again");
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(listen, 2000);
  });
}

for (const button of document.querySelectorAll(".views button")) {
  button.addEventListener("click", () => view(button.dataset.show));
}
watchClock(page, actions);
watchPeople(page, actions);
watchPhone(page, actions);
watchCampaignForm(page);
watchSteps(page);
listen();
setInterval(() => {
  drawClock(page);
  if (Date.parse(page.permits()) <= page.now()) refresh();
}, 1000);
