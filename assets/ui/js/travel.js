/**
 * The way back: every state of the page is an entry of the browser's history, and so is an opened card.
 *
 * An entry holds the state itself, because an uploaded photo is in no link: so it is there again after a reload too.
 *
 * @import { Page } from "./page.js"
 * @import { State } from "./state.js"
 */

import { askAgain, showDetails } from "./asking.js";
import { cardOf } from "./cards.js";
import { closeDetails } from "./dialog.js";
import { sameSearch } from "./entries.js";
import { holdPhoto } from "./photo.js";
import { stateOf } from "./state.js";

/** @param {Page} page */
export function watchHistory(page) {
  history.scrollRestoration = "manual"; // the results are drawn later than the browser would scroll to them
  window.addEventListener("popstate", () => {
    if (!page.entries.arrived()) goTo(page);
  });
}

/**
 * After a reload, an uploaded photo is asked for again: the link that the server has answered cannot name it.
 *
 * @param {Page} page
 * @returns {boolean} whether something was asked
 */
export function resume(page) {
  if (!page.entries.now?.state.upload) return false;
  goTo(page);
  return true;
}

/** Show what the present entry says. @param {Page} page */
function goTo(page) {
  const entry = page.entries.now;
  if (!entry) return;
  const { lang, shown } = page.state;
  /** @type {State} */
  const state = { ...stateOf(entry.state), lang, shown };
  if (!page.stopWaiting && page.answer && sameSearch(page.answer.state, state)) {
    page.state = state;
    if (state.open) showDetails(page, state.open, cardOf(state.open), { again: true });
    else closeDetails();
    return;
  }
  holdPhoto(page, entry.photo);
  askAgain(page, { state, scroll: entry.scroll });
}
