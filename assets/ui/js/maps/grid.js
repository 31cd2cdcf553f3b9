/**
 * A map over a picture: its cells, the points of the picture, and how one leads to the other.
 *
 * @typedef {Object} Grid a map
 * @property {number} h rows of cells
 * @property {number} w cells in a row
 * @property {ArrayLike<number>} values of the cells, row by row
 * @property {[left: number, top: number, right: number, bottom: number]} window the part of the picture that
 *   the model looked at, in fractions
 * @property {number | null} rest what the cells do not account for; null where that has no meaning
 *
 * @typedef {Grid & { at: number[] | null, step: number }} SentGrid a map as search/ui/render/why.py sends it: the values of
 *   the cells `at`, of all if null, in units of `step`; the other cells have none
 * @typedef {Pick<Grid, "h" | "w" | "window">} Cells
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ width: number, height: number, values: Float32Array }} Field values at points of a picture
 */

import { clamp } from "../region.js";

/** Points along the longer side of a picture in which a map is worked out. */
const FIELD = 144;

/**
 * Where `object-fit: contain` puts a picture.
 *
 * @param {{ width: number, height: number }} picture
 * @param {number} width of what it is put into
 * @param {number} height
 * @returns {Box}
 */
export function contained(picture, width, height) {
  const fit = Math.min(width / picture.width, height / picture.height);
  const [wide, high] = [picture.width * fit, picture.height * fit];
  return { x: (width - wide) / 2, y: (height - high) / 2, width: wide, height: high };
}

/**
 * A map with the value of every cell.
 *
 * @param {SentGrid} sent
 * @returns {Grid}
 */
export function unpacked({ h, w, at, values: sent, step, window, rest }) {
  const values = new Float32Array(h * w);
  for (let n = 0; n < sent.length; n += 1) values[at ? at[n] : n] = sent[n] * step;
  return { h, w, values, window, rest };
}

/**
 * A map's values at points of the picture; NaN where the model did not look.
 *
 * @param {Grid} grid
 * @param {Box} box the picture on the screen: its shape decides how many points there are each way
 * @param {boolean} raw the cells as they are, not smoothed
 * @returns {Field}
 */
export function sampled(grid, box, raw) {
  const fit = FIELD / Math.max(box.width, box.height);
  const width = Math.max(Math.round(box.width * fit), 2);
  const height = Math.max(Math.round(box.height * fit), 2);
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [across, down] = inCells(grid, (x + 0.5) / width, (y + 0.5) / height);
      values[y * width + x] = isInside(grid, across, down) ? valueAt(grid, across, down, raw) : Number.NaN;
    }
  }
  return { width, height, values };
}

/**
 * The value at a place, bilinear between the middles of the cells.
 *
 * @param {Pick<Grid, "h" | "w" | "values">} grid
 * @param {number} across in cells from the left edge
 * @param {number} down in cells from the upper edge
 * @param {boolean} raw the cell's own value
 * @returns {number}
 */
export function valueAt({ h, w, values }, across, down, raw) {
  if (raw) return values[Math.floor(down) * w + Math.floor(across)];
  const [x, y] = [clamp(across - 0.5, 0, w - 1), clamp(down - 0.5, 0, h - 1)];
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [x1, y1] = [Math.min(x0 + 1, w - 1), Math.min(y0 + 1, h - 1)];
  const row = (/** @type {number} */ at) => values[at * w + x0] * (1 - x + x0) + values[at * w + x1] * (x - x0);
  return row(y0) * (1 - y + y0) + row(y1) * (y - y0);
}

/**
 * The cell at a point of the picture; null beside the picture, and where the model did not look.
 *
 * @param {Cells} cells
 * @param {number} x in fractions of the picture
 * @param {number} y
 * @returns {number | null}
 */
export function cellAt(cells, x, y) {
  const [across, down] = inCells(cells, x, y);
  const onPicture = x >= 0 && x < 1 && y >= 0 && y < 1;
  return onPicture && isInside(cells, across, down) ? Math.floor(down) * cells.w + Math.floor(across) : null;
}

/** @param {Cells} cells @returns {number} the cell in the middle */
export function middleCell({ h, w }) {
  return Math.floor(h / 2) * w + Math.floor(w / 2);
}

/**
 * The neighbour of a cell; at the edge it stays.
 *
 * @param {Cells} cells
 * @param {number} cell
 * @param {readonly [number, number]} direction
 * @returns {number}
 */
export function neighbour({ h, w }, cell, [x, y]) {
  return clamp(Math.floor(cell / w) + y, 0, h - 1) * w + clamp((cell % w) + x, 0, w - 1);
}

/**
 * The middle of a cell and half of its shorter side, in the box's own units.
 *
 * @param {Cells} cells
 * @param {number} cell
 * @param {Box} box
 */
export function ringRound({ h, w, window: [left, top, right, bottom] }, cell, box) {
  const x = left + (((cell % w) + 0.5) / w) * (right - left);
  const y = top + ((Math.floor(cell / w) + 0.5) / h) * (bottom - top);
  const shorter = Math.min((box.width * (right - left)) / w, (box.height * (bottom - top)) / h);
  return { x: box.x + x * box.width, y: box.y + y * box.height, radius: shorter / 2 };
}

/** @param {Cells} cells @param {number} x @param {number} y @returns {[number, number]} */
function inCells({ h, w, window: [left, top, right, bottom] }, x, y) {
  return [((x - left) / (right - left)) * w, ((y - top) / (bottom - top)) * h];
}

/** @param {Cells} cells @param {number} across @param {number} down */
function isInside({ h, w }, across, down) {
  return across >= 0 && across < w && down >= 0 && down < h;
}
