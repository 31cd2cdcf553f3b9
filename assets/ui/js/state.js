/**
 * The state of the page, and the pure functions that make a new one from it. Nothing here knows the DOM.
 *
 * @import { Region } from "./region.js"
 */

/**
 * A field that can be narrowed by; FACETS of search/ui/state.py.
 *
 * @typedef {"department" | "category" | "colour" | "gender" | "material" | "pattern" | "brand"} Facet
 */

/**
 * The ticked values of every narrowed facet, and the price from lowest to highest (null: no limit).
 *
 * @typedef {Partial<Record<Facet, string[]>> & { price?: [number | null, number | null] }} Filters
 */

/**
 * One state of the page: the message of search/ui/state.py (`State.message`), key for key. The browser
 * holds it, sends it with every request, and takes over what the server made of it.
 *
 * @typedef {Object} State
 * @property {string} text the words
 * @property {boolean} correct whether typing errors in the words are corrected
 * @property {boolean} read_photo whether the kind that the photo shows counts
 * @property {string[]} exclude phrases that must not apply
 * @property {string | null} like a product's id; at most one of like, sample and upload is set
 * @property {string | null} sample a sample photo's id
 * @property {string | null} upload the path of the visitor's photo in the server's upload folder
 * @property {Region | null} region the part of the photo; null while nobody chose one
 * @property {boolean} room whether there is a row of results for each object of the photo; the region is then that of
 *   the row whose card is open
 * @property {number} balance 0 (photo only) to 1 (words only)
 * @property {number} k how many results
 * @property {Filters} filters
 * @property {"en" | "zh"} lang
 * @property {string | null} open the product whose details are open
 * @property {string} tab the name of the tab
 * @property {string} shown names the header and the rail that the browser has: others are sent only if they differ
 */

/** @type {Readonly<State>} What the page says before the first answer; the defaults of search/ui/state.py. */
export const EMPTY = Object.freeze({
  text: "",
  correct: true,
  read_photo: true,
  exclude: [],
  like: null,
  sample: null,
  upload: null,
  region: null,
  room: false,
  balance: 0.5,
  k: 24,
  filters: {},
  lang: "en",
  open: null,
  tab: "search",
  shown: "",
});

/** No photo, whatever it was. @satisfies {Partial<State>} */
const NO_PHOTO = { upload: null, sample: null, like: null, region: null, room: false, read_photo: true };

/** What makes it another search when it changes. @type {(keyof State)[]} */
const ANOTHER = ["text", "correct", "read_photo", "exclude", "like", "sample", "upload", "region", "room", "filters"];

/** A state in full: what the message leaves out is as in EMPTY. @param {Partial<State>} message @returns {State} */
export function stateOf(message) {
  return { ...EMPTY, ...message };
}

/**
 * The state after a change. An opened card closes, and of another search `size` results are asked for again.
 *
 * @type {(state: State, change: Partial<State>, size?: number) => State}
 */
export function changed(state, change, size = state.k) {
  const k = ANOTHER.some((name) => name in change) ? size : state.k;
  return closed({ ...state, k, ...change });
}

/** The state when no card is open. @param {State} state @returns {State} */
export function closed(state) {
  return { ...state, open: null, region: state.room ? null : state.region };
}

/** Nothing is asked any more; only the language stays. @param {State} state @returns {State} */
export function startedOver({ lang, shown }) {
  return { ...EMPTY, lang, shown };
}

/** Other words, corrected again. @param {string} text @returns {Partial<State>} */
export function withWords(text) {
  return { text, correct: true };
}

/** @param {string} upload @returns {Partial<State>} */
export function withUpload(upload) {
  return { ...NO_PHOTO, upload };
}

/** @param {string} sample @returns {Partial<State>} */
export function withSample(sample) {
  return { ...NO_PHOTO, sample };
}

/** "More like this": the product alone is asked. @param {string} like @returns {Partial<State>} */
export function likeProduct(like) {
  return { ...NO_PHOTO, ...withWords(""), like, exclude: [] };
}

/**
 * What the cross of a chip removes: `drop` of Part in search/ui/render/sentence.py.
 *
 * @param {State} state
 * @param {string} drop
 * @returns {Partial<State>}
 */
export function withoutPart(state, drop) {
  const [kind, value] = splitAtColon(drop);
  if (kind === "photo") return { ...NO_PHOTO };
  if (kind === "seen") return { read_photo: false };
  if (kind === "text") return withWords("");
  if (kind === "exclude") return { exclude: state.exclude.filter((phrase) => phrase !== value) };
  const name = /** @type {Facet | "price"} */ (kind === "price" ? "price" : value);
  const { [name]: _, ...filters } = state.filters;
  return { filters };
}

/**
 * One value of a facet and no other; without a value the facet no longer narrows.
 *
 * @param {State} state
 * @param {Facet} facet
 * @param {string} value
 * @returns {Partial<State>}
 */
export function narrowedTo(state, facet, value) {
  const { [facet]: _, ...others } = state.filters;
  return { filters: value ? { ...others, [facet]: [value] } : others };
}

/**
 * A further phrase that must not apply; null where there is nothing to add.
 *
 * @param {State} state
 * @param {string} phrase
 * @returns {Partial<State> | null}
 */
export function excluding(state, phrase) {
  const wanted = phrase.trim();
  return wanted && !state.exclude.includes(wanted) ? { exclude: [...state.exclude, wanted] } : null;
}

/**
 * The filters as the rail's controls say them. The department has no control there: it stays.
 *
 * @param {State} state
 * @param {Iterable<readonly [string, string[]]>} ticked facet and its ticked values
 * @param {string} low the lowest price as it was typed; "" for no limit
 * @param {string} high
 * @returns {Filters}
 */
export function filtersOf(state, ticked, low, high) {
  /** @type {Filters} */
  const filters = state.filters.department ? { department: state.filters.department } : {};
  for (const [facet, values] of ticked) {
    if (values.length) filters[/** @type {Facet} */ (facet)] = values;
  }
  const limits = [low, high].map((typed) => (typed === "" ? null : Number(typed)));
  if (limits.some((limit) => limit !== null)) filters.price = [limits[0], limits[1]];
  return filters;
}

/** @param {string} text @returns {[string, string]} before the first colon, and after it */
function splitAtColon(text) {
  const at = text.indexOf(":");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
