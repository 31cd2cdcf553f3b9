/** Whether the server is still there, found out by asking it for next to nothing. */

/**
 * @typedef {Object} ServerWatch
 * @property {() => Promise<boolean>} probe whether the server answers
 * @property {() => void} gone called once, when it no longer does
 * @property {number} [every] ms between probes
 * @property {number} [tolerated] failures in a row that may be an accident
 */

/**
 * Asks again and again while an answer is awaited. However long the answer takes, a server that answers the
 * probe is at work; one that does not is noticed within seconds.
 *
 * @param {ServerWatch} watch
 * @returns {() => void} stops it
 */
export function watchServer({ probe, gone, every = 2000, tolerated = 1 }) {
  let failures = 0;
  let stopped = false;
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;

  const look = async () => {
    const alive = await probe();
    if (stopped) return;
    failures = alive ? 0 : failures + 1;
    if (failures > tolerated) gone();
    else timer = setTimeout(look, every);
  };

  timer = setTimeout(look, every);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/**
 * One request for the head of a small file; a server too busy to answer for `patience` ms counts as silent.
 *
 * @param {string} url
 * @param {number} [patience]
 * @returns {Promise<boolean>}
 */
export async function answers(url, patience = 8000) {
  try {
    const response = await fetch(url, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(patience) });
    return response.ok;
  } catch {
    return false;
  }
}
