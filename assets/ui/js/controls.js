/**
 * What typing, ticking, keys, pasting and dropping do; clicks are in actions.js.
 *
 * @import { Page } from "./page.js"
 */

import { openSheet } from "./actions.js";
import { ask, syncWords } from "./asking.js";
import { all, input, mark, one, paintRange, root } from "./dom.js";
import { excluding, filtersOf, withWords } from "./state.js";
import { pictureIn, takePhoto } from "./upload.js";

/** Below this the filters are a sheet; the same number as in the style sheets. */
const PHONE = "(max-width: 860px)";

/** @param {Page} page */
export function watchControls(page) {
  document.addEventListener("submit", (event) => submitted(page, event));
  document.addEventListener("change", (event) => changed(page, /** @type {HTMLInputElement} */ (event.target)));
  document.addEventListener("input", (event) => typed(/** @type {HTMLInputElement} */ (event.target)));
  // A facet's toggle does not bubble: it is caught on its way down.
  document.addEventListener("toggle", (event) => facetToggled(page, event), true);
  document.addEventListener("keydown", keyPressed);
  document.addEventListener("paste", (event) => {
    const picture = pictureIn(event.clipboardData);
    if (!picture) return;
    event.preventDefault();
    takePhoto(page, picture);
  });
  watchDragging(page);
}

/** @param {Page} page @param {SubmitEvent} event */
function submitted(page, event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.matches("[data-search]")) {
    event.preventDefault();
    ask(page, withWords(input("[data-text]", form)?.value.trim() ?? ""));
    if (!window.matchMedia(PHONE).matches) return;
    input("[data-text]", form)?.blur(); // the keyboard would cover what was found
    one("#v-main")?.scrollIntoView({ behavior: "smooth" });
  } else if (form.matches("[data-not-form]")) {
    event.preventDefault();
    const field = input("[data-not]", form);
    const change = excluding(page.state, field?.value ?? "");
    if (field) field.value = "";
    if (change) ask(page, change);
  }
}

/** @param {Page} page @param {HTMLInputElement} control */
function changed(page, control) {
  const { dataset } = control;
  if (!dataset) return;
  if ("file" in dataset) {
    takePhoto(page, control.files?.[0]);
    control.value = ""; // so that the same file can be chosen again
  } else if ("value" in dataset || "price" in dataset) {
    ask(page, { filters: readFilters(page) });
  } else if ("balance" in dataset) {
    ask(page, { balance: Number(control.value) / 100 });
  } else if ("size" in dataset) {
    page.size = Number(control.value);
    ask(page, { k: page.size });
  }
}

/** @param {Page} page */
function readFilters(page) {
  const ticked = all("details[data-facet]").map((facet) => {
    const values = all("input:checked", facet).map((box) => box.dataset.value ?? "");
    return /** @type {const} */ ([facet.dataset.facet ?? "", values]);
  });
  const limit = (/** @type {string} */ edge) => input(`[data-price="${edge}"]`)?.value ?? "";
  return filtersOf(page.state, ticked, limit("low"), limit("high"));
}

/** @param {HTMLInputElement} control */
function typed(control) {
  if (control.matches("[data-text]")) syncWords();
  if (control.matches("[data-balance]")) paintRange(control);
}

/** @param {Page} page @param {Event} event */
function facetToggled(page, event) {
  const facet = /** @type {HTMLDetailsElement} */ (event.target);
  const name = facet.dataset?.facet;
  if (name) page.opened.set(name, facet.open);
}

/** @param {KeyboardEvent} event */
function keyPressed(event) {
  if (event.key === "Escape" && root.dataset.sheetOpen) openSheet(false);
  const typing = event.target instanceof Element && event.target.matches("input, textarea, select");
  const plain = !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "/" && plain && !one("dialog[open]")) {
    event.preventDefault();
    input("[data-text]")?.focus();
  }
}

/** A file over any part of the page is a photo to search with. @param {Page} page */
function watchDragging(page) {
  for (const name of /** @type {const} */ (["dragenter", "dragover", "dragleave", "drop"])) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      if (name === "dragenter" || name === "dragover") mark("dragging", "yes");
      else if (name === "drop" || !event.relatedTarget) mark("dragging", null);
      if (name === "drop") takePhoto(page, event.dataTransfer.files[0]);
    });
  }
}
