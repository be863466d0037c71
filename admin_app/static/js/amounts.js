// Beside an amount in yuan: the same with thousands, and in 万元, so that a zero too many is seen.

function inWords(typed) {
  const yuan = Number(typed.replace(/[,，\s]/g, ""));
  if (!typed.trim() || !Number.isFinite(yuan) || Math.abs(yuan) < 1000) return "";
  const thousands = `${yuan.toLocaleString("zh-CN")} 元`;
  return Math.abs(yuan) < 10000 ? thousands : `${thousands} = ${(yuan / 10000).toFixed(2)} 万元`;
}

export function attach(input) {
  const words = document.createElement("output");
  words.className = "help";
  words.htmlFor = input.id;
  const show = () => (words.textContent = inWords(input.value));
  input.after(words);
  input.addEventListener("input", show);
  show();
}

export function start() {
  document.querySelectorAll("[data-money]").forEach(attach);
}
