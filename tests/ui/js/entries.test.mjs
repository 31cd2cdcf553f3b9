/** The way back: what becomes an entry of the browser's history, and what does not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Entries, sameSearch } from "../../../assets/ui/js/entries.js";
import { stateOf } from "../../../assets/ui/js/state.js";

/** As a browser keeps it, but `back` arrives only when the test says so. */
class History {
  /** @type {{ state: any, address: string }[]} */
  list = [{ state: null, address: "?start" }];
  at = 0;

  get state() {
    return this.list[this.at].state;
  }

  /** @param {any} state @param {string} _ @param {string} [address] */
  pushState(state, _, address = this.list[this.at].address) {
    this.list = [...this.list.slice(0, this.at + 1), { state, address }];
    this.at += 1;
  }

  /** @param {any} state @param {string} _ @param {string} [address] */
  replaceState(state, _, address = this.list[this.at].address) {
    this.list[this.at] = { state, address };
  }

  backs = 0;

  back() {
    this.backs += 1;
  }

  addresses() {
    return this.list.map(({ address }) => address);
  }
}

const RED = stateOf({ text: "red" });
const BLUE = stateOf({ text: "blue" });

function begun() {
  const history = new History();
  const entries = new Entries(/** @type {any} */ (history));
  entries.answered(RED, null, "?q=red", false);
  return { history, entries };
}

test("the first answer is the entry that is there, every further one an entry of its own", () => {
  const { history, entries } = begun();
  entries.answered(BLUE, null, "?q=blue", true);
  assert.deepEqual(history.addresses(), ["?q=red", "?q=blue"]);
  assert.deepEqual(entries.now?.state, BLUE);
});

test("the same search again, in another language or after an error, is no further entry", () => {
  const { history, entries } = begun();
  entries.answered({ ...RED, lang: "zh", shown: "zh 1" }, null, "?q=red&lang=zh", true);
  assert.deepEqual(history.addresses(), ["?q=red&lang=zh"]);
});

test("another object of the photo is another search, another open card is not", () => {
  const part = stateOf({ sample: "s", region: [0, 0, 0.5, 0.5] });
  assert.equal(sameSearch(part, { ...part, region: [0.5, 0, 1, 0.5] }), false);
  assert.equal(sameSearch(part, { ...part, room: true }), false);
  assert.equal(sameSearch(part, { ...part, open: "mug-1" }), true);
  const room = stateOf({ sample: "s", room: true });
  assert.equal(sameSearch(room, { ...room, open: "mug-1", region: [0, 0, 0.5, 0.5] }), true);
});

test("an uploaded photo is in the entry, because it is in no link", () => {
  const { entries } = begun();
  entries.answered(stateOf({ upload: "a/b.jpg" }), "file=/a/b.jpg", "?lang=en", true);
  assert.equal(entries.now?.photo, "file=/a/b.jpg");
  assert.equal(entries.now?.state.upload, "a/b.jpg");
});

test("where the page was scrolled to is kept with what is left", () => {
  const { history, entries } = begun();
  entries.left(700);
  entries.answered(BLUE, null, "?q=blue", true);
  assert.deepEqual([history.list[0].state.scroll, history.list[1].state.scroll], [700, 0]);
});

test("closing a card goes back to the results, and what follows at once waits until the browser is there", () => {
  const { history, entries } = begun();
  entries.opened({ ...RED, open: "mug-1" });
  entries.named("?q=red&open=mug-1");
  assert.deepEqual(history.addresses(), ["?q=red", "?q=red&open=mug-1"]);

  entries.closed(RED, "?q=red");
  assert.equal(history.backs, 1);
  entries.opened({ ...RED, open: "mug-2" }); // before the browser has gone back
  entries.named("?q=red&open=mug-2");
  assert.equal(history.list.length, 2);

  history.at = 0;
  assert.equal(entries.arrived(), true);
  assert.deepEqual(history.addresses(), ["?q=red", "?q=red&open=mug-2"]);
  assert.equal(entries.now?.state.open, "mug-2");
  assert.equal(entries.arrived(), false); // from here on the visitor goes
});

test("a card that a link opened closes into the results, and one that the way back closed is left alone", () => {
  const history = new History();
  const entries = new Entries(/** @type {any} */ (history));
  entries.answered({ ...RED, open: "mug-1" }, null, "?q=red&open=mug-1", false);
  entries.closed(RED, "?q=red");
  assert.deepEqual([history.addresses(), history.backs], [["?q=red"], 0]);
  entries.closed(RED, "?elsewhere");
  assert.deepEqual([history.addresses(), history.backs], [["?q=red"], 0]);
});
