/**
 * The page in the browser: holds the state, asks the server for what a new state looks like, and keeps the
 * controls, the address bar and the photo in step. The server draws everything else (search/ui/render).
 *
 * @import { GradioPart } from "./page.js"
 */

import { watchClicks } from "./actions.js";
import { ARRIVALS } from "./arrivals.js";
import { watchCards } from "./cards.js";
import { watchControls } from "./controls.js";
import { watchDrawing } from "./crop.js";
import { watchDots } from "./dots.js";
import { Entries } from "./entries.js";
import { createPage } from "./page.js";
import { Requests } from "./requests.js";
import { watchSuggestions } from "./suggestions.js";
import { watchTheme } from "./theme.js";
import { watchHistory } from "./travel.js";
import { noAnswer, noDetails } from "./waiting.js";

const page = createPage(send, Requests, new Entries(history));

watchTheme(page);
watchClicks(page);
watchControls(page);
watchDrawing(page);
watchDots();
watchHistory(page);
watchSuggestions(page);
watchCards();

/**
 * Trigger an event of a Gradio component; Gradio drops one that it does not know without a word.
 *
 * @param {string} name
 * @param {string} event
 * @param {object} data
 */
function send(name, event, data) {
  const part = page.parts.get(name);
  if (!part?.asks.includes(event)) throw new Error(`search/ui/layout.py wires no event "${event}" of "${name}".`);
  part.trigger(event, data);
}

/**
 * Called by every gr.HTML of the page when it is there; see search/ui/layout.py.
 *
 * @param {string} name
 * @param {GradioPart} part
 */
export function mount(name, part) {
  page.parts.set(name, part);
  const arrive = () => {
    try {
      ARRIVALS[name](page);
    } catch (error) {
      console.error(error);
    }
  };
  part.watch("value", arrive);
  arrive();
}

/** Called when Gradio got no answer for "results" or "details": the queue is full, say. @param {string} name */
export function failed(name) {
  if (name === "details") {
    if (page.showing.failed()) noDetails(page);
  } else if (page.asking.failed() && page.stopWaiting) {
    noAnswer(page);
  }
}
