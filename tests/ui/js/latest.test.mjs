/** Suggestions: the last question counts, and arrows go round by way of the field. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Latest, optionAfter } from "../../../assets/ui/js/latest.js";

test("an answer counts only while nothing else was asked", () => {
  const latest = new Latest();
  const first = latest.next();
  assert.ok(latest.is(first));
  const second = latest.next();
  assert.ok(!latest.is(first));
  assert.ok(latest.is(second));
});

test("arrows go through the list and, beyond its ends, back to the field", () => {
  assert.deepEqual(
    [-1, 0, 1, 2].map((chosen) => optionAfter("ArrowDown", chosen, 3)),
    [0, 1, 2, -1],
  );
  assert.deepEqual(
    [-1, 0, 1, 2].map((chosen) => optionAfter("ArrowUp", chosen, 3)),
    [2, -1, 0, 1],
  );
});
