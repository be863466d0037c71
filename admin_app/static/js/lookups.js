// Choosing a record by name: the text box is for people, the hidden input carries the id.

import { combobox } from "./combobox.js";

const SHORTEST = 2;

async function search(address, text) {
  if (text.length < SHORTEST) return { items: [], note: text ? "请再输入一个字" : "" };
  const url = new URL(address, location.href);
  url.searchParams.set("q", text);
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    const { items, more } = await response.json();
    if (!items.length) return { items, note: "没有找到" };
    return { items, note: more ? "还有更多，请再输入几个字" : "" };
  } catch {
    return { items: [], note: "暂时查不到，请稍后再试" };
  }
}

// A hidden input tells nobody by itself that it holds something else.
function tell(id) {
  id.dispatchEvent(new Event("change", { bubbles: true }));
}

export function attach(box) {
  const id = box.querySelector("input[type=hidden]");
  const text = box.querySelector("[role=combobox]");
  const list = box.querySelector("[role=listbox]");
  if (!list.hasAttribute("aria-label")) list.setAttribute("aria-label", "找到的结果");
  let chosen = text.value;

  combobox(text, list, (typed) => search(box.dataset.lookup, typed), (item) => {
    id.value = item.id;
    text.value = chosen = item.label;
    tell(id);
  });

  // Typing over what was chosen, or preset, begins anew.
  text.addEventListener("focus", () => text.select());

  // What stands in the box is always what will be saved: half-typed words do not stay.
  text.addEventListener("blur", () => {
    if (!text.value.trim() && id.value) {
      id.value = chosen = "";
      tell(id);
    }
    text.value = chosen;
  });
}

export function start() {
  document.querySelectorAll("[data-lookup]").forEach(attach);
}
