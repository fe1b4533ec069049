/** A view of data that may be damaged: it is drawn where they are whole, and otherwise says that they are not. */
import { damageOf, isMessage } from "../lib/damage.js";
import { comparisonDamageOf } from "../lib/damaged_comparison.js";
import { isOverviewMessage, overviewDamageOf } from "../lib/damaged_overview.js";
import { isTrainingMessage, trainingDamageOf } from "../lib/damaged_training.js";
import { adopt, followTheme, h } from "../lib/dom.js";
import { Guard } from "../lib/guard.js";
import theme from "../lib/theme.css";
import { wordsOf } from "../lib/words.js";

/**
 * @typedef {import("./shell.js").Host} Host
 * @typedef {import("../lib/watch.js").Model} Model
 * @typedef {{initialize?: (host: {model: Model}) => () => void, render: (host: Host) => () => void}} View
 */

const TRAITS = [
  ...["subject", "outputs", "settings", "marks", "rows", "answers", "status", "quality", "look", "fallback"],
];
/** Where nobody knows how it should look. */
const UNKNOWN = /** @type {any} */ ({ get: () => null });
const COMPARED = ["subjects", "columns", "agreement", "look", "fallback"];

/**
 * @param {Required<View>} view
 * @param {string} kind of the inputs that it draws
 * @returns {Required<View>}
 */
export function guarded({ initialize, render }, kind) {
  const guard = (/** @type {Model} */ model) =>
    new Guard(model, TRAITS, (get) => damageOf(get, kind), isMessage);
  return {
    initialize: ({ model }) => {
      const between = guard(model);
      return between.damage ? () => {} : initialize({ model: between });
    },
    render: ({ model, el }) => drawn(render, guard(model), el),
  };
}

/**
 * @param {View} view of a comparison
 * @returns {View}
 */
export const guardedComparison = ({ render }) => ({
  render: ({ model, el }) => drawn(render, new Guard(model, COMPARED, comparisonDamageOf), el),
});

const OVERVIEW = [
  ...["subject", "outputs", "points", "texts", "density", "measures", "curves", "partners"],
  ...["settings", "look", "fallback"],
];

/**
 * @param {View} view of a data set
 * @returns {View}
 */
export const guardedOverview = ({ render }) => ({
  render: ({ model, el }) =>
    drawn(render, new Guard(model, OVERVIEW, overviewDamageOf, isOverviewMessage), el),
});

const TRAINING = ["about", "subjects", "status", "metrics", "records", "settings", "look", "fallback"];

/**
 * @param {View} view of a training
 * @returns {View}
 */
export const guardedTraining = ({ render }) => ({
  render: ({ model, el }) =>
    drawn(render, new Guard(model, TRAINING, trainingDamageOf, isTrainingMessage), el),
});

/**
 * @param {View["render"]} render
 * @param {Guard} model
 * @param {HTMLElement} el
 */
function drawn(render, model, el) {
  try {
    if (model.damage) throw new RangeError(model.damage);
    return render({ model, el });
  } catch (error) {
    if (!model.send) throw error; // a saved page has a sentence of its own, and a picture
    if (!model.damage)
      setTimeout(() => {
        throw error; // for those who look for the fault: it may be ours
      });
    return sorry(model, el, error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {Model} model
 * @param {HTMLElement} el
 * @param {string} where they are damaged
 */
function sorry(model, el, where) {
  const { language, theme: chosen } = Object(model.get("look"));
  const asked = typeof language === "string" && typeof chosen === "string" ? model : UNKNOWN;
  const { lang, card: words } = wordsOf(asked);
  const text = h("div", { class: "ll-alarm", role: "alert", text: words.damaged(where) });
  const root = h("div", { class: "ll-view" }, h("article", { class: "ll-card", lang }, text));
  el.append(root);
  adopt(root, theme);
  const dark = followTheme(root, asked);
  return () => {
    dark();
    root.remove();
  };
}
