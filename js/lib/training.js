/** What a training's view knows and what its reader chose; parts of the view listen to it. */
import { recorded } from "./recorded.js";
import { nearest } from "./timeline.js";
import { Topics } from "./topics.js";
import { watch } from "./watch.js";
import { en } from "./words/training_en.js";
import { zh } from "./words/training_zh.js";
import { wordsOf } from "./words.js";

/**
 * @typedef {import("./words.js").Words & {training: typeof en}} Words
 * @typedef {import("./recorded.js").Against} Against
 * @typedef {{step: number | null, example: number, against: Against, values: "values" | "change", measure: string}} Settings
 * @typedef {{state: string, overhead: number | null, step: number, n: number, notes: string[]}} Status
 * @typedef {import("./recorded.js").Drift} Drift
 * @typedef {"records" | "status" | "step" | "example" | "said" | "link"} Topic
 */

/** Milliseconds between asking and asking again: at first, and at last. */
const [FIRST, LAST] = [1500, 60_000];

/** @extends {Topics<Topic>} */
export class Training extends Topics {
  said = "";
  /** Does the kernel hear while its cell runs? null: not known yet. @type {boolean | null} */
  hears = null;
  /** What Python said since the trait was synced. @type {Status | null} */
  #told = null;
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {import("./watch.js").Model} model */
  constructor(model) {
    super();
    this.model = model;
    const words = wordsOf(model);
    /** @type {Words} only this view carries its own */
    this.words = { ...words, training: words.lang === "en" ? en : zh };
    this.about = model.get("about");
    this.subjects = model.get("subjects");
    /** @type {Settings} */
    this.settings = { ...model.get("settings") };
    this.data = recorded(model);
    /** @param {any} content */
    const hear = (content) => this.#heard(content);
    model.on("msg:custom", hear);
    this.stops = [
      watch(model, ["metrics", "records", "status"], () => this.#renew()),
      watch(model, "settings", () => this.#follow()),
      () => model.off("msg:custom", hear),
      () => clearTimeout(this.#timer),
    ];
    this.#ask();
  }

  // What is shown.

  /** @returns {Status} */
  get status() {
    return this.#told ?? this.model.get("status");
  }
  /** A saved page has nobody to ask. */
  get alone() {
    return !this.model.send;
  }
  /** How the training is; of one that was saved as it went on nobody knows how it ended. */
  get state() {
    const { state } = this.status;
    return this.alone && (state === "running" || state === "waiting") ? "not ended" : state;
  }
  /** What a feature is called where examples are held together. @param {string} name */
  nameOf(name) {
    if (this.subjects[0].kind !== "image") return name;
    const [, segment, number] = /^(.*) of picture (\d+)$/.exec(name) ?? [];
    const { given, training } = this.words;
    return number ? training.ofPicture(given(segment), number) : given(name);
  }
  /** The place of the checkpoint on show; the last one, unless another was chosen. */
  get at() {
    const { step } = this.settings;
    return step === null ? this.data.steps.length - 1 : nearest(this.data.steps, step);
  }
  get step() {
    return this.data.steps[this.at] ?? 0;
  }
  /** The place of what it is held against; -1: nothing came before. */
  get other() {
    return this.at < 1 ? -1 : this.settings.against === "first" ? 0 : this.at - 1;
  }
  /** @returns {Drift} of the measure that is chosen */
  get drift() {
    return this.driftOf(this.settings.against);
  }
  /** @param {Against} against @returns {Drift} */
  driftOf(against) {
    const all = this.data.drifts[against];
    return all.find(({ measure }) => measure === this.settings.measure) ?? all[0];
  }
  /** An example's attributions at a checkpoint. @param {number} example @param {number} place */
  values(example, place) {
    const d = this.subjects[example].features.length;
    return this.data.values[example].subarray(place * d, (place + 1) * d);
  }
  /** Could an example be explained at a checkpoint? @param {number} example @param {number} place */
  known(example, place) {
    return !Number.isNaN(this.data.predictions[example][place]);
  }
  /** What the pinned example shows: its values, or what has changed of them. @param {number} [place] */
  shown(place = this.at) {
    const { example, values, against } = this.settings;
    const now = this.values(example, place);
    if (values === "values") return now;
    const other = place < 1 ? place : against === "first" ? 0 : place - 1;
    const before = this.values(example, Math.max(other, 0));
    return now.map((value, i) => value - before[i]);
  }

  // What a reader does.

  /** @param {Partial<Settings>} change */
  choose(change) {
    this.settings = { ...this.settings, ...change };
    this.model.set("settings", this.settings);
    this.model.save_changes();
    this.touch("step", "example");
  }
  /** Show a checkpoint by its place; the last one is followed as training goes on. @param {number} place */
  go(place) {
    const last = this.data.steps.length - 1;
    this.choose({ step: place >= last ? null : this.data.steps[Math.max(0, place)] });
  }
  /** @param {number} by 1: the next one @returns {void} */
  turn(by) {
    const n = this.subjects.length;
    this.choose({ example: (this.settings.example + by + n) % n });
  }
  /** @param {string} sentence */
  say(sentence) {
    this.said = sentence;
    this.touch("said");
  }
  stopTraining() {
    this.#send("stop");
  }

  /** @override */
  end() {
    super.end();
    for (const stop of this.stops) stop();
  }

  // What comes from Python.

  #renew() {
    this.#told = null;
    this.data = recorded(this.model);
    if (this.state !== "running") this.hears = null;
    this.#ask();
    this.touch("records", "status", "step", "example", "link");
  }

  /** Another view of the same training was turned. */
  #follow() {
    this.settings = { ...this.model.get("settings") };
    this.touch("step", "example");
  }

  /**
   * Find out whether the kernel hears while it trains. Asked more than once: some kernels overlook a message that comes
   * as they begin a cell until the next one comes.
   *
   * @param {number} [times] that it was asked already
   */
  #ask(times = 0) {
    if (this.hears || this.state !== "running" || this.#timer) return;
    this.#send("hear");
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.hears || this.state !== "running") return;
        if (times > 0) this.hears = false;
        this.touch("link");
        this.#ask(times + 1);
      },
      Math.min(FIRST * 2 ** times, LAST),
    );
  }

  /** @param {string} type */
  #send(type) {
    try {
      this.model.send?.({ type, id: `${type}${this.#asked++}` });
    } catch {
      this.hears = false; // the kernel is gone
      this.touch("link");
    }
  }

  /** @param {any} content */
  #heard({ status }) {
    this.#told = status;
    this.hears = status.state === "running" ? true : null;
    this.touch("status", "link");
  }
}
