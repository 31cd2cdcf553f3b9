/**
 * Geometry of the part of a photo that is searched with, in fractions of the photo's sides.
 *
 * @typedef {[left: number, top: number, right: number, bottom: number]} Region
 * @typedef {{ x: number, y: number }} Point
 */

/** @type {Region} */
export const WHOLE = [0, 0, 1, 1];
/** @type {Region} Where the part starts when it is chosen by key. */
export const FIRST = [0.15, 0.15, 0.85, 0.85];
/** Of a side: a smaller drag is a click. */
export const SMALLEST = 0.05;
/** Of a side: how far an arrow key moves an edge. */
const STEP = 0.02;

/** @param {number} value @param {number} low @param {number} high @returns {number} */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** @param {Region} region @returns {boolean} */
export function isWhole(region) {
  return region.every((edge, at) => edge === WHOLE[at]);
}

/**
 * A point of the window as a point of the frame, kept inside of it.
 *
 * @param {{ left: number, top: number, width: number, height: number }} frame
 * @param {number} clientX
 * @param {number} clientY
 * @returns {Point}
 */
export function pointIn(frame, clientX, clientY) {
  return {
    x: clamp((clientX - frame.left) / frame.width, 0, 1),
    y: clamp((clientY - frame.top) / frame.height, 0, 1),
  };
}

/** The region between two corners, in either order. @param {Point} from @param {Point} to @returns {Region} */
export function between(from, to) {
  return rounded([Math.min(from.x, to.x), Math.min(from.y, to.y), Math.max(from.x, to.x), Math.max(from.y, to.y)]);
}

/** @param {Region} region @returns {boolean} whether it is a part rather than a click */
export function isLarge([left, top, right, bottom]) {
  return right - left >= SMALLEST && bottom - top >= SMALLEST;
}

/**
 * The region after an arrow key: moved, or with Shift made larger or smaller at its lower right corner.
 *
 * @param {Region} region
 * @param {readonly [number, number]} direction
 * @param {boolean} resize
 * @returns {Region}
 */
export function moved([left, top, right, bottom], direction, resize) {
  const [x, y] = direction.map((step) => step * STEP);
  if (resize) {
    return rounded([left, top, clamp(right + x, left + SMALLEST, 1), clamp(bottom + y, top + SMALLEST, 1)]);
  }
  const [across, down] = [clamp(x, -left, 1 - right), clamp(y, -top, 1 - bottom)];
  return rounded([left + across, top + down, right + across, bottom + down]);
}

/** Where the region's box stands, as CSS. @param {Region} region */
export function boxStyle(region) {
  const [left, top, right, bottom] = percents(region);
  return { left: `${left}%`, top: `${top}%`, width: `${right - left}%`, height: `${bottom - top}%` };
}

/** The veil over all but the region, as a CSS polygon with a hole. @param {Region} region @returns {string} */
export function veilPath(region) {
  const [left, top, right, bottom] = percents(region);
  const hole = `${left}% ${top}%, ${left}% ${bottom}%, ${right}% ${bottom}%, ${right}% ${top}%, ${left}% ${top}%`;
  return `polygon(evenodd, 0 0, 100% 0, 100% 100%, 0 100%, 0 0, ${hole})`;
}

/** @param {Region} region @returns {Region} a thousandth of a side is less than a pixel of most photos */
function rounded(region) {
  return /** @type {Region} */ (region.map((edge) => Math.round(edge * 1000) / 1000));
}

/** @param {Region} region @returns {Region} */
function percents(region) {
  return /** @type {Region} */ (region.map((edge) => Math.round(edge * 100000) / 1000));
}
