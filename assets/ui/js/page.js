/**
 * What the page knows while it is open, in one object that every function is given.
 *
 * @import { Requests } from "./requests.js"
 * @import { State } from "./state.js"
 */

import { EMPTY } from "./state.js";

/**
 * What comes with every answer (`data-page` of #results, see search/ui/render).
 *
 * @typedef {Object} Answer
 * @property {State} state as the server understood it
 * @property {string} link the query string that opens it again
 * @property {string | null} photo the address of a sample's or a product's picture
 * @property {string} photoLabel
 * @property {string} title
 */

/**
 * What Gradio gives a gr.HTML component's script, and what search/ui/layout.py says of it.
 *
 * @typedef {Object} GradioPart
 * @property {(event: string, data?: object) => void} trigger
 * @property {(file: File) => Promise<{ path: string, url: string }>} upload
 * @property {(property: string, callback: () => void) => void} watch calls back after the new value is drawn
 * @property {string[]} asks the events that the server listens for
 */

/**
 * @typedef {Object} Page
 * @property {State} state what the controls say
 * @property {number} size the number of results that was chosen; "show more" raises only that of the state
 * @property {Answer | null} answer the last one
 * @property {Record<string, string>} words this script's own words in the reader's language
 * @property {string | null} photoUrl the visitor's photo, as this browser holds it; never sent anywhere else
 * @property {number} uploads counts uploads, so that a slow one cannot replace a later one
 * @property {Map<string, GradioPart>} parts Gradio's components by their name
 * @property {Requests<State>} asking for results
 * @property {Requests<State>} showing for an opened card
 * @property {(() => void) | null} stopWaiting ends the wait for an answer; null while nothing is awaited
 * @property {{ fromResults: boolean, chip: string | null, from: number } | null} asked where the focus was when
 *   something was asked, the chip that takes it over, and how many cards stay; null while nothing is
 * @property {string | null} draft words typed but not yet searched, while the language changes around them
 * @property {Map<string, boolean>} opened facets that the reader opened or closed
 * @property {Set<string>} expanded facets that are shown in full
 */

/**
 * @param {(part: string, event: string, data: object) => void} send triggers an event of a Gradio component
 * @param {typeof Requests} Queue
 * @returns {Page}
 */
export function createPage(send, Queue) {
  return {
    state: { ...EMPTY },
    size: EMPTY.k,
    answer: null,
    words: {},
    photoUrl: null,
    uploads: 0,
    parts: new Map(),
    asking: new Queue((state, request) => send("results", "ask", { state, request })),
    showing: new Queue((state, request) => send("details", "show", { state, request })),
    stopWaiting: null,
    asked: null,
    draft: null,
    opened: new Map(),
    expanded: new Set(),
  };
}

/** Show a link in the address bar; nothing changes without one. @param {string | null} address */
export function showAddress(address) {
  if (address) history.replaceState(null, "", address);
}
