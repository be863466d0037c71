// Sending a form: ask first where asked to, and never send the same thing twice.

import { ask } from "./ask.js";

export function start() {
  const agreed = new WeakSet();
  const sent = new Set();

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    if (sent.has(form)) return event.preventDefault();

    const sentence = button?.dataset.confirm;
    if (sentence && !agreed.has(button)) {
      event.preventDefault();
      if (!(await ask(sentence, button.textContent.trim()))) return;
      agreed.add(button);
      form.requestSubmit(button);
      agreed.delete(button);
      return;
    }

    // A download leaves this page standing, and a dialog only shuts: both may be sent again.
    if (form.method === "post" && !("download" in form.dataset)) sent.add(form);
  });

  // Coming back with the browser's 后退 brings the page as it was left, half sent.
  window.addEventListener("pageshow", () => sent.clear());

  // The browser's own words for an empty field may be in another language.
  document.addEventListener("invalid", (event) => {
    if (event.target.validity.valueMissing) event.target.setCustomValidity("请填写这一项");
  }, true);
  document.addEventListener("input", (event) => event.target.setCustomValidity?.(""));
}
