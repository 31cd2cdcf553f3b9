/**
 * What a click does: a table from the data attribute of a button or link to its action.
 *
 * @import { Page } from "./page.js"
 * @import { Facet } from "./state.js"
 */

import { showExpanded } from "./arrivals.js";
import { ask, askLanguage, askMore, askRest, askWords, showDetails, startOver, typeWords } from "./asking.js";
import { searchPart, searchWhole, startPart } from "./crop.js";
import { input, mark, one } from "./dom.js";
import { roomTurned } from "./parts.js";
import { syncParts } from "./photo.js";
import { copyLink } from "./share.js";
import { likeProduct, narrowedTo, withoutPart, withSample, withWords } from "./state.js";
import { switchTheme } from "./theme.js";
import { openCamera, pastePhoto } from "./upload.js";

/**
 * @callback Action
 * @param {Page} page
 * @param {string} value of the attribute
 * @param {HTMLElement} target the button or link
 * @returns {void | Promise<void>}
 */

/** @type {Record<string, Action>} */
const ACTIONS = {
  "data-open": (page, id, target) => showDetails(page, id, target.closest(".card")),
  "data-like": likeThis,
  "data-in": likeThisIn,
  "data-sample": (page, id) => ask(page, withSample(id), { keepPhoto: false }),
  "data-drop": dropPart,
  "data-left": (page, text) => askRest(page, { text }),
  "data-narrow": (page, change) => askRest(page, JSON.parse(change)),
  "data-as-typed": (page) => ask(page, { correct: false }),
  "data-instead-category": (page, value) => {
    typeWords("");
    ask(page, { ...withWords(""), ...narrowedTo(page.state, "category", value) });
  },
  "data-show-more": (page, k) => askMore(page, Number(k)),
  "data-reset": startOver,
  "data-home": startOver,
  "data-again": (page) => ask(page, {}),
  "data-tab": (page, tab) => ask(page, { tab }),
  "data-try": askWords,
  "data-category": (page, value) => narrow(page, "category", value),
  "data-department": (page, value) => narrow(page, "department", value),
  "data-clear-filters": (page) => ask(page, { filters: {} }),
  "data-copy": copyLink,
  "data-lang": (page, lang) => askLanguage(page, lang === "zh" ? "zh" : "en"),
  "data-theme-switch": switchTheme,
  "data-choose": () => input("[data-file]")?.click(),
  "data-camera": openCamera,
  "data-paste": pastePhoto,
  "data-photo-remove": (page) => dropPart(page, "photo"),
  "data-crop": startPart,
  "data-whole": searchWhole,
  "data-room": turnRoom,
  "data-see-part": (page, part) => searchPart(page, JSON.parse(part)),
  "data-words-clear": (page) => {
    input("[data-text]")?.focus();
    askWords(page, "");
  },
  "data-more": toggleExpanded,
  "data-sheet": () => openSheet(true),
  "data-sheet-close": () => openSheet(false),
  "data-skip": () => one("#results")?.focus(),
};

const TARGETS = Object.keys(ACTIONS)
  .flatMap((attribute) => [`button[${attribute}]`, `a[${attribute}]`])
  .join();

/** @param {Page} page */
export function watchClicks(page) {
  document.addEventListener("click", (event) => {
    /** @type {HTMLElement | null} */
    const target = event.target instanceof Element ? event.target.closest(TARGETS) : null;
    const attribute = target?.getAttributeNames().find((name) => Object.hasOwn(ACTIONS, name));
    if (!target || !attribute) return;
    if (target.tagName === "A") event.preventDefault();
    ACTIONS[attribute](page, target.getAttribute(attribute) ?? "", target);
  });
}

/** "More like this" @param {Page} page @param {string} id */
function likeThis(page, id) {
  typeWords("");
  ask(page, likeProduct(id), { keepPhoto: false });
}

/** The same in a colour, which a filter by colour would rule out. @type {Action} */
function likeThisIn(page, colour, target) {
  typeWords(colour);
  const filters = narrowedTo(page.state, "colour", "");
  ask(page, { ...likeProduct(target.dataset.of ?? ""), ...withWords(colour), ...filters }, { keepPhoto: false });
}

/** On a phone the filters are a sheet over the page. @param {boolean} open */
export function openSheet(open) {
  mark("sheetOpen", open ? "open" : null);
  one(open ? ".refine__top [data-sheet-close]" : "[data-sheet]")?.focus();
}

/** @param {Page} page @param {string} drop */
function dropPart(page, drop) {
  if (drop === "text") typeWords("");
  ask(page, withoutPart(page.state, drop), { keepPhoto: drop !== "photo" });
}

/** A chip or a "see all" of the shop; without a value it is all of it again. @param {Page} page @param {Facet} facet @param {string} value */
function narrow(page, facet, value) {
  ask(page, narrowedTo(page.state, facet, value), { chip: `.chip[data-${facet}="${CSS.escape(value)}"]` });
}

/** @param {Page} page */
function turnRoom(page) {
  ask(page, roomTurned(page.state));
  syncParts(page);
}

/** @type {Action} */
function toggleExpanded(page, name, target) {
  if (!page.expanded.delete(name)) page.expanded.add(name);
  const facet = target.closest(".facet");
  if (facet) showExpanded(page, facet, name);
}
