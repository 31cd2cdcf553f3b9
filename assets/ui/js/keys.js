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

/**
 * The card that an arrow leads to; -1 where there is none.
 *
 * @param {{ left: number, top: number }[]} places of the cards, in their order
 * @param {number} from
 * @param {readonly [number, number]} direction right and down
 * @returns {number}
 */
export function cardTowards(places, from, [right, down]) {
  if (right) return from + right < places.length ? from + right : -1;
  const here = places[from];
  const beyond = places.filter(({ top }) => (top - here.top) * down > 1);
  if (!beyond.length) return -1;
  const nearest = beyond.reduce(
    (best, { top }) => (Math.abs(top - here.top) < Math.abs(best - here.top) ? top : best),
    beyond[0].top,
  );
  const row = beyond.filter(({ top }) => Math.abs(top - nearest) <= 1);
  const below = row.reduce(
    (best, place) => (Math.abs(place.left - here.left) < Math.abs(best.left - here.left) ? place : best),
    row[0],
  );
  return places.indexOf(below);
}
