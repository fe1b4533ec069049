/** All that views say, in English. Numbers come as they are written; names are the user's own. */
import { count } from "../scale.js";
import { marks } from "./marks_en.js";

const SLOPES = "Slopes are no shares: they don't add up to the prediction.";
const LENGTHS = "Lengths have no sign, and are no shares.";
const SMOOTHED =
  "the model's answers were smoothed by a process that knows which features matter; its intervals are its own";
const REGRESSED = "fitted to the model's answers by weighted regression, as KernelSHAP is";
const COMPUTED = ["exact: computed from the model itself", "nothing was left to chance"];
/** What a feature is called, by kind of input, and several of them. @type {Record<string, string>} */
const PART = { text: "word", image: "segment", table: "value" };
/** @type {Record<string, string>} */
const PARTS = { text: "words", image: "segments", table: "features" };
/** @type {Record<string, string>} */
const STATES = { done: "done", stopped: "stopped", failed: "failed" };

export const en = {
  lang: "en",
  /** Labels of methods, and sentences that Python makes, are English already. @type {Record<string, string>} */
  labels: {},
  /** @type {[string, string][]} */
  sentences: [],
  /** Between two sentences that are told as one. */
  between: "; ",
  /** @param {string} text without a full stop */
  sentence: (text) => `${text[0].toUpperCase()}${text.slice(1)}.`,
  /** @param {string} number */
  percent: (number) => `${number} %`,
  /** A name that limelight gave: "segment 3", "row 1". @param {string} name */
  given: (name) => name,

  card: {
    /** @param {string} model */
    explanation: (model) => `Explanation of ${model}`,
    /** @param {string[]} names */
    comparison: (names) => `Comparison of ${names.join(", ")}`,
    notes: "Notes",
    terms: "What these words mean",
    asking: "Asking the model",
    /** @param {string} state done, stopped or failed */
    ended: (state) => `Explanation ${STATES[state] ?? state}`,
    /** @param {string} where a trait and a place in it */
    damaged: (where) =>
      `The data of this view are damaged, so it can't be drawn (${where}). Run the cell again, or get the file once more from where it came from.`,
    /** @param {number} n @param {string} message @param {boolean} kept */
    failed: (n, message, kept) =>
      `Ended after ${count(n)} evaluations: ${message}${kept ? "\nWhat came before is kept and shown." : ""}`,
  },

  /** Where the kernel is gone. */
  noKernel: {
    /** @param {string} method @param {string} output */
    missing: (method, output) =>
      `${method} was not computed for ${output}, and there is no kernel to compute it: run the cell again`,
    /** @param {string} state running: it said no more @param {boolean} missing is there no answer? */
    ended: (state, missing) =>
      `${missing ? "not computed; " : state === "running" ? "" : `${STATES[state] ?? state}; `}no kernel: run the cell again to ask more`,
    more: "No kernel: run the cell again to ask more",
    whatIf: "no kernel here to ask the model: run the cell again to try this",
    /** @param {string} invitation */
    invites: (invitation) => invitation,
  },

  /** In a saved page, which never had one. */
  page: {
    /** @param {string} method @param {string} output */
    missing: (method, output) => `${method} was not computed for ${output} before this page was saved`,
    /** @param {string} _state @param {boolean} missing is there no answer? @returns {string} */
    ended: (_state, missing) =>
      missing ? "not computed; saved page" : "saved page: nothing more can be asked",
    more: "A saved page: nothing more can be asked",
    whatIf: "the model was not asked this before the page was saved",
    /** @param {string} invitation */
    invites: (invitation) => `${invitation} This page knows what was asked before it was saved.`,
    cut: "This file is incomplete: it ends before the data of this view do. Get it once more from where it came from, or save it again.",
    changed:
      "The data of this view are damaged: they were changed after the page was saved. Get the file once more from where it came from, or save it again.",
    lost: "This file is incomplete: not all of its views are in it. Get it once more from where it came from, or save it again.",
  },

  /** Of an explanation that came from a file: Python reads its rows, and there is no model. */
  file: {
    /** @param {string} method @param {string} output */
    missing: (method, output) => `${method} was not computed for ${output} before this was saved`,
    /** @param {string} _state @param {boolean} missing is there no answer? @returns {string} */
    ended: (_state, missing) =>
      missing ? "not computed; loaded from a file" : "loaded from a file: nothing more can be asked",
    more: "Loaded from a file: nothing more can be asked",
    whatIf: "the model was not asked this before the explanation was saved",
    /** @param {string} invitation */
    invites: (invitation) => `${invitation} The file holds what was asked before it was saved.`,
  },

  unfold: {
    /** @param {number} rest */
    more: (rest) => `${rest} more`,
    /** @param {number} some @param {number} rest */
    some: (some, rest) => `${some} of ${rest} more`,
    fewer: "fewer",
  },

  outputs: {
    title: "Explained output",
    predicted: "predicted",
    /** @param {string} name */
    chosen: (name) => `Explaining ${name}`,
  },

  methods: {
    title: "Method",
    all: "All methods",
    /** @param {number} n */
    more: (n) => `All ${n}`,
    /** @param {number} n */
    moreMethods: (n) => `All ${n} methods`,
    kinds: {
      perturbations: "From the same perturbations: turning between these asks nothing anew",
      passes: "From the model's gradients",
      evaluations: "From evaluations of their own, or the model itself",
    },
    /** @param {string} label @param {string} reason */
    unable: (label, reason) => `${label} can't run here: ${reason}`,
    /** @param {string} label */
    chosen: (label) => `Method: ${label}`,
    colon: ": ",
  },

  /** What a method's numbers tell. */
  tells: {
    lime: "the slopes of a straight line, fitted to the model's answers near this input.",
    shapley: "each part's fair share of the prediction; the shares add up.",
    banzhaf: "what a part adds on average, when any other is there or not with equal chance.",
    occlusion: "what is lost when just this part goes.",
    windows: "what is lost when a window that covers this part goes, at each of its places.",
    permutation_shapley:
      "what a part adds as parts come in one by one, over random orders; the shares add up.",
    rise: "how much higher the output is under random soft masks that leave this part in sight. No shares.",
    tree_shap: "each part's fair share of the prediction, computed from the trees; the shares add up.",
    linear_shap: "each part's fair share of the prediction, computed from the weights; the shares add up.",
    additive:
      "the model's own term of each part, added to its intercept and not to background rows; terms of two are split equally. Intervals: how far its bags are apart.",
    saliency: `how fast the output would rise if this part grew a little. ${SLOPES}`,
    saliency_of_text: `how fast the output would move, up or down, as this word's embedding moves. ${LENGTHS}`,
    input_x_gradient: `the slope times the input's own value. ${SLOPES}`,
    integrated_gradients:
      "slopes gathered on the way from the baseline to this input; they add up, but for a gap.",
    smooth_grad: `the slope, averaged over noisy copies of this input. ${SLOPES}`,
    smooth_grad_of_text: `how fast the output would move, up or down, as this word's embedding moves, over noisy copies of this input. ${LENGTHS}`,
    gradient_shap:
      "slopes gathered at random points between baselines and this input; they add up on average.",
    deep_lift: "the output's change from the baseline, handed back layer by layer; the shares add up.",
    lrp: "the output, handed back layer by layer to what brought it about.",
    grad_cam: "where a layer's channels that raise the output are active: a coarse map, and no shares.",
  },

  bars: {
    title: "Attributions",
    lowers: "\u2212 lowers, ",
    /** @param {string} output */
    raises: (output) => `+ raises ${output}`,
    /** What is pointed at. @param {string} name @param {string} value of a table's row, or "" @param {string} amount */
    reading: (name, value, amount) => `${name}${value && ` = ${value}`}: ${amount}`,
    /** What follows a number. @param {string} interval */
    heard: (interval) => `, ${interval}`,
    /** @param {string} kind @param {string} output */
    sizes: (kind, output) => `how strongly each ${PART[kind]} moves ${output}, either way`,
    /** @param {string} name @param {string} space */
    output: (name, space) => (space === "value" ? name : `the ${space} of ${name}`),
    unknown: "no interval is known",
    /** @param {string} value */
    exact: (value) => `${value}, exact`,
    /** @param {string} low @param {string} high */
    interval: (low, high) => `95 % interval ${low} to ${high}`,
  },

  marks,

  links: {
    title: "Together",
    beyond: "what two features do beyond what each does alone",
    /** @param {string} title @param {string} beyond */
    label: (title, beyond) => `${title}: ${beyond}`,
    and: " with ",
    /** @param {string[]} names @param {string} value @param {string} interval */
    pair: ([first, second], value, interval) => `${first} with ${second}: ${value}, ${interval}`,
  },

  text: {
    title: "Text",
    unseen: "the model never sees this",
    invitation: "Press a word to take it out and see the prediction move.",
  },

  picture: {
    seen: "What the model is given",
    told: "What counted",
    asking: "asking \u2026",
    unable: "This picture can't be shown here.",
    none: "No answer yet",
    /** Where a segment lies, row by row. */
    places: [
      "top left",
      "top",
      "top right",
      "left",
      "middle",
      "right",
      "bottom left",
      "bottom",
      "bottom right",
    ],
    /** @param {string} segment @param {string} place @param {string} value */
    part: (segment, place, value) => `${segment} (${place}) ${value}`,
    /** @param {string} output @param {string[]} parts */
    counted: (output, parts) => `What counted for ${output}: ${parts.join(", ")}`,
    invitation: "Press a segment, or its bar, to take it out and see the prediction move.",
    looks: "How it is drawn",
    pixels: "Pixels",
    heat: "Heat",
    segments: "Segments",
    outline: "Outline",
    top: "Top segments",
    eachPixel: "each pixel, smoothed a little",
    eachSegment: "segments, each by the sum of its pixels",
    opacity: "Opacity",
  },

  values: {
    invitation: "Change a value and see the prediction move.",
    /** @param {string} value */
    edit: (value) => `${value}: change it and see the prediction move`,
    /** @param {string} name @param {string} value */
    editNamed: (name, value) => `${name}, ${value}: change it and see the prediction move`,
    /** @param {string} value */
    group: (value) => `${value}: a group, hidden together; its values can't be edited`,
    notNumber: "not a number: unchanged",
    empty: "empty: unchanged",
  },

  whatIf: {
    /** @param {string} invitation */
    asks: (invitation) => `${invitation} It asks the model; the bars stay.`,
    /** @param {number} n */
    changed: (n) => `${n} changed: `,
    /** @param {number} n */
    out: (n) => `${n} out: `,
    asking: "asking the model \u2026",
    back: "put all back",
    restored: "All put back",
  },

  deck: {
    /** What the first slider counts, and what that is. @type {Record<string, string[]>} */
    counts: {
      perturbations: [
        "Perturbations",
        "how many versions of this input, with parts of it hidden, the answer is read from",
      ],
      passes: ["Passes", "how often the model was asked, with gradients, for this answer"],
      evaluations: ["Evaluations", "how often the model was asked for this answer"],
    },
    width: "Kernel width",
    /** @param {string} usual */
    aboutWidth: (usual) =>
      `how near to this input a version must be to count: narrow is about this very input, wide about versions with much hidden. The mark is at the default, ${usual}`,
    effectiveSamples: "effective samples",
    aboutEffective: "so many versions count, as their weights go; for more, widen the kernel or ask for more",
    usual: ", the default",
    /** @param {number} n @param {number} limit */
    of: (n, limit) => `${count(n)} of ${count(limit)}`,
    /** @param {number} wanted @param {number} n */
    first: (wanted, n) => `first ${count(wanted)} of ${count(n)}`,
    /** @param {number} wanted @param {number} n @param {number} limit */
    evaluated: (wanted, n, limit) => `${count(wanted)} of ${count(n)} evaluated, at most ${count(limit)}`,
    /** @param {string} method @param {number} n */
    asItWas: (method, n) => `${method} as it was after ${count(n)}`,
    fewer: "the answer as it was with fewer",
    complete: "every combination there is",
    enough: "enough: more is not needed",
    pairsOnly: "more would change the pairs only",
    certain: "enough: more would change nothing",
    left: "drag left to see the answer with fewer",
    allEvaluated: "all evaluated: drag left to see fewer",
    green: "green: evaluated. Drag past it to ask for more.",
    working: "working it out \u2026",
    /** @param {number} effective @param {number} n @param {boolean} few */
    effective: (effective, n, few) =>
      `effective samples ${count(effective)} of ${count(n)}${few ? ": too few to trust" : ""}`,
    /** What the button does, by the state of the run. @type {Record<string, string>} */
    actions: { running: "Stop", done: "More", stopped: "Resume", failed: "Try again" },
    keep: "keep what there is",
    /** @param {number} limit */
    upTo: (limit) => `ask up to ${count(limit)}`,
    reset: "Reset",
    aboutReset: "all perturbations, default kernel width",
    wasReset: "Sliders reset",
  },

  foot: {
    fit: "fit R\u00b2",
    aboutFit:
      "how well the explanation predicts the model where parts are hidden that it was not fitted to: 1 is perfect",
    order: "top-5 order settled",
    aboutOrder: "how sure it is that the five most important are in the right order",
    aboutWidest: "half the widest 95 % interval, in the output's units",
    level: " at 95 %",
    gap: "completeness gap",
    aboutGap:
      "by how much the values miss the change of the output that they should add up to, as a share of their sizes",
    aboutDrawn: "the others were chosen where Shapley values were in doubt, and would weigh too much here",
    /** @param {string} method @param {number} read @param {number} n */
    drawn: (method, read, n) => `${method} reads the ${count(read)} drawn of ${count(n)}`,
    certain: ["exact", "nothing was left to chance, and no part of an integral or a sum was left out"],
    /** How values were found, and what that means. @type {Record<string, string[]>} */
    routes: {
      linear: COMPUTED,
      tree: COMPUTED,
      kernel: COMPUTED,
      "odd process": ["by a Gaussian process", SMOOTHED],
      regression: ["by regression", REGRESSED],
      "odd process and regression": [
        "by a Gaussian process and regression",
        `the mean of two, and the better one foretold unseen answers, the more it counts: ${SMOOTHED}; ${REGRESSED}`,
      ],
    },
    /** @param {string} source */
    opened: (source) => `opened from ${source}`,
    complete: "exact: every combination was tried",
    busy: "waiting: the kernel is busy with another cell",
    slow: "the model is taking its time, or another cell runs \u2026",
    asking: "asking the model \u2026",
    /** @param {string} rate "": not known @param {string} unit */
    streaming: (rate, unit) =>
      rate ? `streaming, ${rate} ${unit === "passes" ? unit : "evaluations"}/s` : "streaming",
    /** @param {string} state @param {string} time "": not worth telling */
    ended: (state, time) => (STATES[state] ?? state) + (time && `, ${time}`),
    /** @param {string} seconds */
    seconds: (seconds) => `${seconds} s`,
    /** @param {number} minutes @param {number} seconds */
    minutes: (minutes, seconds) => `${minutes} min ${seconds} s`,
    /** @param {number} lines @param {number} from @param {number} to @param {string} unit */
    trace: (lines, from, to, unit) =>
      `The ${lines} largest attributions from ${count(from)} to ${count(to)} ${unit}`,
    aboutTrace: "level lines: the answer has come to rest; dashed ones lower the output",
    /** @param {string} name @param {string[]} ends */
    line: (name, [from, to]) => `${name} ${from} to ${to}`,
  },

  compare: {
    /** @param {string} name */
    bars: (name) => `Attributions, ${name}`,
    /** @param {string} name */
    text: (name) => `Text, ${name}`,
    /** @param {string} name */
    picture: (name) => `What counted, ${name}: the bars below say it in numbers`,
    absent: "not here",
    /** What follows a feature's name. @param {string} value of a table's row, or "" @param {string} amount */
    reading: (value, amount) => `${value && ` = ${value}:`} ${amount}`,
    notHere: ": not here",
    /** @param {string} feature @param {{name: string, reading: string}[]} readings */
    said: (feature, readings) =>
      `${feature}: ${readings.map(({ name, reading }) => `${name}${reading}`).join("; ")}`,
    /** @param {string} reach */
    full: (reach) => `full colour: ${reach}`,
    ownScales: "each column has its own scale: not all values add up to the prediction",
    someOwn: "columns whose values add up to the prediction share one scale; each other has its own",
    /** @param {string} reach @param {string} space */
    oneScale: (reach, space) => `one scale, up to ${reach}${space === "value" ? "" : ` ${space}`}`,
    nothing: "no feature in common: nothing to hold against another",
    /** @param {string} kind */
    common: (kind) => `${PARTS[kind]} in common`,
    aboutCommon: "how many are in both columns, of how many in the longer one",
    rank: "rank agreement",
    aboutRank: "Spearman's correlation of the absolute values: 1 is the same order of importance, 0 is none",
    /** @param {number} top */
    shared: (top) => `top-${top} shared`,
    /** @param {number} top */
    aboutShared: (top) => `how many of the ${top} most important features are the same`,
    /** @param {string} first @param {string} second */
    both: (first, second) => `${first} and ${second}`,
    /** @param {string} first @param {string} second */
    against: (first, second) => `${first} against ${second}`,
    between: "; ",
    /** @param {number} common @param {number} of */
    of: (common, of) => `${common} of ${of}`,
    /** @param {string | number} low @param {string | number} high */
    range: (low, high) => `${low} to ${high}`,
    /** @param {number} n */
    pairs: (n) => `of ${n} pairs`,
    none: "none",
    few: "too few",
    noOrder: "no pair has an order",
    disagree: "they disagree on ",
    differ: "signs differ on ",
    /** @param {string} between */
    apart: (between) => `different signs: ${between}`,
    comma: ", ",
    /** @param {number} n */
    andMore: (n) => ` and ${n} more`,
  },
};
