// The console page: what the stack says is fetched and drawn. The local stack tells by an event stream when there is
// something new; a deployed one is asked now and then, and after whatever is done here.

import { byId, call, say } from "./dom.js";
import { drawCampaigns } from "./campaigns.js";
import { drawClock, watchClock } from "./clock.js";
import { copy, drawCompose, edit, watchCompose } from "./compose.js";
import { drawFigures } from "./figures.js";
import { drawMachine } from "./machine.js";
import { drawPeople, loadPeople, watchPeople } from "./people.js";
import { drawPerson, watchPerson } from "./person.js";
import { drawPhone, watchPhone } from "./phone.js";
import { drawRecord } from "./record.js";
import { drawSteps, watchSteps } from "./steps.js";
import { drawWatch } from "./watch.js";
import { setPresent, westernmost } from "./time.js";

const first = "+12065550142";
const everySeconds = 30; // how often a deployed stack is asked

const simulated = "simulated" in document.body.dataset;

/** All the page knows. */
const page = {
  simulated,
  about: null, // GET /console/about
  state: null, // GET /console/state, of the local stack
  figures: null, // GET /console/figures
  people: null, // GET /console/people
  campaigns: null, // GET /console/campaigns
  audits: null, // GET /audits
  alarms: null, // GET /console/alarms
  replies: null, // GET /console/replies
  problems: {}, // part of the page → why it could not be fetched
  phone: simulated ? new URLSearchParams(location.search).get("phone") ?? "" : "", // the simulated phone that is chosen
  person: "", // the real person who is chosen
  brand: "", // whose record is shown
  look: null, // GET /console/people/{id}, or /console/phones/{phone}
  talk: null, // the phone's conversation
  records: {}, // brand → record of the phone's owner
  known: null, // what the list would say of the phone's owner, at each brand
  added: JSON.parse(sessionStorage.getItem("added") ?? "[]"), // phones without a text yet
  read: null, // phone → how many of its texts were seen; all of those there at the start
  allCampaigns: false,
  ahead: 0, // the stack's clock minus this browser's, in milliseconds

  get place() { return this.look?.place ?? null; },
  get facts() { return (simulated ? this.known?.find((p) => p.brand === this.brand)?.facts : this.look?.facts) ?? []; },
  get silence() { return this.look?.silence ?? []; },
  now() { return Date.now() + this.ahead; },
  zone() { return this.place?.zones.length ? westernmost(this.place.zones, this.now()) : this.here(); },
  here() { return simulated ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone; },
  wall() { return simulated ? this.zone() : this.here(); }, // the clock of what is no person's
  permits() { return this.place?.closes ?? this.place?.opens ?? ""; }, // when that turns
  brandName(id) { return this.about?.brands.find((b) => b.id === id)?.name ?? id; },
  texts(phone) { return this.state?.phones.find((p) => p.phone === phone)?.texts ?? 0; },
  listed() { return this.people?.people.find((p) => p.id === this.person); },
};

const actions = {
  refresh,
  select(who, brand = page.people?.people.find((p) => p.id === who)?.brand ?? "") {
    if (simulated) selectPhone(who);
    else if (who !== page.person) Object.assign(page, { person: who, look: null, records: {}, brand });
    delete page.problems.person;
    delete page.problems.record;
    view(simulated ? "phone" : "person");
    draw(); // at once: whoever writes now writes as whom they see
    return refresh();
  },
  chooseBrand(brand) {
    page.brand = brand;
    refresh();
  },
  async more() {
    await part("people", loadPeople(page, true));
    draw();
  },
  async openRecord() {
    const { person, brand } = page;
    const record = await part("record", call("POST", `/console/people/${encodeURIComponent(person)}/record`, {}));
    if (person === page.person && record) page.records = { [brand]: record };
    if (record) view("record");
    draw();
  },
  async markRead(id) {
    await part("replies", call("POST", `/console/replies/${encodeURIComponent(id)}/read`, {}));
    refresh();
  },
  did(problem) {
    say(byId("campaign-said"), problem);
    refresh();
  },
  copy,
  edit,
  view,
  setNow(iso) {
    page.ahead = Date.parse(iso) - Date.now();
    setPresent(page.now());
  },
};

function selectPhone(phone) {
  if (!page.added.includes(phone) && !page.texts(phone)) {
    page.added.push(phone);
    sessionStorage.setItem("added", JSON.stringify(page.added));
  }
  if (phone !== page.phone) Object.assign(page, { phone, brand: "", talk: null, records: {}, look: null, known: null });
  history.replaceState(null, "", "?" + new URLSearchParams({ phone }));
}

const wide = matchMedia("(min-width: 46.01rem)");

/** Shows a part of the page. On a wide screen people, phone and record are one part. */
function view(name) {
  document.body.dataset.view = name;
  const shown = wide.matches && ["phone", "person", "record"].includes(name) ? "people" : name;
  for (const b of document.querySelectorAll(".views button")) {
    if (b.dataset.show === shown) b.setAttribute("aria-current", "true");
    else b.removeAttribute("aria-current");
  }
}

let connected = false; // to the stream of events
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
    if (!simulated) live("live", `As of ${new Date().toLocaleTimeString("en-GB")}`);
    else if (connected) live("live", "Live");
  } catch (problem) {
    live("lost", problem.message);
  } finally {
    busy = false;
  }
}

/** Waits for a part of the page; one that cannot be fetched says why, and the others are there all the same. */
async function part(name, asked) {
  try {
    const found = await asked;
    delete page.problems[name];
    return found;
  } catch (problem) {
    page.problems[name] = problem.message;
    return null;
  }
}

async function load() {
  if (!page.about) {
    page.about = await call("GET", "/console/about");
    actions.setNow(page.about.now);
    if (!simulated) say(byId("about"), [page.about.name, page.about.who].filter(Boolean).join(" · "));
    draw(); // the choice of people, which is asked for next
  }
  if (simulated) await loadMachine();
  const all = page.allCampaigns ? "?all=1" : "";
  const [figures, , campaigns, audits, alarms, replies] = await Promise.all([
    part("figures", call("GET", "/console/figures")),
    part("people", loadPeople(page)),
    part("campaigns", call("GET", "/console/campaigns" + all)),
    part("audits", call("GET", "/audits")),
    part("alarms", call("GET", "/console/alarms")),
    part("replies", call("GET", "/console/replies")),
  ]);
  Object.assign(page, { figures: figures ?? page.figures, campaigns: campaigns ?? page.campaigns, audits: audits ?? page.audits, alarms: alarms ?? page.alarms, replies: replies ?? page.replies });
  if (!simulated && page.person) await loadPerson();
}

/** Fetches what is known of the person who is chosen, without their record. */
async function loadPerson() {
  const { person } = page;
  const look = await part("person", call("GET", `/console/people/${encodeURIComponent(person)}`));
  if (person !== page.person) again = true;
  else page.look = look ?? page.look;
}

/** Fetches the machine, and the phone that is chosen. */
async function loadMachine() {
  const state = await call("GET", "/console/state");
  page.state = state;
  page.read ??= Object.fromEntries(state.phones.map((p) => [p.phone, p.texts]));
  actions.setNow(state.now);
  if (!page.phone) page.phone = state.phones[0]?.phone ?? first;
  const phone = page.phone;
  const path = encodeURIComponent(phone);
  const known = (await call("POST", "/console/people", { phone })).people;
  const brands = known.map((p) => p.brand);
  if (phone === page.phone && !brands.includes(page.brand)) page.brand = brands[0] ?? "";
  const brand = page.brand || state.numbers[0].brand;
  const [talk, look, ...records] = await Promise.all([
    call("GET", "/handsets/" + path),
    call("GET", "/console/phones/" + path + "?" + new URLSearchParams({ brand })),
    ...brands.map((b) => call("GET", "/records/" + path + "?" + new URLSearchParams({ brand: b }))),
  ]);
  if (phone !== page.phone) {
    again = true;
    return;
  }
  Object.assign(page, { talk, look, known, records: Object.fromEntries(brands.map((b, i) => [b, records[i]])) });
  page.read[phone] = talk.length;
}

function draw() {
  drawFigures(page);
  drawPeople(page, actions);
  drawRecord(page, actions);
  drawCampaigns(page, actions);
  drawCompose(page);
  drawWatch(page, actions);
  for (const line of document.querySelectorAll("[data-problem]")) say(line, page.problems[line.dataset.problem] ?? "");
  if (simulated) {
    drawClock(page);
    drawPhone(page);
    drawMachine(page);
    drawSteps(page);
  } else {
    drawPerson(page);
  }
}

function live(state, text) {
  const line = byId("live");
  line.dataset.state = state;
  say(line, text);
}

/** Listens for changes. The browser comes back by itself after a broken connection, but not after a refusal. */
function listen() {
  const source = new EventSource("/console/events");
  source.addEventListener("open", () => {
    connected = true;
    if (page.figures) live("live", "Live"); // not before there is something to see
  });
  source.addEventListener("changed", (event) => {
    const { version, now } = JSON.parse(event.data);
    actions.setNow(now);
    drawClock(page);
    if (version !== page.state?.version) refresh();
  });
  source.addEventListener("error", () => {
    connected = false;
    live("lost", "Connection lost, trying again");
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(listen, 2000);
  });
}

for (const button of document.querySelectorAll(".views button")) {
  button.addEventListener("click", () => view(button.dataset.show));
}
byId("campaign-more").addEventListener("click", () => {
  page.allCampaigns = true;
  refresh();
});
wide.addEventListener("change", () => view(document.body.dataset.view));
view(document.body.dataset.view);
watchPeople(page, actions);
watchCompose(page, actions);
draw();
if (simulated) {
  watchClock(page, actions);
  watchPhone(page, actions);
  watchSteps(page);
  listen();
  setInterval(() => {
    drawClock(page);
    if (Date.parse(page.permits()) <= page.now()) refresh();
  }, 1000);
} else {
  watchPerson(actions);
  refresh();
  setInterval(() => { if (!document.hidden) refresh(); }, everySeconds * 1000);
}
