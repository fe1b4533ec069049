/** The page of harness.mjs: mounts views over made-up kernels. */
import { MARKS } from "../../js/lib/marks.js";
import compare from "../../js/views/compare.js";
import image from "../../js/views/image.js";
import overview from "../../js/views/overview.js";
import table from "../../js/views/table.js";
import text from "../../js/views/text.js";
import training from "../../js/views/training.js";
import { comparisons } from "./comparisons.js";
import { FakeKernel, StandInModel, traits } from "./host.js";
import { softmaxGame, someCount, wordWeights } from "./models.js";
import { OVERVIEWS, overviewModel } from "./overviews.js";
import { spots, TurningKernel } from "./streams.js";
import { trainings } from "./trainings.js";

/* global SUBJECTS */
const revive = (_, value) =>
  value?.bytes ? Uint8Array.from(atob(value.bytes), (letter) => letter.charCodeAt(0)) : value;
const subjects = JSON.parse(SUBJECTS, revive);
const VIEWS = { text, image, table };
const COMPARISONS = comparisons(subjects);
const TRAININGS = trainings(subjects);
const ENDLESS = subjects.endless.model;
const IMAGE = [
  "tabby",
  "Egyptian cat",
  "tiger cat",
  "lynx",
  "Persian cat",
  "Siamese cat",
  "cougar",
  "leopard",
  "mouse",
  "quilt, comforter, comfort, puff",
];

/** Ten links of d features, the strongest first. */
function pairs(d) {
  const all = Array.from({ length: 10 }, (_, i) => {
    const [first, second] = [(3 * i) % (d - 1), (((3 * i) % (d - 1)) + 1 + (i % 4)) % d];
    const value = (0.11 * (i % 3 === 1 ? -1 : 1)) / (1 + 0.6 * i);
    return [Math.min(first, second), Math.max(first, second), value, 0.004 + 0.0015 * i];
  });
  return [all, all.map(([first, second, value, error]) => [first, second, -value, error])];
}

/** A view that shows a method without a neighborhood, at its end or stopped on the way. */
function turned(method, { stopped } = {}) {
  return { settings: { method }, streamed: [method, stopped] };
}

/** Parts of the work of measuring: more than there are. */
const MANY = 100;

/** name: [subject, names, how far, what else] */
const CASES = {
  text: ["text", ["positive", "negative"], 512, {}],
  streaming: ["text", ["positive", "negative"], 512, { state: "running" }],
  flowing: ["text", ["positive", "negative"], 40, { state: "running", chunk: 10 }],
  beginning: ["text", ["positive", "negative"], 18, { state: "running" }],
  empty: ["text", ["positive", "negative"], 0, { state: "running" }],
  image: ["image", IMAGE, 1000, { limit: 1000 }],
  table: ["table", ["malignant", "benign"], 400, { limit: 400 }],
  exact: ["table", ["malignant", "benign"], 1024, { limit: 2000 }],
  narrow: ["table", ["malignant", "benign"], 400, { limit: 400, settings: { kernel_width: 0.06 } }],
  shapley: ["text", ["positive", "negative"], 1000, { settings: { method: "shapley" } }],
  fewer: ["text", ["positive", "negative"], 1000, { settings: { n_samples: 200 } }],
  failed: ["text", ["positive", "negative"], 320, { failsAt: 320 }],
  nokernel: ["text", ["positive", "negative"], 1000, { kernel: false }],
  hostile: ["hostile", ["<b>yes</b>", "no & never </script>"], 300, {}],
  arabic: ["arabic", ["\u0625\u064a\u062c\u0627\u0628\u064a", "\u0633\u0644\u0628\u064a"], 300, {}],
  chinese: ["chinese", ["\u6b63\u9762", "\u8d1f\u9762"], 300, {}],
  together: ["text", ["positive", "negative"], 512, { links: pairs(15) }],
  pairs: ["table", ["malignant", "benign"], 400, { limit: 400, links: pairs(10) }],
  grouped: ["grouped", ["malignant", "benign"], 64, { limit: 64, links: pairs(6).slice(0, 3) }],
  gradients: ["text", ["positive", "negative"], 512, turned("integrated_gradients")],
  saliency: ["text", ["positive", "negative"], 512, turned("saliency")],
  smooth: ["text", ["positive", "negative"], 512, turned("smooth_grad", { stopped: 120 })],
  warned: ["text", ["positive", "negative"], 512, turned("lrp")],
  missing: [
    "text",
    ["positive", "negative"],
    512,
    { ...turned("deep_lift"), kernel: false, computed: false },
  ],
  pixels: ["image", IMAGE, 500, turned("integrated_gradients")],
  cam: ["image", IMAGE, 500, turned("grad_cam")],
  rise: ["image", IMAGE, 500, turned("rise", { stopped: 900 })],
  permutations: ["table", ["malignant", "benign"], 400, turned("permutation_shapley")],
  five: ["table", ["malignant", "benign"], 400, { streams: ["permutation_shapley"] }],
  short: ["table", ["malignant", "benign"], 400, { streams: ["tree_shap"] }],
  asking: ["image", IMAGE, 500, { ...turned("grad_cam"), computed: false, state: "running" }],
  long: ["long", ["positive", "negative"], 1500, { limit: 1500 }],
  hebrew: ["hebrew", ["\u05d7\u05d9\u05d5\u05d1\u05d9", "\u05e9\u05dc\u05d9\u05dc\u05d9"], 300, {}],
  marks: ["marks", ["\u{1f600} good", "\u{1f480} bad"], 300, {}],
  endless: ["endless", [ENDLESS, `not ${ENDLESS}`], 200, { links: pairs(7) }],
  endlessrow: ["endlessRow", [ENDLESS, `not ${ENDLESS}`], 400, { limit: 400, links: pairs(10) }],
  words: ["words300", ["positive", "negative"], 400, turned("integrated_gradients")],
  columns: ["columns1000", ["malignant", "benign"], 0, turned("permutation_shapley")],
  measured: ["text", ["positive", "negative"], 512, { measured: MANY }],
  measuredimage: ["image", IMAGE, 1000, { limit: 1000, measured: MANY }],
  measuredtable: ["table", ["malignant", "benign"], 400, { limit: 400, measured: MANY }],
  objected: ["text", ["positive", "negative"], 512, { marks: [6, 10, 14] }],
  objectedimage: ["image", IMAGE, 1000, { limit: 1000, marks: [17, 24, 31] }],
  objectedtable: ["table", ["malignant", "benign"], 400, { limit: 400, marks: [1, 0, 9] }],
  outputs: ["text", Array.from({ length: 100 }, (_, i) => `class ${i}`), 300, {}],
};

function mount(name, el) {
  if (COMPARISONS[name])
    return { model: COMPARISONS[name], end: compare.render({ model: COMPARISONS[name], el }) };
  if (OVERVIEWS.includes(name)) {
    const model = overviewModel(name, subjects.image);
    return { model, end: overview.render({ model, el }) };
  }
  if (TRAININGS[name]) {
    const model = TRAININGS[name]();
    return { model, end: training.render({ model, el }) };
  }
  const [which, names, n, more] = CASES[name];
  const {
    limit = 1000,
    state,
    settings,
    failsAt,
    kernel: alive = true,
    links = null,
    streamed,
    streams,
  } = more;
  const subject = subjects[which];
  const d = subject.features.length;
  const weights = subject.kind === "text" ? wordWeights(subject.features) : someCount(d);
  const game = softmaxGame(weights, names.length);
  const picture = subject.kind === "image" ? spots(subject.width, subject.height) : null;
  const asked = { game, d, k: names.length, limit, failsAt, picture, streams };
  const kernel = streamed || streams ? new TurningKernel(asked) : new FakeKernel(asked);
  kernel.run(n);
  if (!state && kernel.state === "running") kernel.state = "stopped";
  if (state) kernel.chunk = more.chunk ?? 0;
  const given = traits(kernel, { subject, names, settings, links });
  given.marks = (more.marks ?? []).map((feature, i) => [feature, MARKS[i % 2]]);
  if (streamed && more.computed !== false) turn(kernel, given, streamed);
  const model = new StandInModel(given, alive ? kernel : null);
  const view = VIEWS[subject.kind];
  if (more.measured) {
    kernel.parts.set(kernel.answerOf(model).name, more.measured);
    given.quality = { found: [kernel.measure(model, "all")] };
  }
  view.initialize({ model });
  view.render({ model, el });
  if (more.measured) el.querySelector(".ll-quality").open = true;
  return { model, kernel };
}

/** Let a method find its answer before the view is drawn. */
function turn(kernel, traits, [method, stopped]) {
  const run = kernel.streamed(method, traits.settings.target, stopped);
  if (stopped) run.state = "stopped";
  kernel.run_ = run;
  traits.answers.estimates = [...run.kept];
  traits.status = kernel.now;
}

const query = new URLSearchParams(location.search);
const dark = query.get("theme") === "dark";
const host = query.get("host");
document.documentElement.lang = query.get("lang") ?? "en";
document.documentElement.style.colorScheme = dark ? "dark" : "light";
document.body.style.margin = "16px";
document.documentElement.lang = query.get("lang") ?? "en";
if (host === "lab") {
  document.documentElement.style.colorScheme = "normal";
  const colours = dark ? ["#111", "rgba(255, 255, 255, 0.87)"] : ["#fff", "rgba(0, 0, 0, 0.87)"];
  document.body.style.setProperty("--jp-layout-color1", colours[0]);
  document.body.style.setProperty("--jp-ui-font-color1", colours[1]);
  document.body.style.background = colours[0];
}
const only = query.get("only")?.split(",") ?? [
  ...Object.keys({ ...CASES, ...COMPARISONS, ...TRAININGS }),
  ...OVERVIEWS,
];
globalThis.shown = {};
for (const name of only) {
  const el = document.createElement("div");
  el.id = name;
  el.style.marginBottom = "18px";
  document.body.append(el);
  globalThis.shown[name] = mount(name, el);
}
