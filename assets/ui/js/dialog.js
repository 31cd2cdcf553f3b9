/**
 * The dialog in which a card opens.
 *
 * @import { Page } from "./page.js"
 */

import { make, makeButton, one } from "./dom.js";
import { closed } from "./state.js";
import { addressOf } from "./text.js";

/** @returns {HTMLDialogElement | null} */
export function openDialog() {
  return document.querySelector("dialog.details[open]");
}

/** The dialog and its body, made when first needed. @param {Page} page */
export function detailsDialog(page) {
  const dialog = /** @type {HTMLDialogElement | null} */ (one("dialog.details")) || makeDialog(page);
  const close = /** @type {HTMLElement} */ (one(".details__close", dialog));
  close.setAttribute("aria-label", page.words.close || "Close");
  close.title = page.words.close || "Close";
  return { dialog, body: /** @type {HTMLElement} */ (one(".details__body", dialog)) };
}

export function closeDetails() {
  openDialog()?.close();
}

/**
 * What stands in the dialog until the details come: the picture is there already, the rest follows.
 *
 * @param {HTMLImageElement | null} image
 * @param {string} title
 * @returns {HTMLElement}
 */
export function waitingDetail(image, title) {
  const detail = make("div", "detail detail--waiting");
  const pictures = make("div", "detail__pictures");
  const picture = pictures.appendChild(make("div", "detail__picture"));
  if (image) {
    const copy = make("img");
    copy.src = image.src;
    copy.alt = "";
    picture.append(copy);
  }
  const body = make("div", "detail__body");
  body.append(make("h2", "detail__title", title), make("i"), make("i"), make("i"));
  detail.append(pictures, body);
  return detail;
}

/** @param {Page} page @returns {HTMLDialogElement} */
function makeDialog(page) {
  const dialog = make("dialog", "details");
  dialog.append(closeButton(dialog), make("div", "details__body"));
  dialog.addEventListener("close", () => {
    if (page.asked) return; // what is asked has said already what is open
    page.state = closed(page.state);
    page.entries.closed(page.state, addressOf(location.pathname, page.answer?.link ?? "") ?? location.href);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside the panel
  });
  document.body.append(dialog);
  return dialog;
}

/** @param {HTMLDialogElement} dialog */
function closeButton(dialog) {
  const button = makeButton("icon-button icon-button--on-photo details__close", "");
  button.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#icon-cross"></use></svg>';
  button.addEventListener("click", () => dialog.close());
  return button;
}
