import assert from "node:assert/strict";
import { test } from "node:test";

import { hasMap, layersOf, legendEnds } from "../../../assets/ui/js/maps/layers.js";

/** @import { Grid } from "../../../assets/ui/js/maps/grid.js" */
/** @import { Why } from "../../../assets/ui/js/maps/layers.js" */

/** @param {number[]} values @param {number | null} rest @returns {Grid} */
const grid = (values, rest = null) => ({ h: 1, w: values.length, values, window: [0, 0, 1, 1], rest });

const NOWHERE = { photo: "", product: "" };

/** @type {Why} */
const WHY = {
  score: 0.5,
  views: {
    score: {
      unit: "score",
      value: 0.5,
      shown: "",
      said: NOWHERE,
      photo: grid([0.1, 0.2], 0.1),
      product: grid([0.3, -0.1], 0.3),
    },
    text: { unit: "score", value: 0.25, shown: "", said: NOWHERE, photo: null, product: grid([0.25, 0.25], -0.1) },
    "token 0": { unit: "score", value: 0.1, shown: "", said: NOWHERE, photo: null, product: grid([0.2, -0.1], 0) },
    "attribute colour": {
      unit: "attribute",
      value: 0.8,
      shown: "",
      said: NOWHERE,
      photo: grid([-2, 1]),
      product: grid([0.5, 0.25]),
    },
  },
  pairs: {
    photo: { h: 1, w: 4, window: [0, 0, 1, 1], pieces: [0, 0, 1, -1] },
    product: { h: 1, w: 2, window: [0, 0, 1, 1], pieces: [0, 1] },
    alike: [
      [3, 9],
      [5, 3],
    ],
  },
  say: {
    low_score: "little",
    high_score: "much",
    low_sign: "speaks against",
    high_sign: "speaks for",
    low_attribute: "against",
    high_attribute: "for",
    low_pair: "least",
    high_pair: "most",
  },
};

test("shares of the score have one scale in all views and pictures", () => {
  for (const name of ["score", "text"]) {
    const layers = layersOf(WHY, name, null);
    assert.equal(layers.most, 0.3);
    assert.deepEqual(layers.mosts, {});
    assert.equal(layers.amount, true);
  }
});

test("an attribute has a scale of its own in each picture, for and against", () => {
  const layers = layersOf(WHY, "attribute colour", null);
  assert.deepEqual(layers.mosts, { photo: 2, product: 0.5 });
  assert.equal(layers.amount, false);
  assert.deepEqual(layers.rings, {});
});

test("a map that is not there is not drawn", () => {
  assert.deepEqual(layersOf(WHY, "text", null).maps, { photo: null, product: WHY.views.text.product });
});

test("a picked place marks its piece, and over the product what each piece has in common, the best in full", () => {
  const layers = layersOf(WHY, "text", { place: "photo", at: 1 });
  assert.deepEqual(layers.maps.product?.values, [9 / 9, 81 / 9]);
  assert.deepEqual(layers.maps.photo?.values, [9, 9, 0, 0]);
  assert.deepEqual(layers.rings, { photo: 0, product: 1 });
  assert.equal(layers.most, 9);
  assert.equal(layers.unit, "pair");
});

test("a picked place of the product shows its column over the photo", () => {
  const layers = layersOf(WHY, "score", { place: "product", at: 0 });
  assert.deepEqual(layers.maps.photo?.values, [9 / 5, 9 / 5, 5, 0]);
  assert.deepEqual(layers.rings, { product: 0, photo: 2 });
});

test("a place of no thing has no partner", () => {
  const layers = layersOf(WHY, "score", { place: "photo", at: 3 });
  assert.deepEqual(layers.maps.product?.values, [0, 0]);
  assert.deepEqual(layers.rings, {});
});

test("a legend says how much, or for and against, and no figures", () => {
  assert.deepEqual(legendEnds(layersOf(WHY, "score", null), WHY), ["little", "much"]);
  assert.deepEqual(legendEnds(layersOf(WHY, "token 0", null), WHY), ["speaks against", "speaks for"]);
  assert.deepEqual(legendEnds(layersOf(WHY, "attribute colour", null), WHY), ["against", "for"]);
  assert.deepEqual(legendEnds(layersOf(WHY, "score", { place: "photo", at: 0 }), WHY), ["least", "most"]);
});

test("there is a scale only where a picture has a map, and a picked place makes one", () => {
  const even = { ...WHY, views: { score: { ...WHY.views.score, photo: null, product: null } } };
  assert.equal(hasMap(layersOf(even, "score", null)), false);
  assert.equal(hasMap(layersOf(even, "score", { place: "photo", at: 0 })), true);
  assert.equal(hasMap(layersOf(WHY, "text", null)), true);
});
