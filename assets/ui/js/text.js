/** Small pieces of text. */

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
