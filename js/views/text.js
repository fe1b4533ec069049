/** A text: its words in colour, and bars. */
import { h } from "../lib/dom.js";
import { initialize } from "../lib/session.js";
import { bars } from "../parts/bars.js";
import linksCss from "../parts/links.css";
import { links } from "../parts/links.js";
import { shell } from "../parts/shell.js";
import css from "../parts/tokens.css";
import { tokens } from "../parts/tokens.js";
import { whatIf } from "../parts/whatif.js";

const INVITATION = "Press a word to take it out and see the prediction move.";

/** @param {import("../parts/shell.js").Host} host */
const render = (host) =>
  shell(host, css + linksCss, (store) => [
    h("section", { class: "ll-subject" }, tokens(store), whatIf(store, INVITATION)),
    h("section", {}, bars(store, { press: !store.subject.source }), links(store)),
  ]);

export default { initialize, render };
