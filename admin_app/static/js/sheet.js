// A table that is filled like a spreadsheet: Enter goes on to the next cell, and after the last to a new row.

export function start() {
  document.querySelectorAll("[data-sheet]").forEach((sheet) => {
    sheet.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || event.ctrlKey) return;
      if (!event.target.matches("input, select, textarea")) return;
      event.preventDefault();
      const cells = [...sheet.querySelectorAll("td :is(input:not([type=hidden], [type=date]), select, textarea)")];
      const next = cells[cells.indexOf(event.target) + 1];
      if (next) next.focus();
      else sheet.closest("[data-part]")?.querySelector("[data-add-row]")?.click();
    });
    if (sheet.dataset.sheet === "grid") sheet.addEventListener("keydown", upAndDown);
  });
}

// In a grid of short cells the arrows go to the same cell of the row above or below.
function upAndDown(event) {
  const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
  const cell = event.target.closest("td");
  if (!step || !cell || event.target.matches("select, textarea")) return;
  const row = cell.parentElement[step];
  const other = row?.cells[cell.cellIndex]?.querySelector("input:not([type=hidden])");
  if (!other) return;
  event.preventDefault();
  other.focus();
  other.select?.();
}
