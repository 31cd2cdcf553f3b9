/** Arrow keys between cards, rows of different lengths included. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { cardTowards } from "../../../assets/ui/js/keys.js";

// Two rows of a group, and one card of the next.
const PLACES = [
  [0, 0],
  [100, 0],
  [200, 0],
  [0, 150],
  [100, 150],
  [0, 400],
].map(([left, top]) => ({ left, top }));

test("left and right lead to the neighbour, also into the next row, and end at the ends", () => {
  assert.equal(cardTowards(PLACES, 1, [1, 0]), 2);
  assert.equal(cardTowards(PLACES, 2, [1, 0]), 3);
  assert.equal(cardTowards(PLACES, 1, [-1, 0]), 0);
  assert.equal(cardTowards(PLACES, 0, [-1, 0]), -1);
  assert.equal(cardTowards(PLACES, 5, [1, 0]), -1);
});

test("up and down lead to the card that stands nearest in the next row", () => {
  assert.equal(cardTowards(PLACES, 1, [0, 1]), 4);
  assert.equal(cardTowards(PLACES, 2, [0, 1]), 4);
  assert.equal(cardTowards(PLACES, 4, [0, 1]), 5);
  assert.equal(cardTowards(PLACES, 4, [0, -1]), 1);
  assert.equal(cardTowards(PLACES, 0, [0, -1]), -1);
  assert.equal(cardTowards(PLACES, 5, [0, 1]), -1);
});
