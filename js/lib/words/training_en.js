/** What the view of a training says besides, in English. */
import { count } from "../scale.js";

/** What it is held against, by name. @type {Record<string, string>} */
const SINCE = { first: "since the first record", previous: "since the record before" };

export const en = {
  /** @param {string} model */
  title: (model) => `Training of ${model}`,
  /** @param {string} share of the training time */
  overhead: (share) => `explaining costs ${share} of the training time`,
  /** @param {string} n */
  times: (n) => `explaining costs ${n} times the training time`,
  aboutOverhead:
    "what the training takes longer because its pinned examples are explained as it goes on, as a share of its own time. Only the last weights are explained in any case, however short it was",
  stop: "Stop",
  aboutStop: "Ends the training after its next step. What was recorded is kept.",
  deaf: "This kernel hears nothing while its cell runs: to stop, interrupt the kernel. What was recorded is kept.",
  /** @type {Record<string, string>} */
  states: {
    running: "training",
    waiting: "waiting for the next step",
    done: "training is over",
    stopped: "stopped",
    failed: "training failed",
    "not ended": "not ended",
    elsewhere: "explained by another process",
  },
  /** @param {number} step */
  step: (step) => `step ${count(step)}`,
  /** @param {number} step @param {number} of the last one */
  stepOf: (step, of) => (step < of ? `step ${count(step)} of ${count(of)}` : `step ${count(step)}`),
  /** @param {string} segment @param {string} number of the picture */
  ofPicture: (segment, number) => `picture ${number}: ${segment}`,
  /** @param {string} state @param {number} step */
  state: (state, step) => `${state}, step ${count(step)}`,
  /** @param {string} method */
  by: (method) => `explained by ${method}`,
  /** @param {number} n */
  records: (n) => `${count(n)} ${n === 1 ? "record" : "records"}`,
  aboutRecords: "the pinned examples were explained so many times, always with the same masks and seeds",
  /** @param {number} shown @param {number} n */
  some: (shown, n) => `${count(shown)} of ${count(n)} records drawn`,

  timeline: "Over the steps of the training",
  metrics: "Metrics",
  noMetrics: "No metrics yet: tracker.step(step, loss=loss, eval_accuracy=accuracy) tells of them.",
  noneTold: "No metrics were told.",
  /** Of a metric. @param {number} step */
  lost: (step) => `not finite since step ${count(step)}`,
  /** @param {string} low @param {string} high */
  range: (low, high) => `${low} to ${high}`,
  aboutRange: "the least and the most it has been: lines of losses each have a scale of their own",
  /** @param {string[]} lines */
  lines: (lines) => `Metrics. ${lines.join("; ")}`,
  /** @param {string} name @param {string} first @param {string} last */
  line: (name, first, last) => `${name} ${first} to ${last}`,

  evidence: "Evidence",
  aboutEvidence:
    "which share of all |attributions| each feature has, on the mean over the pinned examples; what is left belongs to other features",
  /** @param {string[]} lines */
  bands: (lines) => `Shares of the evidence. ${lines.join("; ")}`,

  drift: "Drift",
  aboutDrift:
    "how far the pinned explanations have moved, on the mean; inside the grey band it is no more than noise would do",
  measure: "Measure of drift",
  /** @type {Record<string, string>} */
  measures: {
    l1: "Evidence moved",
    cosine: "1 \u2212 cosine",
    spearman: "1 \u2212 Spearman",
    top_k: "1 \u2212 overlap of the top",
    sign_flips: "Signs that changed",
    rbo: "1 \u2212 rank-biased overlap",
    entropy: "Change of entropy",
    gini: "Change of sparseness",
  },
  against: "Held against",
  first: "the first",
  previous: "the one before",
  /** @param {string} against */
  since: (against) => SINCE[against] ?? against,
  sinceBoth: "since the first record and since the one before",
  floor: "noise floor",
  aboutFloor:
    "how far two estimates by the same weights are apart: methods that draw stay below it 19 times in 20 where nothing has changed; for others each number of the input was moved by up to 1 % of its range",
  noChange: "no detectable change",
  change: "more than noise",
  nothingBefore: "the first record",
  /** @param {string} measure @param {string} against @param {string} first @param {string} last @param {string} floor */
  moved: (measure, against, first, last, floor) =>
    `${measure} ${SINCE[against] ?? against}: ${first} to ${last}, with a noise floor of ${floor}`,

  slider: "Record",
  latest: "latest",
  aboutLatest: "Follow the training: show its latest record",
  /** @param {number} step @param {string} verdict */
  chosen: (step, verdict) => `step ${count(step)}: ${verdict}`,

  alarms: "Candidates for shortcuts",
  candidate: "Shortcut candidate:",
  /** What speaks for the target, less what speaks against it. @param {string} share @param {boolean} against */
  net: (share, against) => `${share.replace(" ", "\u00a0")} ${against ? "against" : "for"}`,
  /** @param {string} feature @param {string} from @param {string} to @param {number} n @param {string} metric */
  alarm: (feature, from, to, n, metric) =>
    ` the net evidence of ${feature} went from ${from} the target to ${to} it in ${count(n)} examples, while ${metric} did not rise:`,
  /** @param {number} step */
  goTo: (step) => `step ${count(step)}`,
  to: " to ",

  pinned: "Pinned example",
  /** @param {number} i @param {number} n */
  place: (i, n) => `pinned ${i} of ${n}`,
  back: "Previous pinned example",
  on: "Next pinned example",
  shown: "What is shown",
  values: "Values",
  changes: "Change",
  /** @param {number} step */
  changeSince: (step) => `change since step ${count(step)}`,
  /** @param {string} output @param {boolean} same @param {number} step @param {string} share */
  verdict: (output, same, step, share) =>
    `predicted ${output}, ${same ? "as" : "unlike"} at step ${count(step)}; ${share} of its evidence is elsewhere`,
  /** @param {string} output */
  predicted: (output) => `predicted ${output}`,
  /** @param {number} step */
  missing: (step) => `not explained at step ${count(step)}`,
  /** @param {string} output @param {number} step that it can't be held against */
  alone: (output, step) => `predicted ${output}; not explained at step ${count(step)}`,
  /** Of a single output. @param {boolean} is @param {boolean} probability @returns {string} */
  above: (is, probability) => `${is ? "" : "not "}above ${probability ? "one half" : "zero"}`,
  /** Of a regression. @param {string} now @param {string} before @param {number} step @param {string} share */
  number: (now, before, step, share) =>
    `predicted ${now}, and ${before} at step ${count(step)}; ${share} of its evidence is elsewhere`,
  /** @param {string} reach @param {boolean} change */
  scale: (reach, change) =>
    `full colour: ${reach}, the largest ${change ? "change" : "value"} of this example at any record`,
  /** @param {string} what */
  text: (what) => `Text, ${what}`,
  /** @param {string} what */
  picture: (what) => `What counted, ${what}: the bars say it in numbers`,
  /** @param {string} what */
  bars: (what) => `Attributions, ${what}`,

  flips: "Prediction and evidence that part",
  aboutFlips:
    "the same prediction although half of the evidence is elsewhere, or another prediction from much the same evidence: where that began",
  noFlips: "None so far.",
  /** @type {Record<string, string>} */
  kinds: {
    "same prediction, other evidence": "same prediction, other evidence",
    "other prediction, same evidence": "other prediction, same evidence",
  },
  /** @param {number} example @param {number} step */
  flip: (example, step) => `pinned ${example}, step ${count(step)}`,
  /** @param {string} kind @param {string} since */
  parted: (kind, since) => `${kind}, ${since}`,
  /** @param {number} example @param {number} step @param {string} kind */
  went: (example, step, kind) => `Pinned ${example} at step ${count(step)}: ${kind}`,

  figures: "How well it can be explained",
  /** @type {Record<string, [string, string]>} */
  figure: {
    fidelity: [
      "Fidelity",
      "how well the explanation tells what the model says to perturbations it was not fitted to",
    ],
    comprehensiveness: [
      "Comprehensiveness",
      "by how much the explained output falls when the features that speak most for it are hidden: by nothing where none speaks for it",
    ],
    sparseness: [
      "Sparseness",
      "Gini index of the shares: 0 where all features count alike, near 1 where few count",
    ],
    complexity: ["Complexity", "entropy of the shares, in nats: the more features count, the larger"],
    stability: [
      "Stability",
      "one minus the share of the evidence that is elsewhere in a second estimate of the same weights",
    ],
  },
  /** @param {string} name @param {string} first @param {string} last */
  course: (name, first, last) => `${name}: ${first} to ${last}`,
  saved: "saved page",
  fromFile: "loaded from a file",
};
