/**
 * A dot on each object of the photo: buttons with the object's number and name, one of them in the Tab order, arrow
 * keys to the others. A tap on the object itself chooses it as well.
 *
 * @import { Thing } from "./parts.js"
 */

import { all, make, makeButton, one } from "./dom.js";
import { entryAfter } from "./keys.js";
import { fill } from "./text.js";

/**
 * Dots where the objects are; those that are there already stay, and with them the focus.
 *
 * @param {Thing[]} things
 * @param {number} chosen -1 for none
 * @param {Record<string, string>} words
 */
export function paintDots(things, chosen, words) {
  const holder = one("[data-dots]");
  if (!holder) return;
  const places = JSON.stringify(things.map(({ at }) => at));
  if (holder.dataset.dots !== places) {
    holder.dataset.dots = places;
    holder.replaceChildren(...things.map(makeDot));
  }
  holder.hidden = !things.length;
  holder.setAttribute("aria-label", fill(words.dots_label ?? "", { count: String(things.length) }));
  const reachable = Math.max(chosen, 0);
  for (const [at, dot] of dots().entries()) {
    dot.setAttribute("aria-label", things[at].label);
    dot.setAttribute("aria-pressed", String(at === chosen));
    dot.tabIndex = at === reachable ? 0 : -1;
    const name = one(".thing__name", dot);
    if (name) name.textContent = things[at].title;
  }
}

export function watchDots() {
  document.addEventListener("keydown", (event) => {
    const from = dots().indexOf(/** @type {HTMLElement} */ (event.target));
    if (from < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = entryAfter(event.key, from, dots().length);
    if (to === null) return;
    event.preventDefault();
    for (const [at, dot] of dots().entries()) dot.tabIndex = at === to ? 0 : -1;
    dots()[to].focus();
  });
}

/** @param {Thing} thing @param {number} at */
function makeDot(thing, at) {
  const dot = makeButton("thing", "");
  dot.dataset.thing = String(at);
  dot.style.left = `${thing.at[0] * 100}%`;
  dot.style.top = `${thing.at[1] * 100}%`;
  const name = make("span", "thing__name");
  name.dataset.side = thing.at[0] > 0.5 ? "left" : "right";
  dot.append(name);
  return dot;
}

/** @returns {HTMLElement[]} */
function dots() {
  return all("[data-dots] .thing");
}
