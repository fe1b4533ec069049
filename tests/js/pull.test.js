import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pull } from "../../js/lib/pull.js";
import { watch } from "../../js/lib/watch.js";
import { ask, everyCoalition, toBytes } from "./games.js";

const COALITIONS = everyCoalition(6);
const CHUNK = 8;
const LATENCY = 5;
const WORK = 100;
const game = (z) => [z[0] - z[3]];
const block = (from, to) =>
  toBytes(COALITIONS.slice(from, to), COALITIONS.slice(from, to).map(game), "uniform", 6, 1);

/** A kernel as CONTRIBUTING.md describes it, and a model for each page that shows its view. */
class Kernel {
  status = { state: "running", generation: 0, n: CHUNK, limit: 64, least: 8, exact: false, message: "" };
  marks = [CHUNK];
  received = [];
  pages = [];
  /** What happens to messages: how often each arrives, and how late. */
  fate = () => [LATENCY];

  page() {
    const listeners = new Map();
    const heard = (event) => listeners.get(event) ?? listeners.set(event, new Set()).get(event);
    const traits = {
      rows: { data: block(0, this.status.n) },
      answers: { methods: [], estimates: [] },
      status: { ...this.status },
    };
    const model = {
      get: (name) => traits[name],
      set: (name, value) => {
        traits[name] = value;
        model.emit(`change:${name}`);
      },
      save_changes: () => {},
      on: (event, callback) => heard(event).add(callback),
      off: (event, callback) => heard(event).delete(callback),
      emit: (event, ...values) => {
        for (const callback of [...heard(event)]) callback(...values);
      },
      send: (content) => this.post(() => this.receive(structuredClone(content))),
      listening: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
    };
    this.pages.push(model);
    return model;
  }

  post(deliver, number = this.posted++) {
    for (const delay of this.fate(number)) setTimeout(deliver, delay);
  }
  posted = 0;

  /** One message after another: a kernel does one thing at a time. */
  receive(content) {
    this.received.push(content);
    this.queue.push(content);
    if (this.queue.length === 1) this.handle(content);
  }
  queue = [];

  handle(content) {
    const [answer, ms] = this[content.type](content);
    setTimeout(() => {
      this.answer({ id: content.id, ...answer.content }, answer.buffers);
      this.queue.shift();
      if (this.queue.length) this.handle(this.queue[0]);
    }, ms);
  }

  answer(content, buffers = []) {
    for (const model of this.pages)
      this.post(() =>
        model.emit(
          "msg:custom",
          structuredClone(content),
          buffers.map((data) => new DataView(data.slice().buffer)),
        ),
      );
  }

  step({ generation, have, ahead }) {
    const { status } = this;
    const newer = this.marks.filter((mark) => mark > have).length;
    const works = status.state === "running" && generation === status.generation && newer <= ahead;
    if (works) {
      const n = Math.min(status.n + CHUNK, status.limit);
      this.status = { ...status, n, state: n === status.limit ? "done" : "running" };
      this.marks.push(n);
    }
    const content = { type: "rows", generation: this.status.generation, start: have, status: this.status };
    return [{ content, buffers: [block(have, this.status.n)] }, works ? WORK : 1];
  }
  stop() {
    this.status = { ...this.status, state: "stopped", generation: this.status.generation + 1 };
    return [{ content: { type: "status", status: this.status } }, 1];
  }
  resume({ limit = this.status.limit }) {
    const state = this.status.n < limit ? "running" : "done";
    this.status = { ...this.status, limit, state, generation: this.status.generation + 1 };
    return [{ content: { type: "status", status: this.status } }, 1];
  }
  read({ method, n_samples }) {
    const estimates = [
      { method, target: null, kernel_width: null, n: n_samples, fidelity: [null], scale: null },
    ];
    const buffers = [1, 2].map((value) => new Uint8Array(Float32Array.from(Array(6).fill(value)).buffer));
    return [{ content: { type: "estimates", estimates }, buffers }, 1];
  }
  probe({ absent }) {
    const content = absent.includes(5)
      ? { error: "the model says no" }
      : { outputs: [absent.length], evaluated: true };
    return [{ content: { type: "probe", ...content } }, 1];
  }
  count(type) {
    return this.received.filter((content) => content.type === type).length;
  }
}

/** Every coalition that came, checked against the game. */
function expectAllRows({ rows }, n = 64) {
  const expected = ask(COALITIONS.slice(0, n), game);
  expect(rows.n).toBe(n);
  expect([...rows.sizes.subarray(0, n)]).toEqual([...expected.sizes.subarray(0, n)]);
  expect([...rows.outputs.subarray(0, n)]).toEqual([...expected.outputs.subarray(0, n)]);
}

let kernel;
beforeEach(() => {
  vi.useFakeTimers();
  kernel = new Kernel();
});
afterEach(() => {
  for (const model of kernel.pages) model.emit("comm:close");
  vi.useRealTimers();
});
const pass = (ms) => vi.advanceTimersByTimeAsync(ms);

describe("a run", () => {
  test("comes in to its end, and then nothing is asked any more", async () => {
    const loop = pull(kernel.page());
    await pass(2000);
    expectAllRows(loop);
    expect([loop.status.state, loop.link]).toEqual(["done", "ok"]);
    const asked = kernel.received.length;
    await pass(100_000);
    expect(kernel.received.length).toBe(asked);
  });

  test("never has more than two questions under way, and the kernel never waits", async () => {
    const loop = pull(kernel.page());
    await pass(2 * LATENCY + 7 * WORK + 40);
    expectAllRows(loop);
    expect(kernel.count("step")).toBeLessThanOrEqual(7 + 3);
  });

  test.each([
    ["every third message is lost", (i) => (i % 3 === 1 ? [] : [LATENCY])],
    ["every message is doubled", () => [LATENCY, LATENCY + 40]],
    ["messages overtake one another", (i) => [LATENCY + 130 * (i % 3)]],
    ["all of that", (i) => [[], [300], [5, 90], [5]][i % 4]],
  ])("%s: all rows come, none is evaluated twice", async (_, fate) => {
    kernel.fate = fate;
    const loop = pull(kernel.page());
    await pass(120_000);
    expectAllRows(loop);
    expect(loop.status.state).toBe("done");
    expect(kernel.marks).toEqual([8, 16, 24, 32, 40, 48, 56, 64]);
  });

  test("a damaged answer and a gap are as good as lost", async () => {
    const model = kernel.page();
    const loop = pull(model);
    const status = { ...kernel.status, n: 60 };
    const rows = (start, data) =>
      model.emit("msg:custom", { type: "rows", generation: 0, start, status }, [new DataView(data.buffer)]);
    expect(() => rows(8, new Uint8Array(30))).toThrow(/LLN1/);
    rows(50, block(50, 60));
    expect(loop.rows.n).toBe(8);
    await pass(20_000);
    expectAllRows(loop);
  });

  test("a run that is over is greeted once, and rows that are missing are fetched", async () => {
    const model = kernel.page();
    kernel.status = { ...kernel.status, state: "done", n: 64 };
    model.set("status", kernel.status);
    const loop = pull(model);
    await pass(10_000);
    expectAllRows(loop);
    expect(kernel.count("step")).toBeLessThanOrEqual(2);
  });

  test("rows may come with the traits", async () => {
    const model = kernel.page();
    const loop = pull(model);
    model.set("rows", { data: block(0, 30) });
    expect(loop.rows.n).toBe(30);
  });
});

describe("stop and more", () => {
  test("stop is at once, keeps what there is, and what was under way does not undo it", async () => {
    const loop = pull(kernel.page());
    await pass(250);
    loop.stop();
    expect(loop.status.state).toBe("stopped");
    const states = new Set();
    loop.watch(() => states.add(loop.status.state));
    await pass(5000);
    expect([...states]).toEqual(["stopped"]);
    expectAllRows(loop, loop.rows.n);
    expect(loop.rows.n).toBeLessThanOrEqual(CHUNK + 2 * CHUNK + 2 * CHUNK); // the greeting, 250 ms, what was under way
    expect(kernel.status.state).toBe("stopped");
  });

  test("more goes on from there, and beyond the limit", async () => {
    kernel.status.limit = 24;
    const loop = pull(kernel.page());
    await pass(150);
    loop.stop();
    await pass(1000);
    loop.more();
    await pass(1000);
    expectAllRows(loop, 24);
    loop.more(64);
    await pass(2000);
    expectAllRows(loop);
    expect(loop.status.limit).toBe(64);
  });

  test("a command that is lost is sent again", async () => {
    const loop = pull(kernel.page());
    await pass(250);
    kernel.fate = () => [];
    loop.stop();
    await pass(1000);
    kernel.fate = () => [LATENCY];
    await pass(5000);
    expect(kernel.status.state).toBe("stopped");
  });

  test("answers of an old generation are dropped", async () => {
    const model = kernel.page();
    const loop = pull(model);
    await pass(50);
    model.emit(
      "msg:custom",
      { type: "status", status: { ...kernel.status, generation: 5, state: "stopped" } },
      [],
    );
    const stale = { type: "rows", generation: 4, start: 8, status: kernel.status };
    model.emit("msg:custom", stale, [new DataView(block(8, 24).buffer)]);
    expect([loop.rows.n, loop.status.generation, loop.status.state]).toEqual([8, 5, "stopped"]);
  });
});

describe("link", () => {
  test("a kernel that falls silent is waited for, and comes back", async () => {
    const loop = pull(kernel.page());
    await pass(250);
    kernel.fate = () => [];
    await pass(2000);
    expect(loop.link).toBe("slow");
    await pass(300_000);
    expect(loop.link).toBe("slow");
    kernel.fate = () => [LATENCY];
    await pass(60_000);
    expect(loop.link).toBe("ok");
    expectAllRows(loop);
  });

  test("a silent kernel is asked ever more rarely", async () => {
    kernel.fate = () => [];
    pull(kernel.page());
    await pass(600_000);
    expect(kernel.posted).toBeLessThan(60);
  });

  test("a kernel that is busy says so, and is asked again soon", async () => {
    const model = kernel.page();
    const loop = pull(model);
    const { step } = kernel;
    kernel.step = () => [{ content: { type: "waiting", id: undefined } }, 1];
    await pass(500);
    expect(loop.link).toBe("waiting");
    await pass(5000);
    expect(loop.link).toBe("waiting");
    kernel.step = step;
    await pass(2500);
    expect(loop.link).toBe("ok");
    expectAllRows(loop);
  });

  test("where sending fails, there is no kernel", async () => {
    const model = kernel.page();
    model.send = () => {
      throw new Error("no comm");
    };
    const loop = pull(model);
    expect(loop.link).toBe("no kernel");
    await expect(loop.probe({ absent: [1] })).rejects.toThrow(/run the cell again/);
    expect(await loop.read("shapley", 0.25, 8)).toEqual([]);
  });

  test("where the host says that nobody took it, there is no kernel until someone answers", async () => {
    const model = kernel.page();
    const loop = pull(model);
    await pass(250);
    const { send } = model;
    model.send = () => Promise.reject(new TypeError("Failed to fetch"));
    await pass(10_000);
    expect(loop.link).toBe("no kernel");
    model.send = send;
    await pass(40_000);
    expect(loop.link).toBe("ok");
    expectAllRows(loop);
  });

  test("a kernel that never answers a finished run is gone", async () => {
    kernel.fate = () => [];
    kernel.status.state = "done";
    const loop = pull(kernel.page());
    await pass(10_000);
    expect(loop.link).toBe("no kernel");
  });

  test("a closed connection ends the asking; one that changed is tried", async () => {
    const [closed, changed] = [kernel.page(), kernel.page()];
    const loops = [pull(closed), pull(changed)];
    await pass(250);
    kernel.fate = () => [];
    closed.emit("comm:close");
    changed.emit("comm_live_update");
    expect(loops[0].link).toBe("no kernel");
    const sent = kernel.posted;
    await pass(10_000);
    expect(loops[1].link).toBe("no kernel");
    expect(kernel.posted).toBeGreaterThan(sent);
  });
});

describe("read and probe", () => {
  test("a reading is among the estimates, with its bytes", async () => {
    const loop = pull(kernel.page());
    const reading = loop.read("shapley", 0.25, 16);
    await pass(1000);
    const [found] = await reading;
    expect(loop.estimates).toContain(found);
    expect([found.n, found.values.getFloat32(0, true), found.std_error.getFloat32(20, true)]).toEqual([
      16, 1, 2,
    ]);
    loop.read("shapley", 0.25, 16);
    await pass(1000);
    expect(loop.estimates.length).toBe(1);
  });

  test("each probe gets its own answer, also when they overtake one another", async () => {
    kernel.fate = (i) => [LATENCY + 97 * (i % 4)];
    const loop = pull(kernel.page());
    const probes = [[], [0], [0, 1], [1, 2, 3]].map((absent) => loop.probe({ absent }));
    await pass(5000);
    expect((await Promise.all(probes)).map(({ outputs }) => outputs[0])).toEqual([0, 1, 2, 3]);
  });

  test("what the model says is passed on", async () => {
    const refused = expect(pull(kernel.page()).probe({ absent: [5] })).rejects.toThrow("the model says no");
    await pass(1000);
    await refused;
  });

  test("a lost probe is asked again; one that nobody answers fails in the end", async () => {
    const loop = pull(kernel.page());
    await pass(2000);
    const before = kernel.posted;
    kernel.fate = (i) => (i < before + 3 ? [] : [LATENCY]);
    const found = loop.probe({ absent: [2] });
    await pass(29_000);
    expect((await found).outputs).toEqual([1]);
    kernel.fate = () => [];
    const late = expect(loop.probe({ absent: [2] })).rejects.toThrow(/did not answer/);
    await pass(31_000);
    await late;
  });
});

describe("several listeners and pages", () => {
  test("two views of one loop hear of every change, until they go", async () => {
    const loop = pull(kernel.page());
    const heard = [[], []];
    const stops = heard.map((seen) => loop.watch(() => seen.push(loop.rows.n)));
    await pass(250);
    stops[0]();
    await pass(2000);
    expect(heard[0].length).toBeLessThan(heard[1].length);
    expect(heard[0]).toEqual(heard[1].slice(0, heard[0].length));
    expect(heard[1].at(-1)).toBe(64);
  });

  test("two pages of one kernel both get all rows, each by two questions at a time", async () => {
    const loops = [pull(kernel.page()), pull(kernel.page())];
    await pass(5000);
    loops.forEach((loop) => {
      expectAllRows(loop);
    });
    expect(kernel.count("step")).toBeLessThan(40);
    expect(kernel.marks.length).toBe(8);
  });

  test("a page that another one stopped stops asking, and goes on with it", async () => {
    const loops = [pull(kernel.page()), pull(kernel.page())];
    await pass(250);
    loops[0].stop();
    await pass(1000);
    expect(loops[1].status.state).toBe("stopped");
    const asked = kernel.received.length;
    await pass(10_000);
    expect(kernel.received.length).toBe(asked);
    loops[0].more();
    await pass(5000);
    loops.forEach((loop) => {
      expectAllRows(loop);
    });
  });

  test("the end leaves no listener and no timer", async () => {
    const model = kernel.page();
    const loop = pull(model);
    await pass(250);
    loop.end();
    await pass(1000);
    expect(model.listening()).toBe(0);
    const asked = kernel.received.length;
    await pass(100_000);
    expect([kernel.received.length, vi.getTimerCount()]).toEqual([asked, 0]);
  });
});

test("watch calls back for the traits named, until it is stopped", () => {
  const model = kernel.page();
  const heard = vi.fn();
  const stop = watch(model, ["rows", "status"], heard);
  for (const name of ["rows", "status", "answers"]) model.set(name, {});
  expect(heard).toHaveBeenCalledTimes(2);
  stop();
  model.set("rows", {});
  expect(heard).toHaveBeenCalledTimes(2);
  expect(model.listening()).toBe(0);
});
