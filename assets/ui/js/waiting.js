/**
 * What the right side shows while an answer is awaited, and when there will be none.
 *
 * @import { Page } from "./page.js"
 */

import { detailsDialog, openDialog } from "./dialog.js";
import { make, makeButton, mark, one } from "./dom.js";
import { answers, watchServer } from "./server.js";

/** ms; a quicker answer would only flicker. */
const SKELETON_AFTER = 160;
/** What a laptop and a half shows. */
const SKELETONS = 12;

/**
 * Something was asked: the old answer fades, and the server is watched.
 *
 * @param {Page} page
 * @param {boolean} [stays] the old answer stays until the new one is there
 */
export function startWaiting(page, stays = false) {
  page.stopWaiting?.();
  const results = one("#results") || one("#v-results .results");
  if (!results) return;
  results.setAttribute("aria-busy", "true");
  mark("busy", "yes");
  const timer = stays ? undefined : setTimeout(() => replaceBody(results, skeletons()), SKELETON_AFTER);
  const stopWatching = watchServer({ probe: () => answers(import.meta.url), gone: () => noAnswer(page) });
  page.stopWaiting = () => {
    clearTimeout(timer);
    stopWatching();
    mark("busy", null);
    one("#results")?.removeAttribute("aria-busy");
    page.stopWaiting = null;
  };
}

/** There will be no answer: say so where it would have been. @param {Page} page */
export function noAnswer(page) {
  page.stopWaiting?.();
  page.asking.abandon();
  const results = one("#results");
  if (results) replaceBody(results, offline(page.words));
}

/** The same for a card that was opened. @param {Page} page */
export function noDetails(page) {
  page.showing.abandon();
  if (openDialog()) detailsDialog(page).body.replaceChildren(offline(page.words));
}

/** The bar with what was asked stays. @param {HTMLElement} results @param {HTMLElement} body */
function replaceBody(results, body) {
  const bar = one(".bar", results);
  results.replaceChildren(...(bar ? [bar] : []), body);
}

/** @returns {HTMLElement} */
function skeletons() {
  const grid = make("div", "grid");
  for (let at = 0; at < SKELETONS; at += 1) {
    const card = make("div", "card card--skeleton");
    const text = make("div", "card__text");
    text.append(make("i"), make("i"));
    card.append(make("div", "card__open"), text);
    grid.append(card);
  }
  const section = make("section", "section");
  section.append(grid);
  return section;
}

/** @param {Record<string, string>} words @returns {HTMLElement} */
function offline(words) {
  const message = make("div", "message");
  message.setAttribute("role", "alert");
  const again = makeButton("button", words.error_retry);
  again.dataset.again = "";
  message.append(make("h2", "", words.error_title), make("p", "", words.error_offline), again);
  return message;
}
