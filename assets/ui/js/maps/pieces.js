/**
 * Pieces of the things in a picture: which cells belong to each, and how one leads to the next.
 *
 * @import { Cells } from "./grid.js"
 *
 * @typedef {Cells & { pieces: number[] }} Pieces which piece of a thing each cell belongs to, -1 for none
 */

import { middleCell, neighbour } from "./grid.js";

/**
 * The cell of a piece that lies nearest to its middle; null where it has none.
 *
 * @param {Pieces} pieces
 * @param {number} piece
 * @returns {number | null}
 */
export function middleOf({ pieces, w }, piece) {
  const cells = [...pieces.keys()].filter((cell) => pieces[cell] === piece && piece >= 0);
  if (!cells.length) return null;
  const mean = (/** @type {(cell: number) => number} */ of) =>
    cells.reduce((sum, cell) => sum + of(cell), 0) / cells.length;
  const [x, y] = [mean((cell) => cell % w), mean((cell) => Math.floor(cell / w))];
  const off = (/** @type {number} */ cell) => Math.hypot((cell % w) - x, Math.floor(cell / w) - y);
  return cells.reduce((best, cell) => (off(cell) < off(best) ? cell : best));
}

/** @param {Pieces} pieces @returns {number} the cell of a piece that lies nearest to the middle of the picture */
export function firstCell(pieces) {
  const [middle, w] = [middleCell(pieces), pieces.w];
  const off = (/** @type {number} */ cell) =>
    Math.hypot((cell % w) - (middle % w), Math.floor(cell / w) - Math.floor(middle / w));
  const cells = [...pieces.pieces.keys()].filter((cell) => pieces.pieces[cell] >= 0);
  return cells.reduce((best, cell) => (off(cell) < off(best) ? cell : best), cells[0] ?? middle);
}

/**
 * The first cell of another piece in a direction; where there is none, the cell itself.
 *
 * @param {Pieces} pieces
 * @param {number} from
 * @param {readonly [number, number]} direction
 * @returns {number}
 */
export function nextCell(pieces, from, direction) {
  const owner = pieces.pieces;
  let [last, at] = [from, neighbour(pieces, from, direction)];
  while (at !== last && (owner[at] < 0 || owner[at] === owner[from])) {
    [last, at] = [at, neighbour(pieces, at, direction)];
  }
  return at === last ? from : at;
}
