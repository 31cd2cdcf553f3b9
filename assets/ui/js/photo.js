/**
 * The photo in the rail as the state says it, its objects, and the part of it that is searched with.
 *
 * @import { Page } from "./page.js"
 * @import { Region } from "./region.js"
 */

import { all, mark, one } from "./dom.js";
import { paintDots } from "./dots.js";
import { chosenAt, partOf, photoKind, saidOf, squareAround } from "./parts.js";
import { boxStyle, veilPath } from "./region.js";

/** Side of a crop's canvas in px: twice what is shown, for high-density screens. */
const CROP = 112;

/** The visitor's photo leaves this browser's memory. @param {Page} page */
export function forgetPhoto(page) {
  if (page.photoUrl) URL.revokeObjectURL(page.photoUrl);
  page.photoUrl = null;
  page.photoSource = null;
  page.uploads += 1; // whatever is still on its way comes too late
  mark("uploading", null);
}

/** A photo that was uploaded before, or none. @param {Page} page @param {string | null} source where the server keeps it */
export function holdPhoto(page, source) {
  if (source === page.photoSource) return;
  forgetPhoto(page);
  page.photoUrl = source;
  page.photoSource = source;
}

/** @param {string} text */
export function photoError(text) {
  const holder = one("[data-photo-error]");
  if (holder) holder.textContent = text || "";
}

/** @param {string} address @param {string} label */
export function showPhoto(address, label) {
  const image = photoImage();
  if (!image) return;
  if (image.getAttribute("src") !== address) {
    image.classList.remove("is-broken");
    image.src = address;
  }
  image.onerror = () => image.classList.add("is-broken"); // TIFF, say, which the server can read
  image.alt = label;
}

/** A photo of which nothing is known yet. @param {Page} page */
export function clearParts(page) {
  mark("things", null);
  mark("hasRegion", null);
  paintRegion(null);
  paintDots([], -1, page.words);
  say("[data-photo-label]", page.words.photo_yours);
  say("[data-photo-hint]", "");
}

/** Photo, samples and parts as the state has them. @param {Page} page */
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
  syncParts(page);
  paintCrops();
}

/** The objects, and which of them, or what else of the photo, is searched with. @param {Page} page */
export function syncParts(page) {
  const { state, answer, words } = page;
  const things = (!state.like && answer?.things) || [];
  const part = partOf(state);
  const chosen = chosenAt(things, part);
  mark("hasRegion", part || state.room ? "yes" : null);
  mark("things", things.length > 1 ? "several" : things.length ? "one" : null);
  paintRegion(part);
  paintDots(things, chosen, words);
  one("[data-room]")?.setAttribute("aria-pressed", String(state.room));
  const said = saidOf(state, things.length);
  say("[data-photo-label]", state.like ? photoImage()?.alt : chosen >= 0 ? things[chosen].title : words[said.label]);
  say("[data-photo-hint]", words[said.hint]);
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

/** The small pictures beside the rows: parts of the photo, which only this browser may have. */
function paintCrops() {
  const canvases = /** @type {HTMLCanvasElement[]} */ (all("#results canvas[data-crop-of]"));
  const image = photoImage();
  if (!canvases.length || !image?.getAttribute("src")) return;
  const paint = () => {
    const photo = { width: image.naturalWidth, height: image.naturalHeight };
    for (const canvas of canvases) {
      const { x, y, width, height } = squareAround(JSON.parse(canvas.dataset.cropOf ?? ""), photo);
      const scale = CROP / Math.max(width, height);
      canvas.width = width * scale;
      canvas.height = height * scale;
      canvas.getContext("2d")?.drawImage(image, x, y, width, height, 0, 0, canvas.width, canvas.height);
    }
  };
  image.decode().then(paint, () => undefined); // a photo that this browser cannot draw has no parts either
}

/** @param {string} selector @param {string | undefined} text */
function say(selector, text) {
  const holder = one(selector);
  if (holder && holder.textContent !== text) holder.textContent = text ?? "";
}

/** @returns {HTMLImageElement | null} */
function photoImage() {
  return document.querySelector("img[data-photo-image]");
}
