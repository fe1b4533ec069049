/**
 * What was measured of the explanations that a view has shown, and the asking for more.
 *
 * @typedef {"known" | "usual" | "all"} Wants what takes no evaluations; the usual metrics, too; or all
 *
 * @typedef {object} Row of a metric; null: not known
 * @property {"higher" | "lower" | "neither"} better
 * @property {string} refusal why it can't be measured, or ""
 * @property {number} n_evals
 * @property {boolean | null} [informative] can it tell exact attributions from random ones here?
 * @property {number | null} [value]
 * @property {number | null} [std_error]
 * @property {number | null} [random]
 * @property {number | null} [random_error] standard error of `random`; what was saved before has none
 * @property {number | null} [input]
 * @property {number | null} [exact]
 *
 * @typedef {object} Measured of one explanation
 * @property {string} method
 * @property {number} target
 * @property {number | null} kernel_width
 * @property {number} n evaluations that it reads
 * @property {import("./curves.js").Curves | null} curves
 * @property {Record<string, Row>} metrics
 * @property {number} n_evals that measuring took
 * @property {Record<Wants, number>} left parts of the work
 * @property {string} message why it could not go on, or ""
 */
import { same } from "./answer.js";

/** Milliseconds that one answer may take. */
const LATE = 600_000;

export class Quality {
  /** Is the panel open? */
  open = false;
  /** What is being asked for. @type {Wants | null} */
  wants = null;
  /** @type {Measured[]} */
  #found = [];
  #asked = 0;

  /**
   * @param {import("./requests.js").Requests} requests
   * @param {() => void} changed
   */
  constructor(requests, changed) {
    this.requests = requests;
    this.changed = changed;
  }

  /** @param {Measured[]} found */
  keep(found) {
    for (const one of found) this.#found = [...this.#found.filter((each) => !alike(each, one)), one];
    this.changed();
  }

  /**
   * @param {Pick<Measured, "method" | "target" | "kernel_width" | "n">} answer
   * @returns {Measured | null}
   */
  of(answer) {
    return this.#found.find((each) => alike(each, answer)) ?? null;
  }

  /**
   * Ask until there is nothing left, something fails, or nobody wants it any more.
   *
   * @param {Wants} wants
   * @param {(found: Measured) => boolean} still is it of the answer on show?
   */
  async measure(wants, still) {
    const own = ++this.#asked;
    this.wants = wants;
    this.changed();
    for (let on = true; on; ) {
      const answer = await this.requests.ask("quality", () => ({ type: "quality", wants }), LATE);
      const found = answer?.content.found;
      on = !!found && own === this.#asked && !found.message && found.left[wants] > 0 && still(found);
    }
    if (own !== this.#asked) return;
    this.wants = null;
    this.changed();
  }

  /** Ask no more; the kernel tells all pages what it has. */
  stop() {
    this.#asked++;
    this.wants = null;
    this.requests.cancel("quality");
    this.requests.ask("quality", () => ({ type: "quality", wants: "nothing" }), LATE);
    this.changed();
  }
}

/**
 * Are they of the same answer?
 *
 * @param {Pick<Measured, "method" | "target" | "kernel_width" | "n">} a
 * @param {Pick<Measured, "method" | "target" | "kernel_width" | "n">} b
 */
export function alike(a, b) {
  const widths = a.kernel_width === null || b.kernel_width === null;
  const width = widths ? a.kernel_width === b.kernel_width : same(a.kernel_width ?? 0, b.kernel_width ?? 0);
  return a.method === b.method && a.target === b.target && a.n === b.n && width;
}
