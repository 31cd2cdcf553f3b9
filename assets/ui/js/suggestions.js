/**
 * Suggestions under the field of the words: a combobox with a list (WAI-ARIA Authoring Practices 1.2, "Editable
 * combobox with list autocomplete"). The focus stays in the field; arrows choose, Enter takes, Escape closes.
 *
 * @import { Page } from "./page.js"
 */

import { typeWords } from "./asking.js";
import { all, input, make, one } from "./dom.js";
import { Latest, optionAfter } from "./latest.js";
import { fill } from "./text.js";

/** ms that typing has to rest. */
const REST = 80;
/** search/ui/layout.py; relative, so that it stays right behind a proxy's prefix. */
const ADDRESS = "gradio_api/run/suggest";

/** @typedef {{ text: string, kind: string }} Suggestion */

/** @param {Page} page */
export function watchSuggestions(page) {
  const latest = new Latest();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  let chosen = -1;

  /** Nothing that is still on its way is shown any more. */
  function close() {
    clearTimeout(resting);
    latest.next();
    chosen = -1;
    draw(page, []);
  }

  async function look() {
    const typed = field()?.value ?? "";
    const number = latest.next();
    const found = typed.trim() ? await suggested(typed, page.state.lang) : [];
    if (!latest.is(number) || document.activeElement !== field()) return;
    chosen = -1;
    draw(page, found);
  }

  /** @param {string} text */
  function take(text) {
    close();
    typeWords(text);
    field()?.form?.requestSubmit();
  }

  document.addEventListener("input", (event) => {
    if (!isField(event.target) || /** @type {InputEvent} */ (event).isComposing) return;
    clearTimeout(resting);
    resting = setTimeout(look, REST);
  });
  document.addEventListener("compositionend", (event) => isField(event.target) && look());
  document.addEventListener("submit", close);
  document.addEventListener("focusout", (event) => isField(event.target) && close());
  // Before the field loses the focus, and with it the list.
  document.addEventListener("pointerdown", (event) => optionOf(event.target) && event.preventDefault());
  document.addEventListener("mousedown", (event) => optionOf(event.target) && event.preventDefault());
  document.addEventListener("click", (event) => {
    const option = optionOf(event.target);
    if (option) take(option.dataset.suggestion ?? "");
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const options = all("#suggestions [role=option]");
      if (!isField(event.target) || event.isComposing || !options.length) return;
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && chosen >= 0) take(options[chosen].dataset.suggestion ?? "");
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        chosen = optionAfter(event.key, chosen, options.length);
        markChosen(options, chosen);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
}

/** @param {string} typed @param {string} lang @returns {Promise<Suggestion[]>} none where the server does not answer */
async function suggested(typed, lang) {
  try {
    const response = await fetch(new URL(ADDRESS, document.baseURI), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ data: [typed, lang] }),
    });
    return response.ok ? (await response.json()).data[0] : [];
  } catch {
    return [];
  }
}

/** @param {Page} page @param {Suggestion[]} found */
function draw(page, found) {
  const list = one("#suggestions");
  const said = one("[data-suggested]");
  if (!list || !said || (!found.length && list.hidden)) return;
  list.replaceChildren(
    ...found.map(({ text, kind }, at) => {
      const option = make("li", "suggestion");
      option.id = `suggestion-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.suggestion = text;
      option.append(make("span", "suggestion__text", text), make("span", "suggestion__kind", kind));
      return option;
    }),
  );
  list.hidden = !found.length;
  field()?.setAttribute("aria-expanded", String(found.length > 0));
  field()?.removeAttribute("aria-activedescendant");
  const { suggestions_one, suggestions_count } = page.words;
  said.textContent = found.length === 1 ? suggestions_one : fill(suggestions_count, { count: String(found.length) });
  if (!found.length) said.textContent = "";
}

/** @param {HTMLElement[]} options @param {number} chosen -1 for the field itself */
function markChosen(options, chosen) {
  for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === chosen));
  if (chosen < 0) field()?.removeAttribute("aria-activedescendant");
  else field()?.setAttribute("aria-activedescendant", options[chosen].id);
  options[chosen]?.scrollIntoView({ block: "nearest" });
}

/** @returns {HTMLInputElement | null} */
function field() {
  return input("[data-text]");
}

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof Element && target.matches("[data-text]");
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function optionOf(target) {
  return target instanceof Element ? target.closest("#suggestions [role=option]") : null;
}
