/** What the view of a data set says besides, in English. */
import { count } from "../scale.js";

/** Several inputs, by kind. @type {Record<string, string>} */
const INPUTS = { text: "texts", image: "images", table: "rows" };
/** One of them. @type {Record<string, string>} */
const INPUT = { text: "text", image: "image" };
/** One of them, first in a sentence. @param {string} kind */
const named = (kind) => ({ text: "Text", image: "Image" })[kind] ?? "Row";

export const en = {
  /** @param {string} model */
  title: (model) => `Overview of ${model}`,
  /** @param {string} n @param {string} kind of the inputs */
  rows: (n, kind) => `${n} ${INPUTS[kind] ?? INPUTS.table}`,
  notCarried: "Not in this file: run the cell again to turn to it",
  notComputed: "Not computed here: run the cell again to have it",
  /** @param {string} what @param {number} percent */
  computing: (what, percent) => `Computing ${what}: ${percent} %`,
  /** @param {string} what */
  computed: (what) => `${what} is computed`,
  stop: "Stop",
  /** @param {string} what */
  stopping: (what) => `Stop computing ${what}`,
  /** @param {string} what */
  stopped: (what) => `Stopped: ${what} goes on from there when it is pressed again`,
  /** @param {string} output */
  turning: (output) => `Turning to ${output} \u2026`,
  /** @param {string} name @param {string} mean @param {string} space of the output */
  chip: (name, mean, space) =>
    `${name}: what it is on average over the rows, ${mean}${space === "value" ? "" : ` ${space}`}`,
  measure: "Measure of importance",
  /** @param {number} n */
  moreMeasures: (n) => `${n} more`,
  fewerMeasures: "fewer",
  features: "Features, the most important first",
  looks: "How features are shown",
  points: "Points",
  bars: "Bars",
  table: "Table",
  measured: ["Feature", "Measure", "95 % interval", "Least", "Median", "Most"],
  /** @param {string} ends */
  interval: (ends) => `95 % interval ${ends}`,
  low: "low value",
  high: "high",
  unordered: "categories, in no order",
  otherValues: "others",
  /** @param {string} amount @param {string} space of the output */
  measuredIn: (amount, space) => `${amount} ${space}`,
  /** @param {string} feature */
  strip: (feature) => `Rows by their attribution, ${feature}`,
  /** @param {string} line */
  from: (line) => `${line}: from`,
  /** @param {string} line */
  to: (line) => `${line}: to`,
  values: "Values",
  noRow: "no row is chosen",
  missing: "missing",
  comma: ", ",
  /** @param {string} label */
  quoted: (label) => `\u201c${label}\u201d`,
  /** @param {string} row @param {string} feature @param {string} value or "" @param {string} amount @param {string} [kind] */
  point: (row, feature, value, amount, kind = "table") =>
    `${INPUT[kind] ?? "row"} ${row}: ${feature}${value && ` = ${value}`}, ${amount}`,
  /** @param {number} n */
  times: (n) => `\u00d7 ${count(n)}`,

  /** @param {string} feature */
  dependsOn: (feature) => `How the output depends on ${feature}`,
  curvesTitle: "Curves",
  curves: { pdp: "PDP", ice: "ICE", ale: "ALE" },
  about: {
    pdp: "partial dependence: the mean answer when every row is given this value",
    ice: "individual rows: the answer of single rows as this value changes",
    ale: "accumulated local effects: as partial dependence, but only from values that rows really have",
  },
  aroundMean:
    "Each point is a row: across its value, upwards its attribution. Curves are drawn about their mean.",
  amongCategories: "Each point is a row, at its attribution. Curves are marks, drawn about their mean.",
  noValues: "This feature has no values that the output could be drawn over.",
  noCurves: "Curves of this feature were not computed, and there is no kernel to compute them.",
  /** @param {string} feature */
  colourBy: (feature) => `Colour by ${feature}`,
  compareRange: "Compare a range",
  binned: ["Values", "Rows", "Mean attribution"],
  /** @param {string} low @param {string} high */
  range: (low, high) => `${low} to ${high}`,
  asking: "asking the model \u2026",

  oneRow: "One row",
  rowBars: "Attributions of this row",
  findBy: "Find rows by",
  label: "label",
  position: "position",
  rowLabel: "Label of a row",
  rowPosition: "Position of a row",
  /** @param {string} text @param {string} last */
  noPosition: (text, last) => `No row is at position ${text}: positions go from 0 to ${last}`,
  /** @param {string} label */
  noLabelHere: (label) => `No row that is in this page is labelled \u201c${label}\u201d`,
  largest: "Largest attribution",
  surprising: "Most surprising",
  wrong: "Wrong prediction",
  next: "Press again for the next one",
  close: "Close",
  /** @param {string} kind @returns {string} */
  press: (kind) =>
    ({ text: "Press a place to open its text", image: "Press a point to open its image" })[kind] ??
    "Press a point to explain its row",
  /** @param {string} number @param {string} kind */
  notExplained: (number, kind) => `${named(kind)} ${number} is not among those that were explained`,
  /** @param {string} number @param {string} kind */
  notHere: (number, kind) => `${named(kind)} ${number} is not among those that this page holds`,
  /** @param {string} number @param {string} kind @param {string | null} label what the index of the data calls it */
  row: (number, kind, label) =>
    `${named(kind)} ${label ? `\u201c${label}\u201d, at position ${number}` : number}`,
  /** @param {string} predicted @param {string} prediction @param {string} base */
  verdict: (predicted, prediction, base) =>
    `${predicted[0].toUpperCase()}${predicted.slice(1)}: ${prediction}; with nothing known ${base}`,
  /** @param {string} truth */
  truth: (truth) => `; true: ${truth}`,
  /** @param {string} name of the row @param {string} prediction */
  opened: (name, prediction) => `${name}: ${prediction}`,
  inPython: "The whole live view, in Python:",

  cohort: "Some rows against the rest",
  cohortBars: "Mean attributions of these rows and of the rest",
  clear: "Clear",
  these: "these rows",
  those: "the rest; numbers: how far these are above it",
  /** @param {string} feature @param {string} low @param {string} high */
  byValue: (feature, low, high) =>
    low === high ? `${feature} = ${low}` : `${feature} from ${low} to ${high}`,
  /** @param {string} feature @param {string} low @param {string} high */
  byAttribution: (feature, low, high) => `Attribution of ${feature} from ${low} to ${high}`,
  /** @param {string} n @param {string} of */
  counted: (n, of) => `${n} of ${of} rows`,
  /** @param {string} predicted @param {string} some @param {string} rest */
  means: (predicted, some, rest) => `; ${predicted} is ${some} on average, of the rest ${rest}`,
  /** @param {string} n @param {string} of */
  onlyCarried: (n, of) => `Compared are the ${n} rows that this page holds, a sample of ${of}.`,
  /** @param {string} n */
  soFar: (n) => `Compared so far are ${n} rows: asking for all \u2026`,
  /** @param {string} some @param {string} rest @param {string} difference */
  pair: (some, rest, difference) => `${some}, the rest ${rest}: difference ${difference}`,

  segments: "Segments",
  meanPicture: "The mean of all images, and how much each segment matters",
  /** @param {string} picture @param {string} parts */
  heated: (picture, parts) => `${picture}; what counts most: ${parts}`,
  noPicture: "This page holds no pictures of single images.",

  /** @param {string} word */
  placesOf: (word) => `Where ${word} stands`,
  /** @param {number} n @param {string} texts */
  places: (n, texts) =>
    `in ${texts} ${texts === "1" ? "text" : "texts"}; ${n} ${n === 1 ? "place" : "places"} here`,

  /** @param {string} method */
  by: (method) => `attributions by ${method}`,
  /** @param {string} n @param {string} of @param {string} kind */
  explained: (n, of, kind) => `${n} of ${of} ${INPUTS[kind] ?? INPUTS.table} explained`,
  /** @param {string} n @param {string} of @param {string} kind */
  drawn: (n, of, kind) => `${n} of ${of} ${INPUTS[kind] ?? INPUTS.table} drawn`,
  aboutDrawn: "a sample, and those worth a look; the grey shapes are of all",
  level: "95 % intervals",
  aboutLevel: "over the rows, and over what the estimator leaves to chance",
  saved: "saved page: nothing more can be asked",
  /** @param {string} missing */
  without: (missing) => `Not in this saved page, as it takes a kernel: ${missing}. Run the notebook for it.`,
  lacks: {
    /** @param {string} n @param {string} of @param {string} kind */
    rows: (n, of, kind) => `more than ${n} of the ${of} ${INPUTS[kind] ?? INPUTS.table} that were explained`,
    /** @param {number} n */
    curves: (n) => `curves of ${n} ${n === 1 ? "feature" : "features"}`,
    outputs: "other outputs",
  },
  noKernel: "no kernel: run the cell again to ask more",
  fromFile: "loaded from a file: there is no model to ask",
};
