/**
 * Which maps lie on the pictures now, and what the figures beside them say.
 *
 * @import { Grid } from "./grid.js"
 */

import { fill, percent } from "../text.js";

/**
 * @typedef {"photo" | "product"} Place a picture of the card
 *
 * @typedef {Object} View one of the things that can be shown on the pictures
 * @property {"score" | "next" | "attribute"} unit what its numbers are
 * @property {number} value
 * @property {string} label
 * @property {Grid | null} photo
 * @property {Grid | null} product
 *
 * @typedef {Object} Why the value of a card's data-why (search/ui/render/why.py)
 * @property {number} score
 * @property {Record<string, View>} views by their name; "score" is always there
 * @property {number[][] | null} pairs what each place of the photo (row) shares with each of the product
 * @property {Record<string, string>} say
 *
 * @typedef {{ place: Place, at: number }} Picked a cell of one picture, whose partners are asked for
 *
 * @typedef {Object} Layers
 * @property {View["unit"] | "pair"} unit
 * @property {boolean} amount whether the numbers say how much, rather than for or against
 * @property {number} most the number that is full colour
 * @property {Partial<Record<Place, number>>} mosts the same, where a picture has its own
 * @property {Record<Place, Grid | null>} maps
 * @property {Partial<Record<Place, number>>} rings cells that are marked
 */

/** Views that say how much; the others say for or against. */
const AMOUNTS = new Set(["score", "photo", "text"]);
/** No map is divided by less. */
const LEAST = 1e-9;

/**
 * The maps to draw now.
 *
 * @param {Why} why
 * @param {string} name the view
 * @param {Picked | null} picked
 * @returns {Layers}
 */
export function layersOf(why, name, picked) {
  return picked && why.pairs ? pairLayers(why, why.pairs, picked) : viewLayers(why, name);
}

/**
 * A sentence on the part of a picture's share that no place accounts for; "" where there is none.
 *
 * @param {Layers} layers
 * @param {Place} place
 * @param {Record<string, string>} say
 * @returns {string}
 */
export function restSaid(layers, place, say) {
  const map = layers.maps[place];
  if (layers.unit !== "score" || !map || map.rest === null) return "";
  const whole = map.values.reduce((sum, value) => sum + value, map.rest);
  if (whole <= 0) return "";
  // Covering two places can cost the same thing twice: then there is no rest, but an overlap.
  if (map.rest < 0) return fill(say.overlap, { share: percent(1 - map.rest / whole) });
  return fill(say.rest, { share: percent(map.rest / whole) });
}

/**
 * What stands at the two ends of the legend's bar.
 *
 * @param {Layers} layers
 * @param {Why} why
 * @returns {[low: string, high: string]}
 */
export function legendEnds(layers, why) {
  if (layers.unit !== "score") return [why.say[`low_${layers.unit}`], why.say[`high_${layers.unit}`]];
  const most = layers.most / Math.max(Math.abs(why.score), LEAST);
  return [layers.amount ? "0" : percent(-most, 1), `+${percent(most, 1)}`];
}

/** @param {Why} why @param {string} name @returns {Layers} */
function viewLayers(why, name) {
  const view = why.views[name];
  const shares = view.unit === "score";
  // Shares of the score have one scale everywhere; a difference or an attribute has its own in each picture.
  const alike = Object.values(why.views).filter((each) => each.unit === "score");
  return {
    unit: view.unit,
    amount: AMOUNTS.has(name),
    most: largest(alike.flatMap((each) => [each.photo, each.product])),
    mosts: shares ? {} : { photo: largest([view.photo]), product: largest([view.product]) },
    maps: { photo: view.photo, product: view.product },
    rings: {},
  };
}

/**
 * What the places of the other picture have in common with the picked one.
 *
 * @param {Why} why
 * @param {number[][]} pairs
 * @param {Picked} picked
 * @returns {Layers}
 */
function pairLayers(why, pairs, { place, at }) {
  const other = place === "photo" ? "product" : "photo";
  const values = place === "photo" ? pairs[at] : pairs.map((row) => row[at]);
  const most = Math.max(...values);
  const grid = why.views.score[other];
  /** @type {Record<Place, Grid | null>} */
  const maps = { photo: null, product: null };
  if (grid) maps[other] = { ...grid, values };
  return {
    unit: "pair",
    amount: true,
    most: Math.max(most, LEAST),
    mosts: {},
    maps,
    rings: { [place]: at, [other]: values.indexOf(most) },
  };
}

/** @param {(Grid | null)[]} maps @returns {number} */
function largest(maps) {
  let most = LEAST;
  for (const map of maps) {
    for (const value of map?.values ?? []) most = Math.max(most, Math.abs(value));
  }
  return most;
}
