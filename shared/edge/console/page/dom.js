// Small tools for the page. Text gets in as text nodes only, so nothing anybody writes can become markup.

/** Finds the element with that id. */
export const byId = (id) => document.getElementById(id);

/** Makes an element with attributes; strings among the children become text. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const drawn = new WeakMap();

/**
 * Fills a container anew, but only where what it shows has changed; open details and the keyboard's focus stay where
 * they were. Elements that should be found again carry data-key.
 */
export function redraw(container, shown, children) {
  const signature = JSON.stringify(shown);
  if (drawn.get(container) === signature) return;
  drawn.set(container, signature);
  const active = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const open = [...container.querySelectorAll("details[open]")].map((d) => d.dataset.key);
  container.replaceChildren(...children());
  for (const d of container.querySelectorAll("details")) d.open = open.includes(d.dataset.key);
  if (active === undefined) return;
  [...container.querySelectorAll("[data-key]")].find((n) => n.dataset.key === active)?.focus({ preventScroll: true });
}

/** Sets an element's text where it differs, so that screen readers hear only news. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A word in a coloured frame. */
export const badge = (word, tone = word) => el("span", { class: "badge", "data-tone": tone }, word);

/** A grey line where a text will be. */
export const skeleton = (lines) => Array.from({ length: lines }, () => el("li", { class: "skeleton", "aria-hidden": "true" }));

const token = document.querySelector("meta[name=token]").content;

/** Calls the stack. Errors carry a message fit to show, and the field it is about. */
export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      cache: "no-store",
      headers: { ...(body && { "Content-Type": "application/json" }), ...(token && method !== "GET" && { "X-Console-Token": token }) },
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Error(token ? "The console does not answer. Is smsconsent console still running?" : "The stack does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const message = answer?.error?.message ?? answer?.message ?? `The stack answered ${response.status}.`;
  throw Object.assign(new Error(sentence(message)), { field: answer?.error?.field ?? "" });
}

/** Begins with a capital letter. */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Counts things in words: 1 reply, 2 replies. */
export const count = (n, one, many = one + "s") => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;

/** Asks somebody before something is done. Resolves to what they wrote, "" where nothing is asked for; null where they went back. */
export function ask({ title, text, label, yes }) {
  const dialog = byId("ask");
  const field = byId("ask-field");
  const form = byId("ask-form");
  say(byId("ask-title"), title);
  say(byId("ask-text"), text);
  say(byId("ask-label").firstElementChild, label ? `${label} (required)` : "");
  byId("ask-label").hidden = !label;
  field.required = Boolean(label);
  field.value = "";
  say(byId("ask-yes"), yes);
  dialog.showModal();
  return new Promise((done) => {
    const end = (answer) => {
      form.onsubmit = dialog.oncancel = byId("ask-no").onclick = null;
      if (dialog.open) dialog.close();
      done(answer);
    };
    form.onsubmit = (event) => { event.preventDefault(); end(field.value.trim()); };
    dialog.oncancel = () => end(null);
    byId("ask-no").onclick = () => end(null);
  });
}
