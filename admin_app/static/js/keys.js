// Ctrl S saves; 打印 prints; a summary of errors is read out first.

export function start() {
  const form = document.querySelector("form[data-main]");
  if (form) {
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("button.primary"));
    });
  }

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  document.querySelector("[data-focus]")?.focus();
}
