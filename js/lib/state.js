/** What all parts of one view read: the traits, the rows that streamed in, and the answer to what was chosen. */
import { column, fromEstimate, fromRows, nearest, readings, same } from "./answer.js";
import { limeErrors } from "./errors.js";
import { afterRest, inSlices, onFrame } from "./later.js";
import { watch } from "./watch.js";
import { WhatIf } from "./whatif.js";

/**
 * @typedef {import("./answer.js").Answer} Answer
 * @typedef {import("./answer.js").Errors} Errors
 * @typedef {"answer" | "settings" | "status" | "lit" | "whatif" | "said"} Topic
 * @typedef {{method: string, target: number, kernel_width: number, n_samples: number | null}} Settings
 * @typedef {Errors & {width: number, target: number, n: number}} Known
 */

const REST = 120;
/** Errors of so many times fewer rows still stand in: they are a little wide, never too narrow. */
export const STANDS_IN = 1.5;
/** Fits to other rows that take more (rows x features squared) are shown as Python made them, where it did. */
const DEAR = 2e7;
/** With more features every fit takes seconds here: Python is asked, while there is a kernel. */
const MOST_FEATURES = 400;
/** While rows stream in, refits take no more than one part in so many of the time. */
const SHARE = 4;

export class Store {
  /** The feature under the pointer or with the focus; -1: none. */
  lit = -1;
  /** What was last said aloud. */
  said = "";
  /** @type {Settings} */
  settings;
  /** @type {Set<Topic>} */
  #touched = new Set();
  /** @type {Set<{topics: Topic[], callback: () => void}>} */
  #listeners = new Set();
  /** @type {Answer | null | undefined} undefined: to be computed */
  #answer;
  /** @type {Known | null} */
  #known = null;
  /** @type {Set<string>} */
  #asked = new Set();
  #giveUp = () => {};
  /** True from a choice until a rest: a slider may be moving. */
  #moving = false;
  /** Rows came that the answer does not read yet, and when it may. */
  #behind = false;
  #notBefore = 0;

  /**
   * @param {import("./watch.js").Model} model
   * @param {import("./pull.js").Pull} pull
   */
  constructor(model, pull) {
    this.model = model;
    this.pull = pull;
    this.subject = model.get("subject");
    this.settings = model.get("settings");
    this.whatIf = new WhatIf(this);
    this.frame = onFrame(() => this.#flush());
    this.rest = afterRest(REST, () => this.#rested());
    this.stops = [
      watch(model, "settings", () => this.set(model.get("settings"))),
      watch(model, ["outputs", "answers"], () => this.touch("answer", "settings", "status")),
      pull.watch(() => this.#streamed()),
    ];
    this.rest.ask();
  }

  get outputs() {
    return this.model.get("outputs");
  }
  get answers() {
    return this.model.get("answers");
  }
  get status() {
    return this.pull.status;
  }
  get rows() {
    return this.pull.rows;
  }
  get target() {
    return Math.min(this.settings.target, this.outputs.names.length - 1);
  }
  /** @returns {{name: string, label: string, available: boolean, reason: string}} */
  get method() {
    const { method } = this.settings;
    const found = this.answers.methods.find((/** @type {{name: string}} */ m) => m.name === method);
    return found ?? { name: method, label: method, available: true, reason: "" };
  }
  /** Rows that were asked, and those that the reader wants read. */
  get evaluated() {
    return Math.max(this.rows?.n ?? 0, this.status.n);
  }
  get wanted() {
    const { n_samples: n } = this.settings;
    return n === null ? this.evaluated : Math.min(Math.max(n, this.status.least), this.evaluated);
  }

  /**
   * The answer now, or null while there is none.
   *
   * @returns {Answer | null}
   */
  get answer() {
    if (this.#answer === undefined) this.#answer = this.#compute();
    return this.#answer;
  }

  /**
   * Have `callback` called in the next frame after any of these changed.
   *
   * @param {Topic[]} topics
   * @param {() => void} callback
   */
  on(topics, callback) {
    this.#listeners.add({ topics, callback });
  }

  /** @param {...Topic} topics */
  touch(...topics) {
    for (const topic of topics) this.#touched.add(topic);
    if (topics.includes("answer")) {
      this.#answer = undefined;
      this.rest.ask();
    }
    this.frame.ask();
  }

  /**
   * Choose, for this view and for now: a slider that still moves.
   *
   * @param {Partial<Settings>} choice
   */
  set(choice) {
    this.settings = { ...this.settings, ...choice };
    this.#moving = true;
    this.#giveUp();
    // Other rows may take long to fit: then the last answer stays for a while. Anything else is answered now.
    const rowsOnly = Object.keys(choice).every((name) => name === "n_samples");
    this.#behind = rowsOnly && !!this.#answer && performance.now() < this.#notBefore;
    this.touch("settings", "whatif");
    if (!this.#behind) this.touch("answer");
    this.rest.again();
  }

  /**
   * Choose, for all views of this explanation.
   *
   * @param {Partial<Settings>} choice
   */
  commit(choice) {
    this.set(choice);
    this.model.set("settings", { ...this.settings });
    this.model.save_changes();
  }

  /** @param {number} feature -1: none */
  light(feature) {
    if (feature === this.lit) return;
    this.lit = feature;
    this.touch("lit");
  }

  /** @param {string} sentence for those who hear the page */
  say(sentence) {
    this.said = sentence;
    this.touch("said");
  }

  end() {
    for (const stop of this.stops) stop();
    this.#listeners.clear();
    this.#giveUp();
    this.rest.end();
    this.frame.end();
  }

  #flush() {
    const touched = this.#touched;
    this.#touched = new Set();
    for (const { topics, callback } of this.#listeners) if (topics.some((t) => touched.has(t))) callback();
  }

  /** Rows came, or news of them. Where refits are slow, the last answer stays for a while. */
  #streamed() {
    const waits = performance.now() < this.#notBefore && this.status.state === "running";
    this.#behind = waits && !!this.#answer;
    this.touch("status");
    if (this.#behind) this.rest.ask();
    else this.touch("answer");
  }

  /** @param {number} n Are so many rows as many as an answer needs? */
  #suffice(n) {
    return n >= Math.min(this.status.least, this.status.limit);
  }

  /** Can the view fit LIME itself? */
  get refits() {
    const { rows, subject, pull } = this;
    const quick = subject.features.length <= MOST_FEATURES || pull.link === "no kernel";
    return this.settings.method === "lime" && quick && !!rows && this.#suffice(rows.n);
  }

  /** @returns {Answer | null} */
  #compute() {
    const { target, wanted, rows } = this;
    const sent = nearest(this.#readings, wanted);
    if (!this.refits || !rows) return sent && fromEstimate(sent, target);
    const question = { ...this.#question(), n: Math.min(wanted, rows.n) };
    if (sent && this.#servesFor(sent, question.n)) return fromEstimate(sent, target);
    const started = performance.now();
    const exact = this.status.exact && question.n === rows.n;
    const answer = fromRows(rows, question, this.#errors(question), exact);
    const now = performance.now();
    this.#notBefore = now + (SHARE - 1) * (now - started);
    return answer;
  }

  /** What Python read with the method and width that were chosen. */
  get #readings() {
    return readings(this.pull.estimates, this.settings.method, this.settings.kernel_width);
  }

  /**
   * Is Python's reading shown, as a fit to these rows takes long? One of fewer rows is, while things move.
   *
   * @param {import("./answer.js").Estimate} sent
   * @param {number} n
   */
  #servesFor(sent, n) {
    if (n * this.subject.features.length ** 2 < DEAR) return false;
    const streams = this.status.state === "running" && sent.n * STANDS_IN >= n;
    return sent.n === n || (sent.n < n && (this.#moving || streams));
  }

  #question() {
    const { distance } = this.answers;
    return { width: this.settings.kernel_width, target: this.target, distance, n: this.wanted };
  }

  /**
   * The best that is known of these rows' errors.
   *
   * @param {{width: number, target: number, n: number}} question
   * @returns {Errors | null}
   */
  #errors({ width, target, n }) {
    const known = this.#known;
    const own = known && known.target === target && same(known.width, width) ? known : null;
    if (own?.n === n) return own;
    const sent = nearest(readings(this.pull.estimates, "lime", width), n);
    const best = [own, sent && { n: sent.n, ...column(sent, target) }]
      .filter((e) => e && e.n <= n && e.n * STANDS_IN >= n)
      .sort((a, b) => (b?.n ?? 0) - (a?.n ?? 0));
    return best[0] ?? null;
  }

  /** Nothing moved for a moment: compute errors, or ask for what the view can't compute. */
  #rested() {
    if (this.#behind) this.#streamed();
    if (this.#moving && this.answer?.n !== this.wanted) this.touch("answer");
    this.#moving = false;
    if (this.refits && this.rows) this.#refine(this.rows);
    else if (this.#suffice(this.evaluated) && this.pull.link !== "no kernel") this.#read();
  }

  /** @param {import("./neighborhood.js").Rows} rows */
  #refine(rows) {
    const question = { ...this.#question(), n: Math.min(this.wanted, rows.n) };
    const known = this.#errors(question);
    const fresh = this.status.state === "running" ? 1.15 : 1;
    if (known && "n" in known && Number(known.n) * fresh >= question.n) return;
    this.#giveUp();
    this.#giveUp = inSlices(limeErrors(rows, question), (errors) => {
      this.#known = { ...errors, ...question };
      this.touch("answer");
    });
  }

  /** Ask for a method's readings: at twelve prefixes once, where that is quick, then at the one that is wanted. */
  #read() {
    const { method, kernel_width: width, n_samples } = this.settings;
    const found = this.#readings;
    const some = found.length > 3 || this.subject.features.length > MOST_FEATURES;
    if (this.status.state === "running" && found.length > 0 && n_samples === null) return;
    if (nearest(found, this.wanted)?.n === this.wanted && some) return;
    const question = { method, kernel_width: width, n_samples: some ? this.wanted : null };
    const key = JSON.stringify([question, this.evaluated]);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    this.pull.read(method, width, question.n_samples);
  }
}
