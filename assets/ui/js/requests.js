/**
 * The order of requests and answers: every request has a number, which its answer brings back.
 *
 * One request at a time is with the server; of those that are made meanwhile only the last is sent, when the
 * answer is there. So the last wish wins, however slow an earlier answer is. (Gradio's own
 * trigger_mode="always_last" cannot be used: it repeats the first request's data instead of sending the last's.)
 *
 * @template Message
 */
export class Requests {
  /** @type {(message: Message, number: number) => void} */
  #send;
  /** The number of the last request, sent or waiting. */
  #latest = 0;
  /** @type {number | null} The number that the server is working on. */
  #pending = null;
  /** @type {{ message: Message, number: number } | null} */
  #waiting = null;

  /** @param {(message: Message, number: number) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /** @param {Message} message */
  make(message) {
    this.#latest += 1;
    this.#waiting = { message, number: this.#latest };
    if (this.#pending === null) this.#sendWaiting();
  }

  /**
   * Whether an answer is to the last request; 0 is the number of the answer to the link itself.
   *
   * @param {number} number
   * @returns {boolean}
   */
  isCurrent(number) {
    return number >= this.#latest;
  }

  /** An answer is there: the request that waited for it can go. @param {number} number */
  answered(number) {
    if (number !== this.#pending) return;
    this.#pending = null;
    this.#sendWaiting();
  }

  /**
   * There will be no answer to what is with the server.
   *
   * @returns {boolean} whether that was the last request; otherwise the last one has now been sent
   */
  failed() {
    this.#pending = null;
    return !this.#sendWaiting();
  }

  /** Nobody waits any longer, for the pending answer or for one that was to follow. */
  abandon() {
    this.#pending = null;
    this.#waiting = null;
  }

  /** @returns {boolean} */
  #sendWaiting() {
    const next = this.#waiting;
    if (!next) return false;
    this.#waiting = null;
    this.#pending = next.number;
    this.#send(next.message, next.number);
    return true;
  }
}
