import assert from "node:assert/strict";
import { test } from "node:test";

import {
  between,
  boxStyle,
  clamp,
  isLarge,
  isWhole,
  moved,
  pointIn,
  SMALLEST,
  veilPath,
  WHOLE,
} from "../../../assets/ui/js/region.js";

const RIGHT = /** @type {const} */ ([1, 0]);
const UP = /** @type {const} */ ([0, -1]);

test("a value is kept between its limits", () => {
  assert.deepEqual(
    [-1, 0, 0.4, 1, 7].map((value) => clamp(value, 0, 1)),
    [0, 0, 0.4, 1, 1],
  );
});

test("only the whole photo is whole", () => {
  assert.equal(isWhole(WHOLE), true);
  assert.equal(isWhole([0, 0, 1, 0.999]), false);
});

test("a point of the window is a fraction of the frame, and never outside of it", () => {
  const frame = { left: 100, top: 50, width: 200, height: 400 };
  assert.deepEqual(pointIn(frame, 150, 150), { x: 0.25, y: 0.25 });
  assert.deepEqual(pointIn(frame, 0, 999), { x: 0, y: 1 });
});

test("a drag gives the same region in any direction", () => {
  const [from, to] = [
    { x: 0.8, y: 0.25 },
    { x: 0.2, y: 0.75 },
  ];
  assert.deepEqual(between(from, to), [0.2, 0.25, 0.8, 0.75]);
  assert.deepEqual(between(to, from), [0.2, 0.25, 0.8, 0.75]);
  assert.deepEqual(between({ x: 1 / 3, y: 0 }, { x: 2 / 3, y: 1 }), [0.333, 0, 0.667, 1]);
});

test("a small drag is a click, in either direction", () => {
  assert.equal(isLarge([0.5, 0.5, 0.5 + SMALLEST, 0.9]), true);
  assert.equal(isLarge([0.5, 0.5, 0.54, 0.9]), false);
  assert.equal(isLarge([0.5, 0.5, 0.9, 0.54]), false);
});

test("an arrow key moves the region by a fiftieth, and stops at the edge with its size kept", () => {
  assert.deepEqual(moved([0.2, 0.2, 0.6, 0.6], RIGHT, false), [0.22, 0.2, 0.62, 0.6]);
  assert.deepEqual(moved([0.59, 0.2, 0.99, 0.6], RIGHT, false), [0.6, 0.2, 1, 0.6]);
  assert.deepEqual(moved([0.2, 0.01, 0.6, 0.41], UP, false), [0.2, 0, 0.6, 0.4]);
});

test("with Shift an arrow key moves the lower right corner, and the region stays large enough", () => {
  assert.deepEqual(moved([0.2, 0.2, 0.6, 0.6], RIGHT, true), [0.2, 0.2, 0.62, 0.6]);
  assert.deepEqual(moved([0.2, 0.2, 0.6, 0.25], UP, true), [0.2, 0.2, 0.6, 0.25]);
  assert.deepEqual(moved([0.2, 0.2, 0.25, 0.6], [-1, 0], true), [0.2, 0.2, 0.25, 0.6]);
  assert.deepEqual(moved([0.2, 0.2, 0.99, 0.6], RIGHT, true), [0.2, 0.2, 1, 0.6]);
});

test("the box stands where the region is", () => {
  assert.deepEqual(boxStyle([0.1, 0.2, 0.5, 0.6]), { left: "10%", top: "20%", width: "40%", height: "40%" });
});

test("the veil has a hole where the region is", () => {
  const hole = "10% 20%, 10% 60%, 50% 60%, 50% 20%, 10% 20%";
  assert.equal(veilPath([0.1, 0.2, 0.5, 0.6]), `polygon(evenodd, 0 0, 100% 0, 100% 100%, 0 100%, 0 0, ${hole})`);
});
