// Finding a unit in the tree: branches that hold a match open, the others step aside. What lies in branches
// that are not on the page is asked of the server, and stands below as links.

const FEWEST = 2; // characters
const REST = 250; // milliseconds after the last key

function sift(branch, text) {
  let found = false;
  for (const node of branch.children) {
    const name = node.querySelector("a").textContent;
    const below = node.querySelector("ul");
    const inside = below ? sift(below, text) : false;
    node.hidden = !(name.includes(text) || inside);
    if (text && inside) node.querySelector("details").open = true;
    found = found || !node.hidden;
  }
  return found;
}

function link(nav, unit) {
  const node = document.createElement("li");
  const link = document.createElement("a");
  const here = new URL(nav.dataset.treeHere, location.href);
  here.searchParams.set("unit", unit.id);
  link.href = here;
  link.textContent = unit.label;
  const hint = document.createElement("small");
  hint.textContent = ` ${unit.hint}`;
  link.append(hint);
  node.append(link);
  return node;
}

// The units that the branches on the page hold already.
function drawn(nav) {
  const links = [...nav.querySelectorAll("li a")].filter((each) => !each.closest("[data-tree-found]"));
  return new Set(links.map((each) => new URL(each.href).searchParams.get("unit")));
}

async function ask(nav, text) {
  const found = nav.querySelector("[data-tree-found]");
  const list = found.querySelector("ul");
  if (text.length < FEWEST) {
    list.replaceChildren();
    found.hidden = true;
    return;
  }
  const answer = await fetch(`${nav.dataset.treeSource}?q=${encodeURIComponent(text)}`);
  if (!answer.ok || nav.querySelector("[data-tree-search]").value.trim() !== text) return;
  const { items, more } = await answer.json();
  const known = drawn(nav);
  const others = items.filter((unit) => !known.has(String(unit.id)));
  list.replaceChildren(...others.map((unit) => link(nav, unit)));
  found.hidden = items.length > 0 && others.length === 0;
  found.querySelector("p").textContent = items.length
    ? `没有展开的单位里还有 ${others.length} 个${more ? "以上，再多打一个字" : ""}`
    : "没有找到这样的单位，换个字再找。";
}

export function start() {
  const input = document.querySelector("[data-tree-search]");
  if (!input) return;
  const nav = input.closest("nav"); // its branches may be drawn anew
  let waiting;
  input.addEventListener("input", () => {
    const text = input.value.trim();
    sift(nav.querySelector("ul:not([data-tree-found] ul)"), text);
    if (!nav.dataset.treeSource) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(nav, text), REST);
  });
  input.hidden = false;
}
