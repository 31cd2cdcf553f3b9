import assert from "node:assert/strict";
import { test } from "node:test";

import {
  chosenAt,
  partOf,
  photoKind,
  roomTurned,
  saidOf,
  squareAround,
  tappedAt,
  withPart,
} from "../../../assets/ui/js/parts.js";
import { EMPTY, stateOf } from "../../../assets/ui/js/state.js";

/** @import { Region } from "../../../assets/ui/js/region.js" */

const PART = stateOf({ upload: "one/photo.jpg", region: [0.1, 0.2, 0.5, 0.6] });

/** A sofa with a cushion on it, and a lamp beside them. @type {{ at: [number, number], box: Region }[]} */
const THINGS = [
  { at: [0.2, 0.6], box: [0.1, 0.4, 0.7, 0.8] },
  { at: [0.4, 0.55], box: [0.35, 0.45, 0.5, 0.65] },
  { at: [0.9, 0.3], box: [0.85, 0.1, 0.95, 0.8] },
];
const FRAME = { width: 200, height: 100 };

test("all of the photo is no part of it, and neither is each object in turn", () => {
  assert.deepEqual(partOf(PART), [0.1, 0.2, 0.5, 0.6]);
  assert.equal(partOf({ ...PART, region: [0, 0, 1, 1] }), null);
  assert.equal(partOf({ ...PART, region: null }), null);
  assert.equal(partOf({ ...PART, room: true }), null);
});

test("the frame shows the visitor's photo only while this browser holds it", () => {
  assert.equal(photoKind(PART, true, false), "upload");
  assert.equal(photoKind(PART, false, false), "none");
  assert.equal(photoKind(stateOf({ sample: "s" }), false, true), "sample");
  assert.equal(photoKind(stateOf({ like: "p" }), false, true), "like");
  assert.equal(photoKind(stateOf({ like: "p" }), false, false), "none");
  assert.equal(photoKind(EMPTY, true, true), "none");
});

test("the object that is searched with is the one whose box the part is", () => {
  assert.equal(chosenAt(THINGS, [0.35, 0.45, 0.5, 0.65]), 1);
  assert.equal(chosenAt(THINGS, [0.35, 0.45, 0.5, 0.66]), -1);
  assert.equal(chosenAt(THINGS, null), -1);
});

test("under the photo stands what counts, and what else there is to choose", () => {
  const whole = { ...PART, region: null };
  assert.deepEqual(saidOf(whole, 0), { label: "crop_all", hint: "photo_hint_none" });
  assert.deepEqual(saidOf(whole, 1), { label: "crop_all", hint: "photo_hint_several" });
  assert.deepEqual(saidOf(PART, 1), { label: "photo_part", hint: "photo_hint_part" });
  assert.deepEqual(saidOf(PART, 3), { label: "photo_part", hint: "photo_hint_several" });
  assert.deepEqual(saidOf({ ...PART, room: true }, 3), { label: "photo_each", hint: "photo_hint_several" });
});

test("one object alone leaves the room, and the room leaves the part", () => {
  assert.deepEqual(withPart([0, 0, 0.5, 0.5]), { region: [0, 0, 0.5, 0.5], room: false });
  assert.deepEqual(roomTurned(PART), { room: true, region: null });
  assert.deepEqual(roomTurned({ ...PART, room: true }), { room: false, region: null });
});

test("of two dots within reach a tap means the nearer one, in pixels of the frame", () => {
  const near = [THINGS[1], { at: /** @type {[number, number]} */ ([0.4, 0.75]), box: THINGS[0].box }];
  assert.equal(tappedAt(near, { x: 0.4, y: 0.6 }, FRAME, 22), 0); // 5 px and 15 px
  assert.equal(tappedAt(near, { x: 0.4, y: 0.7 }, FRAME, 22), 1);
});

test("away from every dot a tap means the smallest object around it, or none", () => {
  assert.equal(tappedAt(THINGS, { x: 0.6, y: 0.75 }, FRAME, 10), 0);
  assert.equal(tappedAt(THINGS, { x: 0.48, y: 0.46 }, FRAME, 10), 1); // 18 px from its dot, and inside the sofa too
  assert.equal(tappedAt(THINGS, { x: 0.02, y: 0.02 }, FRAME, 10), -1);
  assert.equal(tappedAt([], { x: 0.5, y: 0.5 }, FRAME, 10), -1);
});

test("the small picture of a part is a square around it that stays in the photo", () => {
  const photo = { width: 400, height: 200 };
  // 80 x 40 px around (120, 80): the longer side is 80.
  assert.deepEqual(squareAround([0.2, 0.3, 0.4, 0.5], photo), { x: 80, y: 40, width: 80, height: 80 });
  // At the left edge it cannot lie in the middle.
  assert.deepEqual(squareAround([0, 0, 0.1, 1], photo), { x: 0, y: 0, width: 200, height: 200 });
  // Longer than the photo is high: all of its height.
  assert.deepEqual(squareAround([0, 0, 1, 0.5], photo), { x: 0, y: 0, width: 400, height: 200 });
});
