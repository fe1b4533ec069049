/** Overviews to look at, and a kernel that answers them: made-up data sets of any size. */
import { StandInModel } from "./host.js";

const f32 = (values) => new DataView(Float32Array.from(values).buffer);
const u8 = (values) => new DataView(Uint8Array.from(values).buffer);
const u32 = (values) => new DataView(Uint32Array.from(values).buffer);
const [BINS, PLANE] = [48, 32 * 24];

/** The same numbers at every call. */
function random(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) | 0;
    state ^= state >>> 12;
    return (state >>> 0) / 2 ** 32;
  };
}

const WORK = ["Craft-repair", "Exec-managerial", "Prof-specialty", "Sales", "Other-service", "Adm-clerical"];
const KIN = ["Husband", "Not-in-family", "Own-child", "Unmarried", "Wife"];
const NAMES = [
  "relationship",
  "capital gain",
  "age",
  "education years",
  "hours a week",
  "occupation",
  "fnlwgt",
];

/** Rows like Adult's: values, and what each did. */
function rowsOf(n, names, hard) {
  const next = random(7);
  const bell = () => next() + next() + next() + next() - 2;
  const columns = names.map((_, j) =>
    j === 0
      ? { kind: "category", names: hard ? KIN.map((name) => `${name} ${hard}`) : KIN }
      : j === 5
        ? { kind: "category", names: WORK }
        : { kind: "number", names: null },
  );
  const effects = [
    (v) => [0.13, -0.05, -0.16, -0.09, 0.1][v],
    (v) => (v > 5000 ? 0.42 : -0.03),
    (v) => 0.16 * Math.tanh((v - 37) / 9) - 0.02 * Math.max(0, (v - 62) / 10),
    (v) => 0.028 * (v - 10),
    (v) => 0.006 * (v - 40),
    (v) => [-0.02, 0.08, 0.07, 0.01, -0.07, -0.01][v],
  ];
  const draw = [
    () => Math.floor(KIN.length * next() ** 1.6),
    () => (next() < 0.08 ? Math.round(2000 + 28000 * next() ** 2) : 0),
    () => Math.round(17 + 60 * next() ** 1.4),
    () => Math.round(Math.min(16, Math.max(1, 10 + 2.6 * bell()))),
    () => Math.round(Math.min(99, Math.max(1, 40 + 12 * bell()))),
    () => Math.floor(WORK.length * next()),
  ];
  const [values, data] = [[], []];
  for (let i = 0; i < n; i++)
    names.forEach((_, j) => {
      const value = draw[j] ? draw[j]() : 1000 * next();
      data.push(hard && j === 2 && i % 9 === 0 ? Number.NaN : value);
      values.push((effects[j]?.(value) ?? 0.01 / (1 + j)) + 0.03 * bell());
    });
  return { columns, values, data };
}

function curveOf(j, low, high, effect) {
  const grid = Array.from({ length: 20 }, (_, i) => low + ((high - low) * i) / 19);
  const pdp = grid.map(effect);
  const ice = Array.from({ length: 12 }, (_, k) => pdp.map((y) => y + 0.02 * Math.sin(5 * k)));
  const shifted = (by) => f32(pdp.map((y) => y + by));
  const ale = { ale_grid: f32(grid), ale: shifted(0.01), ale_low: shifted(-0.01), ale_high: shifted(0.03) };
  return {
    grid: f32(grid),
    pdp: f32(pdp),
    pdp_low: shifted(-0.015),
    pdp_high: shifted(0.015),
    ice: f32(ice.flat()),
    ...ale,
    note: j === 2 ? "ALE: 12 of 20 bins have fewer than 30 rows." : "",
  };
}

/** The traits of an overview; `more` replaces some of them. */
export function overviewTraits({
  n = 400,
  names = NAMES,
  model = "Gradient boosting",
  hard = "",
  dense,
  ...more
} = {}) {
  const d = names.length;
  const { columns, values, data } = rowsOf(n, names, hard);
  const size = (j) => values.filter((_, i) => i % d === j).reduce((sum, v) => sum + Math.abs(v), 0) / n;
  const sizes = names.map((_, j) => size(j));
  const predictions = Array.from({ length: n }, (_, i) =>
    Math.min(1, Math.max(0, 0.24 + values.slice(i * d, (i + 1) * d).reduce((sum, v) => sum + v, 0))),
  );
  const measure = (name, label, said, scale, more = {}) => ({
    name,
    label,
    said,
    signed: false,
    values: f32(sizes.map((v, j) => v * scale * (1 + 0.5 * Math.sin(4 * j)))),
    low: f32(sizes.map((v, j) => v * scale * (0.9 + 0.5 * Math.sin(4 * j)))),
    high: f32(sizes.map((v, j) => v * scale * (1.1 + 0.5 * Math.sin(4 * j)))),
    notes: [],
    ...more,
  });
  const all = "How large attributions are over the rows: the mean of |attribution|, corrected for noise.";
  const known = [
    measure("attribution", "Mean |attribution|", all, 1, {
      values: f32(sizes),
      low: f32(sizes.map((v) => v * 0.95)),
      high: f32(sizes.map((v) => v * 1.05)),
    }),
    measure(
      "permutation",
      "Permutation importance",
      "How much the log loss rises when a column is shuffled.",
      0.4,
      {
        notes: [`${names[0]} and ${names[1]} move together: read them as one.`],
      },
    ),
  ];
  const offered = [
    ...known.map(({ name, label }) => ({ name, label })),
    { name: "derivative", label: "Mean derivative" },
    { name: "sage", label: "SAGE" },
  ];
  const ends = (pick) => names.map((_, j) => pick(...values.filter((_, i) => i % d === j)));
  const plane = (j) => {
    const column = data.filter((_, i) => i % d === j).filter(Number.isFinite);
    const counts = Array.from({ length: PLANE }, (_, i) => {
      const [x, y] = [Math.floor(i / 24) / 31, (i % 24) / 23];
      return Math.max(0, Math.round(255 * (1 - 4 * Math.abs(x - y)) * (1 - x)));
    });
    return { low: Math.min(...column), high: Math.max(...column), counts: u8(counts) };
  };
  const density = dense && {
    low: f32(ends(Math.min)),
    high: f32(ends(Math.max)),
    strips: u8(
      names.flatMap(() => Array.from({ length: BINS }, (_, k) => 255 * Math.exp(-(((k - 18) / 8) ** 2)))),
    ),
    planes: names.map((_, j) => (columns[j].kind === "number" ? plane(j) : null)),
  };
  return {
    subject: {
      kind: "table",
      model,
      method: "tree_shap",
      n_rows: dense ?? n,
      n_explained: dense ?? n,
      closed: false,
      features: names,
      columns,
    },
    outputs: {
      names: hard ? [`<b>${hard}</b>`, hard] : ["<=50K", ">50K"],
      space: "probability",
      target: 1,
      mean: 0.24,
      base: 0.24,
      notes: hard ? [hard] : [],
    },
    points: {
      rows: u32(Array.from({ length: n }, (_, i) => (dense ? i * Math.floor(dense / n) : i))),
      sampled: n - 10,
      values: f32(values),
      errors: f32(values.map((v) => 0.01 + Math.abs(v) / 20)),
      data: f32(data),
      predictions: f32(predictions),
      bases: null,
      truths: predictions.map((p) => (p > 0.4 ? ">50K" : "<=50K")),
      notable: { largest: [3, 17, 40], surprising: [25, 9], wrong: [9] },
    },
    texts: null,
    density: density ?? null,
    measures: { known, offers: offered },
    curves: { 2: curveOf(2, 17, 77, (v) => 0.16 * Math.tanh((v - 37) / 9)) },
    partners: names.map((_, j) => (j === 2 ? 4 : -1)),
    settings: { measure: "attribution", feature: null, row: null, cohort: null },
    look: { language: "auto", theme: "auto" },
    fallback: "",
    ...more,
  };
}

const FILMS = [
  [
    "A slow start, but the second half is gripping and never dull.",
    [0.02, -0.21, -0.05, -0.08, 0, 0.02, 0.01, 0, 0.34, 0, 0.12, 0.09],
  ],
  ["Dull, slow and far too long.", [-0.36, -0.19, 0, -0.04, -0.08, -0.12]],
  ["A gripping film with a lovely end", [0.01, 0.31, 0.02, 0, 0.01, 0.28, 0.05]],
  ["The film is slow, and its end is dull.", [0, 0.01, 0, -0.24, 0, 0, 0.02, 0, -0.33]],
];

/** A corpus: its words, and where each stands. */
export function corpusTraits({ texts = FILMS, ...more } = {}) {
  const split = texts.map(([text]) => text.split(/(\W+)/).filter(Boolean));
  const isWord = (piece) => /\w/.test(piece);
  const words = [
    ...new Set(
      split
        .flat()
        .filter(isWord)
        .map((word) => word.toLowerCase()),
    ),
  ];
  const sent = split.map((pieces, row) => {
    let place = 0;
    const names = pieces.filter(isWord);
    return {
      row,
      prediction: 0.2 + 0.2 * row,
      base: 0.5,
      truth: "",
      names,
      pieces: pieces.map((piece) => [piece, isWord(piece) ? place++ : -1]),
      words: names.map((name) => words.indexOf(name.toLowerCase())),
      values: f32(names.map((_, i) => texts[row][1][i] ?? 0.01)),
      errors: f32(names.map(() => 0.02)),
    };
  });
  const numbers = (of) => f32(words.map((_, j) => of(j)));
  const at = (j) =>
    sent.flatMap(({ words: own }, row) => own.flatMap((w, i) => (w === j ? [texts[row][1][i] ?? 0.01] : [])));
  const size = (j) => at(j).reduce((sum, v) => sum + Math.abs(v), 0) / texts.length;
  const base = overviewTraits({ n: 20 });
  return {
    ...base,
    subject: {
      ...base.subject,
      kind: "text",
      model: "MiniLM sentiment",
      method: "shapley",
      n_rows: texts.length,
      n_explained: texts.length,
      features: words,
      columns: words.map((_, j) => ({ kind: "word", names: null, count: at(j).length })),
    },
    outputs: { ...base.outputs, names: ["bad", "good"] },
    points: {
      ...base.points,
      rows: u32([]),
      sampled: 0,
      values: f32([]),
      errors: null,
      data: f32([]),
      predictions: f32([]),
      bases: null,
      truths: null,
      notable: { largest: [0], surprising: [], wrong: [] },
    },
    texts: sent,
    curves: {},
    partners: null,
    measures: {
      known: [
        {
          ...base.measures.known[0],
          values: numbers(size),
          low: numbers((j) => 0.8 * size(j)),
          high: numbers((j) => 1.2 * size(j)),
        },
      ],
      offers: base.measures.offers.slice(0, 1),
    },
    ...more,
  };
}

/** Images that share a map of segments. `image`: a picture and its segments, as the view of an image has them. */
export function imagesTraits({ image, n = 60, ...more }) {
  const { width, height, picture, segments, features } = image;
  const d = features.length;
  const next = random(3);
  const values = Array.from({ length: n * d }, (_, k) => (0.2 * Math.sin(k % d) + 0.1 * (next() - 0.5)) / 4);
  const mean = (j) => values.filter((_, k) => k % d === j).reduce((sum, v) => sum + Math.abs(v), 0) / n;
  const sizes = features.map((_, j) => mean(j));
  const base = overviewTraits({ n: 20 });
  return {
    ...base,
    subject: {
      ...base.subject,
      kind: "image",
      model: "EfficientNet-Lite0",
      method: "shapley",
      n_rows: n,
      n_explained: n,
      features,
      columns: features.map(() => ({ kind: "segment", names: null, count: null, whole: false })),
      labelled: false,
      image: { width, height, picture, segments },
    },
    outputs: { ...base.outputs, names: ["cat", "dog"] },
    points: {
      ...base.points,
      rows: u32(Array.from({ length: n }, (_, i) => i)),
      sampled: n,
      values: f32(values),
      errors: null,
      data: f32(values.map(() => Number.NaN)),
      predictions: f32(Array.from({ length: n }, (_, i) => i / n)),
      truths: null,
      notable: { largest: [4], surprising: [], wrong: [] },
    },
    curves: {},
    partners: null,
    measures: {
      known: [{ ...base.measures.known[0], values: f32(sizes), low: f32(sizes), high: f32(sizes) }],
      offers: base.measures.offers.slice(0, 1),
    },
    ...more,
  };
}

/** Answers as widgets/overview.py does. */
export class OverviewKernel {
  delay = 30;
  /** Shares of a measure that are done after each slice. */
  slices = [1];
  /** The share that is done, by measure. */
  begun = new Map();

  receive(model, content) {
    const answer = (reply, buffers = []) =>
      setTimeout(
        () => model.emit("msg:custom", { type: content.type, id: content.id, ...reply }, buffers),
        this.delay,
      );
    const { features } = model.get("subject");
    if (content.type === "cohort") {
      const numbers = (base) => f32(features.map((_, j) => base / (1 + j)));
      answer({ n: [8000, 24561], predictions: [0.41, 0.18] }, [0.1, -0.05, 0.004, 0.003].map(numbers));
    }
    if (content.type === "row") {
      const { labels } = model.get("points");
      const row = content.label === undefined ? content.row : (labels?.indexOf(content.label) ?? -1);
      if (row < 0) return answer({ error: `label='${content.label}' is in the index of no row here` });
      if (row > 1000)
        return answer({ error: "row 5,000 was not explained: overview.explain(5000) explains it" });
      const values = f32(features.map((_, j) => 0.2 / (1 + j)));
      const reply = { row, label: labels?.[row] ?? null, prediction: 0.7, base: 0.24, truth: "" };
      const { image } = model.get("subject");
      if (!image) return answer({ ...reply, cells: features.map(String) }, [values, f32([])]);
      const { width, height, picture, segments } = image;
      const sent = [values, f32([]), picture, segments];
      answer({ ...reply, cells: features.map(() => ""), subject: { width, height } }, sent);
    }
    if (content.type === "measure") {
      if (content.name === "sage") return answer({ error: "SAGE needs y: call ll.overview(model, X, y)" });
      const at = this.begun.get(content.name) ?? 0;
      const done = this.slices[Math.min(at, this.slices.length - 1)];
      this.begun.set(content.name, at + 1);
      if (done < 1) return answer({ name: content.name, done });
      const { known, offers } = model.get("measures");
      const more = { ...known[1], name: content.name, label: "Mean derivative", signed: true, notes: [] };
      model.set("measures", { known: [...known, more], offers });
      answer({ name: content.name, done });
    }
    if (content.type === "dependence") {
      const { feature } = content;
      const kind = model.get("subject").columns[feature];
      const high = kind.names ? kind.names.length - 1 : 60;
      const made = curveOf(feature, 0, high, (v) => 0.002 * (v - high / 2));
      model.set("curves", { ...model.get("curves"), [feature]: made });
      answer({});
    }
    if (content.type === "turn") {
      model.set("outputs", { ...model.get("outputs"), target: content.target, mean: 0.76 });
      answer({});
    }
  }
}

const ENDLESS = "Donaudampfschifffahrtsgesellschaft".repeat(6).slice(0, 200);
const settings = (more) => ({ measure: "attribution", feature: null, row: null, cohort: null, ...more });
const COHORT = { feature: 2, axis: "value", low: 40, high: 60 };

/** name: traits of the overview, and whether a kernel is there */
const CASES = {
  overview: [overviewTraits()],
  overviewrow: [
    overviewTraits({ dense: 32561, settings: settings({ feature: 2, row: 81, cohort: COHORT }) }),
  ],
  overviewbars: [overviewTraits({ settings: settings({ measure: "permutation", feature: 0 }) })],
  overviewmany: [
    overviewTraits({ names: Array.from({ length: 60 }, (_, i) => NAMES[i] ?? `measurement ${i}`) }),
  ],
  overviewhard: [
    overviewTraits({
      names: [ENDLESS, ...NAMES.slice(1)],
      model: ENDLESS,
      hard: ENDLESS,
      settings: settings({ feature: 0, row: 4 }),
    }),
  ],
  overviewpage: [
    overviewTraits({
      settings: settings({ feature: 2, cohort: { ...COHORT, axis: "attribution", low: 0.1, high: 0.2 } }),
    }),
    false,
  ],
  corpus: [corpusTraits({ settings: settings({ feature: 3, row: 0 }) })],
  overviewimages: [(image) => imagesTraits({ image, settings: settings({ row: 4 }) })],
};

export const OVERVIEWS = Object.keys(CASES);

/** A model of the overview view; `send` is missing where there is no kernel. `image`: what images are made of. */
export function overviewModel(name, image) {
  const [made, alive = true] = CASES[name];
  const traits = typeof made === "function" ? made(image) : made;
  const model = new StandInModel(traits, alive ? new OverviewKernel() : null);
  if (!alive) model.send = undefined;
  return model;
}
