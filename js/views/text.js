/** A text: its words in colour, and bars. */
import { h } from "../lib/dom.js";
import { initialize } from "../lib/session.js";
import { bars } from "../parts/bars.js";
import { guarded } from "../parts/guarded.js";
import linksCss from "../parts/links.css";
import { links } from "../parts/links.js";
import { marking } from "../parts/marking.js";
import { shell } from "../parts/shell.js";
import css from "../parts/tokens.css";
import { tokens } from "../parts/tokens.js";
import { whatIf } from "../parts/whatif.js";

/** @param {import("../parts/shell.js").Host} host */
const render = (host) =>
  shell(host, css + linksCss, (store) => [
    h(
      "section",
      { class: "ll-subject" },
      tokens(store),
      whatIf(store, store.words.text.invitation),
      marking(store),
    ),
    h("section", {}, bars(store, { press: store.tries }), links(store)),
  ]);

export default guarded({ initialize, render }, "text");
