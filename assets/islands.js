// What Dash draws of our own: Island, an element with ready-made HTML inside, and Handover, which puts Dash's tree in
// the place of the server's. Both run before the browser paints, so the reader sees one page throughout.
"use strict";

window.layouts = (() => {
  const { createElement, useLayoutEffect, useRef } = React;
  const served = new Map();
  const scrolled = [];
  let focused = null;
  let top = 0;

  const copyAttributes = (from, to) => {
    for (const { name, value } of from.attributes) if (name !== "data-island") to.setAttribute(name, value);
  };

  // The nodes themselves move: what the reader has opened, typed or chosen stays as it is.
  const takeOver = (number, element) => {
    if (!served.size) {
      // A field that loses focus by being moved tells of a change that the reader has not finished.
      document.documentElement.dataset.moving = "";
      focused = document.activeElement;
      top = window.scrollY;
      document.querySelectorAll("[data-island]").forEach((each) => served.set(Number(each.dataset.island), each));
      document.querySelectorAll("#server .scroll").forEach((each) => scrolled.push([each, each.scrollLeft]));
    }
    const source = served.get(number);
    if (!source) return;
    copyAttributes(source, element);
    element.append(...source.childNodes);
  };

  const write = (element, { attributes, html }) => {
    const open = [...element.querySelectorAll("details[open][id]")].map((each) => each.id);
    for (const name of element.getAttributeNames()) if (!(name in attributes)) element.removeAttribute(name);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === false) element.removeAttribute(name);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.innerHTML = html ?? "";
    for (const id of open) element.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  };

  const Island = (props) => {
    const ref = useRef(null);
    const first = useRef(true);
    const written = JSON.stringify([props.tag, props.attributes, props.html, props.served]);
    useLayoutEffect(() => {
      if (first.current && props.served !== undefined) takeOver(props.served, ref.current);
      else if (props.html !== undefined || props.served === undefined) write(ref.current, props);
      first.current = false;
    }, [written]);
    return createElement(props.tag, { ref });
  };

  const Handover = () => {
    useLayoutEffect(() => {
      document.getElementById("react-entry-point").hidden = false;
      document.getElementById("server")?.remove();
      for (const [element, left] of scrolled) element.scrollLeft = left;
      if (focused && focused !== document.body && focused.isConnected) focused.focus({ preventScroll: true });
      // The page was short for a moment, and the browser may have moved the reader up.
      if (window.scrollY !== top) window.scrollTo({ top, behavior: "instant" });
      delete document.documentElement.dataset.moving;
      document.documentElement.dataset.ready = "";
      document.dispatchEvent(new Event("apertura:ready"));
    }, []);
    return null;
  };

  return { Island, Handover };
})();
