import assert from "node:assert/strict";
import { test } from "node:test";

import { arrow, entryAfter } from "../../../assets/ui/js/keys.js";
import { addressOf, fill, untouched } from "../../../assets/ui/js/text.js";

test("names in a sentence are filled in, every time they occur", () => {
  assert.equal(fill("{a} and {b}, {a}", { a: "1", b: "2" }), "1 and 2, 1");
});

test("a value is text: it is not filled in itself, and its $ means nothing", () => {
  assert.equal(fill("{a}{b}", { a: "{b}", b: "$&" }), "{b}$&");
});

test("a name without a value stays, also one that every object has", () => {
  assert.equal(fill("{a} {toString}", {}), "{a} {toString}");
});

test("a link is shown on the page's own path, and nothing without a link", () => {
  assert.equal(addressOf("/shop/", "?q=red&lang=en"), "/shop/?q=red&lang=en");
  assert.equal(addressOf("/shop/", ""), null);
});

test("words are replaced by the answer's unless they were changed since they were sent", () => {
  assert.equal(untouched(" red mug ", "red mug"), true);
  assert.equal(untouched("red mugs", "red mug"), false);
  assert.equal(untouched("", ""), true);
});

test("arrow keys have a direction, other keys have none", () => {
  assert.deepEqual(arrow("ArrowUp"), [0, -1]);
  assert.deepEqual(arrow("ArrowRight"), [1, 0]);
  assert.equal(arrow("Enter"), null);
  assert.equal(arrow("constructor"), null);
});

test("keys go through a list in both directions, round its ends, and to its ends", () => {
  assert.equal(entryAfter("ArrowRight", 0, 3), 1);
  assert.equal(entryAfter("ArrowDown", 2, 3), 0);
  assert.equal(entryAfter("ArrowLeft", 0, 3), 2);
  assert.equal(entryAfter("ArrowUp", 1, 3), 0);
  assert.equal(entryAfter("Home", 2, 3), 0);
  assert.equal(entryAfter("End", 0, 3), 2);
  assert.equal(entryAfter("x", 1, 3), null);
});
