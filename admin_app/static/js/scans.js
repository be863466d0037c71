// Signing in at the door: each scan is one small post, and the input is free again at once.
// What has not gone out yet waits in this tab, also over a reload, and goes when the net is back.

const PAUSE = 3000;

export function start() {
  const form = document.querySelector("form[data-scan]");
  if (!form) return;
  const place = form.querySelector("#text");
  const waiting = form.querySelector("[data-scan-waiting]");
  const kept = `scans:${location.pathname}`;
  let queue = recall();
  let sending = false;

  function recall() {
    try {
      return JSON.parse(sessionStorage.getItem(kept)) || [];
    } catch {
      return [];
    }
  }

  function keep() {
    try {
      sessionStorage.setItem(kept, JSON.stringify(queue));
    } catch { /* then it waits in memory alone */ }
  }

  function say(words) {
    waiting.textContent = words;
    waiting.hidden = !words;
  }

  function show(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-scan-answer]");
    if (!fresh) return false;
    document.querySelector("[data-scan-answer]").replaceWith(fresh);
    return true;
  }

  async function send() {
    if (sending || !queue.length) return;
    sending = true;
    const body = new URLSearchParams(queue[0]);
    body.set("csrf_token", form.elements.csrf_token.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/fragment" } });
      if (answer.redirected || !answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        throw new Error(page.querySelector("h1")?.textContent.trim() || "");
      }
      if (!show(await answer.text())) throw new Error("");
      queue.shift();
      keep();
      say("");
      sending = false;
      send();
    } catch (fault) {
      sending = false;
      const why = fault instanceof TypeError ? "网断了" : fault.message || "没有送到";
      say(`${why}。还有 ${queue.length} 个没有登记，会自动再送；请不要关掉这一页。`);
      setTimeout(send, PAUSE);
    }
  }

  function take(given) {
    queue.push(given);
    keep();
    send();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // the next scan may come at once
    const text = place.value.trim();
    place.value = "";
    place.focus();
    if (text) take([["text", text], ["mark", form.elements.mark.value]]);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-scan-act]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const given = [...new FormData(event.target)].filter(([name]) => name !== "csrf_token");
    take([...given, ["mark", form.elements.mark.value]]);
    place.focus();
  }, true);

  window.addEventListener("online", send);
  send();
}
