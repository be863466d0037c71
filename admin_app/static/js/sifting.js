// Finding among many lines at once: those that do not match step aside, and so do groups left empty.

export function start() {
  const input = document.querySelector("[data-sift]");
  if (!input) return;
  const lines = [...document.querySelectorAll(input.dataset.sift)];
  const groups = [...document.querySelectorAll("[data-sifted]")];
  const empty = document.querySelector("[data-sift-empty]");

  input.addEventListener("input", () => {
    const text = input.value.trim().toLowerCase();
    lines.forEach((line) => (line.hidden = !line.dataset.find.toLowerCase().includes(text)));
    groups.forEach((group) => (group.hidden = !lines.some((line) => group.contains(line) && !line.hidden)));
    empty.hidden = !lines.length || groups.some((group) => !group.hidden);
  });
}
