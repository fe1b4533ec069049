/** What the model would say of this input with some features out, or with other values. */

/**
 * @typedef {object} Found
 * @property {"none" | "asking" | "known" | "failed"} state
 * @property {number[]} outputs when known
 * @property {string} message when failed
 */

/** @type {Found} */
const NOTHING = { state: "none", outputs: [], message: "" };

/** Outputs that differ by less are the same, rounded. */
const NEAR = 1e-4;

export class WhatIf {
  /** Features that were taken out. @type {Set<number>} */
  absent = new Set();
  /** Features that were given other values. @type {Map<number, number | string>} */
  edits = new Map();
  /** @type {Found} */
  found = NOTHING;
  #asked = 0;

  /** @param {import("./state.js").Store} store */
  constructor(store) {
    this.store = store;
  }

  get changed() {
    return this.absent.size + this.edits.size;
  }

  /** @param {number} feature that was pressed: to take out, or to put back; while a reader marks, neither */
  toggle(feature) {
    if (!this.store.tries || this.store.marking) return;
    if (!this.absent.delete(feature)) this.absent.add(feature);
    this.#ask();
  }

  /**
   * @param {number} feature
   * @param {number | string | null} value null: as it was
   */
  edit(feature, value) {
    if (value === null) this.edits.delete(feature);
    else this.edits.set(feature, value);
    this.#ask();
  }

  restore() {
    this.absent.clear();
    this.edits.clear();
    this.#ask();
  }

  /** The outputs are in another space now: ask anew. */
  renew() {
    if (this.changed) this.#ask();
  }

  /** Answer from the rows where they hold this coalition, from the model otherwise. */
  async #ask() {
    const asked = ++this.#asked;
    const row = this.#row();
    if (this.changed === 0) this.#tell(NOTHING);
    else if (row) this.#tell({ ...NOTHING, state: "known", outputs: row });
    else if (this.store.alone) this.#fail(this.store.alone.whatIf);
    else {
      this.#tell({ ...this.found, state: "asking" });
      const found = await this.#fromModel();
      if (asked === this.#asked) this.#tell(found);
    }
  }

  /** @returns {Promise<Found>} */
  async #fromModel() {
    const change = this.edits.size
      ? { values: Object.fromEntries(this.edits) }
      : { absent: [...this.absent].sort((a, b) => a - b) };
    try {
      const { outputs } = await this.store.pull.probe(change);
      return { ...NOTHING, state: "known", outputs };
    } catch (error) {
      return { ...NOTHING, state: "failed", message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** @returns {number[] | null} outputs, when that coalition was evaluated */
  #row() {
    const { rows } = this.store;
    if (!rows || rows.law === "bins" || this.edits.size || !this.#alike(rows)) return null;
    const row = rows.find(this.absent);
    return row < 0 ? null : Array.from({ length: rows.k }, (_, target) => rows.output(row, target));
  }

  /**
   * Are the rows' outputs those that are explained now? Some methods know one space only.
   *
   * @param {import("./neighborhood.js").Rows} rows
   */
  #alike(rows) {
    const whole = rows.find([]);
    const { prediction } = this.store.outputs;
    /** @param {number} value @param {number} target */
    const same = (value, target) =>
      Math.abs(rows.output(whole, target) - value) <= NEAR * Math.max(1, Math.abs(value));
    return whole >= 0 && prediction.every(same);
  }

  /** @param {string} message */
  #fail(message) {
    this.#tell({ ...NOTHING, state: "failed", message });
  }

  /** @param {Found} found */
  #tell(found) {
    this.found = found;
    this.store.touch("whatif");
  }
}
