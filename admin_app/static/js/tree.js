// Finding a unit in the tree: branches that hold a match open, the others step aside.

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

export function start() {
  const input = document.querySelector("[data-tree-search]");
  if (!input) return;
  const nav = input.closest("nav"); // its branches may be drawn anew
  input.addEventListener("input", () => sift(nav.querySelector("ul"), input.value.trim()));
  input.hidden = false;
}
