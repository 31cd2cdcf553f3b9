/** Where keys lead. */

/** @type {Record<string, readonly [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The direction of an arrow key, right and down; null for any other key.
 *
 * @param {string} key
 * @returns {readonly [number, number] | null}
 */
export function arrow(key) {
  return Object.hasOwn(ARROWS, key) ? ARROWS[key] : null;
}

/**
 * Which entry of a list a key leads to, round from the last to the first; null for a key that leads nowhere.
 *
 * @param {string} key
 * @param {number} chosen
 * @param {number} count
 * @returns {number | null}
 */
export function entryAfter(key, chosen, count) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const direction = arrow(key);
  return direction && (chosen + direction[0] + direction[1] + count) % count;
}
