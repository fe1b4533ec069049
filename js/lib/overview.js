/** What the reader of a data set's view chose, and what was asked for it; parts of the view listen to it. */
import { float32 } from "./arrays.js";
import { Carried } from "./carried.js";
import { compared } from "./cohort.js";
import { afterRest } from "./later.js";
import { Requests } from "./requests.js";
import { count, isolated, ranked, shortened, signed } from "./scale.js";
import { Slices } from "./slices.js";
import { Topics } from "./topics.js";
import { watch } from "./watch.js";
import { en } from "./words/overview_en.js";
import { zh } from "./words/overview_zh.js";
import { wordsOf } from "./words.js";

/**
 * @typedef {import("./carried.js").Row} Row
 * @typedef {import("./carried.js").Measure} Measure
 * @typedef {import("./cohort.js").Cohort} Cohort
 * @typedef {import("./cohort.js").Comparison} Comparison
 * @typedef {import("./words.js").Words & {overview: typeof en}} Words
 * @typedef {{measure: string, feature: number | null, row: number | null, cohort: Cohort | null}} Settings
 * @typedef {"data" | "measure" | "feature" | "row" | "cohort" | "lit" | "asking" | "said" | "size"} Topic
 */

/** Milliseconds between two questions about a cohort whose ends still move. */
const REST = 120;
/** Letters of a name in a sentence. */
const LONGEST = 60;
const TRAITS = ["outputs", "points", "texts", "density", "measures", "curves", "partners"];

/** @extends {Topics<Topic>} */
export class Overview extends Topics {
  /** What is asked now ("") and why it could not be answered, by what it is. @type {Map<string, string>} */
  #asked = new Map();
  /** @type {Comparison | null} */
  #comparison = null;
  /** A row that is not carried, and was asked for. @type {Row | null} */
  #sent = null;
  /** Of images the pictures that came, by row. @type {Map<number, any>} */
  #pictures = new Map();
  /** The measure that was pressed last. */
  #wanted = "";
  /** The feature that is pointed at, or -1. */
  lit = -1;
  said = "";

  /** @param {import("./watch.js").Model} model */
  constructor(model) {
    super();
    this.model = model;
    const words = wordsOf(model);
    /** @type {Words} only this view carries its own */
    this.words = { ...words, overview: words.lang === "en" ? en : zh };
    this.subject = model.get("subject");
    /** @type {Settings} */
    this.settings = { ...model.get("settings") };
    this.data = new Carried(model, this.words);
    const changed = () => this.touch("asking");
    this.requests = new Requests(model, changed, () => [...this.#asked.values()].includes(""));
    this.slices = new Slices((name) => this.#slice(name), changed);
    this.rest = afterRest(REST, () => this.#compareAll());
    this.stops = [watch(model, TRAITS, () => this.#renew()), ...this.#hear()];
    this.#askAgain();
  }

  // What is shown.

  get isText() {
    return this.subject.kind === "text";
  }
  /** No kernel is behind it, as far as is known. */
  get alone() {
    return this.requests.link === "page" || this.requests.link === "no kernel";
  }
  get output() {
    const { names, target } = this.data.outputs;
    return isolated(shortened(String(names[target]), LONGEST));
  }
  /** What is predicted, in a sentence: "the probability of yes", or what the number is of. */
  get predicted() {
    const { space, unit } = this.data.outputs;
    const name = unit ? isolated(shortened(unit, LONGEST)) : this.output;
    return this.words.bars.output(name, space);
  }
  /** A row in a sentence: as the index of the data calls it, or else its position. @param {number} row */
  called(row) {
    const label = this.data.row(row)?.label;
    return label ? this.words.overview.quoted(isolated(shortened(label, LONGEST))) : count(row);
  }
  /** A feature's name in a sentence. @param {number} feature */
  named(feature) {
    return isolated(shortened(this.data.names[feature], LONGEST));
  }
  /** An attribution as it is written. @param {number} value */
  amount(value) {
    return signed(value, this.data.digits);
  }
  /** An attribution with its unit, where that isn't known from what is predicted. @param {number} value */
  amountOf(value) {
    const { space } = this.data.outputs;
    return space === "value" ? this.amount(value) : this.words.overview.measuredIn(this.amount(value), space);
  }
  /** The measure that is chosen, or else the first. @returns {Measure} */
  get measure() {
    const { measures } = this.data;
    return measures.find(({ name }) => name === this.settings.measure) ?? measures[0];
  }
  /** Features by that measure, the most important first. */
  get order() {
    return ranked(this.measure.values.map((value) => (Number.isFinite(value) ? value : 0)));
  }
  /** The feature that is chosen, or else the most important one. @returns {number} */
  get feature() {
    return this.settings.feature ?? this.order[0];
  }
  /** Has the feature that is chosen a value that the output may depend on? Words, segments and groups have none. */
  get depends() {
    return ["number", "category"].includes(this.subject.columns[this.feature].kind);
  }
  /** The row that is chosen; null: none is, or what is known of it has not come. @returns {Row | null} */
  get row() {
    const { row } = this.settings;
    if (row === null) return null;
    return this.data.row(row) ?? (this.#sent?.row === row ? this.#sent : null);
  }
  /** The image that is chosen, as the view of an image has it; null: there is none, or it has not come. @returns {any} */
  get picture() {
    return this.#pictures.get(this.settings.row ?? -1) ?? null;
  }
  /** Which of the carried rows are in the cohort; null: there is none. @returns {((i: number) => boolean) | null} */
  get inCohort() {
    const { cohort } = this.settings;
    if (!cohort || this.isText) return null;
    const { low, high, axis } = cohort;
    const lane = this.data.lane(cohort.feature);
    const by = axis === "value" ? lane.data : lane.values;
    return (i) => by[i] >= low && by[i] <= high;
  }
  /**
   * The cohort and the rest: as Python says, of all rows; until then, or with nobody to ask, of those that are here.
   *
   * @returns {Comparison | null}
   */
  get comparison() {
    const { cohort } = this.settings;
    if (!cohort || this.isText) return null;
    this.#comparison ??= compared(this.data.points, cohort);
    return this.#comparison;
  }
  /** @param {string} what "measure sage" @returns {string | null} why it can't be had; "": it is asked; null: neither */
  asking(what) {
    return this.#asked.get(what) ?? null;
  }

  // What the reader chooses is kept: a view that is opened again shows the same.

  /** A measure that is not known is computed first, while the view goes on. @param {string} name */
  async chooseMeasure(name) {
    const known = () => this.data.measures.some((one) => one.name === name);
    this.#wanted = name;
    if (!known() && !this.alone) await this.slices.run(name);
    if (!known() || this.#wanted !== name) return;
    this.#choose({ measure: name }, "measure", "feature");
    this.askCurves();
  }
  /** @param {number} feature */
  chooseFeature(feature) {
    this.#choose({ feature }, "feature");
    this.askCurves();
  }
  /** @param {number | null} row */
  chooseRow(row) {
    this.#choose({ row }, "row");
    this.#bringRow();
  }
  /**
   * Turn to the row that the index of the data calls so.
   *
   * @param {string} label
   * @returns {Promise<string>} why that can't be, or ""
   */
  async findLabel(label) {
    if (this.alone) {
      const row = this.data.labelled(label);
      if (row === null) return this.words.overview.noLabelHere(label);
      this.chooseRow(row);
      return "";
    }
    const key = `row ${label}`;
    const answer = await this.#ask("row", { label }, label);
    const error = this.asking(key);
    this.#asked.delete(key);
    if (!answer) return error ? this.words.told(error) : "";
    this.#take(answer);
    this.chooseRow(answer.content.row);
    return "";
  }
  /** @param {Cohort | null} cohort @param {boolean} [done] false: its ends still move */
  chooseCohort(cohort, done = true) {
    this.#comparison = null;
    this.settings = { ...this.settings, cohort };
    this.touch("cohort");
    if (cohort && !this.alone) this.rest.ask();
    if (done) this.#keep();
  }
  /** @param {number} target */
  turn(target) {
    if (target !== this.data.outputs.target && !this.alone) this.#ask("turn", { target }, String(target));
  }
  /** Ask how the output depends on the feature that is chosen, unless that is known, or there is nobody to ask. */
  async askCurves() {
    const { feature } = this;
    if (this.alone || !this.depends || this.data.curves.has(feature)) return;
    const answer = await this.#ask("dependence", { feature }, String(feature));
    // It comes a slice at a time, as long as it is this feature that is looked at.
    if (answer && (answer.content.done ?? 1) < 1 && this.feature === feature) this.askCurves();
  }

  /** @param {Partial<Settings>} choice @param {...Topic} topics */
  #choose(choice, ...topics) {
    this.settings = { ...this.settings, ...choice };
    this.touch(...topics);
    this.#keep();
  }
  #keep() {
    this.model.set("settings", { ...this.settings });
    this.model.save_changes();
  }

  // What is asked.

  async #compareAll() {
    const { cohort } = this.settings;
    if (!cohort || this.isText) return;
    this.requests.cancel("cohort");
    this.#asked.delete("cohort ");
    const answer = await this.#ask("cohort", cohort, "");
    if (!answer || this.settings.cohort !== cohort) return;
    const { n, predictions } = answer.content;
    const [some, rest, margin, other] = answer.buffers.map(float32);
    const means = predictions.map((/** @type {number | null} */ each) => each ?? Number.NaN);
    this.#comparison = { n, predictions: means, values: [some, rest], margins: [margin, other], all: true };
    this.touch("cohort");
  }

  async #bringRow() {
    const { row } = this.settings;
    const drawn = this.subject.kind !== "image" || this.picture;
    if (row === null || (this.row && drawn) || this.alone) return;
    const answer = await this.#ask("row", { row }, String(row));
    if (!answer) return;
    this.#take(answer);
    this.touch("row");
  }

  /** Keep a row that came, and its picture. @param {import("./requests.js").Answer} answer */
  #take({ content, buffers }) {
    if (content.explained === false) return;
    const [, , picture, segments] = buffers;
    if (content.subject) this.#pictures.set(content.row, { ...content.subject, picture, segments });
    if (!this.data.row(content.row)) this.#sent = this.data.sent(content, buffers);
  }

  /** @param {string} name of a measure @returns {Promise<number | null>} the share that is done */
  async #slice(name) {
    const answer = await this.#ask("measure", { name }, name);
    return answer && (answer.content.done ?? 1);
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} fields
   * @param {string} what of its type
   * @returns {Promise<import("./requests.js").Answer | null>} null: it is asked already, or there is no answer
   */
  async #ask(type, fields, what) {
    const key = `${type} ${what}`;
    if (this.#asked.get(key) === "") return null;
    this.#asked.set(key, "");
    this.touch("asking");
    const answer = await this.requests.ask(type, () => ({ type, ...fields }));
    const error = answer?.content.error;
    if (error) this.#asked.set(key, error);
    else this.#asked.delete(key);
    this.touch("asking");
    return error ? null : answer;
  }

  /** What was chosen before, and takes an answer. */
  #askAgain() {
    this.#bringRow();
    if (this.settings.cohort && !this.alone) this.rest.ask();
  }

  // Who listens, and what is heard.

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
  /** @override */
  end() {
    for (const stop of this.stops) stop();
    this.requests.cancel();
    this.rest.end();
    super.end();
  }

  #hear() {
    /** @type {[string, (...args: any[]) => void][]} */
    const events = [
      ["msg:custom", (content, buffers) => this.#receive(content, buffers ?? [])],
      ["comm:close", () => this.requests.lost()],
      ["comm_live_update", () => this.requests.doubt()],
    ];
    for (const [event, callback] of events) this.model.on(event, callback);
    return events.map(
      ([event, callback]) =>
        () =>
          this.model.off(event, callback),
    );
  }

  /** @param {any} content @param {DataView[]} buffers */
  #receive(content, buffers) {
    if (content?.type === "waiting") this.requests.busy();
    else this.requests.answer(content, buffers);
  }

  #renew() {
    this.#comparison = null;
    this.#sent = null;
    this.data = new Carried(this.model, this.words);
    this.#askAgain();
    this.askCurves();
    this.touch("data", "measure", "feature", "row", "cohort", "asking");
  }
}
