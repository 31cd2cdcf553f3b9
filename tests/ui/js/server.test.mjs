import assert from "node:assert/strict";
import { test } from "node:test";

import { watchServer } from "../../../assets/ui/js/server.js";

/**
 * Watch a server that answers as listed (then always), for `looks` probes.
 *
 * @param {import("node:test").TestContext} context
 * @param {boolean[]} alive
 * @param {number} looks
 */
async function watched(context, alive, looks) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const gone = context.mock.fn();
  const probe = context.mock.fn(async () => alive.shift() ?? true);
  const stop = watchServer({ probe, gone, every: 100 });
  for (let look = 0; look < looks; look += 1) {
    context.mock.timers.tick(100);
    await Promise.resolve().then(() => undefined); // the probe's answer is seen
  }
  return { gone: gone.mock, probe: probe.mock, stop, timers: context.mock.timers };
}

test("a server that answers is never called gone, however long the work takes", async (context) => {
  const { gone, probe } = await watched(context, [], 50);
  assert.equal(probe.callCount(), 50);
  assert.equal(gone.callCount(), 0);
});

test("one failure may be an accident, two in a row are not", async (context) => {
  const { gone, probe } = await watched(context, [false, true, false, false], 9);
  assert.equal(gone.callCount(), 1);
  assert.equal(probe.callCount(), 4); // and then nobody asks any more
});

test("nothing is asked before the first interval is over", async (context) => {
  const { probe } = await watched(context, [], 0);
  assert.equal(probe.callCount(), 0);
});

test("whoever stops watching hears nothing more", async (context) => {
  const { gone, probe, stop, timers } = await watched(context, [false, false, false], 1);
  stop();
  timers.tick(1000);
  await Promise.resolve();
  assert.equal(probe.callCount(), 1);
  assert.equal(gone.callCount(), 0);
});

test("an answer to the last probe changes nothing once nobody watches", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const gone = context.mock.fn();
  const stop = watchServer({ probe: async () => false, gone, every: 100, tolerated: 0 });
  context.mock.timers.tick(100); // the probe is on its way
  stop();
  await Promise.resolve().then(() => undefined);
  assert.equal(gone.mock.callCount(), 0);
});
