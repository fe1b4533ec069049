/**
 * Which answer is shown, and where it comes from.
 *
 * LIME is fitted here. Its tables go to the rows that are wanted a few
 * milliseconds a frame; on the way there the answer is that of the rows they
 * hold, and says so. What Python read is shown where it is of just these rows,
 * or nearer to them, and it is asked for what the view can't compute. A method
 * that reads no rows sends all its estimates as they come.
 *
 * @typedef {import("./answer.js").Answer} Answer
 * @typedef {import("./answer.js").Errors} Errors
 * @typedef {{width: number, target: number, n: number, distance: import("./kernel.js").Distance}} Question
 */
import { column, fromEstimate, fromRows, nearest, readings, same } from "./answer.js";
import { limeErrors } from "./errors.js";
import { afterRest, inSlices } from "./later.js";
import { tables } from "./tables.js";

/** Milliseconds of a frame in which rows go into the tables. */
const BUDGET = 5;
/** Milliseconds without a change, after which errors are computed. */
const REST = 120;
/** Errors of so many times fewer rows still stand in: they are a little wide, never too narrow. */
export const STANDS_IN = 1.5;
/** While rows stream in, errors of so many times fewer are as good as new. */
const FRESH = 1.15;
/** With more features every fit takes long here: Python is asked, while there is a kernel. */
const MOST_FEATURES = 400;
/** While rows stream in, fits take no more than one part in so many of the time. */
const SHARE = 4;

export class Answering {
  /** @type {Answer | null | undefined} undefined: to be found */
  #answer;
  /** The errors that were computed last. @type {(Question & Errors) | null} */
  #known = null;
  /** What errors are being computed for. @type {Question | null} */
  #refining = null;
  #stop = () => {};
  /** @type {Set<string>} */
  #asked = new Set();
  /** Rows came that the answer does not read yet, and when it may. */
  #late = false;
  #notBefore = 0;

  /** @param {import("./state.js").Store} store */
  constructor(store) {
    this.store = store;
    this.soon = afterRest(0, () => store.touch("answer"));
    this.rest = afterRest(REST, () => this.#rested());
    this.rest.ask();
  }

  /**
   * The answer now, or null while there is none.
   *
   * @returns {Answer | null}
   */
  get now() {
    if (this.#answer === undefined) this.#answer = this.#find();
    return this.#answer;
  }

  /** Can the view fit LIME itself? */
  get refits() {
    const { rows, subject, settings } = this.store;
    const quick = subject.features.length <= MOST_FEATURES || !this.store.reads;
    return settings.method === "lime" && quick && !!rows && this.#suffice(rows.n);
  }

  /** Something changed that the answer depends on. */
  renew() {
    this.#answer = undefined;
    this.rest.ask();
  }

  /** The reader chose, and may go on: what takes long can wait. */
  interrupt() {
    this.#giveUp();
    this.rest.again();
  }

  /** Rows came. Where fits are slow, the last answer stays for a while. */
  streamed() {
    const running = this.store.status.state === "running";
    this.#late = running && !!this.#answer && performance.now() < this.#notBefore;
    if (this.#late) this.rest.ask();
    else this.store.touch("answer");
  }

  end() {
    this.#giveUp();
    this.soon.end();
    this.rest.end();
  }

  /** @param {number} n Are so many rows as many as an answer needs? */
  #suffice(n) {
    const { least, limit } = this.store.status;
    return n >= Math.min(least, limit);
  }

  /** @returns {Answer | null} */
  #find() {
    const { target, wanted, rows, status } = this.store;
    const sent = nearest(this.#readings, wanted);
    const read = sent && fromEstimate(sent, target);
    if (!rows || !this.refits) return read;
    const question = this.#question(rows);
    if (sent?.n === question.n) return read;
    const started = performance.now();
    const part = rows.drawn(question.n);
    const table = tables(part.rows);
    const there = table.reach(part.n, started + BUDGET);
    if (!there) this.soon.ask();
    const n = there ? question.n : table.n;
    const nearer = sent && sent.n > n && sent.n < question.n;
    if (nearer || !this.#suffice(n)) return read;
    const here = { ...question, n };
    const answer = fromRows(table, here, this.#errors(here), status.exact && n === rows.n);
    const now = performance.now();
    this.#notBefore = now + (SHARE - 1) * (now - started);
    return answer;
  }

  /** What Python read with the method and width that were chosen. */
  get #readings() {
    const { pull, settings, target } = this.store;
    return readings(pull.estimates, settings.method, settings.kernel_width, target);
  }

  /**
   * @param {import("./neighborhood.js").Rows} rows
   * @returns {Question}
   */
  #question(rows) {
    const { settings, target, wanted, answers } = this.store;
    const n = Math.min(wanted, rows.n);
    return { width: settings.kernel_width, target, n, distance: answers.distance };
  }

  /**
   * The best that is known of these rows' errors.
   *
   * @param {Question} question
   * @returns {(Errors & {n: number}) | null}
   */
  #errors(question) {
    const { n, width, target } = question;
    const own = this.#known && alike(this.#known, question) ? this.#known : null;
    if (own?.n === n) return own;
    const sent = nearest(readings(this.store.pull.estimates, "lime", width, target), n);
    const read = sent && { n: sent.n, ...column(sent, target) };
    const found = [own, read].filter((e) => e !== null).filter((e) => e.n <= n && e.n * STANDS_IN >= n);
    return found.sort((a, b) => b.n - a.n)[0] ?? null;
  }

  /** Nothing moved for a moment: compute errors, or ask for what the view can't compute. */
  #rested() {
    const { rows, evaluated, reads, method } = this.store;
    this.store.touch("rest");
    if (this.#late) this.streamed();
    if (rows && this.refits) this.#refine(rows);
    else if (method.reads && this.#suffice(evaluated) && reads) this.#read();
  }

  /** @param {import("./neighborhood.js").Rows} rows */
  #refine(rows) {
    const question = this.#question(rows);
    const under = this.#refining;
    if (under && alike(under, question) && under.n * STANDS_IN >= question.n) return;
    this.#giveUp();
    this.#refining = question;
    this.#stop = inSlices(this.#work(rows, question), (errors) => {
      this.#refining = null;
      if (!errors) return;
      this.#known = { ...question, ...errors };
      this.store.touch("answer");
    });
  }

  /**
   * Bring the tables to these rows, so that sliders find them ready, and compute the errors that are not known.
   *
   * @param {import("./neighborhood.js").Rows} rows
   * @param {Question} question
   * @returns {Generator<void, Errors | null, void>}
   */
  *#work(rows, question) {
    const part = rows.drawn(question.n);
    while (!tables(part.rows).reach(part.n, performance.now() + BUDGET)) yield;
    const known = this.#errors(question);
    const fresh = this.store.status.state === "running" ? FRESH : 1;
    if (known && known.n * fresh >= question.n) return null;
    return yield* limeErrors(rows, question);
  }

  #giveUp() {
    this.#refining = null;
    this.#stop();
  }

  /** Ask for a method's readings: at twelve prefixes once, where that is quick, then at the one that is wanted. */
  #read() {
    const { settings, subject, status, evaluated, wanted, pull } = this.store;
    const { method, kernel_width: width, n_samples } = settings;
    const found = this.#readings;
    const some = found.length > 3 || subject.features.length > MOST_FEATURES;
    if (status.state === "running" && found.length > 0 && n_samples === null) return;
    if (nearest(found, wanted)?.n === wanted && some) return;
    const question = { method, kernel_width: width, n_samples: some ? wanted : null };
    const key = JSON.stringify([question, evaluated]);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    pull.read(method, width, question.n_samples);
  }
}

/**
 * @param {Question} a
 * @param {Question} b
 */
const alike = (a, b) => a.target === b.target && same(a.width, b.width);
