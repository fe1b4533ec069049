// @vitest-environment jsdom
import { afterEach, describe, expect, test } from "vitest";
import text from "../../js/views/text.js";
import { textSubject } from "./fixtures.js";
import { FakeKernel, StandInModel, traits } from "./host.js";
import { softmaxGame, someCount } from "./models.js";

const NAMES = ["positive", "negative"];
const all = (el, selector) => [...el.querySelectorAll(selector)];
let ends = [];

/** A text: what its footer and its deck say of `n` rows, read by a method. */
function show({
  words,
  method = "shapley",
  route = "",
  exact = false,
  fidelity = [0.8, 0.8],
  n = 200,
  limit = 200,
  chosen = null,
  source = "",
} = {}) {
  const named = source && { source, model: source };
  const subject = { ...textSubject(words), ...named };
  const d = subject.features.length;
  const kernel = new FakeKernel({ game: softmaxGame(someCount(d), 2), d, k: 2, limit, delay: 1, chosen });
  kernel.run(n).state = "done";
  const state = traits(kernel, { subject, names: NAMES, settings: { method } });
  state.answers.estimates = [{ ...kernel.estimate(method, 0.25, n), route, exact, fidelity }];
  const el = document.body.appendChild(document.createElement("div"));
  const model = new StandInModel(state, kernel);
  ends.push(text.render({ model, el }), text.initialize({ model }));
  const shown = (selector) => {
    const [one] = all(el, selector);
    return one.hidden ? "" : one.textContent;
  };
  return { el, model, kernel, shown };
}

afterEach(() => {
  for (const end of ends) end();
  ends = [];
  document.body.replaceChildren();
});

describe("how an answer was found", () => {
  test.each([
    ["linear", "exact: computed from the model itself"],
    ["tree", "exact: computed from the model itself"],
    ["kernel", "exact: computed from the model itself"],
    ["odd process", "by a Gaussian process"],
    ["regression", "by regression"],
    ["odd process and regression", "by a Gaussian process and regression"],
    ["", ""],
  ])("is said: %s", (route, words) => {
    const { shown } = show({ route, exact: words.startsWith("exact") });
    expect(shown(".ll-state")).toMatch(/^done/);
    expect(shown(".ll-how")).toBe(words);
  });

  test("is explained under the pointer", () => {
    const { el } = show({ route: "odd process" });
    expect(el.querySelector(".ll-how").title).toMatch(/smoothed by a process.*its intervals are its own/);
  });

  test("is one sentence where every combination was tried", () => {
    const { shown } = show({ words: "so very dull a film", route: "enumeration", exact: true, n: 32 });
    expect(shown(".ll-state")).toBe("exact: every combination was tried");
    expect(shown(".ll-how")).toBe("");
  });
});

describe("the fit", () => {
  const fit = ({ el }) => {
    const one = all(el, ".ll-figure").find(({ textContent }) => textContent.startsWith("fit"));
    return [one.hidden ? "" : one.textContent, one.hasAttribute("data-warn")];
  };

  test("warns where it is worse than none", () => {
    expect(fit(show({ fidelity: [-0.12, 0.8] }))).toEqual(["fit R\u00b2 \u22120.12", true]);
    expect(fit(show({ fidelity: [0.12, 0.8] }))).toEqual(["fit R\u00b2 0.12", false]);
  });

  test.each(["shapley", "banzhaf", "occlusion"])("is left out where %s is exact", (method) => {
    expect(fit(show({ method, exact: true, fidelity: [-0.12, 0.8] }))).toEqual(["", false]);
  });
});

test("an array that was opened is named once", () => {
  const { el, shown } = show({ source: "an array" });
  expect(all(el, ".ll-model")).toEqual([]);
  expect(shown(".ll-state")).toBe("opened from an array");
  expect(all(show().el, ".ll-model").length).toBe(1);
});

describe("an exact answer of few rows", () => {
  test("looks finished, and more can be asked", () => {
    const { el, shown, model } = show({ route: "linear", exact: true, n: 32, limit: 500 });
    expect(shown(".ll-readout")).toBe("32");
    expect(all(el, ".ll-slider .ll-hint")[0].textContent).toBe("enough: more would change nothing");
    const more = el.querySelector(".ll-button");
    expect([more.hidden, more.textContent, more.title]).toEqual([false, "More", "ask up to 500"]);
    more.click();
    expect(model.sent.at(-1)).toMatchObject({ type: "resume", limit: 500 });
  });

  test("is none for a method that must ask on", () => {
    const { shown } = show({ method: "banzhaf", n: 32, limit: 500 });
    expect(shown(".ll-readout")).toBe("32 of 500");
  });
});

describe("rows that were chosen", () => {
  const chosen = (row) => row >= 120 && row % 4 < 2;

  test.each(["lime", "banzhaf"])("are left out by %s, which says so", (method) => {
    const { shown } = show({ method, chosen });
    const label = { lime: "LIME", banzhaf: "Banzhaf" }[method];
    expect(shown(".ll-drawn")).toBe(`${label} reads the 160 drawn of 200`);
  });

  test("do not count as samples of LIME", () => {
    const { el } = show({ method: "lime", chosen });
    expect(all(el, ".ll-slider .ll-hint")[1].textContent).toMatch(/^effective samples \d+ of 160/);
  });

  test("are read by Shapley values", () => {
    expect(show({ chosen }).shown(".ll-drawn")).toBe("");
  });

  test("are nothing to speak of where there are none", () => {
    expect(show({ method: "lime" }).shown(".ll-drawn")).toBe("");
  });
});
