/** What all parts of one view read: the traits, the rows that streamed in, and what was chosen. */
import { Answering } from "./answering.js";
import { marksOf, turned } from "./marks.js";
import { unit } from "./methods.js";
import { own } from "./own.js";
import { isolated, shortened } from "./scale.js";
import { Topics } from "./topics.js";
import { watch } from "./watch.js";
import { WhatIf } from "./whatif.js";
import { wordsOf } from "./words.js";

/**
 * "chosen" is the method and the output; "settings" are these and what sliders change, which moves with the pointer.
 *
 * @typedef {"answer" | "chosen" | "settings" | "status" | "lit" | "whatif" | "scrub" | "said" | "rest" | "held" | "marks"} Topic
 * @typedef {[first: number, second: number, value: number, stdError: number]} Link of two features
 * @typedef {{name: string, label: string, available: boolean, reason: string, reads: boolean}} Method
 * @typedef {{method: string, target: number, kernel_width: number, n_samples: number | null}} Settings
 */

/** Methods that read drawn rows only. */
const READ_DRAWN = new Set(["lime", "banzhaf"]);

/** @type {Link[]} */
const NONE = [];
/** Of a name that is said aloud. */
const LONGEST = 200;

/** @extends {Topics<Topic>} */
export class Store extends Topics {
  /** The feature under the pointer or with the focus, or the two of a link. @type {number[]} */
  lit = [];
  /** Features that are gone at the point of a curve that is looked at. @type {Set<number>} */
  gone = new Set();
  /** The feature that was last pressed or had the focus: what can be marked; -1: none yet. */
  held = -1;
  /** A reader's. @type {Map<number, import("./marks.js").Mark>} */
  marks;
  /** Does pressing a feature only choose it to be marked, and leave it where it is? */
  marking = false;
  /** What was last said aloud. */
  said = "";
  /** @type {Settings} */
  settings;
  /** That of the outputs. */
  #space;

  /**
   * @param {import("./watch.js").Model} model
   * @param {import("./pull.js").Pull} pull
   */
  constructor(model, pull) {
    super();
    this.model = model;
    this.pull = pull;
    this.subject = model.get("subject");
    this.words = wordsOf(model);
    this.settings = model.get("settings");
    this.marks = marksOf(model.get("marks"));
    this.whatIf = new WhatIf(this);
    this.#space = this.outputs.space;
    this.answering = new Answering(this);
    this.stops = [
      watch(model, "settings", () => this.set(model.get("settings"))),
      watch(model, "marks", () => {
        this.marks = marksOf(model.get("marks"));
        this.touch("marks");
      }),
      watch(model, ["outputs", "answers"], () => {
        this.#followSpace();
        this.touch("answer", "chosen", "settings", "status");
      }),
      pull.watch(() => {
        this.touch("status");
        this.answering.streamed();
      }),
    ];
  }

  /** As the method explains them: some have a space of their own. */
  get outputs() {
    const { name, reads } = this.method;
    return own(this.answers.outputs, reads ? "neighborhood" : name) ?? this.model.get("outputs");
  }
  get answers() {
    return this.model.get("answers");
  }
  /** How far the run of the method and output that were chosen is. */
  get status() {
    return this.pull.statusOf(this.settings.method, this.target);
  }
  get rows() {
    return this.pull.rows;
  }
  get target() {
    return Math.min(this.settings.target, this.outputs.names.length - 1);
  }
  /** @returns {Method} */
  get method() {
    const { method } = this.settings;
    const found = this.answers.methods.find((/** @type {Method} */ m) => m.name === method);
    return found ?? { name: method, label: method, available: true, reason: "", reads: true };
  }
  /** A method's label. @param {{label: string}} [method] default: the one that was chosen */
  labelOf({ label } = this.method) {
    return this.words.label(label);
  }
  /** A feature's name: of a picture's segments it is ours, and otherwise the user's. @param {number} feature */
  nameOf(feature) {
    const name = String(this.subject.features[feature]);
    return this.subject.kind === "image" ? this.words.given(name) : name;
  }
  /** What its evaluations are called. */
  get unit() {
    return unit(this.method);
  }
  /** Evaluations that were asked, and those that the reader wants read. */
  get evaluated() {
    return Math.max(this.method.reads ? (this.rows?.n ?? 0) : 0, this.status.n);
  }
  get wanted() {
    const { n_samples: n } = this.settings;
    return n === null ? this.evaluated : Math.min(Math.max(n, this.status.least), this.evaluated);
  }

  /** The target's strongest links between two features; none unless they were asked for. @returns {Link[]} */
  get links() {
    const { links, linked } = this.answers;
    const own = this.method.reads ? "neighborhood" : this.method.name;
    return ((linked ?? "neighborhood") === own && links?.[this.target]) || NONE;
  }
  /** Rows that the answer reads: those that were chosen, and not drawn, are no part of some methods. */
  get read() {
    const n = this.answer?.n ?? 0;
    return this.rows && READ_DRAWN.has(this.settings.method) ? this.rows.drawn(n).n : n;
  }

  get answer() {
    return this.answering.now;
  }
  /** What was measured of the answer on show. @returns {import("./quality.js").Measured | null} */
  get measured() {
    const { answer, settings, target, pull } = this;
    const { method, kernel_width } = settings;
    const width = method === "lime" ? kernel_width : null;
    return answer && pull.quality.of({ method, target, kernel_width: width, n: answer.n });
  }
  /** Features that are not there: taken out by the reader, or gone at the point of a curve. @param {number} feature */
  isOut(feature) {
    return this.whatIf.absent.has(feature) || this.gone.has(feature);
  }
  /** What to say where nobody can be asked; null: the kernel can. */
  get alone() {
    const { link } = this.pull;
    if (link === "page") return this.words.page;
    if (this.closed) return this.words.file;
    return link === "no kernel" ? this.words.noKernel : null;
  }
  /** Is there no model to ask, now or later? Pages and files hold what was asked before. */
  get closed() {
    return this.pull.link === "page" || !!this.status.closed;
  }
  /** Does Python read rows for this view? It does so with no model, too. */
  get reads() {
    return this.pull.link !== "page" && this.pull.link !== "no kernel";
  }
  /** Can it be tried what the model says with something taken out? Pages and files know that of their rows only. */
  get tries() {
    const { subject, closed, rows } = this;
    return !subject.source && (!closed || (rows !== null && rows.law !== "bins"));
  }

  /** Can the view fit LIME itself? */
  get refits() {
    return this.answering.refits;
  }

  /** @override @param {...Topic} topics */
  touch(...topics) {
    super.touch(...topics);
    if (topics.includes("answer")) this.answering.renew();
  }

  /**
   * Choose, for this view and for now: a slider that still moves.
   *
   * @param {Partial<Settings>} choice
   */
  set(choice) {
    const { method, target } = this.settings;
    this.settings = { ...this.settings, ...choice };
    this.#followSpace();
    this.answering.interrupt();
    if (method !== this.settings.method || target !== this.settings.target) this.touch("chosen");
    this.touch("settings", "answer");
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

  /** @param {...number} features -1 is none */
  light(...features) {
    const lit = features.filter((feature) => feature >= 0);
    if (lit.join() === this.lit.join()) return;
    this.lit = lit;
    this.touch("lit");
  }

  /** @param {number} feature that can be marked now */
  hold(feature) {
    this.held = feature;
    this.touch("held");
  }

  /** @param {boolean} on */
  onlyMark(on) {
    this.marking = on;
    this.touch("held");
  }

  /**
   * Mark a feature for all views of this explanation, or take its mark back where it has that one.
   *
   * @param {number} feature
   * @param {import("./marks.js").Mark} mark
   */
  mark(feature, mark) {
    this.marks = turned(this.marks, feature, mark);
    this.touch("marks");
    const { marks: words } = this.words;
    const name = isolated(shortened(this.nameOf(feature), LONGEST));
    this.say(this.marks.has(feature) ? words.marked(name, words.names[mark]) : words.back(name));
    this.model.set("marks", [...this.marks]);
    this.model.save_changes();
  }

  /** @param {Set<number>} gone at the point of a curve that is looked at */
  scrub(gone) {
    if (gone.size === 0 && this.gone.size === 0) return;
    this.gone = gone;
    this.touch("scrub");
  }

  /** @param {string} sentence for those who hear the page */
  say(sentence) {
    this.said = sentence;
    this.touch("said");
  }

  /** @override */
  end() {
    for (const stop of this.stops) stop();
    this.answering.end();
    super.end();
  }

  /** What a what-if found is of the space that was explained before. */
  #followSpace() {
    const { space } = this.outputs;
    if (space !== this.#space) this.whatIf.renew();
    this.#space = space;
  }
}
