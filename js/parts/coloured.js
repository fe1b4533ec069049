/** A text whose words have the colour of what they did. */
import { attr, h } from "../lib/dom.js";
import { decimals, largest, signed } from "../lib/scale.js";

/** Values below this share of the largest get no underline: they hardly count. */
const FAINT = 0.12;

/**
 * @param {HTMLElement} el
 * @param {import("../lib/carried.js").Row} row
 * @param {import("../lib/overview.js").Overview} store
 */
export function coloured(el, { pieces, values }, store) {
  const most = largest(values) || 1;
  const digits = decimals(most);
  const made = (pieces ?? []).map(([text, part]) => {
    if (part < 0) return text;
    const value = values[part];
    const share = Math.abs(value) / most;
    const token = h("span", {
      class: value < 0 ? "ll-token ll-minus" : "ll-token",
      title: signed(value, digits),
      text,
    });
    attr(token, "data-sign", share < FAINT ? "faint" : value < 0 ? "against" : "for");
    token.style.setProperty("--ll-share", share.toFixed(2));
    token.addEventListener("pointerenter", () => store.light(part));
    return token;
  });
  el.replaceChildren(...made);
}
