/** What the panel of how far to trust an explanation says. Metrics by the names that Python gives them. */
import { count } from "../scale.js";

/** @type {Record<string, string>} */
const PARTS = { text: "words", image: "segments", table: "features" };

export const en = {
  title: "How far to trust it",
  invitation: {
    /** @param {string} kind */
    text: (kind) =>
      `Takes ${PARTS[kind]} out in the order of their attributions, and puts them in, to see whether the output follows; and holds every score against attributions that know nothing.`,
    running: "When the run has ended, it can be measured.",
  },
  measure: "Measure",
  more: "Measure these too",
  aboutMore:
    "These are: other seeds, nearby inputs, random weights, and metrics that say much the same. It takes many times as long.",
  stop: "Stop measuring",
  again: "Try again",
  /** @param {number} done @param {number} of @param {number} n evaluations */
  progress: (done, of, n) => `measuring: ${done} of ${of} done, ${count(n)} evaluations`,
  looking: "looking at what is known \u2026",
  /** @param {number} n evaluations */
  took: (n) => (n ? `It took ${count(n)} evaluations.` : "It took no evaluations."),
  /** @param {string} message */
  failed: (message) => `Measuring ended: ${message}`,
  stopped: "Stopped measuring",
  ended: "Measured",
  page: "Not measured before this page was saved.",

  curves: {
    title: "Output as features go or come, the most important first",
    deletion: "Deletion",
    insertion: "Insertion",
    aboutDeletion:
      "the output while features are taken out, the most important first: the faster it falls, the better",
    aboutInsertion:
      "the output while features are put in, the most important first: the faster it rises, the better",
    random: "random order",
    aboutRandom: "the mean over random orders, and its 95 % interval: an order that knows nothing",
    exact: "exact Shapley values",
    aboutExact: "the same in the order of exact Shapley values",
    /** @param {string} name @param {string} area */
    area: (name, area) => `${name}, area ${area}`,
    slider: { deletion: "Features taken out", insertion: "Features put in" },
    /** What is left there. @param {number} n @param {number} d @param {string} kind */
    out: (n, d, kind) => `${n} of ${d} ${PARTS[kind]} out: `,
    /** @param {number} n @param {number} d @param {string} kind */
    there: (n, d, kind) => `only ${n} of ${d} ${PARTS[kind]} there: `,
    /** @param {string} kind */
    invitation: (kind) =>
      ({
        text: "Point at the curve, or use the slider: the text shows what is left.",
        image: "Point at the curve, or use the slider: the picture shows what is left.",
        table: "Point at the curve, or use the slider: the bars show what is left.",
      })[kind] ?? "",
    /** @param {string} way @param {string} from @param {string} to @param {string} area @param {string | null} random */
    described: (way, from, to, area, random) =>
      `${way}: the output goes from ${from} to ${to}, area ${area}${random === null ? "" : `; in random order ${random}`}`,
  },

  scores: {
    title: "Metrics",
    better: "better",
    neither: "What it is like, and not how right: neither end is better, and numbers rise to the right.",
    /** What stands on the scales. */
    value: "this explanation",
    random: "random",
    aboutRandom: "what random attributions have on average",
    input: "input alone",
    /** @type {Record<string, string>} */
    aboutInput: {
      text: "what attributions have that know the lengths of words, and no model",
      image: "what attributions have that know the edges in the picture, and no model",
      table: "what attributions have that know the sizes of the values, and no model",
    },
    exact: "exact Shapley",
    aboutExact: "what exact Shapley values have, where they are known",
    open: "Where exact Shapley values are not known, the right end is the best mark there is, and not the best there can be.",
    uninformative: "uninformative here",
    aboutUninformative:
      "exact Shapley values are no better than random attributions by this metric, on this model and input: it says nothing of the others either",
    /** @type {Record<string, string>} */
    direction: { higher: "higher is better", lower: "lower is better", neither: "neither end is better" },
    /** @type {Record<string, string>} */
    arrows: { higher: "\u2191", lower: "\u2193", neither: "" },
    unknown: "no number here",
    /** @param {number} n */
    asked: (n) => (n ? `${count(n)} evaluations` : "no evaluations"),
    /** @param {string} name @param {string} value */
    mark: (name, value) => `${name} ${value}`,
    between: ", ",
    /** @param {string} value @param {string} margin */
    margin: (value, margin) => `${value} \u00b1 ${margin}`,
    /** @param {string[]} names @param {string} reason */
    refused: (names, reason) => `Not measured: ${names.join(", ")}. ${reason}`,
  },

  /** name: what people call it, and what it is. @type {Record<string, string[]>} */
  metrics: {
    deletion_auc: ["Deletion area", "mean output while features go, the most important first"],
    insertion_auc: ["Insertion area", "mean output while features come, the most important first"],
    comprehensiveness: [
      "Comprehensiveness",
      "what the output loses without the most important 1, 5, 10, 20 and 50 % of the features, on average",
    ],
    sufficiency: ["Sufficiency", "what the output loses with these features alone, on average"],
    infidelity: [
      "Infidelity",
      "mean squared gap between what the output loses without some features and the sum of their values",
    ],
    sensitivity_n: [
      "Sensitivity-n",
      "correlation of what the output loses without some features with the sum of their values, over several numbers of features",
    ],
    completeness_gap: [
      "Completeness gap",
      "by how much all values together miss the output's change from nothing to everything",
    ],
    sparseness: ["Sparseness", "Gini index of the sizes: 0 is all alike, 1 is all on one feature"],
    complexity: ["Complexity", "entropy of the shares of the sizes: 0 is all on one feature"],
    effective_complexity: ["Effective complexity", "how many features have a value that counts"],
    faithfulness_correlation: [
      "Faithfulness correlation",
      "correlation of what the output loses without a fifth of the features with the sum of their values",
    ],
    faithfulness_estimate: [
      "Faithfulness estimate",
      "correlation of what the output loses without each feature alone with its value",
    ],
    monotonicity: [
      "Monotonicity",
      "share of the steps on which the output does not fall while features come, the least value first",
    ],
    pgi: [
      "Gap without the important",
      "how far the output moves without the features of the largest values (PGI)",
    ],
    pgu: ["Gap without the others", "how far the output moves without all but these (PGU)"],
    relevance_mass: ["Relevance mass", "share of the values that is on the features that should matter"],
    relevance_rank: ["Relevance rank", "share of the features that should matter among as many of the first"],
    pointing_game: ["Pointing game", "whether the most important feature is one that should matter"],
    top_k_intersection: [
      "Top-k intersection",
      "share of the features that should matter among the first five",
    ],
    auroc: ["AUROC", "chance that a feature that should matter has the larger value"],
    marked_share_should_not: [
      "Share on what should not matter",
      "share of the values that is on features a reader marked: should not matter",
    ],
    marked_share_should: [
      "Share on what should matter",
      "share of the values that is on features a reader marked: should matter",
    ],
    seed_stability: ["Other seeds", "how alike the answers of other seeds are (cosine similarity)"],
    sensitivity_max: ["Nearby inputs, most", "the largest relative change of the values on nearby inputs"],
    sensitivity_avg: ["Nearby inputs, mean", "the mean relative change of the values on nearby inputs"],
    local_lipschitz: [
      "Local Lipschitz",
      "the largest change of the values on nearby inputs, by how far these are",
    ],
    relative_input_stability: [
      "Relative stability",
      "logarithm of the relative change of the values by the relative change of the input",
    ],
    randomisation: [
      "Random weights",
      "how much of the order is left as more and more of the network's weights are random",
    ],
    efficient_randomisation: [
      "Random weights, complexity",
      "how much more complex the explanation is when all weights are random",
    ],
  },
};
