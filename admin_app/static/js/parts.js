// Rows of a part (parties, members …): add one from the template, drop one by its tick.

import { attach as amount } from "./amounts.js";
import { attach as date } from "./dates.js";
import { attach as lookup } from "./lookups.js";

// Numbers are only ever counted up, so that a dropped row never lends its number to another.
function nextIndex(part) {
  const name = part.dataset.part;
  const used = [...part.querySelectorAll(`[name^="${name}-"]`)].map((input) => parseInt(input.name.slice(name.length + 1), 10));
  return Math.max(-1, ...used) + 1;
}

function add(part) {
  const rows = part.querySelector("[data-rows]");
  const blank = part.querySelector("template").innerHTML.replaceAll("__index__", nextIndex(part));
  rows.insertAdjacentHTML("beforeend", blank);
  const row = rows.lastElementChild;
  row.querySelectorAll("[data-lookup]").forEach(lookup);
  row.querySelectorAll("[data-date]").forEach(date);
  row.querySelectorAll("[data-money]").forEach(amount);
  return row;
}

function drop(row, tick) {
  const saved = row.querySelector("input[type=hidden]").value;
  if (saved) row.classList.toggle("dropped", tick.checked);
  else row.remove();
}

export function start() {
  document.querySelectorAll("[data-part]").forEach((part) => {
    const button = part.querySelector("[data-add-row]");
    button.addEventListener("click", () => add(part).querySelector("input:not([type=hidden]), select, textarea").focus());
    button.hidden = false;

    part.addEventListener("change", (event) => {
      if (event.target.closest(".remove")) drop(event.target.closest("[data-row]"), event.target);
    });
  });
}
