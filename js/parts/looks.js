/** How the picture's answer is drawn: heat, outlines, or the top segments alone. */
import { attr, h } from "../lib/dom.js";

const MODES = /** @type {const} */ ([
  ["heat", "Heat"],
  ["outline", "Outline"],
  ["top", "Top segments"],
]);

/** @param {(choice: {mode?: "heat" | "outline" | "top", opacity?: number}) => void} look */
export function looks(look) {
  const buttons = MODES.map(([mode, text]) => {
    const onclick = () => {
      for (const one of buttons) attr(one, "aria-pressed", String(one.textContent === text));
      look({ mode });
    };
    return h("button", { type: "button", text, "aria-pressed": String(mode === "heat"), onclick });
  });
  const modes = h("div", { class: "ll-methods", role: "group", "aria-label": "How it is drawn" }, ...buttons);
  const opacity = h("input", { type: "range", min: 0, max: 100, value: 100 });
  opacity.addEventListener("input", () => look({ opacity: opacity.valueAsNumber / 100 }));
  return h(
    "div",
    { class: "ll-looks" },
    modes,
    h("label", { class: "ll-opacity ll-hint" }, "Opacity", opacity),
  );
}
