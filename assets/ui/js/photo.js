/**
 * The photo in the rail as the state says it, and the part of it that is searched with.
 *
 * @import { Page } from "./page.js"
 * @import { Region } from "./region.js"
 */

import { all, mark, one } from "./dom.js";
import { boxStyle, veilPath } from "./region.js";
import { partOf, photoKind } from "./state.js";

/** The visitor's photo leaves this browser's memory. @param {Page} page */
export function forgetPhoto(page) {
  if (page.photoUrl) URL.revokeObjectURL(page.photoUrl);
  page.photoUrl = null;
  page.uploads += 1; // whatever is still on its way comes too late
  mark("uploading", null);
  mark("cropping", null);
}

/** @param {string} text */
export function photoError(text) {
  const holder = one("[data-photo-error]");
  if (holder) holder.textContent = text || "";
}

/** @param {string} address @param {string} label */
export function showPhoto(address, label) {
  const image = photoImage();
  const caption = one("[data-photo-label]");
  if (!image || !caption) return;
  if (image.getAttribute("src") !== address) image.src = address;
  image.alt = label;
  caption.textContent = label;
  caption.title = label;
}

/** Photo, samples and region as the state has them. @param {Page} page */
export function syncPhoto(page) {
  const { state, answer } = page;
  const kind = photoKind(state, page.photoUrl !== null, Boolean(answer?.photo));
  mark("hasPhoto", kind);
  if (kind === "none") photoImage()?.removeAttribute("src");
  else if (kind === "upload") showPhoto(page.photoUrl ?? "", page.words.photo_yours);
  else showPhoto(answer?.photo ?? "", answer?.photoLabel ?? "");
  for (const button of all(".sample")) {
    const { sample, like } = button.dataset;
    button.setAttribute("aria-pressed", String(sample ? sample === state.sample : like === state.like));
  }
  const part = partOf(state);
  mark("hasRegion", part ? "yes" : null);
  paintRegion(part);
}

/** @param {Region | null} region */
export function paintRegion(region) {
  const box = one("[data-region]");
  const veil = one("[data-veil]");
  if (!box || !veil) return;
  box.hidden = !region;
  veil.hidden = !region;
  if (!region) return;
  Object.assign(box.style, boxStyle(region));
  veil.style.clipPath = veilPath(region);
}

/** @returns {HTMLImageElement | null} */
function photoImage() {
  return document.querySelector("img[data-photo-image]");
}
