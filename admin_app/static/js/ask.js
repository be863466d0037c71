// A question with 确定 and 取消. Resolves to true or false.

export function ask(sentence, yes = "确定") {
  if (!window.HTMLDialogElement?.prototype.showModal) return Promise.resolve(window.confirm(sentence));

  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "请确认");
  dialog.innerHTML = '<form method="dialog"><p></p><div><button value="yes" class="primary"></button> <button value="no">取消</button></div></form>';
  dialog.querySelector("p").textContent = sentence;
  dialog.querySelector("button").textContent = yes;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
