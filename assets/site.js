// What the pages do in a browser beyond HTML: filters without a reload, Back and Forward, charts in the reader's colours.
// Nothing here is needed to read a page or to filter it.
"use strict";

(() => {
  // Dash asks for its layout and its callbacks at start; both came with the page.
  const inPage = { "_dash-layout": "first-layout", "_dash-dependencies": "dependencies" };
  const fetchFromServer = window.fetch.bind(window);
  window.fetch = async (resource, options) => {
    const address = String(resource?.url ?? resource);
    const name = address.split("/").pop();
    const element = document.getElementById(inPage[name] ?? "");
    if (element) return new Response(element.textContent, { headers: { "Content-Type": "application/json" } });
    if (name.split("?")[0] !== "_dash-update-component") return fetchFromServer(resource, options);
    // A callback that fails leaves the old figures beside the new address: let the server make the whole page instead.
    try {
      const answer = await fetchFromServer(resource, options);
      if (answer.status >= 400) location.reload();
      return answer;
    } catch (problem) {
      if (navigator.onLine) location.reload();
      throw problem;
    }
  };

  // --- Filters -------------------------------------------------------------------------------------------------------
  const filters = () => document.querySelector("form[data-filters]");
  const isReady = () => "ready" in document.documentElement.dataset;

  // The query as the server writes it: in the order of the form, defaults left out.
  const canonicalQuery = (form) => {
    const query = new URLSearchParams();
    for (const control of form.elements) {
      if (!control.name || control.disabled) continue;
      if (control.type === "checkbox" && !control.checked) continue;
      const value = control.type === "search" ? control.value.trim().replace(/\s+/g, " ") : control.value;
      if (value && value !== (control.dataset.default ?? "")) query.append(control.name, value);
    }
    return query.toString();
  };

  const setControls = (form, query) => {
    for (const control of form.elements) {
      if (!control.name) continue;
      const values = query.getAll(control.name);
      if (control.type === "checkbox") control.checked = values.includes(control.value);
      else if (control !== document.activeElement || control.type !== "search") {
        control.value = values[0] ?? control.dataset.default ?? "";
      }
      showRange(control);
    }
  };

  const showRange = (control) => {
    if (control.type !== "range") return;
    const output = control.closest("label")?.querySelector("output");
    if (output) output.value = control.value;
  };

  let shownAddress = location.pathname + location.search;

  const show = (address) => {
    if (address === shownAddress) return;
    shownAddress = address;
    if (!isReady()) location.assign(address);
    else dash_clientside.set_props("address", { data: address });
  };

  const go = (address) => {
    if (address === shownAddress) return;
    if (isReady()) history.pushState(null, "", address);
    show(address);
  };

  const apply = (form) => {
    const query = canonicalQuery(form);
    go(location.pathname + (query ? `?${query}` : ""));
  };

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form?.matches("form[data-filters]") || "moving" in document.documentElement.dataset) return;
    keepToMost(event.target);
    apply(form);
  });
  document.addEventListener("input", (event) => {
    if (event.target.form?.matches("form[data-filters]")) showRange(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-filters]") || !isReady()) return;
    event.preventDefault();
    apply(event.target);
  });

  // A group of checkboxes with a limit: the rest cannot be ticked once it is reached.
  const keepToMost = (control) => {
    const group = control.closest?.("[data-most]");
    if (!group) return;
    const boxes = [...group.querySelectorAll("input[type=checkbox]")];
    const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
    for (const box of boxes) box.disabled = full && !box.checked;
    const chosen = boxes.filter((box) => box.checked).map((box) => box.parentElement.textContent);
    group.querySelector("summary strong").textContent = chosen.join(", ");
  };

  // Links that only change the filters of this page: sorting, the next rows, a choice offered in a text.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-query]");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || link.pathname !== location.pathname || !isReady()) return;
    event.preventDefault();
    const form = filters();
    if (form) setControls(form, link.search ? new URLSearchParams(link.search) : new URLSearchParams());
    go(link.pathname + link.search);
  });

  window.addEventListener("popstate", () => {
    const address = location.pathname + location.search;
    const form = filters();
    if (form) setControls(form, new URLSearchParams(location.search));
    show(address);
  });

  // --- The end of a callback: title, canonical address, the other languages, and a word for who cannot see the change -
  window.dash_clientside = window.dash_clientside ?? {};
  window.dash_clientside.apertura = {
    shown: (now) => {
      if (!now) return;
      document.title = now.title;
      if (now.address !== location.pathname + location.search) history.replaceState(null, "", now.address + location.hash);
      shownAddress = now.address;
      for (const [language, address] of Object.entries(now.languages)) {
        for (const link of document.querySelectorAll(`a.lang[hreflang="${language}"]`)) link.href = address;
      }
      document.getElementById("announcement").textContent = now.sentence;
    },
  };

  // --- Taking a view along: its link, the code that embeds it, its picture as PNG ------------------------------------
  const root = document.documentElement.dataset;
  // Browsers give the clipboard to secure pages only; where it is missing, so are the buttons.
  if (navigator.clipboard) root.copies = "";
  root.draws = "";

  const copy = async (button) => {
    const wanted = button.dataset.copy;
    const text = wanted.startsWith("#") ? location.href.split("#")[0] + wanted : document.getElementById(wanted).textContent;
    await navigator.clipboard.writeText(text);
    document.getElementById("announcement").textContent = button.dataset.done;
    const name = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = name; }, 1500);
  };

  const savePng = async (link) => {
    const picture = new Image();
    picture.src = link.href;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * picture.naturalWidth;
    canvas.height = 2 * picture.naturalHeight;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const file = document.createElement("a");
    file.href = URL.createObjectURL(drawn);
    file.download = link.download;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 10_000);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    const link = event.target.closest?.("a[data-png]");
    if (button && !button.textContent.includes(button.dataset.done)) copy(button);
    if (!link) return;
    event.preventDefault();
    savePng(link);
  });

  // --- Charts --------------------------------------------------------------------------------------------------------
  // Figures name their colours as CSS does (var(--verified)), and the picture drawn by the server uses them as they are.
  // plotly.js must have them resolved, now and when the reader's colour scheme changes.
  const resolved = (value, style) => {
    if (typeof value === "string" && value.startsWith("var(--")) return style.getPropertyValue(value.slice(4, -1)).trim();
    if (Array.isArray(value)) return value.map((each) => resolved(each, style));
    if (value && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(each, style)]));
    }
    return value;
  };

  const spanish = {
    moduleType: "locale", name: "es", dictionary: {},
    format: {
      days: ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"],
      shortDays: ["dom", "lun", "mar", "mié", "jue", "vie", "sáb"],
      months: ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
      shortMonths: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
      date: "%d/%m/%Y",
    },
  };

  const house = () => {
    const axis = {
      gridcolor: "var(--line)", linecolor: "var(--line-2)", zerolinecolor: "var(--line-2)", tickcolor: "rgba(0,0,0,0)",
      automargin: false, fixedrange: true, ticks: "outside", ticklen: 5, tickfont: { color: "var(--ink-2)", size: 13 },
    };
    return {
      layout: {
        font: { family: "var(--sans)", color: "var(--ink)", size: 13 }, separators: ".,",
        paper_bgcolor: "var(--paper)", plot_bgcolor: "var(--paper)", showlegend: false, bargap: 0.35,
        hoverlabel: { bgcolor: "var(--surface)", bordercolor: "var(--line-2)", font: { color: "var(--ink)" } },
        xaxis: axis, yaxis: axis, hovermode: "closest", dragmode: false,
      },
    };
  };

  const dressed = (figure) => {
    const style = getComputedStyle(document.documentElement);
    const { data = [], layout = {} } = figure;
    return {
      ...figure,
      data: resolved(data, style),
      layout: resolved({ ...layout, template: house(), autosize: true }, style),
      config: { ...figure.config, locale: document.documentElement.lang.slice(0, 2), displayModeBar: false },
    };
  };

  let plotly;
  const drawn = new Map();
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => plotly,
    set: (library) => {
      const { react } = library;
      plotly = {
        ...library,
        react: (element, figure) => {
          for (const other of drawn.keys()) if (!other.isConnected) drawn.delete(other);
          drawn.set(element, figure);
          return react(element, dressed(figure));
        },
      };
      library.register?.(spanish);
    },
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const [element, figure] of drawn) if (element.isConnected) plotly.react(element, figure);
  });
})();
