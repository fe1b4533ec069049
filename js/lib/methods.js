/** What every method's numbers tell, in a sentence, and what its evaluations are called. */

const SLOPES = "Slopes are no shares: they don't add up to the prediction.";
const LENGTHS = "Lengths have no sign, and are no shares.";

/** @type {Record<string, string>} */
const TELLS = {
  lime: "the slopes of a straight line, fitted to the model's answers near this input.",
  shapley: "each part's fair share of the prediction; the shares add up.",
  banzhaf: "what a part adds on average, when any other is there or not with equal chance.",
  occlusion: "what is lost when just this part goes.",
  permutation_shapley: "what a part adds as parts come in one by one, over random orders; the shares add up.",
  rise: "how much higher the output is under random soft masks that leave this part in sight. No shares.",
  tree_shap: "each part's fair share of the prediction, computed from the trees; the shares add up.",
  linear_shap: "each part's fair share of the prediction, computed from the weights; the shares add up.",
  saliency: `how fast the output would rise if this part grew a little. ${SLOPES}`,
  input_x_gradient: `the slope times the input's own value. ${SLOPES}`,
  integrated_gradients:
    "slopes gathered on the way from the baseline to this input; they add up, but for a gap.",
  smooth_grad: `the slope, averaged over noisy copies of this input. ${SLOPES}`,
  gradient_shap: "slopes gathered at random points between baselines and this input; they add up on average.",
  deep_lift: "the output's change from the baseline, handed back layer by layer; the shares add up.",
  lrp: "the output, handed back layer by layer to what brought it about.",
  grad_cam: "where a layer's channels that raise the output are active: a coarse map, and no shares.",
};

/** Of texts these are lengths of gradients. @type {Record<string, string>} */
const OF_TEXTS = {
  saliency: `how fast the output would move, up or down, as this word's embedding moves. ${LENGTHS}`,
  smooth_grad: `how fast the output would move, up or down, as this word's embedding moves, over noisy copies of this input. ${LENGTHS}`,
};

const WINDOWS = "what is lost when a window that covers this part goes, at each of its places.";

const GRADIENTS = new Set([
  "saliency",
  "input_x_gradient",
  "integrated_gradients",
  "smooth_grad",
  "gradient_shap",
  "deep_lift",
  "lrp",
  "grad_cam",
]);

/**
 * Occlusion by windows is a method of its own, and by features a reading of the neighborhood.
 *
 * @param {{name: string, reads: boolean}} method
 * @param {string} kind of the input
 */
export function tells({ name, reads }, kind) {
  if (name === "occlusion" && !reads) return WINDOWS;
  return (kind === "text" && OF_TEXTS[name]) || (TELLS[name] ?? "");
}

/**
 * Does it tell pixels apart, in pictures?
 *
 * @param {{name: string, reads: boolean}} method
 */
export const tellsPixels = ({ name, reads }) =>
  GRADIENTS.has(name) || name === "rise" || (name === "occlusion" && !reads);

/**
 * @param {{name: string, reads: boolean}} method
 * @returns {"perturbations" | "passes" | "evaluations"}
 */
export function unit({ name, reads }) {
  if (reads) return "perturbations";
  return GRADIENTS.has(name) ? "passes" : "evaluations";
}
