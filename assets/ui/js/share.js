/**
 * Copying the link, and the short message that says so.
 *
 * @import { Page } from "./page.js"
 */

import { openDialog } from "./dialog.js";
import { make, one } from "./dom.js";

/** ms that a message stays. */
const SHOWN = 2600;

/** @param {Page} page */
export async function copyLink(page) {
  const copied = await copyText(location.href);
  const said = page.state.upload ? page.words.copied_private : page.words.copied;
  toast(copied ? said : location.href);
}

/** @param {string} text @returns {Promise<boolean>} whether it is in the clipboard now */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed, as in some embedded frames: the old way, from a field.
    const field = make("textarea");
    field.value = text;
    (document.querySelector("dialog[open]") || document.body).append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

/** @param {string} text */
function toast(text) {
  const dialog = openDialog();
  // A modal dialog covers everything outside of it, so the message goes inside.
  const shown = dialog ? dialog.appendChild(make("p", "toast")) : one("[data-toast]");
  if (!shown) return;
  shown.setAttribute("role", "status");
  shown.textContent = text;
  shown.classList.add("is-shown");
  setTimeout(() => (dialog ? shown.remove() : shown.classList.remove("is-shown")), SHOWN);
}
