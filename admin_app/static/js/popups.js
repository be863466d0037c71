// Small panels are <details>; they shut when the person clicks elsewhere or presses Esc.

const open = () => document.querySelectorAll("details.popup[open]");

export function start() {
  document.addEventListener("click", (event) => {
    open().forEach((popup) => {
      if (!popup.contains(event.target)) popup.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    open().forEach((popup) => {
      popup.open = false;
      popup.querySelector("summary").focus();
      event.preventDefault();
    });
  });
}
