/** A kernel with methods that read no rows: it turns to the run of what the reader chose, as Python does. */
import { FakeKernel, PLAIN } from "./host.js";

const OPENS = "the tokenizer has neither a mask nor a padding token: a zero vector stands for absent words";

/** name: label, evaluations of each step, and what its estimates are like after n of them */
export const STREAMS = {
  saliency: ["Saliency", () => 1, { limit: 1, exact: true }],
  input_x_gradient: ["Input x gradient", () => 1, { limit: 1, exact: true }],
  integrated_gradients: ["Int. gradients", (n) => n + 8, { limit: 1024, gap: (n) => 0.16 / n, warning: "" }],
  smooth_grad: ["SmoothGrad", () => 5, { limit: 400, errors: true }],
  gradient_shap: ["GradientSHAP", () => 5, { limit: 400, errors: true, gap: (n) => 0.4 / Math.sqrt(n) }],
  deep_lift: ["DeepLIFT", () => 1, { limit: 1, exact: true, gap: () => 0.004 }],
  lrp: ["LRP", () => 1, { limit: 1, exact: true, warning: OPENS }],
  grad_cam: ["Grad-CAM", () => 1, { limit: 1, exact: true }],
  permutation_shapley: ["Permutation Shapley", () => 40, { limit: 2000, errors: true }],
  tree_shap: ["Tree SHAP", () => 1, { limit: 1, exact: true }],
  rise: ["RISE", () => 40, { limit: 2000, errors: true }],
};

/** Of texts these are lengths of gradients. */
const LENGTHS = ["saliency", "smooth_grad"];

export class TurningKernel extends FakeKernel {
  /** Runs by method and output. */
  runs = new Map();
  /** The run that goes on; null: the neighborhood's. */
  run_ = null;
  evaluated = [];

  constructor({ streams = Object.keys(STREAMS), picture = null, ...rest }) {
    super(rest);
    this.picture = picture;
    this.offers = streams.map((name) => ({
      name,
      label: STREAMS[name][0],
      available: true,
      reason: "",
      reads: false,
    }));
  }

  turn(model) {
    const { method, target } = model.get("settings");
    const key = `${method} ${target}`;
    const next = STREAMS[method] ? (this.runs.get(key) ?? this.#begin(key, method, target)) : null;
    if (next === this.run_) return;
    this.run_ = next;
    this.generation++;
    this.sync(model);
  }
  #begin(key, method, target) {
    const run = { method, target, n: 0, state: "running", limit: STREAMS[method][2].limit, kept: [] };
    this.runs.set(key, run);
    return run;
  }
  /** All that Python syncs at a stop and at a turn. */
  sync(model) {
    setTimeout(() => {
      const estimates = [...this.runs.values()].flatMap(({ kept }) => kept);
      model.set("rows", { data: new DataView(this.bytes(0).buffer) });
      model.set("answers", { ...model.get("answers"), estimates });
      model.set("status", this.now);
    }, this.delay);
  }
  get now() {
    const { run_: run, generation } = this;
    if (!run) return this.status;
    const { method, target, n, limit, state } = run;
    const exact = state === "done" && (n < limit || limit === 1);
    return {
      state,
      generation,
      method,
      target,
      n,
      limit,
      least: 1,
      exact,
      rate: 52,
      seconds: n / 52,
      message: "",
    };
  }
  /** Take a run to its end, or to so many evaluations. */
  streamed(method, target, most = Infinity) {
    const run = this.runs.get(`${method} ${target}`) ?? this.#begin(`${method} ${target}`, method, target);
    while (run.state === "running" && run.n < most) this.#advance(run);
    return run;
  }
  #advance(run) {
    const [, step, { limit, gap }] = STREAMS[run.method];
    const more = Math.min(step(run.n), run.limit - run.n);
    if (more > 0) {
      run.n += more;
      this.evaluated.push([run.method, run.target, run.n]);
      for (const earlier of run.kept) Object.assign(earlier, { scale: null, pixels: null });
      run.kept.push(this.streamEstimate(run.method, run.target, run.n));
    }
    const enough = run.method === "integrated_gradients" && gap(run.n) < 0.005;
    if (more === 0 || enough || run.n >= run.limit || limit === 1) run.state = "done";
  }
  streamEstimate(method, target, n) {
    const { d, game, picture } = this;
    const { errors = false, exact = false, gap = null, warning = "" } = STREAMS[method][2];
    const signed = !!picture || !LENGTHS.includes(method);
    const all = Array(d).fill(1);
    const seed = method.length;
    const values = Float32Array.from({ length: d }, (_, j) => {
      const out = game(all)[target] - game(all.with(j, 0))[target];
      const value =
        out * (1 + 0.2 * Math.sin(seed * j)) + (exact ? 0 : Math.sin(99 * j + n) / (60 * Math.sqrt(n)));
      return signed ? value : Math.abs(value);
    });
    const error = errors ? 0.09 / Math.sqrt(n) : exact ? 0 : Infinity;
    return {
      ...PLAIN,
      method,
      target,
      kernel_width: null,
      n,
      dof: errors ? Math.max(2, n - 1) : 1e9,
      exact,
      warning,
      signed,
      relative_gap: gap ? gap(n) : null,
      scale: picture && 0.01,
      pixels: picture && new DataView(picture(target).buffer),
      values: new DataView(values.buffer),
      std_error: new DataView(new Float32Array(d).fill(error).buffer),
      fidelity: [null],
      effective_samples: 1,
    };
  }

  receive(model, content) {
    const run = this.run_;
    if (!run || content.type === "probe" || content.type === "read") return super.receive(model, content);
    const answer = (reply, buffers = []) =>
      setTimeout(() => model.emit("msg:custom", { ...reply, id: content.id }, buffers), this.delay);
    if (content.type === "step") {
      const works =
        run.state === "running" && content.have >= run.n && content.generation === this.generation;
      if (works && this.chunk) this.#advance(run);
      answer(...this.#rows(run));
      if (works && run.state !== "running") this.sync(model);
      return;
    }
    if (content.limit) run.limit = content.limit;
    run.state = content.type === "stop" ? "stopped" : "running";
    this.generation++;
    answer({ type: "status", status: this.now });
    this.sync(model);
  }
  #rows({ kept }) {
    const message = { type: "rows", generation: this.generation, start: 0, status: this.now };
    const last = kept.at(-1);
    if (!last) return [message, [new DataView(new ArrayBuffer(0))]];
    const { values, std_error, pixels, ...estimate } = last;
    const buffers = [new DataView(new ArrayBuffer(0)), values, std_error, ...(pixels ? [pixels] : [])];
    return [{ ...message, estimate }, buffers];
  }
}

/** A map for a picture: a bear's head that counts for, and a meadow that counts against. */
export function spots(width, height) {
  return (target) =>
    Int8Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [(at % width) / width, Math.floor(at / width) / height];
      const spot = (cx, cy, r) => Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * r * r));
      const noise = 0.35 * Math.sin(37 * at) * Math.sin(11.3 * at);
      const sign = target ? -1 : 1;
      return Math.round(
        sign * 90 * (spot(0.45, 0.4, 0.13) * (1 + noise) - 0.8 * spot(0.78, 0.8, 0.1)) + 25 * noise,
      );
    });
}
