import { badge, byId, call, count, el, redraw, say, skeleton } from "./dom.js";

/** Which people there are to choose from: those on a list, those who owe a YES, and those for whom the table is read through. */
function choices(page) {
  const all = page.about.brands.flatMap((b) => [
    ...b.topics.map((t) => ({ value: `subscribed ${b.id} ${t.id}`, text: `On ${b.name} ${t.id}` })),
    { value: `waiting ${b.id}`, text: `Waiting for a YES at ${b.name}` },
  ]);
  const others = [{ value: "stopped", text: "Stopped" }, { value: "", text: "Everybody" }];
  return page.simulated ? [...others.toReversed(), ...all] : [...all, ...others];
}

/** Asks for the people somebody looks for: as many as are shown, or one page more. */
export async function loadPeople(page, more = false) {
  const words = byId("people-filter").value.trim();
  if (!page.simulated && /^[+\d\s().-]{7,}$/.test(words)) {
    page.people = await call("POST", "/console/people", { phone: words });
    return;
  }
  const [state, brand = "", topic = ""] = byId("people-state").value.split(" ");
  const shown = page.people?.people.length ?? 0;
  const query = new URLSearchParams({ state, brand, topic, words, ...(more ? { after: page.people.next } : shown > 50 && { limit: shown }) });
  const found = await call("GET", "/console/people?" + query);
  if (more) found.people.unshift(...page.people.people);
  page.people = found;
}

/** Lists people, with where each stands with each brand. */
export function drawPeople(page, actions) {
  if (page.about) redraw(byId("people-state"), page.about.brands, () => choices(page).map((c) => el("option", { value: c.value }, c.text)));
  const one = page.about && byId("people-state").value;
  byId("people-filter").placeholder = !one ? "Phone, state or words" : page.simulated ? "Searches this list only" : "Phone, or words in this list only";
  const list = byId("people-list");
  list.setAttribute("aria-busy", String(!page.people));
  if (!page.people) {
    if (!page.problems.people) redraw(list, "loading", () => skeleton(6));
    else redraw(list, "none", () => []);
    return;
  }
  const rows = gather(page);
  say(byId("people-count"), rows.length ? `${count(rows.length, "person", "people")}${page.people.next ? " so far" : ""}` : "");
  byId("people-more").hidden = !page.people.next;
  redraw(list, [rows, page.phone, page.person], () => [
    ...rows.map((p) => row(p, page, actions)),
    !rows.length && el("li", { class: "soft" }, page.people.next ? `Nobody among the first ${page.people.looked.toLocaleString("en-US")}.` : one ? "Nobody on this list matches; the others are not searched." : "Nobody matches."),
  ].filter(Boolean));
}

/** A row for each phone where phones are simulated; otherwise for each person of a brand. */
function gather(page) {
  const { people } = page.people;
  if (!page.simulated) return people.map((p) => ({ key: p.id, phone: p.phone, brands: [p], places: p.places, selected: p.id === page.person }));
  const wanted = byId("people-filter").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const listed = Map.groupBy(people, (p) => p.phone);
  const phones = new Map(page.state?.phones.map((p) => [p.phone, p]));
  const everybody = !byId("people-state").value;
  const others = [...phones.keys(), ...page.added, page.phone].filter((n) => n && everybody && !listed.has(n));
  // Nobody asked about a phone that was just added and that another was chosen after.
  const standing = (phone) => listed.get(phone) ?? phones.get(phone)?.people ?? (phone === page.phone ? page.known : null);
  return [...new Set([...listed.keys(), ...others])].sort().map((phone) => ({
    key: phone, phone, brands: standing(phone) ?? [], unlisted: standing(phone)?.length === 0, last: phones.get(phone)?.last.body ?? "", selected: phone === page.phone,
    unread: phone !== page.phone && page.texts(phone) > (page.read?.[phone] ?? 0),
  })).filter((p) => listed.has(p.phone) || wanted.every((w) => `${p.phone} ${p.last}`.toLowerCase().includes(w)));
}

function row(p, page, actions) {
  const several = page.about.brands.length > 1;
  return el("li", {},
    el("button", { type: "button", class: "person", "data-key": p.key, "aria-current": p.selected && "true", click: () => actions.select(p.key) },
      el("span", { class: "number" }, p.phone, p.unread && el("span", { class: "unread" }, el("span", { class: "hidden" }, " has a new text"))),
      p.places?.length > 0 && el("span", { class: "soft" }, p.places.length > 3 ? `${p.places.length} possible places` : p.places.join(" or ")),
      ...p.brands.map((c) => el("span", { class: "standing" },
        several && el("span", { class: "soft" }, page.brandName(c.brand)),
        el("span", { class: "badges" }, ...c.facts.map((f) => badge(f.text, f.tone)), !c.facts.length && el("span", { class: "soft" }, "on no list")))),
      p.unlisted && el("span", { class: "soft" }, "not on any list"),
      p.last && el("span", { class: "last" }, p.last)));
}

/** Takes new phones, and what somebody looks for. */
export function watchPeople(page, actions) {
  const filter = byId("people-filter");
  let typed = 0;
  const search = () => {
    page.people = null;
    actions.refresh();
  };
  filter.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(search, 250);
  });
  byId("people-state").addEventListener("change", search);
  byId("people-search").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(typed);
    search();
  });
  byId("people-more").addEventListener("click", () => actions.more());
  if (byId("add")) watchAdd(actions);
}

function watchAdd(actions) {
  const field = byId("add-phone");
  const error = byId("add-error");
  const complain = (text) => {
    say(error, text);
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  field.addEventListener("input", () => complain(""));
  byId("add").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = (field.value || field.placeholder).replace(/[\s().-]/g, "");
    if (!/^\+[1-9][0-9]{6,14}$/.test(typed)) {
      complain("Write + and the country code, then the number: 7 to 15 digits in all, such as +13055550123.");
      field.focus();
      return;
    }
    complain("");
    field.value = "";
    actions.select(typed);
  });
}
