/** A page without Jupyter: a model that stands in for anywidget's, and a kernel that answers it. */
import { limeErrors } from "../../js/lib/errors.js";
import { lime } from "../../js/lib/lime.js";
import { Rows } from "../../js/lib/neighborhood.js";
import { draw, everyCoalition, toBytes } from "./games.js";
import { measured } from "./measured.js";

/** What anywidget hands to a view. */
export class StandInModel {
  #listeners = new Map();
  /** Everything sent to the kernel, and every save. */
  sent = [];
  saves = 0;

  constructor(state, kernel = null) {
    this.state = state;
    this.kernel = kernel;
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    this.state = { ...this.state, [name]: value };
    this.emit(`change:${name}`, this, value);
  }
  save_changes() {
    this.saves++;
    this.kernel?.turn?.(this);
  }
  send(content) {
    this.sent.push(content);
    if (!this.kernel) throw new Error("no kernel");
    this.kernel.receive(this, content);
  }
  on(event, callback) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(callback);
  }
  off(event, callback) {
    this.#listeners.get(event)?.delete(callback);
  }
  emit(event, ...values) {
    for (const callback of [...(this.#listeners.get(event) ?? [])]) callback(...values);
  }
  /** How many callbacks are registered: none should be left when all is taken down. */
  get listening() {
    return [...this.#listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }
}

/** What the estimates of methods that read rows have in common. */
export const PLAIN = {
  target: null,
  route: "",
  warning: "",
  relative_gap: null,
  signed: true,
  scale: null,
  pixels: null,
};

/** Answers as Python does; `game` maps a coalition to its outputs, `chosen` tells whether a row was chosen. */
export class FakeKernel {
  generation = 0;
  state = "running";
  message = "";

  constructor({
    game,
    d,
    k,
    law = "uniform",
    limit = 1000,
    chunk = 40,
    delay = 30,
    failsAt = Infinity,
    chosen = null,
  }) {
    Object.assign(this, { game, d, k, law, limit, chunk, delay, failsAt, chosen });
    this.coalitions = d <= 10 ? everyCoalition(d) : draw(4 * limit, d);
    this.n = 0;
  }
  get exact() {
    return this.n === 2 ** this.d;
  }
  get status() {
    const { state, generation, n, limit, exact, message } = this;
    const least = Math.min(this.d + 2, 2 ** this.d);
    const run = { state, generation, method: "lime", target: null, n, limit, least, exact, message };
    return { ...run, rate: n ? 410 : 0, seconds: n / 410 };
  }
  bytes(start) {
    const some = this.coalitions.slice(start, this.n);
    return toBytes(
      some,
      some.map((z) => this.game(z)),
      this.law,
      this.d,
      this.k,
      this.chosen && some.map((_, i) => this.chosen(start + i)),
    );
  }
  /** Evaluate up to `n` rows. */
  run(n) {
    this.n = Math.min(n, this.limit, this.failsAt, this.coalitions.length);
    if (this.n >= this.failsAt) [this.state, this.message] = ["failed", this.reason];
    else if (this.n >= Math.min(this.limit, this.coalitions.length)) this.state = "done";
    return this;
  }
  reason = "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB";

  estimate(method, width, n, distance = "cosine") {
    const rows = Rows.from(this.bytes(0));
    const columns = Array.from({ length: this.k }, (_, target) => {
      const question = { width: method === "lime" ? width : 1, target, n, distance };
      const work = limeErrors(rows, question);
      let step = work.next();
      while (!step.done) step = work.next();
      return { ...lime(rows, question), ...step.value };
    });
    const flat = (name) => {
      const all = Float32Array.from(
        { length: this.d * this.k },
        (_, i) => columns[i % this.k][name][Math.floor(i / this.k)],
      );
      return new DataView(all.buffer);
    };
    return {
      method,
      ...PLAIN,
      kernel_width: method === "lime" ? width : null,
      n,
      dof: columns[0].dof,
      exact: this.exact,
      route: method !== "shapley" ? "" : this.exact ? "enumeration" : "odd process",
      values: flat("values"),
      std_error: flat("stdError"),
      fidelity: columns.map(({ fidelity }) => fidelity),
      effective_samples: columns[0].effectiveSamples,
    };
  }
  receive(model, content) {
    const answer = (reply, buffers = []) =>
      setTimeout(() => model.emit("msg:custom", { ...reply, id: content.id }, buffers), this.delay);
    if (content.type === "step") this.#step(content, answer);
    if (content.type === "stop") this.#go("stopped", answer);
    if (content.type === "resume") {
      if (content.limit) this.limit = content.limit;
      this.#go(this.n < this.limit ? "running" : "done", answer);
    }
    if (content.type === "read") this.#read(content, answer);
    if (content.type === "quality") answer({ type: "quality", found: this.measure(model, content.wants) });
    if (content.type === "probe") {
      const z = Array.from({ length: this.d }, (_, j) =>
        Number(!(content.absent ?? Object.keys(content.values)).map(Number).includes(j)),
      );
      answer({ type: "probe", outputs: this.game(z), evaluated: true });
    }
  }
  /** How much was measured of each answer, by its name: parts of the work. */
  parts = new Map();
  /** Which answer is on show. */
  answerOf(model) {
    const { method, target, kernel_width: width, n_samples: n } = model.get("settings");
    const run = this.run_ ?? { n: this.n };
    const key = { method, target, kernel_width: method === "lime" ? width : null, n: n ?? run.n };
    return { key, name: JSON.stringify(key) };
  }
  /** Measure one part more of the answer on show. */
  measure(model, wants) {
    const { key, name } = this.answerOf(model);
    const done = (this.parts.get(name) ?? 0) + (wants === "nothing" ? 0 : 1);
    this.parts.set(name, done);
    return measured(this, key, done, wants);
  }
  #step({ have }, answer) {
    if (this.state === "running" && have >= this.n) this.run(this.n + this.chunk);
    const data = new DataView(this.bytes(have).buffer);
    answer({ type: "rows", generation: this.generation, start: have, status: this.status }, [data]);
  }
  #go(state, answer) {
    this.state = state;
    this.generation++;
    answer({ type: "status", status: this.status });
  }
  #read({ method, kernel_width: width, n_samples: n }, answer) {
    const least = this.d + 2;
    const prefixes = n
      ? [n]
      : Array.from({ length: 12 }, (_, i) => Math.round(least * (this.n / least) ** (i / 11)));
    const found = prefixes.map((m) => this.estimate(method, width, m));
    const heads = found.map(({ values, std_error, pixels, ...head }) => head);
    answer(
      { type: "estimates", estimates: heads },
      found.flatMap((e) => [e.values, e.std_error]),
    );
  }
}

const METHODS = [
  { name: "lime", label: "LIME", available: true, reason: "", reads: true },
  { name: "shapley", label: "Shapley", available: true, reason: "", reads: true },
  { name: "banzhaf", label: "Banzhaf", available: true, reason: "", reads: true },
  {
    name: "occlusion",
    label: "Occlusion",
    available: false,
    reason: "needs the rows that leave one feature out",
    reads: true,
  },
];

/** The traits of a view over a kernel, as they are now. */
export function traits(
  kernel,
  { subject, names, space = "probability", width = 0.25, settings = {}, links = null },
) {
  const all = kernel.game(Array(kernel.d).fill(1));
  return {
    subject: { notes: [], ...subject },
    outputs: { names, prediction: all, space, predicted: all.indexOf(Math.max(...all)) },
    settings: {
      method: "lime",
      target: all.indexOf(Math.max(...all)),
      kernel_width: width,
      n_samples: null,
      ...settings,
    },
    rows: { data: new DataView(kernel.bytes(0).buffer) },
    answers: {
      methods: [...METHODS, ...(kernel.offers ?? [])],
      default_width: width,
      distance: "cosine",
      links,
      estimates: [],
    },
    status: kernel.status,
  };
}
