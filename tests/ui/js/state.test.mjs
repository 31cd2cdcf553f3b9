import assert from "node:assert/strict";
import { test } from "node:test";

import {
  changed,
  closed,
  EMPTY,
  excluding,
  filtersOf,
  likeProduct,
  narrowedTo,
  startedOver,
  stateOf,
  withoutPart,
  withSample,
  withUpload,
} from "../../../assets/ui/js/state.js";

/** @import { State } from "../../../assets/ui/js/state.js" */

/** @type {State} */
const BUSY = stateOf({
  text: "red mug",
  exclude: ["stripes", "a:b"],
  upload: "one/photo.jpg",
  region: [0.1, 0.2, 0.5, 0.6],
  balance: 0.8,
  k: 48,
  filters: { department: ["Home"], colour: ["red", "blue"], price: [null, 60] },
  lang: "zh",
  open: "mug-1",
});

test("a message that leaves something out is completed with the defaults", () => {
  const state = stateOf({ text: "red", k: 12 });
  assert.equal(state.text, "red");
  assert.equal(state.k, 12);
  assert.deepEqual({ ...state, text: "", k: 24 }, { ...EMPTY });
});

test("a change closes the opened card and leaves everything else as it was", () => {
  assert.deepEqual(changed(BUSY, { text: "blue" }), { ...BUSY, text: "blue", open: null });
  assert.equal(BUSY.text, "red mug");
  assert.equal(BUSY.open, "mug-1");
});

test("another search takes back what show more raised, the next results of the same do not", () => {
  const raised = { ...BUSY, k: 96 };
  assert.equal(changed(raised, { text: "blue" }, 24).k, 24);
  assert.equal(changed(raised, { filters: {} }, 48).k, 48);
  assert.equal(changed(raised, { k: 120 }, 24).k, 120);
  assert.equal(changed(raised, { balance: 1 }, 24).k, 96);
});

test("what a photo is taken for can be dropped, and comes back with another photo", () => {
  const dropped = changed(BUSY, withoutPart(BUSY, "seen"));
  assert.deepEqual([dropped.read_photo, dropped.upload], [false, BUSY.upload]);
  assert.equal(changed(dropped, withSample("scene-2")).read_photo, true);
});

test("starting over keeps the language and the header, and nothing else", () => {
  const state = startedOver({ ...BUSY, shown: "key", tab: "insights" });
  assert.deepEqual(state, { ...EMPTY, lang: "zh", shown: "key" });
});

test("of photo, sample and product at most one is set", () => {
  const sampled = stateOf({ sample: "scene-1", region: [0, 0, 0.5, 0.5] });
  assert.deepEqual({ ...sampled, ...withUpload("p.jpg") }, { ...EMPTY, upload: "p.jpg" });
  assert.deepEqual({ ...BUSY, ...withSample("scene-2") }, { ...BUSY, upload: null, region: null, sample: "scene-2" });
});

test("more like this asks for the product alone, within the filters", () => {
  const state = { ...BUSY, ...likeProduct("mug-2") };
  assert.equal(state.like, "mug-2");
  assert.equal(state.text, "");
  assert.deepEqual(state.exclude, []);
  assert.equal(state.upload, null);
  assert.equal(state.region, null);
  assert.deepEqual(state.filters, BUSY.filters);
});

test("the cross of a chip removes its part and no other", () => {
  assert.deepEqual(withoutPart(BUSY, "photo"), {
    upload: null,
    sample: null,
    like: null,
    region: null,
    room: false,
    read_photo: true,
  });
  assert.deepEqual(withoutPart(BUSY, "text"), { text: "", correct: true });
  assert.deepEqual(withoutPart(BUSY, "exclude:stripes"), { exclude: ["a:b"] });
  assert.deepEqual(withoutPart(BUSY, "exclude:a:b"), { exclude: ["stripes"] });
  assert.deepEqual(withoutPart(BUSY, "filter:colour"), { filters: { department: ["Home"], price: [null, 60] } });
  assert.deepEqual(withoutPart(BUSY, "price"), { filters: { department: ["Home"], colour: ["red", "blue"] } });
  assert.deepEqual(withoutPart(BUSY, "filter:material"), { filters: BUSY.filters });
  assert.deepEqual(BUSY.filters.price, [null, 60]);
});

test("a chip of the shop narrows to one value, and without a value to none", () => {
  assert.deepEqual(narrowedTo(BUSY, "department", "Clothing").filters?.department, ["Clothing"]);
  assert.deepEqual(narrowedTo(BUSY, "department", "").filters, { colour: ["red", "blue"], price: [null, 60] });
  assert.deepEqual(narrowedTo(EMPTY, "category", "Mugs"), { filters: { category: ["Mugs"] } });
});

test("an exclusion is trimmed, and added once", () => {
  assert.deepEqual(excluding(BUSY, "  dots "), { exclude: ["stripes", "a:b", "dots"] });
  assert.equal(excluding(BUSY, " stripes "), null);
  assert.equal(excluding(BUSY, "   "), null);
});

test("filters are what is ticked and typed, with the department that has no control", () => {
  /** @type {[string, string[]][]} */
  const ticked = [
    ["colour", ["red"]],
    ["material", []],
  ];
  assert.deepEqual(filtersOf(BUSY, ticked, "", "60"), { department: ["Home"], colour: ["red"], price: [null, 60] });
  assert.deepEqual(filtersOf(EMPTY, ticked, "0", ""), { colour: ["red"], price: [0, null] });
  assert.deepEqual(filtersOf(EMPTY, [], "", ""), {});
});

test("in a room the part is that of the row whose card is open, and goes with it", () => {
  const open = stateOf({ sample: "s", room: true, region: [0.1, 0.2, 0.5, 0.6], open: "mug-1" });
  assert.deepEqual(closed(open), { ...open, open: null, region: null });
  assert.deepEqual(closed(BUSY), { ...BUSY, open: null });
  assert.equal(changed(open, { text: "red" }).region, null);
});
