/** Rows by position or label, or by what is notable of them. */
import { h, hide, say } from "../lib/dom.js";
import { count, shortened } from "../lib/scale.js";

/** @typedef {import("../lib/overview.js").Overview} Overview */

const WAYS = /** @type {const} */ (["largest", "surprising", "wrong"]);
/** Letters of what was typed, in a sentence. */
const LONGEST = 40;

/** @param {Overview} store */
export function finder(store) {
  const { overview: words } = store.words;
  const option = (/** @type {string} */ value, /** @type {string} */ text) => h("option", { value, text });
  const by = h(
    "select",
    { "aria-label": words.findBy, hidden: !store.subject.labelled },
    option("label", words.label),
    option("position", words.position),
  );
  const byLabel = () => !!store.subject.labelled && by.value === "label";
  const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", dir: "auto" });
  const told = h("p", { class: "ll-hint ll-warned ll-notfound" });
  let tried = "";
  const go = async () => {
    tried = input.value.trim();
    say(told, "");
    if (!tried) return;
    const why = byLabel() ? await store.findLabel(tried) : findPosition(store, tried);
    say(told, why);
    if (why) store.say(why);
  };
  input.addEventListener("change", () => {
    if (input.value.trim() !== tried) go(); // otherwise it was entered, and found
  });
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") go();
  });
  const name = () => {
    const text = byLabel() ? words.rowLabel : words.rowPosition;
    for (const attribute of ["aria-label", "placeholder"]) input.setAttribute(attribute, text);
  };
  const draw = () => {
    for (const [i, way] of WAYS.entries()) hide(buttons[i], !store.data.notable[way].length);
    if (input === document.activeElement) return;
    input.value = written(store, byLabel());
    tried = input.value;
  };
  by.addEventListener("change", () => {
    tried = "";
    say(told, "");
    name();
    draw();
  });
  const buttons = WAYS.map((way) => {
    const onclick = () => {
      const rows = store.data.notable[way];
      say(told, "");
      store.chooseRow(rows[(rows.indexOf(store.settings.row ?? -1) + 1) % rows.length]);
    };
    return h("button", { type: "button", class: "ll-link", text: words[way], title: words.next, onclick });
  });
  store.on(["data", "row"], draw);
  name();
  draw();
  return h("div", {}, h("div", { class: "ll-tools" }, by, input, ...buttons), told);
}

/** Turn to the row at a position. @param {Overview} store @param {string} text @returns {string} why that can't be, or "" */
function findPosition(store, text) {
  const { n_rows: n } = store.subject;
  const digits = text.replaceAll(/[,\s]/g, "");
  const position = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(position < n)) return store.words.overview.noPosition(shortened(text, LONGEST), count(n - 1));
  store.chooseRow(position);
  return "";
}

/** The row that is chosen, as it would be typed. @param {Overview} store @param {boolean} byLabel */
function written({ settings, row, data }, byLabel) {
  if (settings.row === null) return "";
  if (!byLabel) return String(settings.row);
  return (row ?? data.row(settings.row))?.label ?? "";
}
