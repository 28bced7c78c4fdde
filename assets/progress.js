// The bar of an act at the desk: moved from what the server says of it, and once the act is done the page as it has become,
// written in place. Pages where nothing goes on have no script.
"use strict";

(() => {
  const EVERY_MS = 500, AFTER_FAILURE_MS = 3000;
  // Not followed: whoever is signed out, or may not see it any more, is told so by the page itself.
  const ask = async (address) => {
    const answer = await fetch(address, { redirect: "manual" });
    if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  };

  const move = (bar, now) => {
    bar.querySelector("progress").value = now.percent;
    bar.querySelector("b").textContent = now.shown;
    document.title = document.title.replace(/^\d+%/, now.shown);
    // Written only when it changes: a screen reader hears of the phases, and not of every percent.
    const phase = bar.querySelector("[role=status]");
    if (phase.textContent !== now.phase) phase.textContent = now.phase;
  };

  const finish = async (bar) => {
    const answer = await ask(location.pathname);
    if (!answer) return false;
    const page = new DOMParser().parseFromString(answer, "text/html");
    document.title = page.title;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    const outcome = document.getElementById(bar.dataset.outcome) ?? document.querySelector("h1");
    outcome.tabIndex = -1;
    outcome.focus();
    return true;
  };

  let isAsking = false, next;
  const step = async () => {
    const bar = document.querySelector("[data-progress]");
    if (!bar || document.hidden || isAsking) return;
    isAsking = true;
    let pause = EVERY_MS;
    try {
      const answer = await ask(bar.dataset.progress);
      if (!answer) return;
      const now = JSON.parse(answer);
      if (now.is_working) move(bar, now);
      else if (!(await finish(bar))) return;
    } catch {
      pause = AFTER_FAILURE_MS;
    }
    isAsking = false;
    clearTimeout(next);
    next = setTimeout(step, pause);
  };

  document.addEventListener("visibilitychange", step);
  step();
})();
