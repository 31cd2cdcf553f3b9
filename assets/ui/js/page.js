/**
 * What the page knows while it is open, in one object that every function is given.
 *
 * @import { Entries } from "./entries.js"
 * @import { Thing } from "./parts.js"
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
 * @property {Thing[]} things the objects of the photo, from left to right
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
 * What is asked once more: the state, with the card that was open, and where the page was scrolled to.
 *
 * @typedef {{ state: State, scroll: number }} Before
 */

/**
 * How the page was when something was asked.
 *
 * @typedef {Object} Asked
 * @property {boolean} fromResults where the focus was
 * @property {string | null} chip that takes it over
 * @property {number} from how many cards stay
 * @property {boolean} further whether the answer is a further entry of the history
 * @property {Before | null} before how the page was then, on the way back
 */

/**
 * @typedef {Object} Page
 * @property {State} state what the controls say
 * @property {number} size the number of results that was chosen; "show more" raises only that of the state
 * @property {Answer | null} answer the last one
 * @property {Record<string, string>} words this script's own words in the reader's language
 * @property {string | null} photoUrl the visitor's photo, as this browser holds it; never sent anywhere else
 * @property {string | null} photoSource where the server keeps it for this visitor; the way back fetches it from there
 * @property {number} uploads counts uploads, so that a slow one cannot replace a later one
 * @property {Map<string, GradioPart>} parts Gradio's components by their name
 * @property {Requests<State>} asking for results
 * @property {Requests<State>} showing for an opened card
 * @property {Entries} entries of the browser's history
 * @property {(() => void) | null} stopWaiting ends the wait for an answer; null while nothing is awaited
 * @property {Asked | null} asked null while nothing is
 * @property {string | null} draft words typed but not yet searched, while the language changes around them
 * @property {Map<string, boolean>} opened facets that the reader opened or closed
 * @property {Set<string>} expanded facets that are shown in full
 */

/**
 * @param {(part: string, event: string, data: object) => void} send triggers an event of a Gradio component
 * @param {typeof Requests} Queue
 * @param {Entries} entries
 * @returns {Page}
 */
export function createPage(send, Queue, entries) {
  return {
    state: { ...EMPTY },
    size: EMPTY.k,
    answer: null,
    words: {},
    photoUrl: null,
    photoSource: null,
    uploads: 0,
    parts: new Map(),
    asking: new Queue((state, request) => send("results", "ask", { state, request })),
    showing: new Queue((state, request) => send("details", "show", { state, request })),
    entries,
    stopWaiting: null,
    asked: null,
    draft: null,
    opened: new Map(),
    expanded: new Set(),
  };
}
