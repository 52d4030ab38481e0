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

/** Calls the stack. Errors carry a message fit to show. */
export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      cache: "no-store",
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Error("The stack does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const message = answer?.error?.message ?? answer?.message ?? `The stack answered ${response.status}.`;
  throw new Error(message.charAt(0).toUpperCase() + message.slice(1));
}
