// The groups of the sidebar stay as the person left them.

const KEY = "shut-groups";

function shutGroups() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY)));
  } catch {
    return new Set(); // storage switched off or spoilt: every group is open
  }
}

export function start() {
  const shut = shutGroups();
  document.querySelectorAll(".sidebar details").forEach((group) => {
    const name = group.dataset.group;
    if (shut.has(name) && !("here" in group.dataset)) group.open = false;
    group.addEventListener("toggle", () => {
      group.open ? shut.delete(name) : shut.add(name);
      try {
        localStorage.setItem(KEY, JSON.stringify([...shut]));
      } catch {
        // nothing is lost but the memory of it
      }
    });
  });
}
