// Nobody loses what they typed: leaving a changed form asks first. Esc leaves.

import { ask } from "./ask.js";

export function start() {
  const form = document.querySelector("form[data-main]");
  if (!form) return;
  const leave = form.querySelector("[data-leave]");
  let changed = "changed" in form.dataset;

  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));

  window.addEventListener("beforeunload", (event) => {
    if (!changed) return;
    event.preventDefault();
    event.returnValue = ""; // Chromium before 119 asks only when this is set
  });

  async function go() {
    if (changed && !(await ask("填的内容还没有保存，确定离开吗？", "离开"))) return;
    changed = false;
    location.assign(leave.href);
  }

  if (!leave) return;
  leave.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    event.preventDefault(); // or the same Esc would shut the question at once
    go();
  });
}
