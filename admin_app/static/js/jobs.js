// How far a job has come, asked now and then; when it has ended, the page is loaded once more.

const SOON = 1000;
const LATE = 10000;

export function start() {
  const card = document.querySelector("[data-job]");
  if (!card) return;
  const bar = card.querySelector("progress");
  let pause = SOON;

  function say(name, words) {
    const place = card.querySelector(`[data-job-${name}]`);
    if (place.textContent !== words) place.textContent = words;
  }

  function show(job) {
    if (job.percent === null) bar.removeAttribute("value");
    else bar.value = job.percent;
    for (const name of ["count", "left", "said"]) say(name, job[name]);
  }

  async function look() {
    try {
      const answer = await fetch(card.dataset.job, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return; // signed out, or gone: the link 刷新 tells
      const job = await answer.json();
      if (!job.open) return location.reload();
      show(job);
      pause = Math.min(pause * 1.1, LATE);
    } catch {
      pause = LATE; // the net is away for a moment
    }
    setTimeout(look, pause);
  }

  setTimeout(look, SOON);
}
