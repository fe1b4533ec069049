/** A plain table: what a picture shows, for those who would rather read it. */
import { h } from "../lib/dom.js";

/**
 * @param {string[]} heads
 * @returns {{el: HTMLElement, draw: (rows: string[][]) => void}} the first cell of a row names it, as the user did
 */
export function table(heads) {
  const head = h("thead", {}, h("tr", {}, ...heads.map((text) => h("th", { scope: "col", text }))));
  const body = h("tbody");
  const el = h("div", { class: "ll-scroll", tabindex: 0, role: "group", "aria-label": heads[0] });
  el.append(h("table", { class: "ll-numbers" }, head, body));
  return {
    el,
    draw: (rows) => body.replaceChildren(...rows.map(line)),
  };
}

/** @param {string[]} cells */
const line = ([name, ...cells]) =>
  h(
    "tr",
    {},
    h("th", { scope: "row", dir: "auto", lang: "", text: name }),
    ...cells.map((text) => h("td", { text })),
  );
