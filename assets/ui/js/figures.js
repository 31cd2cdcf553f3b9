/** The fold of an opened card that holds the figures: open for whoever opened it last time. */

import { one } from "./dom.js";

const KEY = "vitrine-figures";

/** @param {HTMLElement} card */
export function openFigures(card) {
  const fold = /** @type {HTMLDetailsElement | null} */ (one("[data-figures]", card));
  if (!fold) return;
  fold.open = wereOpen();
  fold.addEventListener("toggle", () => keep(fold.open));
}

/** @returns {boolean} */
function wereOpen() {
  try {
    return localStorage.getItem(KEY) === "open";
  } catch {
    return false; // No storage, as in some embedded frames.
  }
}

/** @param {boolean} open */
function keep(open) {
  try {
    localStorage.setItem(KEY, open ? "open" : "closed");
  } catch {
    // It lasts until the card is closed.
  }
}
