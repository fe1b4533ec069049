/** A question mark that opens a list of what the words on show mean: no pointer is needed to read it. */
import { attr, h, hide } from "../lib/dom.js";

/**
 * @param {HTMLElement} card whose terms are listed, and whose last footer gets the question mark
 * @param {import("../lib/words.js").Words["card"]} words
 * @returns {() => void} draws the list anew, if it is open
 */
export function terms(card, words) {
  const list = h("dl", { class: "ll-terms", hidden: true });
  const onclick = () => open(!!list.hidden);
  const button = h("button", { type: "button", class: "ll-ask", text: "?", onclick });
  for (const name of ["aria-label", "title"]) attr(button, name, words.terms);
  const draw = () => {
    if (!list.hidden) list.replaceChildren(...[...explained(card)].map(entry));
  };
  /** @param {boolean} on */
  const open = (on) => {
    hide(list, !on);
    attr(button, "aria-expanded", String(on));
    draw();
  };
  button.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open(false);
  });
  open(false);
  const foot = card.querySelector(".ll-foot");
  foot?.append(button);
  foot?.after(list);
  return draw;
}

/**
 * @param {HTMLElement} card
 * @returns {Map<string, string>} each term that is in sight, and what it means
 */
function explained(card) {
  const marked = /** @type {HTMLElement[]} */ ([...card.querySelectorAll("[data-term][title]")]);
  const shown = marked.filter((el) => !el.closest("[hidden], details:not([open])"));
  return new Map(shown.map((el) => [el.dataset.term ?? "", el.title]));
}

/** @param {[term: string, about: string]} entry */
const entry = ([term, about]) => h("div", {}, h("dt", { text: term }), h("dd", { text: about }));
