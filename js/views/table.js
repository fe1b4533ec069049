/** A row of a table: bars with values that can be changed. */
import { h } from "../lib/dom.js";
import { initialize } from "../lib/session.js";
import { bars } from "../parts/bars.js";
import { guarded } from "../parts/guarded.js";
import linksCss from "../parts/links.css";
import { links } from "../parts/links.js";
import { marking } from "../parts/marking.js";
import { shell } from "../parts/shell.js";
import css from "../parts/values.css";
import { value } from "../parts/values.js";
import { whatIf } from "../parts/whatif.js";

/** @param {import("../lib/state.js").Store} store */
const editable = ({ subject, closed }) =>
  !closed &&
  subject.columns.some((/** @type {{kind: string}} */ c) => c.kind !== "group" && c.kind !== "fixed");

/** @param {import("../parts/shell.js").Host} host */
const render = (host) =>
  shell(host, css + linksCss, (store) => [
    h(
      "section",
      { class: "ll-table" },
      bars(store, { extra: (feature) => value(store, feature) }),
      links(store),
      whatIf(store, editable(store) ? store.words.values.invitation : ""),
      marking(store),
    ),
  ]);

export default guarded({ initialize, render }, "table");
