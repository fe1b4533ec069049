/** How the picture's answer is drawn: by pixels where there are, heat, outlines, or the top segments alone. */
import { attr, h, hide, say } from "../lib/dom.js";
import { tellsPixels } from "../lib/methods.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {import("../lib/pixels.js").Mode} Mode
 */

const MODES = /** @type {[Mode, string][]} */ ([
  ["pixels", "Pixels"],
  ["heat", "Heat"],
  ["outline", "Outline"],
  ["top", "Top segments"],
]);
/** @type {Partial<Record<Mode, string>>} */
const TITLES = { pixels: "each pixel, smoothed a little", heat: "segments, each by the sum of its pixels" };

/**
 * @param {Store} store
 * @param {(choice: {mode?: Mode, opacity?: number}) => void} look
 */
export function looks(store, look) {
  /** @type {Mode | null} null: as fine as it goes */
  let chosen = null;
  const buttons = MODES.map(([mode, text]) => {
    const onclick = () => {
      chosen = mode;
      draw();
    };
    return h("button", { type: "button", text, onclick });
  });
  const modes = h("div", { class: "ll-methods", role: "group", "aria-label": "How it is drawn" }, ...buttons);
  const opacity = h("input", { type: "range", min: 0, max: 100, value: 100 });
  opacity.addEventListener("input", () => look({ opacity: opacity.valueAsNumber / 100 }));
  const draw = () => {
    const { answer, method } = store;
    const fine = answer ? !!answer.pixels : tellsPixels(method);
    const mode = modeOf(chosen, fine);
    hide(buttons[0], !fine);
    say(buttons[1], fine ? "Segments" : "Heat");
    MODES.forEach(([name], i) => {
      attr(buttons[i], "aria-pressed", String(name === mode));
      attr(buttons[i], "title", fine ? TITLES[name] : null);
    });
    look({ mode });
  };
  store.on(["answer", "settings"], draw);
  draw();
  return h(
    "div",
    { class: "ll-looks" },
    modes,
    h("label", { class: "ll-opacity ll-hint" }, "Opacity", opacity),
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
