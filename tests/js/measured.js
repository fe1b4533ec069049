/** What Python would have measured of an answer: real curves of a made-up game, and scores in their like. */

/** name: better, value, error, random, input, exact, informative, evaluations, error of random */
const USUAL = {
  deletion_auc: ["lower", 0.192, 0, 0.554, 0.471, null, true, 64],
  insertion_auc: ["higher", 0.831, 0, 0.554, 0.602, null, true, 0],
  comprehensiveness: ["higher", 0.412, 0, 0.101, 0.18, null, true, 0],
  sufficiency: ["lower", 0.061, 0, 0.322, 0.254, null, true, 0],
  infidelity: ["lower", 0.0041, 0.0009, 0.052, 0.047, null, true, 112, 0.003],
  sensitivity_n: ["higher", 0.951, 0.012, 0.004, 0.21, null, true, 87, 0.04],
  completeness_gap: ["lower", 0.021, 0, 0.31, null, 0, true, 0],
  sparseness: ["neither", 0.41, 0, 0.43, null, 0.42, null, 0, 0.004],
  complexity: ["neither", 2.31, 0, 2.28, null, 2.3, null, 0, 0.01],
};
const MORE = {
  monotonicity: ["higher", 0.66, 0, 0.51, 0.55, 0.5, false, 20, 0.02],
  seed_stability: ["higher", 0.993, 0.002, 0.01, null, 1, true, 1200],
  randomisation: ["lower", null, null, 0, 1, null, null, 0],
};
const REFUSED = {
  sensitivity_max: "a text has no nearby inputs: its words can't be changed a little",
  efficient_randomisation: "weights can be made random in a torch model only",
};
/** Parts that take no evaluations. */
const KNOWN = ["completeness_gap", "sparseness", "complexity"];

function row([better, value, std_error, random, input, exact, informative, n_evals, random_error = 0]) {
  return {
    ...{ better, value, std_error, random, random_error, input, exact, informative, n_evals },
    refusal: "",
  };
}

/** Features in the order of what each adds alone, and the output as they go and come. */
export function curvesOf({ game, d }, target) {
  const without = (gone) => game(Array.from({ length: d }, (_, j) => Number(!gone.has(j))))[target];
  const order = Array.from({ length: d }, (_, j) => j).sort(
    (a, b) => without(new Set([a])) - without(new Set([b])),
  );
  const steps = Math.min(d, 50);
  const counts = Array.from({ length: steps + 1 }, (_, i) => Math.round((i * d) / steps));
  const deletion = counts.map((n) => without(new Set(order.slice(0, n))));
  const insertion = counts.map((n) => without(new Set(order.slice(n))));
  const ends = [insertion[0], deletion[0]];
  const random = counts.map((_, i) => ends[0] + ((ends[1] - ends[0]) * i) / steps);
  const error = counts.map((_, i) => 0.05 * Math.sin((Math.PI * i) / steps));
  return {
    counts,
    order,
    deletion,
    insertion,
    random_insertion: random,
    random_insertion_error: error,
    random_deletion: [...random].reverse(),
    random_deletion_error: error,
  };
}

/** As much of it as was done: with the first part what takes nothing, with each other one metric. */
export function measured(kernel, key, done, wants = "all") {
  const all = { ...USUAL, ...MORE };
  const rest = Object.keys(all).filter((name) => !KNOWN.includes(name));
  const usual = Object.keys(USUAL).length - KNOWN.length;
  const most = wants === "all" ? rest.length : usual;
  const asked = rest.slice(0, Math.max(0, Math.min(done - 1, most)));
  const names = Object.keys(all).filter((name) => KNOWN.includes(name) || asked.includes(name));
  const refused = asked.length === rest.length ? REFUSED : {};
  const metrics = {
    ...Object.fromEntries(names.map((name) => [name, row(all[name])])),
    ...Object.fromEntries(
      Object.entries(refused).map(([name, refusal]) => [name, { better: "lower", refusal, n_evals: 0 }]),
    ),
  };
  const left = { known: 0, usual: Math.max(0, usual - asked.length), all: rest.length - asked.length };
  const n_evals = names.reduce((sum, name) => sum + all[name][7], 0);
  const curves = asked.length ? curvesOf(kernel, key.target) : null;
  return { ...key, curves, metrics, n_evals, left, message: "" };
}
