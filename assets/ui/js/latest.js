/** What the list under the words needs to know, without the list. */

/** Numbers what is asked, so that an answer to an earlier question is told from one to the last. */
export class Latest {
  #number = 0;

  /** @returns {number} of the question that is asked now */
  next() {
    this.#number += 1;
    return this.#number;
  }

  /** @param {number} number @returns {boolean} whether nothing was asked since */
  is(number) {
    return number === this.#number;
  }
}

/**
 * Which option an arrow leads to: through the list and, beyond its ends, back to the field (-1).
 *
 * @param {"ArrowDown" | "ArrowUp"} key
 * @param {number} chosen
 * @param {number} count
 * @returns {number}
 */
export function optionAfter(key, chosen, count) {
  const places = count + 1; // the options and the field
  const step = key === "ArrowDown" ? 1 : -1;
  return ((chosen + 1 + step + places) % places) - 1;
}
