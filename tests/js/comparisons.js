/** Comparisons to look at: made-up columns of the subjects of harness.mjs. */
import { StandInModel } from "./host.js";
import { someCount, wordWeights } from "./models.js";

const flat = (values) => new DataView(Float32Array.from(values).buffer);

/** One column over a subject; `twist` makes its values differ from those of the others. */
function column(name, subject, place, twist, more = {}) {
  const weights =
    subject.kind === "text" ? wordWeights(subject.features) : someCount(subject.features.length);
  const values = weights.map((weight, j) => 0.2 * weight * (1 + twist * Math.sin(5 * j)));
  return {
    name,
    said: ["positive", 0.93],
    warning: "",
    subject: place,
    keys: values.map((_, j) => j),
    scale: Math.max(...values.map(Math.abs)),
    signed: true,
    own: false,
    pixels: null,
    ...more,
    values: flat(values),
    margins: flat(values.map(() => 0.01)),
  };
}

function model(subjects, columns, more = {}) {
  const pairs = columns.slice(1).map(({ name }, i) => ({
    first: columns[0].name,
    second: name,
    common: 15,
    of: 15,
    few: false,
    rank: 0.91 - 0.3 * i,
    top: 5,
    shared: 4,
    disagree: i ? [2, 4] : [4],
  }));
  const agreement = {
    space: "probability",
    one_output: true,
    shared: columns.every(({ own }) => !own),
    features: subjects[0].features,
    pairs,
    ...more,
  };
  return new StandInModel({ subjects, columns, agreement });
}

const WARNED = { own: true, warning: "the values miss 12 % of the output's change" };

/** name: a model of the compare view */
export const comparisons = ({ text, table, image, endless, hebrew }) => ({
  compare: model(
    [text],
    [
      column("LIME", text, 0, 0),
      column("Shapley", text, 0, 0.6),
      column("Int. gradients", text, 0, 1.6, WARNED),
    ],
  ),
  comparerows: model([table], [column("this row", table, 0, 0), column("another", table, 0, 1.4)]),
  comparepictures: model([image], [column("LIME", image, 0, 0), column("Shapley", image, 0, 0.8)]),
  compareendless: model(
    [endless],
    ["LIME", endless.model, "C", "D", "E", "F"].map((name, i) => column(name, endless, 0, 0.4 * i)),
  ),
  comparehebrew: model([hebrew], [column("LIME", hebrew, 0, 0), column("Shapley", hebrew, 0, 0.6)]),
});
