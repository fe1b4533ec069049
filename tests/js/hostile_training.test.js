// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import training from "../../js/views/training.js";
import { imageSubject, tableSubject } from "./fixtures.js";
import { draw, HARMLESS, LONG, SHORT, subjectOf, use } from "./hostile.js";
import { dice, mutated, sorry } from "./mutations.js";
import { eachOnItsOwnPage, ends } from "./page.js";
import { film, TrainingKernel, trainingTraits } from "./trainings.js";

const KINDS = ["text", "table", "image"];
const GROWING = ["metrics", "records", "status"];
const SUBJECTS = { text: film("one two three"), table: tableSubject(), image: imageSubject({ cells: 2 }) };
const pause = (ms = 40) => new Promise((resolve) => setTimeout(resolve, ms));
const names = (el) =>
  new Set([...el.querySelectorAll("*")].flatMap((one) => [one.tagName, ...one.getAttributeNames()]));

/** What jsdom says went wrong in handlers and frames. @type {string[]} */
let faults = [];
const note = (event) => faults.push(String(event.error?.stack ?? event.message));

eachOnItsOwnPage();
beforeEach(() => {
  faults = [];
  window.addEventListener("error", note);
  vi.spyOn(console, "error").mockImplementation((...said) => faults.push(said.join(" ")));
});
afterEach(() => window.removeEventListener("error", note));

/** All that can be named is named by these texts. */
function traitsOf(kind, texts, more = {}) {
  const [first, second] = [0, 1].map(() => subjectOf(kind, texts));
  const traits = trainingTraits({
    subjects: [first, second],
    names: texts,
    top: texts.slice(0, 9),
    metrics: texts.slice(0, 6),
    ...more,
  });
  const { status, records, about } = traits;
  const [metric = texts[0]] = texts;
  return {
    ...traits,
    about: { ...about, model: metric, method: metric },
    status: { ...status, notes: texts },
    records: { ...records, alarms: records.alarms.map((one) => ({ ...one, metric })) },
  };
}

/** Do with it what a reader does. */
function go(el) {
  use(el);
  const slider = el.querySelector("input[type=range]");
  for (const key of ["Home", "ArrowRight", "End", "ArrowLeft"])
    slider?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  for (const one of el.querySelectorAll(".ll-turn, .ll-link, .ll-stop, .ll-methods button")) one.click();
  for (const one of el.querySelectorAll(".ll-plot"))
    one.dispatchEvent(new MouseEvent("pointerdown", { clientX: 9, bubbles: true }));
}

async function drawn(state, kernel = new TrainingKernel()) {
  const one = draw(training, state, kernel);
  ends.push(one.end);
  await pause();
  go(one.el);
  await pause();
  return one;
}

describe.each(["en", "zh"])("texts that mean harm are text (%s)", (language) => {
  const look = { language, theme: "auto" };

  test.each(KINDS)("in the training of a %s", async (kind) => {
    const [{ el }, { el: plain }] = [
      await drawn(traitsOf(kind, SHORT, { look })),
      await drawn(traitsOf(kind, HARMLESS, { look })),
    ];
    await vi.waitFor(() => {
      const known = new Set([...names(plain), "hidden", "aria-disabled", "data-at"]);
      expect([...names(el)].filter((name) => !known.has(name))).toEqual([]);
    }, 5000);
    expect(globalThis.hacked).toBeUndefined();
    expect(el.querySelector(".ll-notes").textContent).toContain(SHORT[3]);
    expect(faults).toEqual([]);
  });

  test("floods and long texts are drawn, and their labels are cut", async () => {
    for (const one of LONG) {
      const { el, end } = draw(training, traitsOf("text", [one, "word"], { look, n: 3 }));
      for (const label of el.querySelectorAll(".ll-label, .ll-chip-name, .ll-model, .ll-key-name"))
        expect(label.textContent.length).toBeLessThan(400);
      end();
      el.remove();
    }
    expect(faults).toEqual([]);
  });
});

describe("a training whose data were changed", () => {
  const ROUNDS = 60;

  test.each(KINDS)("is drawn, or says that it can't be: %s", async (kind) => {
    const state = trainingTraits({ n: 5, subjects: [SUBJECTS[kind], SUBJECTS[kind]] });
    const roll = dice(20 + kind.length);
    const told = { drawn: 0, damaged: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const { copy, path } = mutated(state, roll);
      const { el, end } = draw(training, copy, new TrainingKernel());
      expect(el.querySelectorAll("article"), path).toHaveLength(1);
      if (sorry(el)) told.damaged++;
      else {
        told.drawn++;
        go(el);
        await pause(round % 8 ? 0 : 60);
      }
      end();
      el.remove();
      expect(faults, path).toEqual([]);
    }
    expect(told.damaged).toBeGreaterThan(ROUNDS / 5);
    expect(told.drawn).toBeGreaterThan(ROUNDS / 20);
  });

  test("later on, and in messages, changes nothing; what is whole is shown", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const state = trainingTraits({
      n: 5,
      status: { state: "running", overhead: 0.03, step: 80, n: 5, notes: [] },
    });
    const { el, model, end } = draw(training, state, new TrainingKernel());
    ends.push(end);
    await pause(80);
    const before = el.innerHTML;
    const roll = dice(7);
    for (let round = 0; round < 200; round++) {
      const { copy } = mutated(state, roll);
      for (const name of GROWING) model.set(name, Object(copy[name]).x);
      const { copy: message } = mutated({ content: { type: "hear", id: "x", status: null } }, roll);
      model.emit("msg:custom", message.content, []);
    }
    await pause();
    expect(el.innerHTML).toBe(before);
    for (const name of ["metrics", "records"]) model.set(name, state[name]);
    model.set("status", { ...state.status, state: "done" });
    await pause();
    expect(el.querySelector(".ll-state").textContent).toBe("training is over, step 80");
    expect(faults).toEqual([]);
  });

  test("records that come out of order are each drawn as they are", async () => {
    const all = [9, 2, 1, 33, 2].map((n) =>
      trainingTraits({ n, status: { state: "running", overhead: 0, step: 20 * (n - 1), n, notes: [] } }),
    );
    const { el, model, end } = draw(training, all[0], new TrainingKernel());
    ends.push(end);
    go(el);
    for (const next of all)
      for (const order of [GROWING, [...GROWING].reverse()]) {
        for (const name of order) model.set(name, next[name]);
        // An answer that was under way tells of an earlier state.
        model.emit("msg:custom", { type: "hear", id: "hear0", status: all[0].status }, []);
        await pause(10);
        go(el);
        expect(el.querySelector("input[type=range]").max).toBe(String(next.status.step));
      }
    expect(faults).toEqual([]);
  });
});
