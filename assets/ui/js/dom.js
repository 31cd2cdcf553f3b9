/** Elements of the page, found and made. Every value goes in as text, never as markup. */

/** Its data attributes say what the page is doing; the style sheets read them. */
export const root = document.documentElement;

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement | null}
 */
export function one(selector, within = document) {
  return within.querySelector(selector);
}

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLInputElement | null}
 */
export function input(selector, within = document) {
  return within.querySelector(selector);
}

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement[]}
 */
export function all(selector, within = document) {
  return Array.from(within.querySelectorAll(selector));
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** @param {string} className @param {string} text @returns {HTMLButtonElement} */
export function makeButton(className, text) {
  const button = make("button", className, text);
  button.type = "button";
  return button;
}

/**
 * A data attribute of the root element that is there or not; without a value it goes.
 *
 * @param {string} name as in dataset
 * @param {string | null} value
 */
export function mark(name, value) {
  if (value === null) delete root.dataset[name];
  else root.dataset[name] = value;
}

/** A picture that cannot be had is shown as a blank. @param {ParentNode} within */
export function watchImages(within) {
  for (const image of within.querySelectorAll("img")) {
    image.onerror = () => image.classList.add("is-broken");
  }
}

/** The part of a slider that is filled. @param {HTMLInputElement} range */
export function paintRange(range) {
  range.style.setProperty("--at", `${range.value}%`);
}
