// Dates are typed as people write them and become 2026-09-12; a small button opens the browser's calendar.

const SEPARATED = /^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$/;
const TOGETHER = /^(\d{4})(\d{2})(\d{2})$/;
const TIDY = /^\d{4}-\d{2}-\d{2}$/;

// What is no date stays as typed; the server says what is wrong with it.
export function normalise(typed) {
  const text = typed.trim();
  const found = SEPARATED.exec(text) || TOGETHER.exec(text);
  if (!found) return text;
  const [, year, month, day] = found;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

export function attach(input) {
  const wrap = document.createElement("span");
  wrap.className = "dated";
  input.replaceWith(wrap);

  // A native date input of which only the calendar button shows: it needs no showPicker, which Chromium 90 lacks.
  const picker = document.createElement("input");
  picker.type = "date";
  picker.tabIndex = -1;
  picker.setAttribute("aria-label", "从日历选日期");
  wrap.append(input, picker);

  const tidy = () => {
    input.value = normalise(input.value);
    picker.value = TIDY.test(input.value) ? input.value : "";
  };
  input.addEventListener("change", tidy);
  picker.addEventListener("change", () => {
    input.value = picker.value;
    input.focus();
  });
  tidy();
}

export function start() {
  document.querySelectorAll("[data-date]").forEach(attach);
}
