// 全部 ticks every box of its group, and is ticked when all of them are.

export function start() {
  const label = document.querySelector("[data-tick-whole]");
  if (!label) return;
  const whole = label.querySelector("input");
  const boxes = [...label.parentElement.querySelectorAll("input[name]")];

  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    whole.checked = ticked === boxes.length;
    whole.indeterminate = ticked > 0 && !whole.checked;
  }

  whole.addEventListener("change", () => boxes.forEach((box) => (box.checked = whole.checked)));
  boxes.forEach((box) => box.addEventListener("change", show));
  label.hidden = false;
  show();
}
