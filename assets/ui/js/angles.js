/**
 * The further pictures of an opened card (search/ui/render/angles.py): a click or the arrow keys show one
 * large. Maps belong to the first picture, which stays where it is, under the others.
 */

import { all, make, one } from "./dom.js";
import { entryAfter } from "./keys.js";

/** @param {HTMLElement} card */
export function openAngles(card) {
  const strip = one("[data-angles]", card);
  const frame = one("[data-angle-frame]", card);
  const first = frame?.querySelector("img");
  if (!strip || !frame || !first) return;
  const buttons = all("[data-angle]", strip);
  const other = frame.appendChild(make("img", "angle-shown"));
  let chosen = 0;

  /** @param {number} at */
  async function choose(at) {
    chosen = at;
    for (const [each, button] of buttons.entries()) {
      button.setAttribute("aria-checked", String(each === at));
      button.tabIndex = each === at ? 0 : -1;
    }
    if (at) {
      other.src = buttons[at].dataset.angle ?? "";
      other.alt = `${first?.alt}, ${buttons[at].getAttribute("aria-label")}`;
      // What was shown stays until the new picture can be painted.
      await other.decode().catch(() => undefined);
      if (chosen !== at) return;
    }
    card.dataset.angleShown = at ? "other" : "first";
  }

  strip.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-angle]"));
    if (button) choose(buttons.indexOf(button));
  });
  strip.addEventListener("keydown", (event) => {
    const at = entryAfter(event.key, chosen, buttons.length);
    if (at === null) return;
    event.preventDefault();
    choose(at);
    buttons[at].focus();
  });
  // Whoever asks for a map wants to see the picture that it lies on.
  card.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-view], [data-pick], .contrast summary")) choose(0);
  });
  choose(0);
}
