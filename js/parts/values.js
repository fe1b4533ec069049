/** A row's value, to be changed in place. */
import { h, say } from "../lib/dom.js";
import { shortened } from "../lib/scale.js";

/**
 * @typedef {import("../lib/state.js").Store} Store
 * @typedef {{value: any, kind: "number" | "category" | "text" | "group" | "fixed", categories: string[] | null}} Column
 */

/**
 * @param {Store} store
 * @param {number} feature
 */
export function value(store, feature) {
  /** @type {Column} */
  const column = store.subject.columns[feature];
  const words = store.words.values;
  if (column.kind === "group") return group(column, words.group(String(column.value)));
  if (column.kind === "fixed" || store.closed) return fixed(column);
  const edit = column.kind === "category" && column.categories ? choice(column) : entry(column);
  const was = edit.value;
  const name = String(store.subject.features[feature]);
  edit.setAttribute("aria-label", words.editNamed(name, was));
  edit.title = words.edit(shortened(String(column.value), 80));
  let told = was;
  const refused = h("span", { class: "ll-refused", role: "alert" });
  const tell = () => {
    if (edit.value === "") return refuse();
    const now = edit.value;
    if (now === told) return;
    told = now;
    const number = column.kind === "number" && Number.isFinite(Number(now));
    store.whatIf.edit(feature, now === was ? null : number ? Number(now) : now);
  };
  // A number's field is empty, too, when what was typed is none.
  const refuse = () => {
    edit.value = told;
    say(refused, column.kind === "number" ? words.notNumber : words.empty);
  };
  edit.addEventListener("input", () => say(refused, ""));
  edit.addEventListener("change", tell);
  // JupyterLab sees to it that this key changes nothing by itself.
  edit.addEventListener("keydown", (event) => {
    if (/** @type {KeyboardEvent} */ (event).key === "Enter") tell();
  });
  store.on(["whatif"], () => {
    if (store.whatIf.edits.has(feature)) return;
    told = was;
    if (edit !== document.activeElement) edit.value = was;
  });
  return h("span", { class: "ll-value" }, "= ", edit, refused);
}

/**
 * Several columns that are hidden together: their values can be read, and not edited.
 *
 * @param {Column} column
 * @param {string} title
 */
function group({ value }, title) {
  const own = h("bdi", { class: "ll-group", lang: "", text: String(value) });
  return h("span", { class: "ll-value", title }, "= ", own);
}

/**
 * A value that can't be changed, as no model is there to be asked about it; "" where it is not known.
 *
 * @param {Column} column
 */
function fixed({ value }) {
  if (value === "") return h("span");
  const text = typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
  return h(
    "span",
    { class: "ll-value", title: String(value) },
    "= ",
    h("bdi", { class: "ll-group", lang: "", text }),
  );
}

/** @param {Column} column */
function choice({ value, categories }) {
  const names = categories ?? [];
  const all = names.includes(String(value)) ? names : [String(value), ...names];
  const el = h("select", { lang: "" }, ...all.map((name) => h("option", { value: name, text: name })));
  el.value = String(value);
  return el;
}

/**
 * A number is shown with six digits at most; the model is given what it is.
 *
 * @param {Column} column
 */
function entry({ value, kind }) {
  const number = kind === "number" && Number.isFinite(value);
  const text = number ? String(Number(Number(value).toPrecision(6))) : String(value);
  const el = h("input", { type: number ? "number" : "text", step: "any", dir: "auto", spellcheck: "false" });
  el.value = text;
  el.style.width = `${Math.min(14, Math.max(5, text.length + 2.5))}ch`;
  return el;
}
