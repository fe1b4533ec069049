/** What a data set's view carries, what the reader chose of it, and how it is said. Asks nobody. */
import { Carried } from "./carried.js";
import { count, isolated, ranked, shortened, signed } from "./scale.js";
import { Topics } from "./topics.js";
import { en } from "./words/overview_en.js";
import { zh } from "./words/overview_zh.js";
import { wordsOf } from "./words.js";

/**
 * @typedef {import("./carried.js").Measure} Measure
 * @typedef {import("./cohort.js").Cohort} Cohort
 * @typedef {import("./words.js").Words & {overview: typeof en}} Words
 * @typedef {{measure: string, feature: number | null, row: number | null, cohort: Cohort | null}} Settings
 * @typedef {"data" | "measure" | "feature" | "row" | "cohort" | "lit" | "asking" | "said" | "size"} Topic
 */

/** Letters of a name in a sentence. */
const LONGEST = 60;

/** @extends {Topics<Topic>} */
export class Shown extends Topics {
  /** @type {Settings} */
  settings;
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
    this.settings = { ...model.get("settings") };
    this.data = new Carried(model, this.words);
  }

  /** Take what the reader chose. @param {Partial<Settings>} choice */
  choose(choice) {
    this.settings = { ...this.settings, ...choice };
  }
  get isText() {
    return this.subject.kind === "text";
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
  /** Which of the carried rows are in the cohort; null: there is none. @returns {((i: number) => boolean) | null} */
  get inCohort() {
    const { cohort } = this.settings;
    if (!cohort || this.isText) return null;
    const { low, high, axis } = cohort;
    const lane = this.data.lane(cohort.feature);
    const by = axis === "value" ? lane.data : lane.values;
    return (i) => by[i] >= low && by[i] <= high;
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
}
