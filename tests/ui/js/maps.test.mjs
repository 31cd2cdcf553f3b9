import assert from "node:assert/strict";
import { test } from "node:test";

import { AMOUNT, colour, legendGradient, mixed, SIGNED } from "../../../assets/ui/js/maps/colour.js";
import { contourLevel, contourLines } from "../../../assets/ui/js/maps/contour.js";
import {
  cellAt,
  contained,
  middleCell,
  neighbour,
  ringRound,
  sampled,
  unpacked,
  valueAt,
} from "../../../assets/ui/js/maps/grid.js";

import { firstCell, middleOf, nextCell } from "../../../assets/ui/js/maps/pieces.js";

/** @import { Grid } from "../../../assets/ui/js/maps/grid.js" */

/** Two rows of three; the model looked at the middle half of the picture's width. @type {Grid} */
const GRID = { h: 2, w: 3, values: [0, 1, 2, 3, 4, 5], window: [0.25, 0, 0.75, 1], rest: null };

test("a picture is put into a frame in full, in the middle", () => {
  assert.deepEqual(contained({ width: 200, height: 100 }, 400, 400), { x: 0, y: 100, width: 400, height: 200 });
  assert.deepEqual(contained({ width: 50, height: 100 }, 400, 400), { x: 100, y: 0, width: 200, height: 400 });
});

test("a map that was sent has every cell, those without a value as nothing", () => {
  const sent = { h: 1, w: 3, at: [2, 0], values: [-4, 2], step: 0.5, window: GRID.window, rest: 1 };
  assert.deepEqual(Array.from(unpacked(sent).values), [1, 0, -2]);
  assert.deepEqual(Array.from(unpacked({ ...sent, at: null, values: [1, 2, 3] }).values), [0.5, 1, 1.5]);
  assert.equal(unpacked(sent).rest, 1);
});

test("by key one goes from piece to piece, over what is no thing, and stays where there is none", () => {
  const pieces = { h: 1, w: 6, window: GRID.window, pieces: [0, 0, -1, 1, 1, -1] };
  assert.equal(firstCell(pieces), 3);
  assert.equal(nextCell(pieces, 0, [1, 0]), 3);
  assert.equal(nextCell(pieces, 3, [-1, 0]), 1);
  assert.equal(nextCell(pieces, 3, [1, 0]), 3);
  assert.equal(middleOf(pieces, 0), 0);
  assert.equal(middleOf(pieces, 7), null);
});

test("a raw value is its cell's own", () => {
  assert.equal(valueAt(GRID, 0.9, 0.9, true), 0);
  assert.equal(valueAt(GRID, 2.1, 1.9, true), 5);
});

test("a smooth value is the cell's own in its middle and in between on the way to the next", () => {
  assert.equal(valueAt(GRID, 1.5, 0.5, false), 1);
  assert.equal(valueAt(GRID, 2, 0.5, false), 1.5);
  assert.equal(valueAt(GRID, 1.5, 1, false), (1 + 4) / 2);
  assert.equal(valueAt(GRID, 1.25, 0.75, false), 0.75 * (0.25 * 0 + 0.75 * 1) + 0.25 * (0.25 * 3 + 0.75 * 4));
});

test("at the edge a smooth value is that of the nearest cell", () => {
  assert.equal(valueAt(GRID, 0, 0, false), 0);
  assert.equal(valueAt(GRID, 3, 2, false), 5);
});

test("a map has values where the model looked, and none elsewhere", () => {
  const field = sampled(GRID, { x: 0, y: 0, width: 144, height: 72 }, true);
  assert.equal(field.width, 144);
  assert.equal(field.height, 72);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => field.values[y * field.width + x];
  assert.ok(Number.isNaN(at(35, 0)));
  assert.equal(at(36, 0), 0);
  assert.equal(at(107, 71), 5);
  assert.ok(Number.isNaN(at(108, 71)));
});

test("a point leads to its cell; beside the picture, or where the model did not look, to none", () => {
  assert.equal(cellAt(GRID, 0.3, 0.1), 0);
  assert.equal(cellAt(GRID, 0.5, 0.9), 4);
  assert.equal(cellAt(GRID, 0.1, 0.5), null);
  assert.equal(cellAt({ ...GRID, window: [-1, 0, 2, 1] }, -0.5, 0.5), null);
  assert.equal(cellAt({ ...GRID, window: [-1, 0, 2, 1] }, 0.5, 1), null);
});

test("from the middle the arrow keys lead to the neighbours, and stop at the edge", () => {
  assert.equal(middleCell(GRID), 4);
  assert.equal(neighbour(GRID, 4, [0, -1]), 1);
  assert.equal(neighbour(GRID, 4, [1, 0]), 5);
  assert.equal(neighbour(GRID, 5, [1, 0]), 5);
  assert.equal(neighbour(GRID, 0, [0, -1]), 0);
  assert.equal(neighbour(GRID, 3, [-1, 0]), 3);
});

test("a ring stands round the middle of its cell", () => {
  const ring = ringRound(GRID, 4, { x: 10, y: 20, width: 600, height: 200 });
  assert.deepEqual(ring, { x: 10 + 300, y: 20 + 150, radius: 50 });
});

test("colours between stops are mixed, and the ends are the stops themselves", () => {
  assert.deepEqual(mixed(AMOUNT, 0), AMOUNT[0]);
  assert.deepEqual(mixed(AMOUNT, 1), AMOUNT[7]);
  assert.deepEqual(mixed([AMOUNT[0], [10, 34, 100]], 0.5), [5, 34, 89]);
});

test("an amount shows more the more it is, and beyond the end it is the end", () => {
  assert.deepEqual(colour(1, true, 0.5), [...AMOUNT[7], 0.5]);
  assert.deepEqual(colour(3, true, 0.5), colour(1, true, 0.5));
  assert.deepEqual(colour(-1, true, 1), [...AMOUNT[0], 0]);
  assert.deepEqual(colour(0.25, true, 1).slice(0, 3), mixed(AMOUNT, 0.5));
});

test("for and against have colours of their own, and zero has none", () => {
  assert.deepEqual(colour(1, false, 1), [...SIGNED[5], 1]);
  assert.deepEqual(colour(-1, false, 1), [...SIGNED[0], 1]);
  assert.equal(colour(0, false, 1)[3], 0);
  assert.equal(colour(0.25, false, 0.5)[3], 0.8 * 0.5);
});

test("the legend runs from the first colour to the last", () => {
  const gradient = legendGradient(true);
  assert.ok(gradient.startsWith("linear-gradient(to right, rgb(0 34 78 / 1), "));
  assert.ok(gradient.endsWith("rgb(254 232 56 / 1))"));
  assert.equal(gradient.split("rgb(").length - 1, 13);
  assert.ok(legendGradient(false).startsWith("linear-gradient(to right, rgb(5 76 145 / 1), "));
});

test("the contour's level leaves a fifth of the known points above it", () => {
  const values = Float32Array.from([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, Number.NaN, Number.NaN]);
  assert.equal(contourLevel(values), 8);
  assert.equal(contourLevel(Float32Array.from([Number.NaN])), null);
  assert.equal(contourLevel(Float32Array.from([2, 2, 2])), null); // nothing stands out
  assert.equal(contourLevel(Float32Array.from([3, -1, -1, -1, -1])), 0); // what speaks against is not strong
});

test("a point above the level is surrounded by a closed line half way to its neighbours", () => {
  const field = { width: 3, height: 3, values: Float32Array.from([0, 0, 0, 0, 2, 0, 0, 0, 0]) };
  const lines = contourLines(field, 1);
  const points = lines.map(([x0, y0, x1, y1]) => [x0, y0, x1, y1].map((edge) => edge * 3));
  assert.equal(lines.length, 4);
  for (const end of [
    [1, 1.5],
    [2, 1.5],
    [1.5, 1],
    [1.5, 2],
  ]) {
    const meeting = points.filter(([x0, y0, x1, y1]) =>
      [
        [x0, y0],
        [x1, y1],
      ].some(([x, y]) => Math.hypot(x - end[0], y - end[1]) < 1e-9),
    );
    assert.equal(meeting.length, 2, `lines that meet at ${end}`);
  }
});

test("the line is closed along the picture's edge too", () => {
  const lines = contourLines({ width: 1, height: 1, values: Float32Array.from([1]) }, 0.5);
  assert.equal(lines.length, 4);
});
