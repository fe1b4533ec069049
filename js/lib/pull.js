/**
 * The loop that asks a run for more: see CONTRIBUTING.md, "What crosses to the browser".
 *
 * The browser asks, so nothing piles up, and to cancel is to stop asking. Two
 * questions are under way, so that the kernel need not wait for the browser.
 *
 * @typedef {import("./answer.js").Estimate} Estimate
 * @typedef {import("./requests.js").Link} Link
 * @typedef {import("./watch.js").Model} Model
 *
 * @typedef {object} Status
 * @property {"running" | "done" | "stopped" | "failed"} state
 * @property {number} generation
 * @property {string} method of the run that it is about
 * @property {number | null} target null: the run answers for all outputs at once
 * @property {number} n evaluations
 * @property {number} limit
 * @property {number} least
 * @property {boolean} exact
 * @property {boolean} closed there is no model behind it: what is there is all that there will be
 * @property {number | null} rate evaluations a second
 * @property {number} seconds
 * @property {string} message
 */
import { latest } from "./answer.js";
import { Rows } from "./neighborhood.js";
import { Quality } from "./quality.js";
import { Requests } from "./requests.js";
import { watch } from "./watch.js";

const UNDER_WAY = 2;

/** Milliseconds. */
const TIMES = {
  /** Pause after an answer that brought nothing new. */
  barren: 50,
  read: 600_000,
  probe: 30_000,
};

/**
 * Begin to ask. One loop a model: views share it.
 *
 * @param {Model} model
 * @returns {Pull}
 */
export function pull(model) {
  const found = new Pull(model);
  found.start();
  return found;
}

export class Pull {
  /** What there is of the neighborhood; null for methods without one. @type {Rows | null} */
  rows = null;
  /** @type {Status} */
  status;
  /** Python's estimates, as they cross. @type {Estimate[]} */
  estimates = [];
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #asking = false;
  #lanes = 0;
  /** Commands that wait for their status. */
  #commands = 0;
  /** What was last told of each run. @type {Map<string, Status>} */
  #told = new Map();

  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.status = model.get("status");
    this.#told.set(this.#runOf(this.status), this.status);
    const running = () => this.status.state === "running";
    this.requests = new Requests(model, () => this.#tell(), running);
    this.quality = new Quality(this.requests, () => this.#tell());
    const receive = (/** @type {any} */ content, /** @type {DataView[]} */ buffers) =>
      this.#receive(content, buffers ?? []);
    /** @type {[string, (...args: any[]) => void][]} */
    const events = [
      ["msg:custom", receive],
      ["comm:close", () => this.requests.lost()],
      ["comm_live_update", () => this.#doubt()],
    ];
    for (const [event, callback] of events) model.on(event, callback);
    this.stops = [
      watch(model, ["rows", "answers"], () => this.#sync()),
      watch(model, "quality", () => this.#keepMeasured()),
      watch(model, "status", () => this.#adopt(model.get("status"))),
      ...events.map(
        ([event, callback]) =>
          () =>
            model.off(event, callback),
      ),
    ];
    this.#sync();
    this.#keepMeasured();
  }

  /** @type {Link} */
  get link() {
    return this.requests.link;
  }

  /** How many evaluations of the run that goes on are known here. */
  get have() {
    return this.reads(this.status.method) ? (this.rows?.n ?? 0) : this.status.n;
  }

  /** @param {string} method Does it read the neighborhood? */
  reads(method) {
    const { methods } = this.model.get("answers");
    return methods.find((/** @type {{name: string}} */ m) => m.name === method)?.reads ?? true;
  }

  /**
   * How far a method's run is: as it was told last, and otherwise as far as what is here.
   *
   * @param {string} method
   * @param {number} target
   * @returns {Status}
   */
  statusOf(method, target) {
    const run = this.#runOf({ method, target });
    return run === this.#runOf(this.status)
      ? this.status
      : (this.#told.get(run) ?? this.#kept(method, target));
  }

  /** @param {{method: string, target: number | null}} status */
  #runOf({ method, target }) {
    return this.reads(method) ? "rows" : `${method} ${target}`;
  }

  /**
   * @param {string} method
   * @param {number} target
   * @returns {Status}
   */
  #kept(method, target) {
    const { rows } = this;
    const told = { ...this.status, method, target, rate: 0, seconds: 0, message: "" };
    if (this.reads(method)) {
      const { n, d } = rows ?? { n: 0, d: 0 };
      const least = Math.min(d + 2, 2 ** d);
      return {
        ...told,
        state: n ? "done" : "running",
        n,
        limit: Math.max(n, 1),
        least,
        exact: !!rows?.complete(n),
      };
    }
    const found = latest(this.estimates, method, target);
    const { n, exact } = found ?? { n: 0, exact: false };
    return { ...told, state: found ? "done" : "running", n, limit: Math.max(n, 1), least: 1, exact };
  }

  /**
   * Have `callback` called whenever rows, status, estimates or link changed.
   *
   * @param {() => void} callback
   * @returns {() => void} ends it
   */
  watch(callback) {
    const own = () => callback();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Ask for rows while the run goes on; once in any case, to see who is there. */
  start() {
    this.#asking = true;
    if (this.status.state === "running") this.#fill();
    else if (this.#lanes === 0) this.#open();
  }

  /** Ask no more, and tell the kernel. What was evaluated stays. */
  stop() {
    this.#asking = false;
    this.requests.cancel("rows");
    this.status = { ...this.status, state: "stopped" };
    this.#command(() => ({ type: "stop", generation: this.status.generation }));
    this.#tell();
  }

  /**
   * Go on.
   *
   * @param {number | null} [limit] the most evaluations there may be; as before, when it is left out
   */
  more(limit = null) {
    this.#asking = true;
    const raised = limit === null ? {} : { limit };
    this.#command(() => ({ type: "resume", generation: this.status.generation, ...raised }));
  }

  /**
   * Ask Python for a method's estimates; they are among `estimates` afterwards.
   *
   * @param {string} method
   * @param {number} width of the kernel
   * @param {number | null} nSamples the first so many rows; null: at growing numbers of them
   * @returns {Promise<Estimate[]>} none when there was no answer
   */
  async read(method, width, nSamples) {
    const question = { type: "read", method, kernel_width: width, n_samples: nSamples };
    const answer = await this.requests.ask("estimates", () => question, TIMES.read);
    if (!answer) return [];
    const buffers = [...answer.buffers];
    const found = answer.content.estimates.map((/** @type {any} */ head) =>
      joined(head, buffers.splice(0, head.scale === null ? 2 : 3)),
    );
    this.#keep(found);
    this.#tell();
    return found;
  }

  /**
   * Ask the model about this input with some features absent, or with other values.
   *
   * @param {{absent: number[]} | {values: Record<number, any>}} change
   * @returns {Promise<{outputs: number[], evaluated: boolean}>}
   * @throws {Error} when the model can't, or nobody answers
   */
  async probe(change) {
    const answer = await this.requests.ask("probe", () => ({ type: "probe", ...change }), TIMES.probe);
    if (!answer) throw new Error("the kernel did not answer: run the cell again, or wait until it is free");
    if (answer.content.error !== undefined) throw new Error(answer.content.error);
    return answer.content;
  }

  /** Ask no more, without a word to the kernel: the view goes. */
  end() {
    this.#asking = false;
    this.requests.cancel();
    this.#listeners.clear();
    for (const stop of this.stops) stop();
  }

  /** The host says that the connection changed, and not how: see who is there. */
  #doubt() {
    this.requests.doubt();
    if (this.#lanes === 0) this.#open();
  }

  #fill() {
    while (this.#asking && this.#lanes < UNDER_WAY && this.status.state === "running") this.#open();
  }

  #open() {
    this.#lanes++;
    this.#lane().finally(() => this.#lanes--);
  }

  /** Ask, take what comes, and ask again. */
  async #lane() {
    for (let on = true; on; ) {
      const before = this.have;
      const answer = await this.requests.ask("rows", () => this.#step());
      if (!answer) return;
      const gained = this.have > before;
      on = this.#asking && (this.status.state === "running" || (gained && this.have < this.status.n));
      if (on && !gained) await new Promise((resolve) => setTimeout(resolve, TIMES.barren));
    }
  }

  /** `ahead`: so many other answers are under way; this one should bring what comes after them. */
  #step() {
    const ahead = this.requests.count("rows") - 1;
    return { type: "step", generation: this.status.generation, have: this.have, ahead };
  }

  /** @param {() => object} message answered by a status */
  async #command(message) {
    this.#commands++;
    this.requests.cancel("status");
    await this.requests.ask("status", message);
    this.#commands--;
    this.#fill();
  }

  /**
   * @param {any} content
   * @param {DataView[]} buffers
   */
  #receive(content, buffers) {
    if (content?.type === "waiting") return this.requests.busy();
    if (content?.type === "rows") this.#take(content, buffers);
    if (content?.type === "status") this.#adopt(content.status);
    if (content?.type === "quality") this.quality.keep([content.found]);
    this.requests.answer(content, buffers);
  }

  /**
   * Take rows. Those of an old generation, and those with a gap before them, are dropped.
   *
   * @param {any} content
   * @param {DataView[]} buffers
   */
  #take({ generation, start, status, estimate }, [data, ...values]) {
    if (generation < this.status.generation) return;
    if (data.byteLength) this.#append(data, start);
    if (estimate) this.#keep([joined(estimate, values)]);
    if (this.#commands === 0) this.#adopt(status);
    else this.#tell();
  }

  /**
   * A new generation is what the kernel decided: what was stopped here before may go on.
   *
   * @param {Status} status
   */
  #adopt(status) {
    if (status.generation < this.status.generation) return;
    if (status.generation > this.status.generation) this.#asking = true;
    this.status = status;
    this.#told.set(this.#runOf(status), status);
    this.#fill();
    this.#tell();
  }

  /** Views that were saved before had nothing measured. */
  #keepMeasured() {
    this.quality.keep(this.model.get("quality")?.found ?? []);
  }

  /** Read the traits: they are complete at every stop. */
  #sync() {
    const { data } = this.model.get("rows");
    if (data) this.#append(data, 0);
    this.#keep(this.model.get("answers").estimates);
    this.#tell();
  }

  /**
   * @param {import("./arrays.js").Bytes} data
   * @param {number} start
   */
  #append(data, start) {
    if (this.rows) this.rows.append(data, start);
    else if (start === 0) this.rows = Rows.from(data);
  }

  /**
   * The pixels of one estimate weigh more than the rest of it: only an output's last keeps them.
   *
   * @param {Estimate[]} found
   */
  #keep(found) {
    const name = (/** @type {Estimate} */ e) => `${e.method} ${e.target} ${e.kernel_width} ${e.n}`;
    const names = new Set(found.map(name));
    const all = [...this.estimates.filter((e) => !names.has(name(e))), ...found];
    this.estimates = all.map((e) =>
      e.pixels && latest(all, e.method, e.target)?.n !== e.n ? { ...e, pixels: null } : e,
    );
  }

  #tell() {
    for (const callback of this.#listeners) callback();
  }
}

/**
 * @param {any} head
 * @param {DataView[]} buffers of an estimate: values, errors and, where it has a scale, pixels
 * @returns {Estimate}
 */
function joined(head, [values, error, pixels]) {
  return { ...head, values, std_error: error, pixels: pixels ?? null };
}
