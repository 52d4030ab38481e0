// Sends sign-up forms, form[data-smsconsent], once the CAPTCHA is solved. It works on our own page and on any other.
(() => {
  "use strict";
  const assets = new URL(".", document.currentScript.src);
  const api = new URL("../", assets);

  const load = (name) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL(name, assets);
    script.onload = done;
    script.onerror = () => failed(new Error(name + " did not load"));
    document.head.append(script);
  });

  // Only our own page names the worker, which has to come from the page's own origin.
  const solve = async (form, progress) => {
    if (typeof solveAltcha !== "function") await load("captcha.js");
    const answer = await fetch(new URL("challenge", api), { cache: "no-store" });
    if (!answer.ok) throw new Error("no challenge: " + answer.status);
    const { worker } = form.dataset;
    return solveAltcha(await answer.json(), { progress, workerURL: worker && new URL(worker, document.baseURI).href });
  };

  // The field that a form posts, made where it is missing.
  const field = (form, name) => {
    let input = form.elements.namedItem(name);
    if (!input) {
      input = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.append(input);
    }
    return input;
  };

  const attach = (form) => {
    const find = (selector) => form.querySelector(selector);
    const button = find("[type=submit], button:not([type])");
    const status = find("[role=status]");
    const bar = find("progress");
    const say = (text) => { if (status) status.textContent = text || ""; };
    const rest = () => {
      form.removeAttribute("aria-busy");
      if (button) button.disabled = false;
      if (bar) bar.hidden = true;
      say("");
    };

    const prove = async () => {
      const invisible = find("input[data-sitekey]");
      if (invisible) {
        const { sitekey, action } = invisible.dataset;
        await new Promise((done) => grecaptcha.ready(done));
        invisible.value = await grecaptcha.execute(sitekey, { action });
      } else if ((form.dataset.captcha || "altcha") === "altcha") {
        if (bar) bar.hidden = false;
        field(form, "altcha").value = await solve(form, (part) => { if (bar) bar.value = part; });
      }
    };

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.hasAttribute("aria-busy") || !ready(form)) return;
      form.setAttribute("aria-busy", "true");
      if (button) button.disabled = true;
      say(form.dataset.checking);
      try {
        await prove();
        say(form.dataset.sending);
        HTMLFormElement.prototype.submit.call(form);
      } catch (problem) {
        console.warn("sign-up:", problem);
        rest();
        say(form.dataset.lost);
      }
    });
    // A page that comes back by the back button would still have its button switched off.
    addEventListener("pageshow", rest);
    if (api.origin !== location.origin) visit(form);
  };

  // What is missing is said beside its field, in the page's words. Forms of other pages are checked by the browser itself.
  const ready = (form) => {
    const { noTopic, noPhone } = form.dataset;
    if (!noTopic) return true;
    const topics = [...form.querySelectorAll("[name=topics]")];
    const phone = form.elements.phone;
    const wrong = [
      [topics[0], "error-topics", topics.some((t) => t.checked) ? "" : noTopic],
      [phone, "error-phone", phone.value.trim() ? "" : noPhone],
    ];
    let first = null;
    for (const [input, id, message] of wrong) {
      document.getElementById(id).textContent = message;
      if (input === phone) input.toggleAttribute("aria-invalid", false);
      if (message && input === phone) input.setAttribute("aria-invalid", "true");
      if (message && !first) first = input;
    }
    if (first) first.focus();
    return !first;
  };

  // On another site's page: what people agree to, as it is in force, and where the form stood.
  const visit = (form) => {
    field(form, "page").value = location.href;
    field(form, "referrer").value = document.referrer;
    const place = form.querySelector("[data-disclosure]");
    if (place) disclose(form, place).catch((problem) => console.warn("sign-up:", problem));
  };

  const disclose = async (form, place) => {
    const query = new URLSearchParams({ brand: form.elements.brand.value });
    for (const topic of form.querySelectorAll("[name=topics]")) query.append("topic", topic.value);
    const { lang } = document.documentElement;
    if (lang) query.set("lang", lang);
    const answer = await fetch(new URL("disclosure?" + query, api));
    if (!answer.ok) throw new Error("no disclosure: " + answer.status);
    const offer = await answer.json();
    place.replaceChildren(...offer.topics.map((topic) => Object.assign(document.createElement("p"), { textContent: topic.disclosure })));
    field(form, "disclosure_version").value = offer.disclosure_version;
    field(form, "locale").value = offer.locale;
  };

  // Our own page shows what people agree to by ticking what they ticked, and asks for a state where there are any. As long as nothing
  // is ticked it shows one text about all of it.
  const page = (form) => {
    form.noValidate = true;
    const topics = [...form.querySelectorAll("[name=topics]")];
    const preview = document.getElementById("preview");
    const narrow = () => {
      const some = topics.some((t) => t.checked);
      for (const t of topics) document.getElementById("disclosure-" + t.value).hidden = preview && !t.checked;
      if (preview) preview.hidden = some;
    };
    for (const t of topics) t.addEventListener("change", narrow);
    narrow();

    const { country } = form.elements;
    const place = document.getElementById("place");
    const states = () => {
      place.hidden = country.value !== "US";
      for (const input of place.querySelectorAll("select, input")) input.disabled = place.hidden;
    };
    if (place && country) {
      country.addEventListener("change", states);
      states();
    }

    // A link may have brought the phone along. The address must not keep it: people pass it on.
    const address = new URL(location.href);
    if (address.searchParams.has("phone")) {
      address.searchParams.delete("phone");
      history.replaceState(null, "", address);
    }
  };

  // In a frame the page tells the one around it how high it is, once that one, if it is a site of the brand's, has asked.
  const report = () => {
    const { embedded } = document.documentElement.dataset;
    if (embedded === undefined || parent === window) return;
    const sites = embedded.split(" ");
    addEventListener("message", (event) => {
      if (event.source !== parent || !sites.includes(event.origin) || event.data !== "smsconsent:height") return;
      const tell = () => parent.postMessage({ smsconsent: { height: document.documentElement.offsetHeight } }, event.origin);
      new ResizeObserver(tell).observe(document.documentElement);
    });
  };

  const start = () => {
    for (const form of document.querySelectorAll("form[data-smsconsent]")) attach(form);
    const own = document.getElementById("sign-up");
    if (own && own.dataset.noTopic) page(own);
    report();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
