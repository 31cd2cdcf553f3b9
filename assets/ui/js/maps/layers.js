/**
 * Which maps lie on the pictures now, and what the legend says.
 *
 * @import { Grid } from "./grid.js"
 * @import { Pieces } from "./pieces.js"
 */

import { middleOf } from "./pieces.js";

/**
 * @typedef {"photo" | "product"} Place a picture of the card
 *
 * @typedef {Object} View one of the things that can be shown on the pictures
 * @property {"score" | "next" | "attribute"} unit what its numbers are
 * @property {number} value
 * @property {string} shown what is said when it is shown
 * @property {Record<Place, string>} said where in each picture it comes from, in words
 * @property {Grid | null} photo
 * @property {Grid | null} product
 *
 * @typedef {Object} Why the value of a card's data-why (search/ui/render/why.py)
 * @property {number} score
 * @property {Record<string, View>} views by their name; "score" is always there
 * @property {Pairs | null} pairs
 * @property {Record<string, string>} say
 *
 * @typedef {Record<Place, Pieces> & { alike: number[][] }} Pairs what each piece of the photo (row) shares with each of the
 *   product
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
  return picked && why.pairs ? pairLayers(why.pairs, picked) : viewLayers(why, name);
}

/**
 * What stands at the two ends of the legend's bar.
 *
 * @param {Layers} layers
 * @param {Why} why
 * @returns {[low: string, high: string]}
 */
export function legendEnds(layers, why) {
  const unit = layers.unit === "score" && !layers.amount ? "sign" : layers.unit;
  return [why.say[`low_${unit}`], why.say[`high_${unit}`]];
}

/** Whether any picture has a map: where all of both counts alike, there is nothing to show and no scale. @param {Layers} layers */
export function hasMap(layers) {
  return layers.maps.photo !== null || layers.maps.product !== null;
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
 * What the pieces of the other picture have in common with that of the picked cell. The picked piece itself is marked in
 * its own picture; a cell of no piece has no partner.
 *
 * @param {Pairs} pairs
 * @param {Picked} picked
 * @returns {Layers}
 */
function pairLayers(pairs, { place, at }) {
  const other = place === "photo" ? "product" : "photo";
  const piece = pairs[place].pieces[at];
  const alike = place === "photo" ? pairs.alike[piece] : pairs.alike.map((row) => row[piece]);
  const most = piece < 0 ? LEAST : Math.max(...alike, LEAST);
  const best = piece < 0 ? -1 : alike.indexOf(Math.max(...alike));
  /** @type {(pieces: Pieces, value: (piece: number) => number) => Grid} */
  const filled = ({ pieces, h, w, window }, value) => ({ h, w, window, values: pieces.map(value), rest: null });
  /** @type {Record<Place, Grid | null>} */
  const maps = { photo: null, product: null };
  // Beside the partner the next best are faint: the square leaves little of half as much.
  maps[other] = filled(pairs[other], (each) => (each < 0 || piece < 0 ? 0 : alike[each] ** 2 / most));
  maps[place] = filled(pairs[place], (each) => (each === piece && piece >= 0 ? most : 0));
  const middles = { [place]: middleOf(pairs[place], piece), [other]: middleOf(pairs[other], best) };
  return {
    unit: "pair",
    amount: true,
    most,
    mosts: {},
    maps,
    rings: Object.fromEntries(Object.entries(middles).filter(([, cell]) => cell !== null)),
  };
}

/** @param {(Grid | null)[]} maps @returns {number} */
function largest(maps) {
  let most = LEAST;
  for (const map of maps) {
    for (const value of Array.from(map?.values ?? [])) most = Math.max(most, Math.abs(value));
  }
  return most;
}
