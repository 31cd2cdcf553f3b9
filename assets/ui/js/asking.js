/**
 * Asking the server for what a new state looks like.
 *
 * @import { Before, Page } from "./page.js"
 * @import { State } from "./state.js"
 */

import { closeDetails, detailsDialog, waitingDetail } from "./dialog.js";
import { all, input, mark, one } from "./dom.js";
import { forgetPhoto } from "./photo.js";
import { changed, closed, startedOver, withWords } from "./state.js";
import { startWaiting } from "./waiting.js";

/**
 * Ask for the page with a change.
 *
 * @param {Page} page
 * @param {Partial<State>} change
 * @param {{ keepPhoto?: boolean, chip?: string | null, from?: number }} [options] keepPhoto: whether this browser
 *   goes on holding the visitor's photo; chip: the selector of a chip that takes the focus over; from: how many cards
 *   stay, where the same results go on
 */
export function ask(page, change, { keepPhoto = true, chip = null, from = 0 } = {}) {
  if (!keepPhoto) forgetPhoto(page);
  page.entries.left(window.scrollY);
  page.state = changed(page.state, change, page.size);
  const fromResults = Boolean(document.activeElement?.closest("#v-results, dialog"));
  page.asked = { fromResults, chip, from, further: from === 0, before: null };
  closeDetails();
  startWaiting(page, from > 0);
  page.asking.make(page.state);
}

/** Ask for the page as it was once before; its card opens when the results are there. @param {Page} page @param {Before} before */
export function askAgain(page, before) {
  typeWords(before.state.text);
  page.state = closed(before.state);
  page.asked = { fromResults: false, chip: null, from: 0, further: false, before };
  closeDetails();
  startWaiting(page);
  page.asking.make(page.state);
}

/** Ask with other words, which the field shows too. @param {Page} page @param {string} text */
export function askWords(page, text) {
  typeWords(text);
  ask(page, withWords(text));
}

/** A part of the words went away, or became a filter: the rest is read as it was. @param {Page} page @param {Partial<State>} change */
export function askRest(page, change) {
  typeWords(change.text ?? page.state.text);
  ask(page, change);
}

/** The same search goes on: what is there stays where it is. @param {Page} page @param {number} k */
export function askMore(page, k) {
  const seen = all("#results .card").length;
  ask(page, { k }, { from: seen });
}

/** @param {Page} page */
export function startOver(page) {
  typeWords("");
  page.state = startedOver(page.state);
  ask(page, {}, { keepPhoto: false });
}

/** The same page in another language; nothing is searched again. @param {Page} page @param {"en" | "zh"} lang */
export function askLanguage(page, lang) {
  page.draft = input("[data-text]")?.value ?? null;
  page.state = { ...page.state, lang };
  page.asking.make(page.state);
}

/**
 * Open a product's details: the panel comes with the click, what is in it follows.
 *
 * @param {Page} page
 * @param {string} id
 * @param {HTMLElement | null} card
 * @param {{ again?: boolean }} [options] again: whether it was open before, and the history knows it
 */
export function showDetails(page, id, card, { again = false } = {}) {
  const row = card?.closest("[data-part]")?.getAttribute("data-part");
  page.state = { ...page.state, open: id, region: row && !again ? JSON.parse(row) : page.state.region };
  if (!again) page.entries.opened(page.state);
  const { dialog, body } = detailsDialog(page);
  const title = card && one(".card__title", card);
  body.replaceChildren(waitingDetail(card ? card.querySelector("img") : null, title?.textContent ?? ""));
  if (!dialog.open) dialog.showModal();
  page.showing.make(page.state);
}

/** @param {string} text */
export function typeWords(text) {
  const field = input("[data-text]");
  if (field) field.value = text;
  syncWords();
}

/** Whether there is something to clear. */
export function syncWords() {
  const field = input("[data-text]");
  if (field) mark("hasWords", field.value ? "yes" : "no");
}
