/**
 * Light and dark. The head of the document has set data-theme before the first paint (search/ui/theme.py);
 * from then on it is kept here.
 *
 * @import { Page } from "./page.js"
 */

import { one, root } from "./dom.js";

const KEY = "vitrine-theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** Follow the system until the reader chooses. @param {Page} page */
export function watchTheme(page) {
  applyTheme(page, chosenTheme());
  dark.addEventListener("change", () => applyTheme(page, chosenTheme()));
}

/** @param {Page} page */
export function switchTheme(page) {
  const next = root.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // It lasts until the page is closed.
  }
  applyTheme(page, next);
}

/** The switch says what it would do. @param {Page} page */
export function labelTheme(page) {
  const button = one("[data-theme-switch]");
  if (!button || !page.words.to_dark) return;
  const label = root.dataset.theme === "dark" ? page.words.to_light : page.words.to_dark;
  button.setAttribute("aria-label", label);
  button.title = label;
}

/** @param {Page} page @param {string} theme */
function applyTheme(page, theme) {
  root.dataset.theme = theme;
  document.body?.classList.toggle("dark", theme === "dark"); // Gradio's own class
  labelTheme(page);
}

/** @returns {string} */
function chosenTheme() {
  let chosen = null;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // No storage, as in some embedded frames: the system's choice it is.
  }
  return chosen || (dark.matches ? "dark" : "light");
}
