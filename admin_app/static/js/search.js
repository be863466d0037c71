// Ctrl K, or a click: find records, screens and ledgers from any page. Without script the link leads to
// the page of results.

import { combobox } from "./combobox.js";

const BROKEN = "暂时查不到，请稍后再试";

async function find(address, text, signal) {
  if (!text) return { items: [] };
  const url = new URL(address, location.href);
  url.searchParams.set("q", text);
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, signal });
    if (!response.ok || response.redirected) throw new Error(response.status); // perhaps signed out
    return read(await response.json());
  } catch {
    return { items: [], note: BROKEN };
  }
}

function read({ groups, note, all_url: all }) {
  const items = groups.flatMap(({ label, lines, more }) =>
    lines.map((line) => ({ ...line, group: more ? `${label}（先列 ${lines.length} 条）` : label })));
  const said = `找到 ${items.length} 条，按上下键选择`;
  return { items: all ? [...items, { label: "查看全部结果", url: all }] : items, note, said };
}

// Ctrl opens another tab, as it does with every link.
function go(url, event) {
  if (event.ctrlKey || event.metaKey) window.open(url, "_blank", "noopener");
  else location.assign(url);
}

export function start() {
  const dialog = document.querySelector("[data-search]");
  const opener = document.querySelector("[data-search-open]");
  if (!dialog?.showModal || !opener) return;
  const input = dialog.querySelector("input");

  combobox(
    input,
    dialog.querySelector("[role=listbox]"),
    (text, signal) => find(dialog.dataset.search, text, signal),
    (item, event) => go(item.url, event),
    { status: dialog.querySelector("[role=status]"), stays: true },
  );

  function open() {
    if (document.querySelector("dialog[open]")) return;
    dialog.showModal();
    input.focus();
    input.select();
  }

  opener.setAttribute("aria-haspopup", "dialog");
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the link in another tab
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("mousedown", (event) => event.target === dialog && dialog.close()); // beside it
}
