/**
 * Choosing a part of the photo, by dragging over it or by key.
 *
 * @import { Page } from "./page.js"
 * @import { Point } from "./region.js"
 */

import { ask } from "./asking.js";
import { mark, one, root } from "./dom.js";
import { arrow } from "./keys.js";
import { paintRegion } from "./photo.js";
import { between, FIRST, isLarge, moved, pointIn, WHOLE } from "./region.js";
import { partOf } from "./state.js";

/** ms; a search follows when the arrow keys rest. */
const REST = 500;

/** "Choose a part" on and off. @param {Page} page */
export function toggleCropping(page) {
  if (root.dataset.cropping === "yes") {
    mark("cropping", null);
    return;
  }
  mark("cropping", "yes");
  if (!partOf(page.state)) {
    page.state = { ...page.state, region: FIRST };
    paintRegion(FIRST);
  }
  one("[data-region]")?.focus();
}

/** @param {Page} page */
export function searchWhole(page) {
  mark("cropping", null);
  ask(page, { region: WHOLE });
}

/** @param {Page} page */
export function watchCropping(page) {
  /** @type {Point | null} Where a drag started. */
  let start = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  document.addEventListener("pointerdown", (event) => {
    const frame = /** @type {Element} */ (event.target).closest("[data-frame]");
    if (root.dataset.cropping !== "yes" || !frame) return;
    event.preventDefault();
    start = pointAt(event);
  });
  document.addEventListener("pointermove", (event) => {
    if (start) paintRegion(between(start, pointAt(event)));
  });
  document.addEventListener("pointerup", (event) => {
    if (!start) return;
    const region = between(start, pointAt(event));
    start = null;
    if (isLarge(region)) ask(page, { region });
    else paintRegion(partOf(page.state));
  });
  document.addEventListener("keydown", (event) => {
    const part = partOf(page.state);
    const direction = arrow(event.key);
    if (!part || !direction || !(/** @type {Element} */ (event.target).matches("[data-region]"))) return;
    event.preventDefault();
    const region = moved(part, direction, event.shiftKey);
    page.state = { ...page.state, region };
    paintRegion(region);
    clearTimeout(resting);
    resting = setTimeout(() => ask(page, {}), REST);
  });
}

/** @param {PointerEvent} event @returns {Point} in fractions of the photo */
function pointAt(event) {
  const frame = /** @type {HTMLElement} */ (one("[data-frame]"));
  return pointIn(frame.getBoundingClientRect(), event.clientX, event.clientY);
}
