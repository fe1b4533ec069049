/** Work that waits: for the next frame, for a rest, or for its turn in slices. */

/**
 * Call at the next frame, however often it is asked for before.
 *
 * @param {() => void} work
 */
export function onFrame(work) {
  let frame = 0;
  const run = () => {
    frame = 0;
    work();
  };
  return {
    ask: () => {
      frame ||= requestAnimationFrame(run);
    },
    end: () => cancelAnimationFrame(frame),
  };
}

/**
 * Call after a rest. `ask` keeps an earlier date, `again` begins a new one.
 *
 * @param {number} ms
 * @param {() => void} work
 */
export function afterRest(ms, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const end = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const ask = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, ms);
  };
  return {
    ask,
    end,
    again: () => {
      end();
      ask();
    },
  };
}

/**
 * Run a generator to its end a few milliseconds at a time, so that sliders stay quick.
 *
 * @template T
 * @param {Generator<unknown, T, void>} work
 * @param {(result: T) => void} done
 * @param {number} [budget] milliseconds
 * @returns {() => void} gives it up
 */
export function inSlices(work, done, budget = 8) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const slice = () => {
    const until = performance.now() + budget;
    do {
      const { done: finished, value } = work.next();
      if (finished) return done(value);
    } while (performance.now() < until);
    timer = setTimeout(slice);
  };
  timer = setTimeout(slice);
  return () => clearTimeout(timer);
}
