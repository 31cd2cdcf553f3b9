/**
 * What happens when Gradio has drawn an answer into one of the page's components.
 *
 * @import { Page } from "./page.js"
 */

import { openAngles } from "./angles.js";
import { showDetails, syncWords } from "./asking.js";
import { cardOf } from "./cards.js";
import { detailsDialog } from "./dialog.js";
import { all, input, one, paintRange, root, watchImages } from "./dom.js";
import { openFigures } from "./figures.js";
import { openMaps } from "./maps/open.js";
import { syncPhoto } from "./photo.js";
import { stateOf } from "./state.js";
import { addressOf, untouched } from "./text.js";
import { labelTheme } from "./theme.js";
import { resume } from "./travel.js";
import { startWaiting } from "./waiting.js";

/** @type {Record<string, (page: Page) => void>} Component -> what to do when its new value is there. */
export const ARRIVALS = {
  header: headerArrived,
  rail: railArrived,
  refine: refineArrived,
  results: resultsArrived,
  details: detailsArrived,
};

/** @param {Page} page */
function headerArrived(page) {
  const holder = one("[data-words]");
  if (!holder) return;
  page.words = JSON.parse(holder.dataset.words ?? "{}");
  root.lang = holder.dataset.pageLang ?? "en";
  labelTheme(page);
}

/** @param {Page} page */
function railArrived(page) {
  const field = input("[data-text]");
  if (field) field.value = page.draft ?? page.state.text;
  page.draft = null;
  syncPhoto(page);
  syncWords();
}

/** Gradio rewrites attributes in place; what was typed or ticked lives in properties. @param {Page} page */
function refineArrived(page) {
  const refine = one("#refine");
  if (!refine || !page.asking.isCurrent(requestOf("refine"))) return;
  for (const control of refine.querySelectorAll("input")) syncControl(control);
  for (const facet of all("details[data-facet]", refine)) syncFacet(page, /** @type {HTMLDetailsElement} */ (facet));
}

/** @param {HTMLInputElement} control */
function syncControl(control) {
  const choice = control.type === "radio" || control.type === "checkbox";
  if (control === document.activeElement && !choice) return; // somebody is typing
  control.checked = control.defaultChecked;
  if (!choice) control.value = control.defaultValue;
  if (control.type === "range") paintRange(control);
}

/** @param {Page} page @param {HTMLDetailsElement} facet */
function syncFacet(page, facet) {
  const name = facet.dataset.facet ?? "";
  facet.open = page.opened.get(name) ?? facet.open;
  showExpanded(page, facet, name);
}

/** All values of a facet, or its first ones, as the reader chose. @param {Page} page @param {Element} facet @param {string} name */
export function showExpanded(page, facet, name) {
  const expanded = page.expanded.has(name);
  facet.classList.toggle("facet--all", expanded);
  const more = one("[data-more]", facet);
  if (!more) return;
  more.dataset.all ||= more.textContent ?? "";
  more.textContent = expanded ? page.words.show_fewer : more.dataset.all;
}

/** @param {Page} page */
function resultsArrived(page) {
  const results = one("#results");
  if (!results?.dataset.page) return;
  const request = requestOf("results");
  if (!page.asking.isCurrent(request)) {
    // Something else was asked in the meantime: this answer is not shown as if it were to that.
    startWaiting(page);
    page.asking.answered(request);
    return;
  }
  page.asking.answered(request);
  page.stopWaiting?.();
  const sent = page.state;
  page.answer = JSON.parse(results.dataset.page);
  page.state = stateOf(page.answer?.state ?? {});
  const field = input("[data-text]");
  if (field && untouched(field.value, sent.text)) field.value = page.state.text;
  watchImages(results);
  if (request === 0 && !sent.upload && resume(page)) return;
  const before = page.asked?.before?.state;
  if (before?.open) page.state = { ...page.state, open: before.open, region: before.region };
  const address = addressOf(location.pathname, page.answer?.link ?? "") ?? location.href;
  page.entries.answered(page.state, page.photoSource, address, page.asked?.further ?? false);
  syncPhoto(page);
  syncWords();
  settle(page, results);
  if (before?.open) showDetails(page, before.open, cardOf(before.open), { again: true });
  else detailsArrived(page);
}

/** After a new answer: its top is in view, and the focus is not lost with a button that went away. @param {Page} page @param {HTMLElement} results */
function settle(page, results) {
  if (!page.asked) return;
  const { from, before } = page.asked;
  if (before) {
    window.scrollTo(0, before.scroll);
    page.asked = null;
    return;
  }
  if (from) {
    goOn(results, from);
    page.asked = null;
    return;
  }
  const above = one("#v-main")?.getBoundingClientRect().top ?? 0;
  if (above < 0) window.scrollBy(0, above);
  if (page.asked.fromResults && (!document.activeElement || document.activeElement === document.body)) {
    const chip = page.asked.chip && one(page.asked.chip, results);
    (chip || results).focus({ preventScroll: true });
  }
  page.asked = null;
}

/** The same results and more: the first new one takes the focus. @param {HTMLElement} results @param {number} from */
function goOn(results, from) {
  const first = all(".card__open", results)[from];
  const fold = /** @type {HTMLDetailsElement | null} */ (first?.closest("details"));
  if (fold) fold.open = true;
  first?.focus({ preventScroll: true });
}

/** @param {Page} page */
function detailsArrived(page) {
  const request = requestOf("details");
  page.showing.answered(request);
  const source = one("#v-details .detail") || one("#v-details .message");
  const wanted = page.state.open;
  if (!source || !wanted || !page.showing.isCurrent(request)) return;
  if (source.dataset.detail && source.dataset.detail !== wanted) return;
  const { dialog, body } = detailsDialog(page);
  body.replaceChildren(source.cloneNode(true));
  watchImages(body);
  dialog.setAttribute("aria-labelledby", "dialog-title");
  const title = one(".detail__title", body);
  if (title) title.id = "dialog-title";
  if (source.dataset.link) page.entries.named(location.pathname + source.dataset.link);
  if (!dialog.open) dialog.showModal();
  const card = one(".detail", body);
  if (!card) return;
  openMaps(card, page.photoUrl);
  openAngles(card);
  openFigures(card);
}

/** The number of the request that a component's value answers (search/ui/layout.py). @param {string} part */
function requestOf(part) {
  return Number(one(`#v-${part} [data-request]`)?.dataset.request ?? 0);
}
