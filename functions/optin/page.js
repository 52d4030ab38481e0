
// The button works only with this script, which solves the puzzle before the form is sent.
(() => {
  "use strict";
  const form = document.getElementById("sign-up");
  if (!form) return;
  const button = form.querySelector("button");
  const status = document.getElementById("status");
  const topics = [...form.elements.namedItem("topics-group").querySelectorAll("input")];
  const say = (text) => { status.textContent = text; };
  const ready = () => { button.disabled = false; say(""); };

  // A link may have brought the phone along. The address must not keep it: it goes on record as the page of the sign-up,
  // which may be somebody else's by then, and people pass it on.
  const address = new URL(location.href);
  if (address.searchParams.has("phone")) {
    address.searchParams.delete("phone");
    history.replaceState(null, "", address);
  }

  const checkTopics = () => topics[0].setCustomValidity(topics.some((t) => t.checked) ? "" : "Choose at least one.");
  for (const t of topics) t.addEventListener("change", checkTopics);
  checkTopics();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    say("Making sure that you are not a robot …");
    try {
      const answer = await fetch(location.pathname.replace(/\/$/, "") + "/challenge", { cache: "no-store" });
      if (!answer.ok) throw new Error("The server did not answer as expected.");
      form.elements.altcha.value = await solveAltcha(await answer.json());
      say("Sending …");
      HTMLFormElement.prototype.submit.call(form);
    } catch (problem) {
      ready();
      say("That did not work: " + problem.message + " Please try again.");
    }
  });

  // A page that comes back by the back button would still have its button switched off.
  addEventListener("pageshow", ready);
  ready();
})();
