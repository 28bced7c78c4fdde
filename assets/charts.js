// Charts come alive once the page stands. Until then the server's pictures are there, which may be all that a reader wants:
// what draws them anew, Dash with plotly.js, is ten times the page, and comes where one of them is near.
"use strict";

(() => {
  const given = document.getElementById("dash-scripts");
  if (!given) return;
  const { scripts, ahead } = JSON.parse(given.textContent);
  const PLACES = "[data-place]";
  let loaded = false;

  const ask = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
  const load = () => {
    if (loaded) return;
    loaded = true;
    // In the order in which they must run, whichever comes first.
    for (const src of scripts) ask("script", { src, async: false });
    for (const href of ahead) ask("link", { rel: "preload", as: "script", href });
  };

  // Who pays for each kilobyte, or waits long for it, is asked first.
  const { saveData, effectiveType = "" } = navigator.connection ?? {};
  if (saveData || effectiveType.endsWith("2g")) {
    document.documentElement.dataset.sparing = "";
    document.addEventListener("click", ({ target }) => {
      const button = target.closest?.("[data-enliven]");
      if (!button) return;
      button.disabled = true;
      load();
    });
    return;
  }

  const whenIdle = window.requestIdleCallback ?? setTimeout;
  const near = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    whenIdle(load);
  }, { rootMargin: "100%" });
  const watch = () => {
    if (!loaded) for (const place of document.querySelectorAll(PLACES)) near.observe(place);
  };
  if (document.readyState === "complete") watch();
  else addEventListener("load", watch);
  // A choice of filters may bring the first chart of a page.
  document.addEventListener("apertura:written", watch);
})();
