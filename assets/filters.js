// Filters without a reload: the form's choice as an address, what follows from it written into the page, Back and Forward.
// Nothing here is needed to filter: the form is a GET form, and whatever fails here becomes a plain visit.
"use strict";

window.apertura = (() => {
  const filters = () => document.querySelector("form[data-filters]");

  // --- From the form to the address ----------------------------------------------------------------------------------
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

  // --- From the address to the page ----------------------------------------------------------------------------------
  // What the server answered for an address, kept for a visit: going back costs nothing.
  const KEPT = 20;
  const answers = new Map();
  let shownAddress = location.pathname + location.search;
  let places = document.querySelectorAll("#results [data-place]").length;

  const ask = (address) => {
    const known = answers.get(address);
    if (known) return known;
    const asked = fetch(`/parte${address}`).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${address}`);
      return answer.json();
    });
    asked.catch(() => answers.delete(address));
    answers.set(address, asked);
    if (answers.size > KEPT) answers.delete(answers.keys().next().value);
    return asked;
  };

  // For what draws charts: how an answer is had, and the address that the page was last written anew for.
  const page = { ask, written: null };

  // The frame in which what was written is on the screen.
  const painted = () => new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
    // No frame comes in a tab that nobody looks at.
    if (document.hidden) resolve();
  });

  // Written anew, an element keeps what the reader had opened in it.
  const write = (element, html) => {
    const open = [...element.querySelectorAll("details[open]")].map((each) => {
      const around = each.parentElement.closest("[id]");
      return [around.id, [...around.querySelectorAll("details")].indexOf(each)];
    });
    element.innerHTML = html;
    for (const [id, number] of open) {
      const again = document.getElementById(id)?.querySelectorAll("details")[number];
      if (again) again.open = true;
    }
  };

  // A link that is written anew, such as a heading that sorts, has the focus again if it is still there.
  const focusedLink = (results) => {
    const link = document.activeElement;
    if (!results.contains(link) || !link.matches("a[data-query]")) return () => {};
    const { id } = link.closest("[id]");
    return () => {
      const links = document.getElementById(id)?.querySelectorAll("a[data-query]") ?? [];
      [...links].find((other) => other.textContent === link.textContent)?.focus({ preventScroll: true });
    };
  };

  // What the reader looks at is drawn first; the other views keep the room they had and are drawn after that frame.
  const writePage = async ({ lead, results: html }) => {
    const results = document.getElementById("results");
    const rooms = new Map([...results.children].map((view) => [view.id, view.offsetHeight]));
    const focusAgain = focusedLink(results);
    results.dataset.writing = "";
    write(document.getElementById("lead"), lead);
    write(results, html);
    for (const view of results.children) {
      if (view.id && rooms.has(view.id)) view.style.containIntrinsicBlockSize = `auto ${rooms.get(view.id)}px`;
    }
    focusAgain();
    await painted();
    delete results.dataset.writing;
  };

  // Title, address, the other languages, and a word for who cannot see the change.
  const tell = (now) => {
    document.title = now.title;
    if (now.address !== location.pathname + location.search) history.replaceState(null, "", now.address + location.hash);
    shownAddress = now.address;
    for (const [language, address] of Object.entries(now.languages)) {
      for (const link of document.querySelectorAll(`a.lang[hreflang="${language}"]`)) link.href = address;
    }
    document.getElementById("announcement").textContent = now.sentence;
  };

  const show = async (address) => {
    if (address === shownAddress) return;
    shownAddress = address;
    try {
      const answer = await ask(address);
      // The reader has chosen something else meanwhile.
      if (shownAddress !== address) return;
      // Published meanwhile: the frame of the page and its figures must be of one release.
      if (answer.release !== document.documentElement.dataset.release) return location.assign(address);
      const written = writePage(answer);
      tell(answer);
      await written;
      page.written = address;
      // Charts are drawn anew where some were, or are, among what was written.
      const changed = places > 0 || answer.places.length > 0;
      places = answer.places.length;
      document.dispatchEvent(new CustomEvent("apertura:written", { detail: { address, changed } }));
    } catch (problem) {
      if (navigator.onLine) location.assign(address);
      else throw problem;
    }
  };

  const go = (address) => {
    if (address === shownAddress) return;
    // On its way before anything else: a failure is met where the answer is waited for.
    ask(address).catch(() => {});
    history.pushState(null, "", address);
    show(address);
  };

  const apply = (form) => {
    const query = canonicalQuery(form);
    go(location.pathname + (query ? `?${query}` : ""));
  };

  // --- What the reader does ------------------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form?.matches("form[data-filters]")) return;
    keepToMost(event.target);
    apply(form);
  });
  document.addEventListener("input", (event) => {
    if (event.target.form?.matches("form[data-filters]")) showRange(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-filters]")) return;
    event.preventDefault();
    apply(event.target);
  });

  // Links that only change the filters of this page: sorting, the next rows, a choice offered in a text.
  const filterLink = (event) => {
    const link = event.target.closest?.("a[data-query]");
    return link && link.pathname === location.pathname ? link : null;
  };
  document.addEventListener("click", (event) => {
    const link = filterLink(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain) return;
    event.preventDefault();
    const form = filters();
    if (form) setControls(form, new URLSearchParams(link.search));
    go(link.pathname + link.search);
  });
  // Between touching a link and letting it go lies a tenth of a second, in which its answer can be on its way.
  document.addEventListener("pointerdown", (event) => {
    const link = filterLink(event);
    if (link && event.button === 0) ask(link.pathname + link.search).catch(() => {});
  });

  window.addEventListener("popstate", () => {
    const form = filters();
    if (form) setControls(form, new URLSearchParams(location.search));
    show(location.pathname + location.search);
  });

  // From here on, filters answer.
  document.documentElement.dataset.ready = "";
  return page;
})();
