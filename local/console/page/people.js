import { badge, byId, el, redraw, say } from "./dom.js";

const most = 50; // what the stack shows at once

/** Lists a page of the phones, with where their owners stand with each brand. */
export function drawPeople(page, actions) {
  const { all, on_record: listed, found, from } = page.state.people;
  const wanted = page.find.trim().toLowerCase();
  const shown = gather(page).filter((p) => !wanted || p.words.includes(wanted));
  byId("people-filter").hidden = all < 9;
  say(byId("people-count"), listed ? `${listed} on record` : "");
  redraw(byId("people-list"), [shown, found, from, page.phone], () => [
    ...shown.map((p) => row(p, p.phone === page.phone, page, actions)),
    !shown.length && el("li", { class: "soft" }, "Nobody matches."),
    found > most && turns(found, from, actions),
  ].filter(Boolean));
}

function turns(found, from, actions) {
  const to = Math.min(from + most, found);
  const turn = (key, label, at, there) =>
    el("button", { type: "button", class: "quiet", "data-key": key, disabled: !there, click: () => actions.turn(at) }, label);
  return el("li", { class: "soft turns" },
    turn("before", "Before", from - most, from > 0), ` ${from + 1} to ${to} of ${found} `, turn("next", "Next", from + most, to < found));
}

function gather(page) {
  const { phones, contacts } = page.state;
  const numbers = new Set([...phones.map((p) => p.phone), ...contacts.map((c) => c.phone), ...page.added, page.phone]);
  const texts = new Map(phones.map((p) => [p.phone, p]));
  const records = Map.groupBy(contacts, (c) => c.phone);
  return [...numbers].filter(Boolean).sort().map((phone) => {
    const brands = records.get(phone) ?? [];
    const last = texts.get(phone)?.last;
    return {
      phone,
      brands,
      last: last?.body ?? "",
      unread: phone !== page.phone && Date.parse(last?.at ?? 0) > (page.seen[phone] ?? page.opened),
      words: [phone, ...brands.flatMap((c) => [c.brand, ...Object.entries(c.topics).flat(), ...c.stopped.map(() => "stopped")])].join(" ").toLowerCase(),
    };
  });
}

function row(person, selected, page, actions) {
  return el("li", {},
    el("button", { type: "button", class: "person", "data-key": person.phone, "aria-current": selected && "true", click: () => actions.select(person.phone) },
      el("span", { class: "number" }, person.phone, person.unread && el("span", { class: "unread" }, el("span", { class: "hidden" }, " has a new text"))),
      ...person.brands.map((c) => el("span", { class: "standing" },
        el("span", { class: "soft" }, page.brandName(c.brand)),
        el("span", { class: "badges" },
          ...Object.entries(c.topics).sort().map(([topic, state]) => badge(`${topic} ${state}`, state)),
          ...c.stopped.map((scope) => badge(stop(scope), "stopped")),
          c.paused && badge("paused", "pending")))),
      !person.brands.length && el("span", { class: "soft" }, "not on any list"),
      person.last && el("span", { class: "last" }, person.last)));
}

/** Takes new phones and the filter. */
export function watchPeople(page, actions) {
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
  byId("people-filter").addEventListener("input", (event) => actions.find(event.target.value));
}

/** A key of a contact's Stopped in words. */
const stop = (scope) => {
  if (scope === "*") return "STOP to everything";
  return scope.startsWith("?") ? `NO to a request (${scope.slice(1)})` : `STOP to ${scope.replace("#", "topic ")}`;
};
