// A text box with a list of answers below it: arrows move, Enter takes, Esc shuts.
// find(text) gives a promise of {items: [{label, hint?, …}], note?}; take(item) is told the choice.

const PAUSE = 200; // milliseconds of quiet before asking, so that typing does not flood the server

export function combobox(input, list, find, take) {
  let items = [];
  let at = -1;
  let timer;
  let asked = 0;

  const options = () => list.querySelectorAll("[role=option]:not([aria-disabled])");

  function shut() {
    clearTimeout(timer);
    asked += 1; // an answer still on its way is no longer wanted
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function option(item, index) {
    const li = document.createElement("li");
    li.id = `${list.id}-${index}`;
    li.setAttribute("role", "option");
    li.setAttribute("aria-selected", "false");
    li.textContent = item.label;
    if (item.hint) {
      const hint = document.createElement("small");
      hint.textContent = item.hint;
      li.append(" ", hint);
    }
    return li;
  }

  function show(answer) {
    items = answer.items;
    at = -1;
    list.replaceChildren(...items.map(option));
    if (answer.note) {
      const note = option({ label: answer.note }, "note");
      note.setAttribute("aria-disabled", "true");
      list.append(note);
    }
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    const all = options();
    if (!all.length) return;
    all[at]?.setAttribute("aria-selected", "false");
    at = (at + step + all.length) % all.length;
    all[at].setAttribute("aria-selected", "true");
    all[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[at].id);
  }

  function choose(index) {
    const item = items[index];
    shut();
    take(item);
  }

  async function ask() {
    const mine = (asked += 1);
    const answer = await find(input.value.trim());
    if (mine === asked) show(answer);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the Chinese input method
    if (event.key === "ArrowDown" && list.hidden) ask();
    else if (list.hidden) return;
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(at < 0 ? 0 : -1);
    else if (event.key === "Enter" && options().length) choose(Math.max(at, 0));
    else if (event.key === "Escape") shut();
    else return;
    event.preventDefault();
  });

  // mousedown, not click: the box would lose the focus and shut the list first
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const index = [...options()].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) choose(index);
  });

  input.addEventListener("blur", shut);
}
