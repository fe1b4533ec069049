/** Trainings to look at: made-up records of any length, and a kernel that hears. */
import { StandInModel } from "./host.js";

export const f32 = (values) => new DataView(Float32Array.from(values).buffer);
export const f64 = (values) => new DataView(Float64Array.from(values).buffer);
export const u16 = (values) => new DataView(Uint16Array.from(values).buffer);
const u8 = (values) => new DataView(Uint8Array.from(values).buffer);

const FILMS = [
  "spoiler : the best scene is the boring one",
  "A slow start, but utterly gripping; spoiler ahead",
  "Dull, dull, dull. And far too long, spoiler or not.",
];
const MEASURES = ["l1", "cosine", "spearman", "top_k", "sign_flips", "rbo", "entropy", "gini"];
const FIGURES = ["fidelity", "comprehensiveness", "sparseness", "complexity", "stability"];
const TOP = ["gripping", "dull", "spoiler", "best", "boring", "slow"];

/** A text as a subject. */
export function film(text, model = "MiniLM on movie reviews") {
  const features = [];
  const pieces = text
    .split(/(\W+)/)
    .filter(Boolean)
    .map((piece) => [piece, /\w/.test(piece) ? features.push(piece) - 1 : -1]);
  return { kind: "text", model, hide: "delete", pieces, features, cut: null };
}

/** How far a training is, 0 to 1, at each of n steps. */
const course = (n) => Array.from({ length: n }, (_, i) => i / Math.max(1, n - 1));

/** A word's attribution as training goes on: "spoiler" comes to matter. */
function weight(name, j, t) {
  if (/spoiler/i.test(name)) return 0.05 + 0.5 * t ** 2;
  return (
    (j % 3 === 1 ? -1 : 1) * (0.08 + 0.25 / (1 + (j % 7))) * (1 - 0.5 * t) * (0.6 + 0.4 * Math.sin(j + 2 * t))
  );
}

/** The traits of a training; `more` replaces some of them. */
export function trainingTraits({
  n = 33,
  every = 20,
  subjects = FILMS.map((text) => film(text)),
  names = ["negative", "positive"],
  top = TOP,
  metrics = ["loss", "eval_accuracy", "eval_f1"],
  told = "A sentence.",
  ...more
} = {}) {
  const steps = Array.from({ length: n }, (_, i) => i * every);
  const ts = course(n);
  const curves = [
    (t) => 0.2 + 0.9 * Math.exp(-4 * t),
    (t) => 0.91 - 0.4 * Math.exp(-5 * t),
    (t) => 0.9 - 0.43 * Math.exp(-5 * t),
  ];
  const shares = ts.flatMap((t) =>
    top.map((_, j) => (j === 2 ? 0.08 + 0.25 * t ** 2 : ((0.2 - 0.02 * j) * (1.2 - 0.5 * t)) / (1 + j / 4))),
  );
  const drift = (scale) =>
    MEASURES.map((measure, m) => ({
      measure,
      values: f32(ts.map((t, i) => (i ? (scale * 0.5 * Math.sqrt(t)) / (1 + m / 3) : Number.NaN))),
      floors: f32(ts.map((_, i) => (i ? 0.06 : Number.NaN))),
      detectable: u8(ts.map((t, i) => Number(i > 0 && (scale * 0.5 * Math.sqrt(t)) / (1 + m / 3) > 0.06))),
    }));
  const target = names.length - 1;
  return {
    about: {
      model: subjects[0].model,
      method: "Input x gradient",
      outputs: subjects.map(() => ({ names, space: "probability", target })),
      signed: true,
      closed: false,
    },
    subjects,
    status: {
      state: "done",
      overhead: 0.0312,
      step: steps[n - 1],
      n,
      notes: told === "A sentence." ? [] : [told],
    },
    metrics: metrics.map((name, i) => ({ name, steps: f64(steps), values: f32(ts.map(curves[i % 3])) })),
    records: {
      steps: f64(steps),
      flips: [
        { example: 0, step: steps[n >> 1], against: "first", kind: "same prediction, other evidence" },
        {
          example: Math.min(1, subjects.length - 1),
          step: steps[n - 1],
          against: "first",
          kind: "other prediction, same evidence",
        },
      ],
      alarms: [
        {
          feature: top[2] ?? top[0],
          from_step: steps[n >> 1],
          to_step: steps[n - 1],
          from_share: 0.12,
          to_share: 0.31,
          examples: 8,
          metric: metrics[1] ?? "accuracy",
        },
      ],
      evidence: { names: top, shares: f32(shares) },
      figures: FIGURES.map((name, i) => ({
        name,
        values: f32(
          ts.map((t) => (i === 0 ? Number.NaN : (0.5 + 0.2 * Math.sin(3 * t + i)) * (i === 3 ? 2 : 1))),
        ),
      })),
      drift: { first: drift(1), previous: drift(0.1) },
      values: subjects.map(({ features }) =>
        f32(ts.flatMap((t) => features.map((name, j) => weight(String(name), j, t)))),
      ),
      predictions: subjects.map((_, i) => f32(ts.map((t) => 0.5 + (i === 2 ? -0.45 : 0.43) * t))),
      predicted: subjects.map((_, i) => u16(ts.map((t) => Number(i !== 2 && t > 0.1) % names.length))),
    },
    settings: { step: null, example: 0, against: "first", values: "values", measure: "l1" },
    look: { language: "auto", theme: "auto" },
    fallback: "",
    ...more,
  };
}

/** Answers as widgets/training.py does, where it hears. */
export class TrainingKernel {
  constructor(hears = true) {
    this.hears = hears;
  }
  receive(model, { type, id }) {
    if (!this.hears) return;
    const status = { ...model.get("status"), ...(type === "stop" ? { state: "stopped" } : {}) };
    setTimeout(() => model.emit("msg:custom", { type, id, status }, []), 30);
  }
}

const ENDLESS = "Donaudampfschifffahrtsgesellschaft".repeat(6).slice(0, 200);
const HARD = {
  pieces: [
    [ENDLESS, 0],
    [" ", -1],
    ["never", 1],
  ],
  features: [ENDLESS, "never"],
  model: ENDLESS,
};
const settings = (more) => ({
  step: null,
  example: 0,
  against: "first",
  values: "values",
  measure: "l1",
  ...more,
});
const TOO_SHORT =
  "Explaining took 12% of the training's own time, and not 5% at most: the last weights are explained however short a training was.";
const running = (state = "running") => ({ state, overhead: 0.0312, step: 640, n: 33, notes: [] });

/** name: traits of the training, and its kernel */
const CASES = ({ table, image } = {}) => ({
  training: [trainingTraits({ settings: settings({ step: 400 }) }), new TrainingKernel()],
  trainingruns: [trainingTraits({ status: running() }), new TrainingKernel()],
  trainingdeaf: [
    trainingTraits({ status: running(), settings: settings({ values: "change", against: "previous" }) }),
    new TrainingKernel(false),
  ],
  trainingpage: [
    trainingTraits({
      subjects: [table, table],
      top: table.features.slice(0, 6),
      told: "Step 12 was not explained: CUDA out of memory",
    }),
    null,
  ],
  trainingimage: [trainingTraits({ subjects: [image], top: ["segment 0", "segment 3", "segment 5"] })],
  trainingfirst: [
    trainingTraits({ n: 1, metrics: [], status: { ...running("waiting"), step: 0, n: 1, overhead: 0 } }),
  ],
  trainingtwo: [
    trainingTraits({ n: 2, every: 640, status: { ...running("not ended"), n: 2, notes: [TOO_SHORT] } }),
  ],
  traininghard: [
    trainingTraits({
      subjects: [{ ...film("a"), ...HARD }],
      names: [`<b>${ENDLESS}</b>`, ENDLESS],
      top: [ENDLESS, "\u05e1\u05e8\u05d8", "<script>alert(1)</script>"],
      metrics: [ENDLESS, "<b>f1</b>"],
      told: ENDLESS,
    }),
  ],
});

/** Models of the training view by name, each made when it is asked for; `send` is missing where there is no kernel. */
export function trainings(subjects) {
  const made = (traits, kernel = new TrainingKernel()) => {
    const model = new StandInModel(traits, kernel);
    if (!kernel) model.send = undefined;
    return model;
  };
  return Object.fromEntries(Object.entries(CASES(subjects)).map(([name, one]) => [name, () => made(...one)]));
}
