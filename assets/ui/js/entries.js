/**
 * Entries of the browser's history. Nothing here knows the DOM; the history itself is handed in.
 *
 * @import { State } from "./state.js"
 */

/**
 * @typedef {Object} Entry
 * @property {State} state as the server understood it, with the opened card
 * @property {string | null} photo the address of the uploaded photo, where the state has one
 * @property {number} scroll how far the page was scrolled when it was left
 * @property {boolean} over whether it is a card over the entry before it
 */

/**
 * Whether two states ask for the same results, whatever card is open over them.
 *
 * @param {State} one
 * @param {State} other
 * @returns {boolean}
 */
export function sameSearch(one, other) {
  return key(one) === key(other);
}

/** @param {State} state @returns {string} */
function key({ open: _, shown: __, lang: ___, ...asked }) {
  const region = asked.room ? null : asked.region;
  return JSON.stringify(Object.entries({ ...asked, region }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export class Entries {
  /** @type {Pick<History, "state" | "pushState" | "replaceState" | "back">} */
  #history;
  /** Whether the browser is on its way back from a card that was closed by hand. */
  #leaving = false;
  /** @type {(() => void) | null} What becomes an entry when it has arrived. */
  #after = null;

  /** @param {Pick<History, "state" | "pushState" | "replaceState" | "back">} history */
  constructor(history) {
    this.#history = history;
  }

  /** The present entry; null before the first answer. @returns {Entry | null} */
  get now() {
    return this.#history.state?.state ? this.#history.state : null;
  }

  /**
   * An answer is there: a further entry, or the present one where it is the same search.
   *
   * @param {State} state
   * @param {string | null} photo
   * @param {string} address
   * @param {boolean} further whether the present entry may stay behind
   */
  answered(state, photo, address, further) {
    this.#when(() => {
      const before = this.now;
      if (further && before && !(sameSearch(before.state, state) && before.state.open === state.open)) {
        this.#history.pushState({ state, photo, scroll: 0, over: false }, "", address);
      } else {
        this.#history.replaceState({ scroll: 0, over: false, ...before, state, photo }, "", address);
      }
    });
  }

  /** A card opens over the present entry. @param {State} state */
  opened(state) {
    this.#when(() => this.#history.pushState({ ...this.now, state, scroll: 0, over: true }, ""));
  }

  /** The address of the present entry is known. @param {string} address */
  named(address) {
    this.#when(() => this.#history.replaceState(this.#history.state, "", address));
  }

  /** The page is left as it stands here. @param {number} scroll */
  left(scroll) {
    if (this.now) this.#history.replaceState({ ...this.now, scroll }, "");
  }

  /**
   * A card was closed by hand: back to what it stood over. A card that a link opened stands over nothing, its entry
   * becomes the results'.
   *
   * @param {State} state
   * @param {string} address
   */
  closed(state, address) {
    const before = this.now;
    if (!before?.state.open) return; // the way back has closed it
    if (before.over) {
      this.#leaving = true;
      this.#history.back();
    } else {
      this.#history.replaceState({ ...before, state }, "", address);
    }
  }

  /** The browser has gone to another entry. @returns {boolean} whether that was asked for by `closed` */
  arrived() {
    if (!this.#leaving) return false;
    this.#leaving = false;
    this.#after?.();
    this.#after = null;
    return true;
  }

  /** Now, or when the browser is back from a card: its answer comes a moment later. @param {() => void} write */
  #when(write) {
    if (!this.#leaving) {
      write();
      return;
    }
    const first = this.#after;
    this.#after = () => {
      first?.();
      write();
    };
  }
}
