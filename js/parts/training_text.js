/** A pinned text, its words in the colour of what they did at a record. */
import { attr, h } from "../lib/dom.js";
import { among } from "../lib/numbers.js";

/** Values below this share of the scale get no underline: they hardly count. */
const FAINT = 0.12;

/**
 * @param {import("../lib/training.js").Training} store
 * @param {any} subject
 * @returns {import("./training_pinned.js").Body}
 */
export function text(store, { pieces, cut }) {
  const el = h("div", {
    class: "ll-text",
    dir: "auto",
    lang: "",
    role: "group",
    tabindex: 0,
  });
  /** @type {{token: HTMLElement, feature: number}[]} */
  const tokens = [];
  pieces.forEach((/** @type {[string, number]} */ [text, feature], /** @type {number} */ i) => {
    const seen = feature >= 0 && (cut === null || i < cut);
    const token = seen ? h("span", { class: "ll-token", text }) : null;
    if (token) tokens.push({ token, feature });
    el.append(token ?? text);
  });
  return {
    el,
    draw: ({ values, most, signed, what }) => {
      attr(el, "aria-label", store.words.training.text(what));
      for (const { token, feature } of tokens) {
        const value = values[feature];
        const share = Math.abs(value) / (most || 1);
        token.classList.toggle("ll-minus", value < 0);
        attr(token, "title", among(value, most, signed));
        attr(token, "data-sign", share < FAINT || !signed ? "faint" : value < 0 ? "against" : "for");
        token.style.setProperty("--ll-share", share.toFixed(2));
      }
    },
  };
}
