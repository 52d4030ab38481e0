// Shows the sign-up page in a frame where its script element stands:
//
//   <script src="https://API/opt-in/assets/embed.js" data-brand="example" data-topic="alerts" async></script>
//
// data-topic may name several topics with spaces between, or be left out for all; data-lang is a language, otherwise that of
// the page; data-theme="light" keeps the form light on a page that has no dark look; data-title names the frame.
(() => {
  "use strict";
  const script = document.currentScript;
  const { brand, topic, theme, title } = script.dataset;
  const lang = script.dataset.lang || document.documentElement.lang;
  const address = new URL("../../opt-in", script.src);
  for (const [name, value] of Object.entries({ brand, lang, theme, embed: "1" })) {
    if (value) address.searchParams.set(name, value);
  }
  for (const id of (topic || "").split(" ")) {
    if (id) address.searchParams.append("topic", id);
  }

  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = title || "Sign up for text messages";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  Object.assign(frame.style, { display: "block", width: "100%", height: "48rem", border: "0", colorScheme: "normal" });
  frame.addEventListener("load", () => frame.contentWindow.postMessage("smsconsent:height", address.origin));
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== address.origin) return;
    const height = Number(event.data?.smsconsent?.height);
    if (height > 0) frame.style.height = Math.ceil(height) + "px";
  });
  script.replaceWith(frame);
})();
