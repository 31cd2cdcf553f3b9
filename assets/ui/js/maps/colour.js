/**
 * Colours of a map, readable with and without colour vision.
 *
 * @typedef {readonly [red: number, green: number, blue: number]} Rgb 0 to 255
 * @typedef {readonly [red: number, green: number, blue: number, opacity: number]} Rgba opacity 0 to 1
 */

import { clamp } from "../region.js";

/** How much: cividis (Nunez, Anderton and Renslow 2018). @type {readonly Rgb[]} */
export const AMOUNT = [
  [0, 34, 78],
  [33, 59, 110],
  [76, 85, 108],
  [108, 110, 114],
  [139, 136, 120],
  [173, 165, 112],
  [210, 195, 96],
  [254, 232, 56],
];
/** Blue against, orange for, nothing in between (PuOr's blue sister of ColorBrewer). @type {readonly Rgb[]} */
export const SIGNED = [
  [5, 76, 145],
  [67, 147, 195],
  [146, 197, 222],
  [244, 165, 96],
  [230, 120, 30],
  [179, 70, 0],
];
/** One part in so many of the full colour is laid on in full; less is clearer. */
const CLEAR = 20;
/** Steps of the legend's bar. */
const STEPS = 12;

/**
 * The colour of a share of the full colour.
 *
 * @param {number} share -1 to 1; beyond, it is that of the end
 * @param {boolean} amount whether it says how much, rather than for or against
 * @param {number} opacity 0 to 1, of the whole map
 * @returns {Rgba}
 */
export function colour(share, amount, opacity) {
  const part = clamp(share, -1, 1);
  if (amount) {
    const most = Math.max(part, 0);
    // The root opens up the low end, where most places are; the legend is drawn with the same rule. What has nothing, wall
    // and floor, is not painted.
    return [...mixed(AMOUNT, Math.sqrt(most)), opacity * Math.min(most * CLEAR, 1) * (0.45 + 0.55 * most)];
  }
  // Nothing is clear, so that the picture shows where the number is near zero.
  return [...mixed(SIGNED, (part + 1) / 2), Math.min(opacity * 1.6, 1) * Math.sqrt(Math.abs(part))];
}

/**
 * A colour between stops that stand at equal distances.
 *
 * @param {readonly Rgb[]} stops two or more
 * @param {number} at 0 (the first) to 1 (the last)
 * @returns {Rgb}
 */
export function mixed(stops, at) {
  const place = at * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const mix = (/** @type {number} */ channel) =>
    Math.round(stops[low][channel] + (stops[low + 1][channel] - stops[low][channel]) * (place - low));
  return [mix(0), mix(1), mix(2)];
}

/**
 * The bar of the legend, as a CSS gradient.
 *
 * @param {boolean} amount
 * @returns {string}
 */
export function legendGradient(amount) {
  const steps = Array.from({ length: STEPS + 1 }, (_, at) => {
    const [red, green, blue, alpha] = colour(amount ? at / STEPS : (2 * at) / STEPS - 1, amount, 1);
    return `rgb(${red} ${green} ${blue} / ${amount ? 1 : alpha})`;
  });
  return `linear-gradient(to right, ${steps.join(", ")})`;
}
