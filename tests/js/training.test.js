// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { isTrainingMessage, trainingDamageOf } from "../../js/lib/damaged_training.js";
import {
  across,
  area,
  ends,
  line,
  moved,
  nearest,
  scales,
  span,
  stacked,
  thickest,
  valueAt,
} from "../../js/lib/timeline.js";
import training from "../../js/views/training.js";
import { StandInModel } from "./host.js";
import { eachOnItsOwnPage, ends as finish } from "./page.js";
import { f64, film, TrainingKernel, trainingTraits } from "./trainings.js";

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
    expect([span([[0]]), span([[]])]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect([across(4, [0, 8]), across(-1, [0, 8]), across(9, [0, 8])]).toEqual([50, 0, 100]);
  });

  test("a line is broken where a value is not known, and a band needs two", () => {
    expect(line([0, 1, 2, 3], [0, 1, Number.NaN, 1], [0, 3], [0, 1])).toBe(
      "M0.00 100.00L33.33 0.00M100.00 0.00",
    );
    expect(area([0, 1], [0, Number.NaN], [1, 1], [0, 1], [0, 1])).toBe("");
    expect(area([0, 1], [0, 0], [1, 1], [0, 1], [0, 1])).toBe(
      "M0.00 0.00L100.00 0.00L100.00 100.00L0.00 100.00Z",
    );
  });

  test("shares are stacked, the first at the bottom, and named where they are thickest", () => {
    const [first, second] = stacked([0.2, 0.5, 0.4, 0.1], 2);
    expect([...first.high, ...second.low]).toEqual([0.2, 0.4, 0.2, 0.4]);
    expect([...second.high]).toEqual([0.7, 0.5]);
    const band = { low: [0, 0, 0], high: [1, 0.5, 0.8] };
    expect(thickest(band, [0, 5, 8], [0, 10], [0, 1])).toEqual({ x: 80, y: 40, thick: 80 });
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

  test("the nearest record, and what a metric last was", () => {
    expect([0, 4, 6, 99].map((step) => nearest([0, 5, 20], step))).toEqual([0, 1, 1, 2]);
    expect([valueAt({ steps: [1, 3], values: [7, 8] }, 2), valueAt({ steps: [1], values: [7] }, 0)]).toEqual([
      7,
      Number.NaN,
    ]);
  });

  test("the share of the evidence that is elsewhere is that of training/drift.py", () => {
    expect(moved([1, -1], [-1, 1])).toBe(0);
    expect(moved([1, 0], [0, 2])).toBe(1);
    expect(moved([0, 0], [0, 2])).toBe(1);
    expect(moved([0, 0], [0, 0])).toBe(0);
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
    const { says, press } = shown({ subjects: [film("a b"), film("c")] });
    press("Change");
    await pause();
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

  test("goes where a candidate for a shortcut and a flip are", async () => {
    const { $, says, el, model } = shown({});
    expect(says(".ll-shortcuts")).toMatch(
      /^Shortcut candidate: .*spoiler.* from 12 % to 31 % .*8 examples, while eval_accuracy.*step 320 to step 640$/,
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
    const { $, el } = shown({ ...traits, status: { ...running, notes: [bad] } }, null);
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
