/** What the reader of a data set's view chooses, and what is asked for it; parts of the view listen to it. */
import { float32 } from "./arrays.js";
import { Carried } from "./carried.js";
import { compared } from "./cohort.js";
import { afterRest } from "./later.js";
import { Shown } from "./overview_shown.js";
import { Requests } from "./requests.js";
import { Slices } from "./slices.js";
import { watch } from "./watch.js";

/**
 * @typedef {import("./carried.js").Row} Row
 * @typedef {import("./cohort.js").Cohort} Cohort
 * @typedef {import("./cohort.js").Comparison} Comparison
 * @typedef {import("./overview_shown.js").Settings} Settings
 * @typedef {import("./overview_shown.js").Topic} Topic
 */

/** Milliseconds between two questions about a cohort whose ends still move. */
const REST = 120;
const TRAITS = ["outputs", "points", "texts", "density", "measures", "curves", "partners"];

export class Overview extends Shown {
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

  /** @param {import("./watch.js").Model} model */
  constructor(model) {
    super(model);
    const changed = () => this.touch("asking");
    this.requests = new Requests(model, changed, () => [...this.#asked.values()].includes(""));
    this.slices = new Slices((name) => this.#slice(name), changed);
    this.rest = afterRest(REST, () => this.#compareAll());
    this.stops = [watch(model, TRAITS, () => this.#renew()), ...this.#hear()];
    this.#askAgain();
  }

  // What is shown.

  /** No kernel is behind it, as far as is known. */
  get alone() {
    return this.requests.link === "page" || this.requests.link === "no kernel";
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
    this.choose({ cohort });
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
    this.choose(choice);
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
