// Ctrl K: find a page of the menu by a piece of its name.

import { combobox } from "./combobox.js";

export function start() {
  const box = document.querySelector("[data-menu-search]");
  if (!box) return;
  const input = box.querySelector("input");
  const entries = [...document.querySelectorAll(".sidebar li a")].map((link) => ({
    label: link.firstChild.textContent.trim(),
    hint: link.closest("details")?.dataset.group ?? "",
    url: link.href,
  }));

  const find = async (text) => {
    const items = text ? entries.filter((entry) => entry.label.includes(text) || entry.hint.includes(text)) : entries;
    return { items, note: items.length ? "" : "没有找到" };
  };
  combobox(input, box.querySelector("ul"), find, (entry) => location.assign(entry.url));

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    input.select();
    input.focus();
  });
  box.hidden = false;
}
