/** What the view of a data set says besides, in English. */
import { count } from "../scale.js";

/** Several inputs, by kind. @type {Record<string, string>} */
const INPUTS = { text: "texts", image: "images", table: "rows" };
/** One of them. @type {Record<string, string>} */
const INPUT = { text: "text", image: "image" };

export const en = {
  /** @param {string} model */
  title: (model) => `Overview of ${model}`,
  /** @param {string} n @param {string} kind of the inputs */
  rows: (n, kind) => `${n} ${INPUTS[kind] ?? INPUTS.table}`,
  notCarried: "Not in this file: run the cell again to turn to it",
  notComputed: "Not computed here: run the cell again to have it",
  /** @param {string} what */
  computing: (what) => `Computing ${what} \u2026`,
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
  /** @param {string} feature */
  strip: (feature) => `Rows by their attribution, ${feature}`,
  /** @param {string} line */
  from: (line) => `${line}: from`,
  /** @param {string} line */
  to: (line) => `${line}: to`,
  values: "Values",
  noRow: "no row is chosen",
  missing: "missing",
  /** @param {number} row @param {string} feature @param {string} value or "" @param {string} amount @param {string} [kind] */
  point: (row, feature, value, amount, kind = "table") =>
    `${INPUT[kind] ?? "row"} ${count(row)}: ${feature}${value && ` = ${value}`}, ${amount}`,
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
  aroundMean: "Points: attributions of single rows. Curves: around their mean over the rows.",
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
  number: "Number",
  largest: "Largest attribution",
  surprising: "Most surprising",
  wrong: "Wrong",
  next: "Press again for the next one",
  close: "Close",
  /** @param {string} kind @returns {string} */
  press: (kind) => (kind === "text" ? "Press a place to open its text" : "Press a point to explain its row"),
  /** @param {string} number */
  noSuchRow: (number) => `Row ${number} was not explained, or is not carried here`,
  /** @param {string} number @param {string} kind */
  row: (number, kind) => `${kind === "text" ? "Text" : kind === "image" ? "Image" : "Row"} ${number}`,
  /** @param {string} output @param {string} prediction @param {string} base */
  verdict: (output, prediction, base) => `${output} ${prediction}, with nothing known ${base}`,
  /** @param {string} truth */
  truth: (truth) => `; true: ${truth}`,
  /** @param {string} name of the row @param {string} prediction */
  opened: (name, prediction) => `${name}: ${prediction}`,
  inPython: "The whole live view, in Python:",

  cohort: "Some rows against the rest",
  cohortBars: "Mean attributions of these rows and of the rest",
  clear: "Clear",
  these: "these rows",
  those: "the rest; numbers: difference",
  /** @param {string} feature @param {string} low @param {string} high */
  byValue: (feature, low, high) =>
    low === high ? `${feature} = ${low}` : `${feature} from ${low} to ${high}`,
  /** @param {string} feature @param {string} low @param {string} high */
  byAttribution: (feature, low, high) => `Attribution of ${feature} from ${low} to ${high}`,
  /** @param {string} n @param {string} of */
  counted: (n, of) => `${n} of ${of} rows`,
  /** @param {string} output @param {string} some @param {string} rest */
  means: (output, some, rest) => `; mean ${output} ${some}, the rest ${rest}`,
  /** @param {string} n @param {string} of */
  onlyCarried: (n, of) => `Of the ${n} rows that are carried here, a sample of ${of}.`,
  /** @param {string} n */
  soFar: (n) => `Of ${n} rows so far: asking for all \u2026`,
  /** @param {string} some @param {string} rest @param {string} difference */
  pair: (some, rest, difference) => `${some}, the rest ${rest}: difference ${difference}`,

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
  noKernel: "no kernel: run the cell again to ask more",
  fromFile: "loaded from a file: there is no model to ask",
};
