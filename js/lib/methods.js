/** What every method's numbers tell, in a sentence, and what its evaluations are called. */
import { own } from "./own.js";

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
 * Occlusion by windows is a method of its own, and by features a reading of the neighborhood. Of texts, saliency and
 * SmoothGrad are lengths of gradients.
 *
 * @param {{name: string, reads: boolean}} method
 * @param {string} kind of the input
 * @param {import("./words.js").Words} words
 * @returns {string} "" of a method that is not known here
 */
export function tells({ name, reads }, kind, words) {
  /** @type {Record<string, string>} */
  const sentences = words.tells;
  if (name === "occlusion" && !reads) return words.tells.windows;
  return (kind === "text" && own(sentences, `${name}_of_text`)) || (own(sentences, name) ?? "");
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
