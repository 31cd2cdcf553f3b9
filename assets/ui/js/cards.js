/** Arrow keys between cards: left and right to the neighbour, up and down by the row as it is drawn. */

import { all, one } from "./dom.js";
import { arrow, cardTowards } from "./keys.js";

export function watchCards() {
  document.addEventListener("keydown", (event) => {
    const from = event.target instanceof Element ? event.target.closest("#results .card__open") : null;
    const direction = arrow(event.key);
    if (!from || !direction || event.ctrlKey || event.metaKey || event.altKey) return;
    const cards = all("#results .card__open").filter((card) => card.offsetParent);
    const places = cards.map((card) => card.getBoundingClientRect());
    const to = cards[cardTowards(places, cards.indexOf(/** @type {HTMLElement} */ (from)), direction)];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}

/** The card of a product among the results. @param {string} id @returns {HTMLElement | null} */
export function cardOf(id) {
  return one(`#results [data-card="${CSS.escape(id)}"]`);
}
