/**
 * Questions to the kernel, asked again until they are answered.
 *
 * Every question may be asked twice: the kernel sees to it that asking again
 * changes nothing. So a lost message costs a pause, and a doubled one nothing.
 *
 * @typedef {import("./watch.js").Model} Model
 * @typedef {"ok" | "slow" | "waiting" | "no kernel" | "page"} Link
 *   is the kernel answering? "waiting": it said that a cell runs; "page": a saved page never had one
 * @typedef {{content: any, buffers: DataView[]}} Answer
 *
 * @typedef {object} Open a question that is not answered yet
 * @property {string} type of the answer
 * @property {() => object} message
 * @property {(answer: Answer | null) => void} settle
 * @property {number} pause before it is asked again
 * @property {ReturnType<typeof setTimeout>} [timer]
 */

/** Milliseconds. */
export const TIMES = {
  /** Silence until the view says that it takes long. */
  slow: 1500,
  /** Pauses before a question is asked again: doubled each time, up to the last. */
  retry: 3000,
  slowest: 30_000,
  /** How long to believe in a kernel that never answered: in a new run other cells may be before us. */
  patience: { running: 60_000, otherwise: 6000 },
  /** Pause when the kernel said that it is busy. */
  busy: 1000,
};

/** Pages that show the same view get one another's answers: each knows its own by this. */
const PAGE = Math.random().toString(36).slice(2, 10);
let asked = 0;

export class Requests {
  /** @type {Link} */
  link;
  /** @type {Map<string, Open>} */
  #open = new Map();
  #heard = false;
  /** True once the connection changed or failed: it may be another kernel, or none. */
  #doubted = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;

  /**
   * @param {Model} model
   * @param {() => void} changed called when `link` did
   * @param {() => boolean} running does the run go on, as far as is known?
   */
  constructor(model, changed, running) {
    this.model = model;
    this.link = model.send ? "ok" : "page";
    this.changed = changed;
    this.running = running;
  }

  /**
   * Ask, and ask again until there is an answer.
   *
   * @param {string} type of the answer
   * @param {() => object} message made anew each time it is sent
   * @param {number} [limit] milliseconds, after which there is no answer
   * @returns {Promise<Answer | null>} null: cancelled, too late, or no kernel
   */
  ask(type, message, limit = Infinity) {
    if (this.link === "page") return Promise.resolve(null);
    const id = `${PAGE}-${++asked}`;
    return new Promise((resolve) => {
      const late = limit < Infinity ? setTimeout(() => this.#settle(id, null), limit) : undefined;
      const settle = (/** @type {Answer | null} */ answer) => {
        clearTimeout(late);
        resolve(answer);
      };
      this.#open.set(id, { type, message, settle, pause: TIMES.retry });
      this.#send(id);
    });
  }

  /**
   * How many questions of this kind are open.
   *
   * @param {string} type
   */
  count(type) {
    return [...this.#open.values()].filter((open) => open.type === type).length;
  }

  /**
   * Take an answer. One without an id is for the oldest question of its kind.
   *
   * @param {any} content
   * @param {DataView[]} buffers
   */
  answer(content, buffers) {
    this.#listen();
    const id = content.id ?? [...this.#open].find(([, open]) => open.type === content.type)?.[0];
    this.#settle(id, { content, buffers });
  }

  /** The kernel said that it is busy: ask everything again soon. */
  busy() {
    this.#listen();
    this.#become("waiting");
    for (const [id, open] of this.#open) this.#later(id, open, TIMES.busy);
  }

  /** The kernel may have gone: believe in it only when it answers. */
  doubt() {
    this.#heard = false;
    this.#doubted = true;
  }

  /** There is no kernel any more. */
  lost() {
    this.#become("no kernel");
    this.cancel();
  }

  /**
   * Wait for no more answers of this kind; of any kind, when none is named.
   *
   * @param {string} [type]
   */
  cancel(type) {
    for (const [id, open] of this.#open) if (!type || open.type === type) this.#settle(id, null);
  }

  /** @param {string} id */
  #send(id) {
    const open = this.#open.get(id);
    if (!open) return;
    try {
      const sent = /** @type {any} */ (this.model.send?.({ ...open.message(), id }));
      sent?.catch?.(() => this.doubt()); // marimo says so that nobody took it
    } catch {
      return this.lost(); // a saved page, or a closed connection
    }
    this.#later(id, open, open.pause);
    open.pause = Math.min(2 * open.pause, TIMES.slowest);
    this.#silence ??= setTimeout(() => this.#quiet(TIMES.slow), TIMES.slow);
  }

  /**
   * @param {string} id
   * @param {Open} open
   * @param {number} pause
   */
  #later(id, open, pause) {
    clearTimeout(open.timer);
    open.timer = setTimeout(() => this.#send(id), pause);
  }

  /**
   * @param {string} id
   * @param {Answer | null} answer
   */
  #settle(id, answer) {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    clearTimeout(open.timer);
    if (this.#open.size === 0) this.#still();
    open.settle(answer);
  }

  /** Something came: the silence begins anew. */
  #listen() {
    this.#heard = true;
    this.#still();
    this.#become("ok");
    if (this.#open.size) this.#silence = setTimeout(() => this.#quiet(TIMES.slow), TIMES.slow);
  }

  /** @param {number} since milliseconds without a word */
  #quiet(since) {
    const running = this.running() && !this.#doubted;
    const gone = !this.#heard && since >= (running ? TIMES.patience.running : TIMES.patience.otherwise);
    if (gone) this.#become("no kernel");
    else if ((this.#heard || running) && this.link !== "waiting") this.#become("slow");
    if (!gone) this.#silence = setTimeout(() => this.#quiet(since + TIMES.slow), TIMES.slow);
  }

  #still() {
    clearTimeout(this.#silence);
    this.#silence = undefined;
  }

  /** @param {Link} link */
  #become(link) {
    if (link === this.link) return;
    this.link = link;
    this.changed();
  }
}
