// The look: as the system, light, dark. Kept in a cookie so that the server paints the next page right.

const LABELS = { auto: "自动", light: "浅色", dark: "深色" };
const NEXT = { auto: "light", light: "dark", dark: "auto" };

export function start() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  const root = document.documentElement;

  function show() {
    const label = LABELS[root.dataset.theme];
    button.querySelector("span").textContent = `外观：${label}`;
    button.setAttribute("aria-label", `外观：${label}，点击更换`);
  }

  button.addEventListener("click", () => {
    root.dataset.theme = NEXT[root.dataset.theme];
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
    show();
  });
  show();
  button.hidden = false;
}
