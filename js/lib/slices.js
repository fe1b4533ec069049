/** Work that Python does a slice at a time: the view asks for the next one, until all is done or it was stopped. */

/** @typedef {{share: number, on: boolean, end: Promise<void>}} Open `share`: of the work that is done, 0 to 1 */

export class Slices {
  /** @type {Map<string, Open>} */
  #open = new Map();

  /**
   * @param {(name: string) => Promise<number | null>} ask for a slice: the share that is done; null: no answer came
   * @param {() => void} changed called when a share did
   */
  constructor(ask, changed) {
    this.ask = ask;
    this.changed = changed;
  }

  /** What goes on, in the order in which it began. */
  get names() {
    return [...this.#open].filter(([, { on }]) => on).map(([name]) => name);
  }

  /** @param {string} name @returns {number | null} the share that is done; null: it doesn't go on */
  share(name) {
    const open = this.#open.get(name);
    return open?.on ? open.share : null;
  }

  /** Go on with it. @param {string} name @returns {Promise<void>} at its end, or when it was stopped */
  run(name) {
    const open = this.#open.get(name) ?? { share: 0, on: true, end: Promise.resolve() };
    const begun = this.#open.has(name);
    open.on = true;
    this.#open.set(name, open);
    if (!begun) open.end = this.#goOn(name, open);
    this.changed();
    return open.end;
  }

  /** Ask for no more of it: what was done is kept, and goes on when it is run again. @param {string} name */
  stop(name) {
    const open = this.#open.get(name);
    if (open) open.on = false;
    this.changed();
  }

  /** @param {string} name @param {Open} open */
  async #goOn(name, open) {
    let share = /** @type {number | null} */ (0);
    while (open.on && share !== null && share < 1) {
      share = await this.ask(name);
      open.share = share ?? open.share;
      this.changed();
    }
    this.#open.delete(name);
    this.changed();
  }
}
