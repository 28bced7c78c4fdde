// How Dash lives in a page that the server has drawn: what it asks at start came with the page, and what it draws
// (charts) goes into the places that the page keeps for it.
"use strict";

(() => {
  // The charts that stand, with the figures as they came.
  const drawn = new Map();

  // --- What Dash asks ------------------------------------------------------------------------------------------------
  const inPage = { "_dash-layout": "first-layout", "_dash-dependencies": "dependencies" };
  const fetchFromServer = window.fetch.bind(window);
  window.fetch = async (resource, options) => {
    const name = String(resource?.url ?? resource).split("/").pop();
    const element = document.getElementById(inPage[name] ?? "");
    if (element) return asJson(element.textContent);
    const address = name === "_dash-update-component" && addressAsked(options);
    if (!address) return fetchFromServer(resource, options);
    // The answer from which the page was written, rather than a second one.
    const { places } = await apertura.ask(address);
    return asJson(JSON.stringify({ multi: true, response: { places: { children: places } } }));
  };
  const asJson = (text) => new Response(text, { headers: { "Content-Type": "application/json" } });
  const addressAsked = ({ body }) => JSON.parse(body).inputs.find(({ id }) => id === "address")?.value;

  // The page was written anew: its charts follow, once the browser has shown the rest.
  const draw = (address) => dash_clientside.set_props("address", { data: address });
  const whenIdle = window.requestIdleCallback ?? setTimeout;
  let standing = false;
  document.addEventListener("apertura:written", ({ detail: { address, changed } }) => {
    if (standing && changed) whenIdle(() => draw(address));
  });

  // --- What Dash draws -----------------------------------------------------------------------------------------------
  window.layouts = {
    // A component in the element with the id `at`, wherever that stands.
    Place: ({ at, children }) => {
      const element = document.getElementById(at);
      return element && ReactDOM.createPortal(children, element);
    },
    // The last of Dash's tree: once it stands, all of it does.
    Ready: () => {
      React.useLayoutEffect(() => {
        standing = true;
        // The layout that came with the page may be of other filters than it shows by now.
        if (apertura.written) draw(apertura.written);
      }, []);
      return null;
    },
  };

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
        colorway: ["var(--accent)"], hoverlabel: { bgcolor: "var(--surface)", bordercolor: "var(--line-2)", font: { color: "var(--ink)" } },
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
