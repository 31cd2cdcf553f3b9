/** Small pieces of text, and numbers as the page writes them. */

/** As wide as the plus, so that figures stay in line. */
const MINUS = "\u2212";

/**
 * A sentence with its {names} filled in; a name without a value stays as it is.
 *
 * @param {string} text
 * @param {Record<string, string>} values
 * @returns {string}
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}

/** @param {number} value a fraction @param {number} [digits] @returns {string} */
export function percent(value, digits = 0) {
  return `${value < 0 ? MINUS : ""}${(Math.abs(value) * 100).toFixed(digits)}%`;
}

/** A share of a score with its sign. @param {number} value @returns {string} */
export function points(value) {
  return `${value < 0 ? MINUS : "+"}${Math.abs(value).toFixed(3)}`;
}

/**
 * The address that shows a link: the page's own path with the link's query.
 *
 * @param {string} path
 * @param {string} link a query string with its "?", or nothing
 * @returns {string | null} null where there is no link to show
 */
export function addressOf(path, link) {
  return link ? path + link : null;
}

/**
 * Whether words in the field may be replaced by the answer's: not if they were changed since they were sent.
 *
 * @param {string} typed what stands in the field
 * @param {string} sent what was asked
 * @returns {boolean}
 */
export function untouched(typed, sent) {
  return typed.trim() === sent.trim();
}
