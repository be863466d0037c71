// Ticked rows wake the batch buttons and are counted beside them.

export function start() {
  const batch = document.querySelector("[data-batch]");
  const all = document.querySelector("[data-tick-all]");
  if (!batch || !all) return;
  const boxes = [...document.querySelectorAll("input[name=ids]")];

  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    batch.disabled = !ticked;
    batch.querySelector("output").textContent = ticked ? `已选 ${ticked} 条` : "";
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    boxes.forEach((box) => box.closest("tr").classList.toggle("ticked", box.checked));
  }

  all.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    show();
  });
  boxes.forEach((box) => box.addEventListener("change", show));
  all.hidden = false;
  show();
}
