/**
 * What of a photo is searched with: all of it, one of its objects, or a part of the visitor's own.
 *
 * @import { Point, Region } from "./region.js"
 * @import { State } from "./state.js"
 */

import { isWhole } from "./region.js";

/**
 * An object of the photo, as search/ui/render/things.py describes it.
 *
 * @typedef {Object} Thing
 * @property {Region} box
 * @property {[x: number, y: number]} at where its dot stands, in fractions of the photo
 * @property {string} title "Armchair"
 * @property {string} label "2 of 3: armchair"
 */

/**
 * The part of the photo that is searched with; null while that is all of it, or each object in turn.
 *
 * @param {State} state
 * @returns {Region | null}
 */
export function partOf(state) {
  return state.region && !state.room && !isWhole(state.region) ? state.region : null;
}

/**
 * Whose photo the frame shows: the visitor's, a sample's, a product's, or nobody's.
 *
 * @param {State} state
 * @param {boolean} held whether this browser still holds the visitor's photo
 * @param {boolean} named whether the answer came with the address of a photo
 * @returns {"upload" | "sample" | "like" | "none"}
 */
export function photoKind(state, held, named) {
  if (state.upload && held) return "upload";
  if (!named) return "none";
  if (state.sample) return "sample";
  return state.like ? "like" : "none";
}

/**
 * What is said under the photo, by the names of the page's words: what counts, unless that is an object with a name of
 * its own, and what else one can do.
 *
 * @param {State} state
 * @param {number} count of objects
 * @returns {{ label: string, hint: string }}
 */
export function saidOf(state, count) {
  const part = partOf(state) !== null;
  const label = state.room ? "photo_each" : part ? "photo_part" : "crop_all";
  const dots = count > 1 || (count === 1 && !part);
  return { label, hint: dots ? "photo_hint_several" : part ? "photo_hint_part" : "photo_hint_none" };
}

/** Search with one object alone. @param {Region} box @returns {Partial<State>} */
export function withPart(box) {
  return { region: box, room: false };
}

/** A row for each object, or the search as it was at first. @param {State} state @returns {Partial<State>} */
export function roomTurned(state) {
  return { room: !state.room, region: null };
}

/**
 * Which object a part is; -1 for all of the photo and for a part of one's own.
 *
 * @param {Pick<Thing, "box">[]} things
 * @param {Region | null} part
 * @returns {number}
 */
export function chosenAt(things, part) {
  return part ? things.findIndex(({ box }) => box.every((edge, at) => edge === part[at])) : -1;
}

/**
 * Which object a tap means: the nearest dot within reach, or else the smallest object around the place; -1 for none.
 *
 * @param {Pick<Thing, "at" | "box">[]} things
 * @param {Point} tap
 * @param {{ width: number, height: number }} frame in px
 * @param {number} reach of a dot, in px
 * @returns {number}
 */
export function tappedAt(things, tap, frame, reach) {
  const distances = things.map(({ at }) => Math.hypot((at[0] - tap.x) * frame.width, (at[1] - tap.y) * frame.height));
  const nearest = distances.indexOf(Math.min(...distances));
  if (nearest >= 0 && distances[nearest] <= reach) return nearest;
  const areas = things.map(({ box }) => (holds(box, tap) ? (box[2] - box[0]) * (box[3] - box[1]) : Infinity));
  const smallest = Math.min(...areas);
  return smallest < Infinity ? areas.indexOf(smallest) : -1;
}

/** @param {Region} box @param {Point} point @returns {boolean} */
function holds([left, top, right, bottom], { x, y }) {
  return left <= x && x <= right && top <= y && y <= bottom;
}

/**
 * The square of the photo that shows a part of it with as little else as possible, in the photo's pixels; where the
 * photo is narrower than the part is long, what it has.
 *
 * @param {Region} part
 * @param {{ width: number, height: number }} photo
 * @returns {{ x: number, y: number, width: number, height: number }}
 */
export function squareAround([left, top, right, bottom], photo) {
  const side = Math.round(Math.max((right - left) * photo.width, (bottom - top) * photo.height));
  const [width, height] = [Math.min(side, photo.width), Math.min(side, photo.height)];
  const x = Math.round(((left + right) / 2) * photo.width - width / 2);
  const y = Math.round(((top + bottom) / 2) * photo.height - height / 2);
  return {
    x: Math.min(Math.max(x, 0), photo.width - width),
    y: Math.min(Math.max(y, 0), photo.height - height),
    width,
    height,
  };
}
