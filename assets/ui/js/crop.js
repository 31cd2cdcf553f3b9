/**
 * What a pointer or a key on the photo chooses: a tap an object, a drag a part of one's own, arrow keys move that part.
 *
 * @import { Page } from "./page.js"
 * @import { Point, Region } from "./region.js"
 */

import { ask } from "./asking.js";
import { one, root } from "./dom.js";
import { arrow } from "./keys.js";
import { partOf, tappedAt, withPart } from "./parts.js";
import { paintRegion, syncParts } from "./photo.js";
import { between, FIRST, isLarge, moved, pointIn, WHOLE } from "./region.js";

/** ms; a search follows when the arrow keys rest. */
const REST = 500;
/** px that a finger may slip in a tap. */
const SLIP = 8;
/** px around a dot that belong to it: half of its target. */
const REACH = 22;

/** Search with a part of the photo; the page shows it before the answer does. @param {Page} page @param {Region} region */
export function searchPart(page, region) {
  ask(page, withPart(region));
  syncParts(page);
}

/** @param {Page} page */
export function searchWhole(page) {
  searchPart(page, WHOLE);
}

/** A part to start from, for who cannot drag. @param {Page} page */
export function startPart(page) {
  searchPart(page, FIRST);
  one("[data-region]")?.focus();
}

/** @param {Page} page */
export function watchDrawing(page) {
  /** @type {{ pointer: number, at: Point, x: number, y: number, moved: boolean } | null} */
  let drag = null;

  document.addEventListener("pointerdown", (event) => {
    const frame = /** @type {Element} */ (event.target).closest("[data-frame]");
    if (!frame || !event.isPrimary || event.button !== 0 || !hasParts()) return;
    drag = { pointer: event.pointerId, at: pointAt(event), x: event.clientX, y: event.clientY, moved: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    drag.moved ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLIP;
    if (drag.moved) paintRegion(between(drag.at, pointAt(event)));
  });
  document.addEventListener("pointerup", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    const region = between(drag.at, pointAt(event));
    const { moved: drawn } = drag;
    drag = null;
    if (!drawn) return; // a tap: its click follows
    swallowClick();
    if (isLarge(region)) searchPart(page, region);
    else paintRegion(partOf(page.state));
  });
  document.addEventListener("pointercancel", () => {
    if (drag) paintRegion(partOf(page.state));
    drag = null;
  });
  document.addEventListener("click", (event) => tapped(page, event));
  watchKeys(page);
}

/** A click on the photo chooses the object there; from the keyboard, the one whose dot has the focus. @param {Page} page @param {MouseEvent} event */
function tapped(page, event) {
  const target = /** @type {Element} */ (event.target);
  const frame = target.closest("[data-frame]");
  if (!frame || !hasParts()) return;
  const things = page.answer?.things ?? [];
  const dot = target.closest("[data-thing]");
  // Targets of near dots overlap: the nearest one is meant, not the one on top.
  const at =
    dot && event.detail === 0
      ? Number(dot.getAttribute("data-thing"))
      : tappedAt(things, pointAt(event), frame.getBoundingClientRect(), REACH);
  if (things[at]) searchPart(page, things[at].box);
}

/** @param {Page} page */
function watchKeys(page) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  document.addEventListener("keydown", (event) => {
    const part = partOf(page.state);
    const direction = arrow(event.key);
    if (!part || !direction || !(/** @type {Element} */ (event.target).matches("[data-region]"))) return;
    event.preventDefault();
    const region = moved(part, direction, event.shiftKey);
    page.state = { ...page.state, region };
    syncParts(page);
    clearTimeout(resting);
    resting = setTimeout(() => ask(page, withPart(page.state.region ?? region)), REST);
  });
}

/** A drag is no click, though one follows it. */
function swallowClick() {
  const once = new AbortController();
  document.addEventListener("click", (event) => event.stopPropagation(), { capture: true, signal: once.signal });
  setTimeout(() => once.abort(), 0);
}

/** Whether the photo is one of which a part can be searched with: a product is searched with as a whole. */
function hasParts() {
  return root.dataset.hasPhoto === "upload" || root.dataset.hasPhoto === "sample";
}

/** @param {MouseEvent} event @returns {Point} in fractions of the photo */
function pointAt(event) {
  const frame = /** @type {HTMLElement} */ (one("[data-frame]"));
  return pointIn(frame.getBoundingClientRect(), event.clientX, event.clientY);
}
