// A text box with a list of answers below it: arrows move, Home and End go to the ends, Enter takes, Esc shuts.
// find(text, signal) gives a promise of {items: [{label, hint?, group?, …}], note?, said?}; take(item, event) is
// told the choice. A label or hint is a text, or pieces [[text, marked], …]; neighbours of one group stand
// together under its name. Where there is a `status`, it says aloud what was found. A list that `stays` is
// not shut by leaving the box, nor by Esc: it lies in a dialog that is.

const PAUSE = 200; // milliseconds of quiet before asking, so that typing does not flood the server

export function combobox(input, list, find, take, { status, stays } = {}) {
  let items = [];
  let at = -1;
  let timer;
  let asked = 0;
  let asking; // aborts the question that is on its way
  let hurry; // the Enter that was pressed before the answer came

  const options = () => list.querySelectorAll("[role=option]:not([aria-disabled])");

  function shut() {
    forget();
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  // An answer still on its way is no longer wanted.
  function forget() {
    clearTimeout(timer);
    timer = undefined;
    asking?.abort();
    asking = undefined;
    asked += 1;
    hurry = undefined;
  }

  function say(element, words) {
    for (const [text, marked] of typeof words === "string" ? [[words, false]] : words) {
      const piece = document.createElement(marked ? "mark" : "span");
      piece.textContent = text;
      element.append(marked ? piece : text);
    }
  }

  function option(item, index) {
    const li = document.createElement("li");
    li.id = `${list.id}-${index}`;
    li.setAttribute("role", "option");
    li.setAttribute("aria-selected", "false");
    say(li, item.label);
    if (item.hint?.length) {
      const hint = document.createElement("small");
      say(hint, item.hint);
      li.append(" ", hint);
    }
    return li;
  }

  // The place where the options of a group stand.
  function group(label) {
    const inside = document.createElement("ul");
    inside.setAttribute("role", "group");
    inside.setAttribute("aria-label", label);
    const head = document.createElement("li");
    head.setAttribute("aria-hidden", "true");
    head.textContent = label;
    inside.append(head);
    list.append(inside);
    return inside;
  }

  function fill(answer) {
    let place = list;
    list.replaceChildren();
    items.forEach((item, index) => {
      if (item.group !== items[index - 1]?.group) place = item.group ? group(item.group) : list;
      place.append(option(item, index));
    });
    if (!answer.note) return;
    const note = option({ label: answer.note }, "note");
    note.setAttribute("aria-disabled", "true");
    list.append(note);
  }

  function show(answer) {
    items = answer.items;
    at = -1;
    fill(answer);
    list.hidden = !list.children.length;
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    if (status) status.textContent = answer.note || (items.length ? answer.said : "");
  }

  function move(to) {
    const all = options();
    if (!all.length) return;
    all[at]?.setAttribute("aria-selected", "false");
    at = (to + all.length) % all.length;
    all[at].setAttribute("aria-selected", "true");
    all[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[at].id);
  }

  function choose(index, event) {
    const item = items[index];
    if (!stays) shut();
    take(item, event);
  }

  async function ask() {
    const early = hurry;
    forget();
    const mine = asked;
    hurry = early;
    asking = new AbortController();
    const answer = await find(input.value.trim(), asking.signal);
    if (mine !== asked) return;
    asking = undefined;
    show(answer);
    if (hurry && items.length) choose(0, hurry);
    hurry = undefined;
  }

  input.addEventListener("input", () => {
    forget();
    timer = setTimeout(ask, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the Chinese input method
    if (event.key === "Enter" && stays && (timer || asking) && input.value.trim()) hurry = event;
    else if (event.key === "ArrowDown" && list.hidden) ask();
    else if (list.hidden) return;
    else if (event.key === "ArrowDown") move(at + 1);
    else if (event.key === "ArrowUp") move(at < 0 ? -1 : at - 1);
    else if (event.key === "Home" && at >= 0) move(0);
    else if (event.key === "End" && at >= 0) move(-1);
    else if (event.key === "Enter" && options().length) choose(Math.max(at, 0), event);
    else if (event.key === "Enter" && stays) ask(); // once more
    else if (event.key === "Escape" && !stays) shut();
    else return;
    event.preventDefault();
  });

  // mousedown, not click: the box would lose the focus and shut the list first
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const index = [...options()].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) choose(index, event);
  });

  if (!stays) input.addEventListener("blur", shut);
}
