import { badge, byId, call, el, redraw, say, skeleton } from "./dom.js";
import { drawPlace } from "./place.js";
import { kinds } from "./record.js";
import * as time from "./time.js";

let chosen = ""; // the phone for which somebody chose whom to text
let sending = false;

/** Shows the selected phone: where it is, its conversation, and whom it can text. */
export function drawPhone(page) {
  say(byId("phone-title"), page.phone || "Phone");
  drawPlace(page);
  drawNumbers(page);
  drawTalk(page);
}

function drawNumbers(page) {
  const select = byId("write-to");
  for (const b of byId("write").querySelectorAll("button")) b.disabled = sending || !page.talk;
  if (!page.state) return;
  const { numbers } = page.state;
  redraw(select, numbers, () => numbers.map((n) => el("option", { value: n.identity }, `${n.brand_name} ${n.program} · ${n.identity}`)));
  if (chosen !== page.phone && page.talk) {
    const last = page.talk.findLast((t) => numbers.some((n) => n.identity === t.from || n.identity === t.to));
    const to = last && (last.direction === "in" ? last.from : last.to);
    select.value = to ?? numbers[0]?.identity ?? "";
  }
  const number = numbers.find((n) => n.identity === select.value);
  byId("sign-up").href = "/opt-in?" + new URLSearchParams({ ...(number && { brand: number.brand }), phone: page.phone });
}

/** The conversation only grows, so what is new is appended: a log that screen readers read out as it comes. */
function drawTalk(page) {
  const box = byId("talk");
  box.setAttribute("aria-busy", String(!page.talk));
  if (!page.talk) {
    Object.assign(box.dataset, { phone: page.phone, shown: "[]" });
    box.replaceChildren(el("ul", {}, ...skeleton(4)));
    return;
  }
  const known = match(page);
  const seen = page.talk.map((t) => t.at + t.direction + t.body);
  const before = JSON.parse(box.dataset.shown ?? "[]");
  const fresh = box.dataset.phone !== page.phone || box.dataset.zone !== page.zone() || before.some((s, i) => s !== seen[i]);
  const start = fresh || !before.length ? 0 : before.length;
  const follow = fresh || box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  if (start === 0) box.replaceChildren(...(page.talk.length ? [] : [nothing(page)]));
  box.dataset.phone = page.phone;
  box.dataset.zone = page.zone();
  box.dataset.shown = JSON.stringify(seen);
  for (let i = start; i < page.talk.length; i++) {
    const text = page.talk[i];
    const day = time.dayName(Date.parse(text.at), page.zone());
    if (i === 0 || day !== time.dayName(Date.parse(page.talk[i - 1].at), page.zone())) box.append(el("p", { class: "day" }, day));
    box.append(bubble(text, page));
  }
  box.querySelectorAll(".bubble").forEach((b, i) => drawKind(b, known.get(page.talk[i])));
  if (follow && start < page.talk.length) box.scrollTop = box.scrollHeight;
}

function nothing(page) {
  return el("div", { class: "empty" },
    el("p", {}, el("strong", {}, "No texts yet.")),
    el("p", {}, "Sign this phone up on the sign-up page: enter ", el("code", {}, page.phone), " there. Or text a keyword from here, such as ", el("code", {}, page.state.numbers[0]?.keywords[0] ?? "JOIN"), "."),
    el("p", {}, "Either way it gets one text that asks for YES, and nothing else before."));
}

function bubble(text, page) {
  const at = Date.parse(text.at);
  const other = text.direction === "in" ? text.from : text.to;
  const number = page.state.numbers.find((n) => n.identity === other);
  return el("div", { class: "bubble", "data-direction": text.direction },
    el("p", { class: "body" }, el("span", { class: "hidden" }, text.direction === "in" ? "Received: " : "Written: "), ...withLinks(text)),
    el("p", { class: "meta" },
      el("time", { datetime: text.at, title: time.rfc3339(at) }, `${time.clockTime(at, page.zone())} ${time.zoneLetters(at, page.zone())}`),
      el("span", {}, text.direction === "in" ? "" : "to ", number ? `${number.brand_name} ${number.program}` : other),
      el("span", { class: "kind", "aria-live": "off" })));
}

/** The address of a preference page. It is for the phone alone, so on record it is left out. */
const link = /(https?:\/\/\S+\/preferences\?t=[\w-]+)/;

/** A received text with the link to its preference page to be opened; what people write stays text. */
function withLinks(text) {
  if (text.direction !== "in") return [text.body];
  return text.body.split(link).map((part) => (link.test(part) ? el("a", { href: part, target: "_blank", rel: "noopener" }, part) : part));
}

function drawKind(node, message) {
  const line = node.querySelector(".kind");
  redraw(line, message && [message.kind, message.status], () => (message ? [badge(kinds[message.kind] ?? message.kind, "plain"), message.status === "sent" ? "" : message.status] : []));
}

/** Finds the message on record behind each text the phone shows: same words, nearest in time, each used once. What never went out is
 *  none of them. */
function match(page) {
  const messages = Object.values(page.records).flatMap((r) => r.messages).filter((m) => !["withheld", "rejected"].includes(m.status));
  const found = new Map();
  for (const text of page.talk.filter((t) => t.direction === "in")) {
    let best = -1;
    const body = text.body.replace(link, "[link]");
    const away = (i) => Math.abs(Date.parse(messages[i].at) - Date.parse(text.at));
    messages.forEach((m, i) => { if (m.body === body && (best < 0 || away(i) < away(best))) best = i; });
    if (best >= 0) found.set(text, messages.splice(best, 1)[0]);
  }
  return found;
}

/** Sends what is written, or a quick reply. */
export function watchPhone(page, actions) {
  const form = byId("write");
  const field = byId("write-body");
  const error = byId("write-error");
  const controls = [...form.querySelectorAll("button")];

  const send = async (body) => {
    say(error, "");
    sending = true;
    form.setAttribute("aria-busy", "true");
    for (const c of controls) c.disabled = true;
    const { activeElement } = document;
    try {
      await call("POST", "/handsets/" + encodeURIComponent(page.phone), { to: byId("write-to").value, body });
      return true;
    } catch (problem) {
      say(error, problem.message);
      return false;
    } finally {
      sending = false;
      for (const c of controls) c.disabled = !page.talk;
      form.removeAttribute("aria-busy");
      activeElement?.focus({ preventScroll: true });
      actions.refresh();
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = field.value;
    if (!body.trim()) {
      field.focus();
      return;
    }
    if (await send(body)) field.value = "";
    field.focus({ preventScroll: true });
  });
  form.addEventListener("click", (event) => {
    const quick = event.target.closest("[data-say]");
    if (quick) send(quick.dataset.say);
  });
  byId("write-to").addEventListener("change", () => {
    chosen = page.phone;
    drawPhone(page);
  });
}
