/**
 * The maps on an opened card: draws the numbers that search/ui/render/why.py sent over the pictures, and
 * answers what is asked of them: another view, a place and its partner, grid or smooth.
 *
 * @import { Picked, Place, Why } from "./layers.js"
 */

import { all, one } from "../dom.js";
import { arrow } from "../keys.js";
import { legendGradient } from "./colour.js";
import { cellAt, contained, unpacked } from "./grid.js";
import { hasMap, layersOf, legendEnds } from "./layers.js";
import { paintPlace } from "./paint.js";
import { firstCell, nextCell } from "./pieces.js";

/** How strongly a map is laid over a picture. */
const OPACITY = 0.5;

/**
 * @typedef {Object} Maps
 * @property {HTMLElement} card
 * @property {Why} why
 * @property {string} name the view that is shown
 * @property {Picked | null} picked
 * @property {import("./paint.js").Look} look
 * @property {string} hint what is said while the score is shown
 */

/**
 * Bring a card's maps to life.
 *
 * @param {HTMLElement} card
 * @param {string | null} photo the visitor's own photo, which only the browser has
 */
export function openMaps(card, photo) {
  if (!card.dataset.why) return;
  /** @type {Maps} */
  const maps = {
    card,
    why: readWhy(card.dataset.why),
    name: "score",
    picked: null,
    look: { raw: false, opacity: OPACITY },
    hint: one("[data-stage-said]", card)?.textContent ?? "",
  };
  for (const image of card.querySelectorAll("img")) {
    if (photo && "upload" in image.dataset) image.src = photo;
  }
  for (const figure of all(".place", card)) watchPlace(maps, figure);
  watchViews(maps);
  card.addEventListener("input", (event) => changeLook(maps, /** @type {HTMLInputElement} */ (event.target)));
  show(maps, "score", { quiet: true });
}

/** @param {string} sent the value of `data-why` @returns {Why} */
function readWhy(sent) {
  const why = JSON.parse(sent);
  for (const view of Object.values(why.views)) {
    for (const place of ["photo", "product"]) view[place] = view[place] && unpacked(view[place]);
  }
  return why;
}

/** @param {Maps} maps @param {HTMLElement} figure */
function watchPlace(maps, figure) {
  const paint = () => draw(maps);
  one("img", figure)?.addEventListener("load", paint);
  new ResizeObserver(paint).observe(figure);
  const button = one("[data-pick]", figure);
  if (!button) return;
  button.hidden = !maps.why.pairs;
  button.addEventListener("click", (event) => pickAt(maps, figure, event));
  button.addEventListener("keydown", (event) => pickByKey(maps, figure, event));
}

/** @param {Maps} maps */
function watchViews(maps) {
  for (const button of all("[data-view]", maps.card)) {
    const view = button.dataset.view ?? "score";
    // A second click on what is shown goes back to the score.
    button.addEventListener("click", () => show(maps, view === maps.name && !maps.picked ? "score" : view));
  }
  const contrast = /** @type {HTMLDetailsElement | null} */ (one("details.contrast", maps.card));
  if (contrast && maps.why.views.next) {
    contrast.addEventListener("toggle", () => show(maps, contrast.open ? "next" : "score"));
  }
}

/** @param {Maps} maps @param {HTMLInputElement} control */
function changeLook(maps, control) {
  if ("map" in control.dataset) maps.look.opacity = control.checked ? OPACITY : 0;
  else if ("raw" in control.dataset) maps.look.raw = control.checked;
  else return;
  draw(maps);
}

/** @param {Maps} maps @param {string} name @param {{ quiet?: boolean }} [options] */
function show(maps, name, { quiet = false } = {}) {
  maps.name = maps.why.views[name] ? name : "score";
  maps.picked = null;
  say(maps, quiet || maps.name === "score" ? maps.hint : maps.why.views[maps.name].shown);
  draw(maps);
}

/** @param {Maps} maps @param {string} text */
function say(maps, text) {
  const holder = one("[data-stage-said]", maps.card);
  if (holder && holder.textContent !== text) holder.textContent = text;
}

/** @param {Maps} maps */
function draw(maps) {
  const { card, why, name, picked, look } = maps;
  const layers = layersOf(why, name, picked);
  for (const figure of all(".place", card)) {
    const place = placeOf(figure);
    paintPlace(figure, place, why, layers, look);
    const where = one("[data-where]", figure);
    if (where) where.textContent = picked ? "" : why.views[name].said[place];
  }
  for (const button of all("[data-view]", card)) {
    button.setAttribute("aria-pressed", String(!picked && button.dataset.view === name));
  }
  const tools = one(".stage__tools", card);
  if (tools) tools.hidden = !hasMap(layers);
  const legend = one("[data-legend]", card);
  if (!legend) return;
  const [low, high] = legendEnds(layers, why);
  for (const [selector, text] of Object.entries({ "[data-legend-low]": low, "[data-legend-high]": high })) {
    const holder = one(selector, legend);
    if (holder) holder.textContent = text;
  }
  const bar = one("[data-legend-bar]", legend);
  if (bar) bar.style.background = legendGradient(layers.amount);
}

// ---------------------------------------------------------------- places and partners

/** @param {Maps} maps @param {HTMLElement} figure @param {MouseEvent} event */
function pickAt(maps, figure, event) {
  const place = placeOf(figure);
  const pieces = maps.why.pairs?.[place];
  const canvas = figure.querySelector("canvas");
  const image = figure.querySelector("img");
  if (!pieces || !canvas || !image) return;
  // By key there is no point: the middle it is, and the arrow keys go on from there.
  if (event.detail === 0) {
    pick(maps, place, firstCell(pieces));
    return;
  }
  const picture = { width: image.naturalWidth, height: image.naturalHeight };
  const box = contained(picture, canvas.clientWidth, canvas.clientHeight);
  const edge = canvas.getBoundingClientRect();
  const x = (event.clientX - edge.left - box.x) / box.width;
  const y = (event.clientY - edge.top - box.y) / box.height;
  const at = cellAt(pieces, x, y);
  const piece = at === null ? -1 : pieces.pieces[at];
  const again = maps.picked?.place === place && pieces.pieces[maps.picked.at] === piece;
  if (at === null || piece < 0 || again) show(maps, "score");
  else pick(maps, place, at);
}

/** @param {Maps} maps @param {HTMLElement} figure @param {KeyboardEvent} event */
function pickByKey(maps, figure, event) {
  const place = placeOf(figure);
  const pieces = maps.why.pairs?.[place];
  const direction = arrow(event.key);
  if (!direction || !pieces) return;
  event.preventDefault();
  const picked = maps.picked?.place === place ? maps.picked.at : null;
  pick(maps, place, picked === null ? firstCell(pieces) : nextCell(pieces, picked, direction));
}

/** @param {Maps} maps @param {Place} place @param {number} at */
function pick(maps, place, at) {
  maps.picked = { place, at };
  say(maps, maps.why.say.partner);
  draw(maps);
}

/** @param {HTMLElement} figure @returns {Place} */
function placeOf(figure) {
  return figure.dataset.place === "photo" ? "photo" : "product";
}
