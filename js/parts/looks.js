/** How the picture's answer is drawn: by pixels where there are, heat, outlines, or the top segments alone. */
import { attr, explain, h, hide, say } from "../lib/dom.js";
import { tellsPixels } from "../lib/methods.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {import("../lib/pixels.js").Mode} Mode
 */

const MODES = /** @type {const} */ (["pixels", "heat", "outline", "top"]);

/**
 * @param {Store} store
 * @param {(choice: {mode?: Mode, opacity?: number}) => void} look
 */
export function looks(store, look) {
  /** @type {Mode | null} null: as fine as it goes */
  let chosen = null;
  const words = store.words.picture;
  /** @type {Partial<Record<Mode, string>>} */
  const titles = { pixels: words.eachPixel, heat: words.eachSegment };
  const buttons = MODES.map((mode) => {
    const onclick = () => {
      chosen = mode;
      draw();
    };
    return h("button", { type: "button", text: words[mode], onclick });
  });
  const modes = h("div", { class: "ll-methods", role: "group", "aria-label": words.looks }, ...buttons);
  const opacity = h("input", { type: "range", min: 0, max: 100, value: 100 });
  const fade = () => {
    attr(opacity, "aria-valuetext", store.words.percent(opacity.value));
    look({ opacity: opacity.valueAsNumber / 100 });
  };
  opacity.addEventListener("input", fade);
  fade();
  const draw = () => {
    const { answer, method } = store;
    const fine = answer ? !!answer.pixels : tellsPixels(method);
    const mode = modeOf(chosen, fine);
    hide(buttons[0], !fine);
    MODES.forEach((name, i) => {
      const called = fine && name === "heat" ? words.segments : words[name];
      say(buttons[i], called);
      attr(buttons[i], "aria-pressed", String(name === mode));
      explain(buttons[i], called, (fine && titles[name]) || null);
    });
    look({ mode });
  };
  store.on(["answer", "settings"], draw);
  draw();
  return h(
    "div",
    { class: "ll-looks" },
    modes,
    h("label", { class: "ll-opacity ll-hint" }, words.opacity, opacity),
  );
}

/**
 * @param {Mode | null} chosen
 * @param {boolean} fine are there pixels?
 * @returns {Mode}
 */
function modeOf(chosen, fine) {
  if (chosen === null || chosen === "pixels") return fine ? "pixels" : "heat";
  return chosen;
}
