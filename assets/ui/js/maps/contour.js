/**
 * The line round the strongest part of a map, so that colour is not all that carries it.
 *
 * @import { Field } from "./grid.js"
 */

import { clamp } from "../region.js";

/** Of the picture's area lies inside the line. */
const STRONGEST = 0.2;
/** The corners of a square of points, in the order round it. */
const CORNERS = /** @type {const} */ ([
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]);

/**
 * The value that only the strongest fifth of the points is above; null where no point is above it.
 *
 * @param {Float32Array} values NaN where the model did not look
 * @returns {number | null}
 */
export function contourLevel(values) {
  const known = values
    .filter((value) => !Number.isNaN(value))
    .sort()
    .reverse();
  if (!known.length) return null;
  const level = Math.max(known[Math.floor(known.length * STRONGEST)], 0);
  return known[0] > level ? level : null;
}

/**
 * The line at a level, as pieces between two points in fractions of the picture: marching squares
 * (Lorensen and Cline 1987, in two dimensions). Outside of the picture everything is below the level.
 *
 * @param {Field} field
 * @param {number} level
 * @returns {[x0: number, y0: number, x1: number, y1: number][]}
 */
export function contourLines({ width, height, values }, level) {
  const value = (/** @type {number} */ x, /** @type {number} */ y) => {
    const outside = x < 0 || y < 0 || x >= width || y >= height;
    const known = outside ? Number.NaN : values[y * width + x];
    return Number.isNaN(known) ? level - 1e-6 : known;
  };
  /** @type {[number, number, number, number][]} */
  const lines = [];
  for (let y = -1; y < height; y += 1) {
    for (let x = -1; x < width; x += 1) {
      const cuts = cutsOf(x, y, value, level);
      for (let at = 0; at + 1 < cuts.length; at += 2) {
        const [[x0, y0], [x1, y1]] = [cuts[at], cuts[at + 1]];
        lines.push([(x0 + 0.5) / width, (y0 + 0.5) / height, (x1 + 0.5) / width, (y1 + 0.5) / height]);
      }
    }
  }
  return lines;
}

/**
 * Where the level cuts the sides of a square of points: at two of them, at four, or at none.
 *
 * @param {number} x of its upper left corner
 * @param {number} y
 * @param {(x: number, y: number) => number} value
 * @param {number} level
 * @returns {[number, number][]}
 */
function cutsOf(x, y, value, level) {
  /** @type {[number, number][]} */
  const cuts = [];
  for (const [at, [right, down]] of CORNERS.entries()) {
    const [nextRight, nextDown] = CORNERS[(at + 1) % 4];
    const [from, to] = [value(x + right, y + down), value(x + nextRight, y + nextDown)];
    if (from > level === to > level) continue;
    const part = clamp((level - from) / (to - from), 0, 1);
    cuts.push([x + right + (nextRight - right) * part, y + down + (nextDown - down) * part]);
  }
  return cuts;
}
