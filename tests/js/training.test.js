// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { isTrainingMessage, trainingDamageOf } from "../../js/lib/damaged_training.js";
import { among, apart, said } from "../../js/lib/numbers.js";
import {
  across,
  area,
  begun,
  dots,
  ends,
  line,
  lostAt,
  moved,
  nearest,
  roomiest,
  scales,
  span,
  stacked,
  valueAt,
} from "../../js/lib/timeline.js";
import training from "../../js/views/training.js";
import { StandInModel } from "./host.js";
import { eachOnItsOwnPage, ends as finish } from "./page.js";
import { f32, f64, film, TrainingKernel, trainingTraits } from "./trainings.js";

eachOnItsOwnPage();
const pause = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));
const running = { state: "running", overhead: 0.0312, step: 640, n: 33, notes: [] };

function shown(traits, kernel = new TrainingKernel()) {
  const model = new StandInModel(trainingTraits(traits), kernel);
  if (!kernel) model.send = undefined;
  const el = document.body.appendChild(document.createElement("div"));
  finish.push(training.render({ model, el }));
  const $ = (selector) => el.querySelector(selector);
  const says = (selector) => $(selector)?.textContent;
  const press = (name) =>
    [...el.querySelectorAll("button")].find((one) => one.textContent === name || one.title === name).click();
  return { model, el, $, says, press };
}

describe("geometry", () => {
  test("steps lie between the first and the last of all lists, also where there is one", () => {
    expect(span([[], [5, 10], [2, 7]])).toEqual([2, 10]);
    expect([span([[7]]), span([[]])]).toEqual([
      [7, 7],
      [0, 0],
    ]);
    expect([across(4, [0, 8]), across(-1, [0, 8]), across(9, [0, 8])]).toEqual([50, 0, 100]);
    expect(across(7, [7, 7])).toBe(0);
  });

  test("a line is broken where a value is not known, a lone point is a dot, and a band of one step a column", () => {
    const values = [0, 1, Number.NaN, 1];
    expect(line([0, 1, 2, 3], values, [0, 3], [0, 1])).toBe("M0.00 100.00L33.33 0.00M100.00 0.00");
    expect(dots([0, 1, 2, 3], values, [0, 3], [0, 1])).toBe("M100.00 0.00h0");
    expect(area([0, 1], [0, Number.NaN], [1, 1], [0, 1], [0, 1])).toBe("M0.00 0.00h4V100.00h-4Z");
    expect(area([0], [Number.NaN], [1], [0, 1], [0, 1])).toBe("");
    expect(area([0, 1], [0, 0], [1, 1], [0, 1], [0, 1])).toBe(
      "M0.00 0.00L100.00 0.00L100.00 100.00L0.00 100.00Z",
    );
  });

  test("drift is drawn from the first record on, so that two records have a line", () => {
    const found = [Number.NaN, 0.25, 0.5];
    expect([...begun(found, true)]).toEqual([0, 0.25, 0.5]);
    expect([...begun(found, false)]).toEqual([0.25, 0.25, 0.5]);
    expect([...begun([Number.NaN], true)]).toEqual([Number.NaN]);
  });

  test("shares are stacked, the first at the bottom, and named where a name has most room", () => {
    const [first, second] = stacked([0.2, 0.5, 0.4, 0.1], 2);
    expect([...first.high, ...second.low]).toEqual([0.2, 0.4, 0.2, 0.4]);
    expect([...second.high]).toEqual([0.7, 0.5]);
    const wedge = { low: [0, 0], high: [0, 1] };
    expect(roomiest(wedge, [0, 10], [0, 10], [0, 1], 20)).toEqual({ x: 90, y: 40, thick: 80 });
    const bent = { low: [0, 0.5, 0], high: [0.5, 1, 0.5] };
    expect(roomiest(bent, [0, 5, 10], [0, 10], [0, 1], 100).thick).toBe(0);
  });

  test("metrics that are shares have one scale, and each loss its own", () => {
    const metric = (name, ...values) => ({ name, steps: [0, 1], values });
    const found = scales([
      metric("loss", 0.2, 0.9),
      metric("accuracy", 0.5, 0.9),
      metric("f1", 0.4, 0.8),
      metric("n", 3, 5),
    ]);
    expect(found.map(({ score }) => score)).toEqual([false, true, true, false]);
    expect(found[1].range).toEqual(found[2].range);
    expect(found.map(({ known }) => known)).toEqual([
      [0.2, 0.9],
      [0.4, 0.9],
      [0.4, 0.9],
      [3, 5],
    ]);
    expect(ends([[2, 2]])[0]).toBeLessThan(2);
  });

  test("a metric that has hardly changed looks like it", () => {
    const of = (name, ...values) => scales([{ name, steps: [0, 1], values }])[0];
    const flat = [of("accuracy", 0.997, 1), of("accuracy", 0, 0), of("f1", 0.5, 0.54), of("loss", 2, 2.02)];
    expect(flat.map(({ ticks }) => ticks.map((end) => Number(end.toFixed(3))))).toEqual([
      [0.9, 1],
      [0, 0.1],
      [0.47, 0.57],
      [1.909, 2.111],
    ]);
    for (const { known, range } of flat) expect(known[1] - known[0]).toBeLessThan((range[1] - range[0]) / 2);
    expect(of("accuracy", 0.5, 0.9).ticks).toEqual([0.5, 0.9]);
  });

  test("the nearest record, and what a metric last was", () => {
    expect([0, 4, 6, 99].map((step) => nearest([0, 5, 20], step))).toEqual([0, 1, 1, 2]);
    expect([valueAt({ steps: [1, 3], values: [7, 8] }, 2), valueAt({ steps: [1], values: [7] }, 0)]).toEqual([
      7,
      Number.NaN,
    ]);
  });

  test("where a metric was no number is told from where it was not known yet", () => {
    const metric = { steps: [1, 3, 6], values: [7, Number.NaN, 8] };
    expect([0, 2, 5, 6].map((step) => lostAt(metric, step))).toEqual([null, null, 3, null]);
    expect(scales([{ name: "f1", ...metric, values: [0.2, Number.NaN, 0.4] }])[0].known).toEqual([0.2, 0.4]);
  });

  test("the share of the evidence that is elsewhere is that of training/drift.py", () => {
    expect(moved([1, -1], [-1, 1])).toBe(0);
    expect(moved([1, 0], [0, 2])).toBe(1);
    expect(moved([0, 0], [0, 2])).toBe(1);
    expect(moved([0, 0], [0, 0])).toBe(0);
  });
});

describe("numbers", () => {
  test("have an exponent where decimals would be zeros or many", () => {
    expect([0.69, 0.0038, 1.4e-5, -2e7, 0, Number.NaN].map(said)).toEqual([
      "0.69",
      "0.0038",
      "1.4e\u22125",
      "\u22122.0e7",
      "0.00",
      "\u2013",
    ]);
    expect([among(-1.4e-5, 2e-5, true), among(3e-6, 2e-5, true), among(3e-6, 0.2, true)]).toEqual([
      "\u22121.4e\u22125",
      "+3.0e\u22126",
      "0.00",
    ]);
    expect([among(0, 1e-5, true), among(3, 4e6, false), among(4e6, 4e6, true)]).toEqual(["0", "3", "+4.0e6"]);
  });

  test("of two ends are told apart, and one that is constant is told once", () => {
    expect(apart([0.6911, 0.6914])).toEqual(["0.6911", "0.6914"]);
    expect([apart([0.2, 0.9]), apart([0.46, 0.46])]).toEqual([["0.20", "0.90"], ["0.46"]]);
  });
});

describe("the view of a training", () => {
  test("goes through the records by keys, and every part tells the one on show", async () => {
    const { $, says, model, press } = shown({});
    const slider = $("input[type=range]");
    expect(slider.getAttribute("aria-valuetext")).toBe("step 640: more than noise");
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "Home" }));
    await pause();
    expect(slider.getAttribute("aria-valuetext")).toBe("step 0: the first record");
    expect(says(".ll-at b")).toBe("step 0 of 640");
    expect(says(".ll-pinned > .ll-hint")).toBe("predicted negative");
    expect(says("[data-lane=evidence] .ll-key li:last-child")).toBe("gripping24 %");
    expect(model.get("settings").step).toBe(0);
    press("latest");
    await pause();
    expect(model.get("settings").step).toBeNull();
    expect(says(".ll-pinned > .ll-hint")).toMatch(
      /^predicted positive, unlike at step 0; \d+ % of its evidence/,
    );
  });

  test("holds the pinned example against the first record and the one before", async () => {
    const { $, says, press } = shown({ subjects: [film("a b"), film("c")] });
    press("Change");
    await pause();
    expect([$(".ll-text"), $(".ll-barbox")].map((one) => one.getAttribute("aria-label"))).toEqual([
      "Text, Change",
      "Attributions, Change",
    ]);
    expect(says(".ll-pinned > .ll-hint:last-child")).toMatch(/the largest change of this example/);
    press("the one before");
    await pause();
    expect(says("[data-lane=drift] .ll-verdict")).toBe("no detectable change");
    expect(says("[data-lane=drift] .ll-key li")).toContain("since the record before");
    press("Next pinned example");
    await pause();
    expect(says(".ll-pinned-head b")).toBe("pinned 2 of 2");
    expect(says(".ll-voice")).toMatch(/^pinned 2 of 2: predicted/);
  });

  test("says where an example was not explained, and draws nothing of it there", async () => {
    const traits = trainingTraits({ n: 3, subjects: [film("a b"), film("c d")] });
    const { records } = traits;
    records.predictions[0].setFloat32(4, Number.NaN, true);
    for (const at of [8, 12]) records.values[0].setFloat32(at, Number.NaN, true);
    const { $, el, says, press } = shown({ n: 3, subjects: traits.subjects, records });
    const missing = () => $(".ll-pinned").hasAttribute("data-missing");
    const verdict = () => says(".ll-pinned > .ll-hint");
    expect(missing()).toBe(false);
    press("the one before");
    await pause();
    expect(verdict()).toBe("predicted positive; not explained at step 20");
    press("Change");
    await pause();
    expect(missing()).toBe(true);
    press("Values");
    $("input[type=range]").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
    await pause();
    expect([missing(), verdict()]).toEqual([true, "not explained at step 20"]);
    expect($(".ll-pinned > .ll-hint:last-child").hidden).toBe(true);
    expect(el.textContent + el.innerHTML).not.toContain("NaN");
    press("Next pinned example");
    await pause();
    expect([missing(), verdict()]).toEqual([false, expect.stringMatching(/^predicted/)]);
  });

  test("says of a candidate for a shortcut whether it speaks for the target or against it", () => {
    const [alarm] = trainingTraits({}).records.alarms;
    const records = {
      ...trainingTraits({}).records,
      alarms: [{ ...alarm, from_share: 0.1, to_share: -0.3 }],
    };
    const { says } = shown({ records });
    expect(says(".ll-shortcuts li")).toContain(
      "went from 10\u00a0% for the target to 30\u00a0% against it in 8 examples",
    );
  });

  test("draws a line and a floor of two records", async () => {
    const { $, press } = shown({ n: 2 });
    expect($("path[data-line=first]").getAttribute("d")).toMatch(/^M0\.00 100\.00L100\.00 [\d.]+$/);
    expect($("path.ll-floor").getAttribute("d")).toMatch(/^M0\.00 .*Z$/);
    press("the one before");
    await pause();
    expect($("path[data-line=previous]").getAttribute("d")).toMatch(/^M0\.00 ([\d.]+)L100\.00 \1$/);
  });

  test("draws one record, and a metric with one value, and has no axis of what is not known", () => {
    const metrics = [{ name: "eval_accuracy", steps: f64([0]), values: f32([0.46]) }];
    const model = new StandInModel({ ...trainingTraits({ n: 1 }), metrics }, new TrainingKernel());
    const el = document.body.appendChild(document.createElement("div"));
    finish.push(training.render({ model, el }));
    const $ = (selector) => el.querySelector(selector);
    expect($("[data-lane=metrics] path[data-dots]").getAttribute("d")).toBe("M0.00 50.00h0");
    expect($("[data-lane=metrics] .ll-extent").textContent).toBe("0.510.41");
    expect($("[data-lane=drift] .ll-extent").textContent).toBe("");
    expect($(".ll-band").getAttribute("d")).toMatch(/^M0\.00 [\d.]+h4V100\.00h-4Z$/);
    expect($(".ll-at b").textContent).toBe("step 0");
    expect([$("input[type=range]").min, $("input[type=range]").max]).toEqual(["0", "0"]);
  });

  test("says since when a loss is no number, and a cost of many times in times", () => {
    const { says } = shown({ status: { ...running, state: "done", overhead: 196.53 } });
    expect(says(".ll-head .ll-hint")).toBe("explaining costs 197 times the training time");
    const metrics = [{ name: "loss", steps: f64([1, 20]), values: f32([0.7, Number.NaN]) }];
    const model = new StandInModel({ ...trainingTraits({}), metrics }, new TrainingKernel());
    const el = document.body.appendChild(document.createElement("div"));
    finish.push(training.render({ model, el }));
    expect(el.querySelector("[data-lane=metrics] .ll-key").textContent).toBe(
      "loss\u2013not finite since step 20",
    );
  });

  test("of a saved page doesn't say that training goes on, nor how to tell of metrics", () => {
    const live = shown({ metrics: [], status: running });
    expect(live.says("[data-lane=metrics] .ll-key")).toMatch(/^No metrics yet: tracker.step/);
    const page = shown({ metrics: [], status: running }, null);
    expect(page.says("[data-lane=metrics] .ll-key")).toBe("No metrics were told.");
    expect(page.says(".ll-state")).toBe("not ended, step 640");
  });

  test("tells a flip once that is one since the first record and since the one before", async () => {
    const kind = "same prediction, other evidence";
    const flips = ["first", "previous"].flatMap((against) =>
      [20, 60].map((step) => ({ example: 0, step, against, kind })),
    );
    const traits = trainingTraits({});
    const { el } = shown({ records: { ...traits.records, flips } });
    expect([...el.querySelectorAll(".ll-flips li")].map((one) => one.textContent)).toEqual([
      `pinned 1, step 20 ${kind}, since the first record`,
      `pinned 1, step 60 ${kind}, since the first record and since the one before`,
    ]);
  });

  test("goes where a candidate for a shortcut and a flip are", async () => {
    const { $, says, el, model } = shown({});
    expect(says(".ll-shortcuts")).toMatch(
      /^Shortcut candidate: .*spoiler.* from 12\u00a0% for the target to 31\u00a0% for it in 8 examples, while eval_accuracy.*step 320 to step 640$/,
    );
    $(".ll-shortcuts button").click();
    expect(model.get("settings").step).toBe(320);
    el.querySelectorAll(".ll-flips button")[1].click();
    await pause();
    expect(model.get("settings")).toMatchObject({ step: null, example: 1, against: "first" });
    expect(says(".ll-voice")).toBe("Pinned 2 at step 640: other prediction, same evidence");
  });

  test("stops a training that hears, and says where one can't", async () => {
    const { $, says } = shown({ status: running });
    await pause();
    expect($(".ll-refusal").hidden).toBe(true);
    $(".ll-stop").click();
    await pause();
    await vi.waitFor(() => expect(says(".ll-state")).toBe("stopped, step 640"));
    vi.useFakeTimers();
    const deaf = shown({ status: running }, new TrainingKernel(false));
    vi.advanceTimersByTime(5000);
    vi.useRealTimers();
    await pause();
    expect(deaf.$(".ll-refusal").hidden).toBe(false);
    deaf.$(".ll-stop").click();
    expect(deaf.model.sent.map(({ type }) => type)).not.toContain("stop");
  });

  test("grows with what comes, and leaves out what is damaged", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { model, says } = shown({ n: 3, status: { ...running, step: 40, n: 3 } });
    const more = trainingTraits({ n: 5, status: { ...running, step: 80, n: 5 } });
    for (const name of ["metrics", "records", "status"]) model.set(name, more[name]);
    await pause();
    expect(says(".ll-at b")).toBe("step 80");
    model.set("records", { ...more.records, values: [] });
    await pause();
    expect(says(".ll-at b")).toBe("step 80");
    expect(warn).toHaveBeenCalled();
  });

  test("leaves nothing behind", () => {
    const { model, el } = shown({});
    for (const end of finish.splice(0)) end();
    expect(model.listening).toBe(0);
    expect(el.childElementCount).toBe(0);
  });

  test("a page has no Stop, and names that mean harm are text", () => {
    const bad = "<img src=x onerror=alert(1)>";
    const traits = { subjects: [film("x", bad)], names: [bad, bad], top: [bad], metrics: [bad], told: bad };
    const { $, el } = shown({ ...traits, status: { ...running, notes: [bad], overhead: null } }, null);
    expect($(".ll-head .ll-hint").textContent).toBe(""); // what it cost is not known
    expect($(".ll-stop").hidden).toBe(true);
    expect(el.querySelectorAll("img, script")).toHaveLength(0);
    for (const part of [".ll-model", ".ll-key-name", ".ll-chip-name", ".ll-notes", ".ll-shortcuts"])
      expect($(part).textContent).toContain("<img");
  });
});

describe("data that are damaged", () => {
  const traits = trainingTraits();
  const at = (change) => trainingDamageOf((name) => ({ ...traits, ...change })[name]);

  test("are told by where they are, and whole ones pass", () => {
    expect(at({})).toBe("");
    expect(at({ status: { ...traits.status, state: "asleep" } })).toBe("status.state");
    expect(at({ status: { ...traits.status, overhead: null } })).toBe("");
    expect(at({ status: { ...traits.status, overhead: "much" } })).toBe("status.overhead");
    expect(at({ records: { ...traits.records, steps: f64([1, 0]) } })).toBe("records.steps");
    expect(at({ records: { ...traits.records, values: traits.records.values.slice(1) } })).toBe(
      "records.values",
    );
    expect(at({ records: { ...traits.records, flips: [{ example: 9 }] } })).toBe("records.flips[0].example");
    expect(at({ metrics: [{ name: "x", steps: f64([1, 2]), values: f64([1]) }] })).toBe("");
    expect(at({ metrics: [{ name: "x", steps: f64([1]), values: f64([1]) }] })).toBe("metrics[0].values");
    expect(at({ settings: { ...traits.settings, example: 3 } })).toBe("settings.example");
    expect(at({ subjects: [] })).toBe("subjects");
  });

  test("in a message are not believed", () => {
    expect(isTrainingMessage({ type: "hear", status: traits.status })).toBe(true);
    expect(isTrainingMessage({ type: "hear", status: { ...traits.status, n: -1 } })).toBe(false);
    expect(isTrainingMessage({ type: "__proto__", status: traits.status })).toBe(false);
  });
});
