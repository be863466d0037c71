// Choosing another unit or period shows at once what the sheet will be: the page is asked for again,
// and what stands in it for the look takes the place of what stood here.

export function start() {
  const form = document.querySelector("[data-look]");
  const take = document.querySelector("#take");
  if (!form || !take) return;
  const button = take.querySelector("[data-wait]");
  let asked = 0;

  function wait(waiting) {
    button.disabled = waiting; // or what is downloaded would not be what is about to be shown
    document.querySelector("#preview").setAttribute("aria-busy", String(waiting));
  }

  function show(page) {
    document.querySelectorAll("[data-live]").forEach((part) => {
      part.replaceChildren(...page.getElementById(part.id).childNodes);
    });
    take.action = page.querySelector("#take").getAttribute("action");
    history.replaceState(null, "", take.action);
  }

  async function look() {
    const mine = (asked += 1);
    wait(true);
    try {
      const answer = await fetch(`${location.pathname}?${new URLSearchParams(new FormData(form))}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== asked) return;
      show(page);
      wait(false);
    } catch {
      if (mine === asked) form.submit(); // the browser says what is wrong
    }
  }

  form.querySelector("[data-without-script]").hidden = true;
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[role=combobox]")) look(); // its hidden input tells when one is chosen
  });
}
