import assert from "node:assert/strict";
import { test } from "node:test";

import { Entries } from "../../../assets/ui/js/entries.js";
import { createPage } from "../../../assets/ui/js/page.js";
import { Requests } from "../../../assets/ui/js/requests.js";

/** Requests, and what they sent: [message, number]. */
function recorded() {
  /** @type {[string, number][]} */
  const sent = [];
  return { sent, requests: new Requests((/** @type {string} */ message, number) => sent.push([message, number])) };
}

test("a request is sent at once, with a number of its own", () => {
  const { sent, requests } = recorded();
  requests.make("a");
  requests.answered(1);
  requests.make("b");
  assert.deepEqual(sent, [
    ["a", 1],
    ["b", 2],
  ]);
});

test("while one is with the server, of the others only the last is sent", () => {
  const { sent, requests } = recorded();
  for (const message of ["a", "b", "c"]) requests.make(message);
  assert.deepEqual(sent, [["a", 1]]);
  requests.answered(1);
  assert.deepEqual(sent.slice(1), [["c", 3]]);
  requests.answered(3);
  assert.equal(sent.length, 2);
});

test("only the answer to the last request is current", () => {
  const { requests } = recorded();
  assert.equal(requests.isCurrent(0), true); // the answer to the link, before anything was asked
  requests.make("a");
  assert.equal(requests.isCurrent(0), false);
  assert.equal(requests.isCurrent(1), true);
  requests.make("b");
  assert.equal(requests.isCurrent(1), false);
  assert.equal(requests.isCurrent(2), true);
});

test("an answer that nobody waits for sends nothing", () => {
  const { sent, requests } = recorded();
  requests.make("a");
  requests.make("b");
  requests.answered(0);
  assert.equal(sent.length, 1);
  requests.answered(1);
  requests.answered(1);
  assert.equal(sent.length, 2);
});

test("a failure is told when nothing follows it, and otherwise sends what waited", () => {
  const { sent, requests } = recorded();
  requests.make("a");
  requests.make("b");
  assert.equal(requests.failed(), false);
  assert.deepEqual(sent[1], ["b", 2]);
  assert.equal(requests.failed(), true);
  requests.make("c");
  assert.deepEqual(sent[2], ["c", 3]);
});

test("what was given up is neither sent nor waited for", () => {
  const { sent, requests } = recorded();
  requests.make("a");
  requests.make("b");
  requests.abandon();
  requests.answered(1);
  assert.equal(requests.failed(), true);
  assert.equal(sent.length, 1);
  requests.make("c");
  assert.deepEqual(sent[1], ["c", 3]);
});

test("the page asks for results and for details apart, with the number beside the state", () => {
  /** @type {unknown[]} */
  const sent = [];
  const page = createPage((...event) => sent.push(event), Requests, new Entries(/** @type {any} */ ({})));
  page.asking.make(page.state);
  page.showing.make({ ...page.state, open: "mug-1" });
  assert.deepEqual(sent, [
    ["results", "ask", { state: page.state, request: 1 }],
    ["details", "show", { state: { ...page.state, open: "mug-1" }, request: 1 }],
  ]);
});
