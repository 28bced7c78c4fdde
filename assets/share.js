// Taking a view along: its link, the code that embeds it, its picture as PNG.
"use strict";

(() => {
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
})();
