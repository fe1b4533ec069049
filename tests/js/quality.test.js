// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { damageOf, isMessage } from "../../js/lib/damage.js";
import { StaticModel } from "../../js/lib/static_host.js";
import table from "../../js/views/table.js";
import text from "../../js/views/text.js";
import { tableSubject, textSubject } from "./fixtures.js";
import { FakeKernel, StandInModel, traits } from "./host.js";
import { softmaxGame, someCount, wordWeights } from "./models.js";
import { eachOnItsOwnPage, ends } from "./page.js";

const NAMES = ["positive", "negative"];
const LONG = 100;
const pause = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms));
const all = (el, selector) => [...el.querySelectorAll(selector)];
const one = (el, selector) => el.querySelector(selector);
const shown = (el) => !el.closest("[hidden]");

/** A view of a text, or of a row, whose panel is closed as it comes. */
async function show({
  subject = textSubject(),
  measured = 0,
  kernel: alive = true,
  page = false,
  look,
} = {}) {
  const d = subject.features.length;
  const weights = subject.kind === "text" ? wordWeights(subject.features) : someCount(d);
  const kernel = new FakeKernel({ game: softmaxGame(weights, 2), d, k: 2, limit: 200, delay: 1 }).run(200);
  const given = { ...traits(kernel, { subject, names: NAMES }), ...(look && { look }) };
  const model = page ? new StaticModel(given) : new StandInModel(given, alive ? kernel : null);
  if (measured) {
    kernel.parts.set(kernel.answerOf(model).name, measured);
    given.quality = { found: [kernel.measure(model, "all")] };
  }
  const view = subject.kind === "text" ? text : table;
  const el = document.body.appendChild(document.createElement("div"));
  ends.push(view.initialize({ model }), view.render({ model, el }));
  await pause();
  return { el, model, kernel, panel: one(el, ".ll-quality") };
}

/** Open the panel, and wait for what comes. */
async function open({ panel }) {
  panel.open = true;
  panel.dispatchEvent(new Event("toggle"));
  await pause();
}

const asked = (model) => model.sent.filter(({ type }) => type === "quality").map(({ wants }) => wants);
const button = (el) => one(el, ".ll-go");
const scores = (el) => all(el, ".ll-scores > li").filter(shown);
const out = (el) => all(el, ".ll-token[data-out]").map((word) => word.textContent);

/** Wait until something is so, however busy the machine is. */
const soon = (check) => vi.waitFor(check, { timeout: 10_000 });
const offers = (view, name) => soon(() => expect(button(view.el).textContent).toBe(name));

async function measure(view, next = "Measure these too") {
  await open(view);
  button(view.el).click();
  await offers(view, next);
}

eachOnItsOwnPage();

describe("the panel", () => {
  test("is closed as it comes, and nothing is asked", async () => {
    const { model, panel } = await show();
    expect(panel.open).toBe(false);
    expect(asked(model)).toEqual([]);
  });

  test("shows at once what costs nothing, and asks no more by itself", async () => {
    const view = await show();
    await open(view);
    await pause(200);
    expect(asked(view.model)).toEqual(["known"]);
    expect(scores(view.el).map((row) => one(row, ".ll-metric").textContent)).toEqual([
      "Completeness gap",
      "Sparseness",
      "Complexity",
    ]);
    expect(shown(one(view.el, ".ll-going"))).toBe(false);
    expect(button(view.el).textContent).toBe("Measure");
  });

  test("asks until the usual metrics are there, and then offers the dear ones", async () => {
    const view = await show();
    await measure(view);
    expect(asked(view.model)).toEqual(["known", ...Array(6).fill("usual")]);
    expect(scores(view.el)).toHaveLength(9);
    expect(one(view.el, ".ll-measure .ll-hint").textContent).toMatch(
      /^It took 263 evaluations\. .*many times/,
    );
    expect(button(view.el).textContent).toBe("Measure these too");
    button(view.el).click();
    await soon(() => expect(shown(button(view.el))).toBe(false));
    expect(asked(view.model)).toContain("all");
    expect(all(view.el, ".ll-refusals > li").map((item) => item.textContent)).toEqual([
      "Not measured: Nearby inputs, most. A text has no nearby inputs: its words can't be changed a little.",
      "Not measured: Random weights, complexity. Weights can be made random in a torch model only.",
    ]);
  });

  test("asks no more once that was said, and keeps what there is", async () => {
    const view = await show();
    view.kernel.delay = 150;
    await open(view);
    await soon(() => expect(scores(view.el)).toHaveLength(3));
    button(view.el).click();
    await soon(() => expect(scores(view.el).length).toBeGreaterThan(3));
    expect(button(view.el).textContent).toBe("Stop measuring");
    expect(one(view.el, ".ll-measure .ll-hint").textContent).toMatch(/^measuring: \d of \d done/);
    button(view.el).click();
    await pause(400);
    const before = asked(view.model);
    expect(before.at(-1)).toBe("nothing");
    expect(scores(view.el).length).toBeGreaterThan(3);
    await pause(200);
    expect(asked(view.model)).toEqual(before);
    expect(button(view.el).textContent).toBe("Measure");
  });

  test("goes on where all pages are told between an answer and the next question", async () => {
    const view = await show();
    const { emit } = view.model;
    view.model.emit = (event, ...given) => {
      emit.call(view.model, event, ...given);
      if (given[0]?.type === "quality") view.model.set("quality", { found: [{ ...given[0].found }] });
    };
    await measure(view);
    expect(scores(view.el)).toHaveLength(9);
  });

  test("says why it ended where the model fails, and can go on", async () => {
    const view = await show();
    const { measure: goOn } = view.kernel;
    view.kernel.measure = (model, wants) => {
      const found = goOn.call(view.kernel, model, wants);
      return { ...found, message: wants === "usual" ? "the disk is full" : "" };
    };
    await measure(view, "Try again");
    expect(one(view.el, ".ll-measure .ll-hint").textContent).toBe("Measuring ended: the disk is full");
    view.kernel.measure = goOn;
    button(view.el).click();
    await offers(view, "Measure these too");
  });

  test("drops what is of another output, and shows it again to who turns back", async () => {
    const view = await show();
    await measure(view);
    const chips = all(view.el, ".ll-chip");
    chips[1].click();
    await soon(() => expect(scores(view.el)).toHaveLength(3));
    const before = asked(view.model).length;
    chips[0].click();
    await soon(() => expect(scores(view.el)).toHaveLength(9));
    await pause(200);
    expect(asked(view.model)).toHaveLength(before);
  });

  test("takes what another page of this view asked for", async () => {
    const view = await show();
    view.kernel.parts.set(view.kernel.answerOf(view.model).name, LONG);
    const found = view.kernel.measure(view.model, "usual");
    view.model.emit("msg:custom", { type: "quality", id: "other-1", found }, []);
    await open(view);
    expect(scores(view.el)).toHaveLength(9);
    expect(asked(view.model)).toEqual([]);
  });

  test("stays open when the view is drawn again", async () => {
    const view = await show();
    await open(view);
    const el = document.body.appendChild(document.createElement("div"));
    ends.push(text.render({ model: view.model, el }));
    expect(one(el, ".ll-quality").open).toBe(true);
  });

  test("shows in a saved page what was measured before, and says that no more can be", async () => {
    const view = await show({ measured: LONG, page: true });
    await open(view);
    expect(scores(view.el)).toHaveLength(12);
    expect(shown(one(view.el, ".ll-going"))).toBe(true);
    expect(shown(button(view.el))).toBe(false);
    expect(one(view.el, ".ll-measure .ll-hint").textContent).toBe(
      "It took 1,483 evaluations. A saved page: nothing more can be asked.",
    );
    const none = await show({ page: true });
    await open(none);
    expect(one(none.el, ".ll-measure .ll-hint").textContent).toMatch(
      /^Not measured before this page was saved/,
    );
  });

  test("speaks Chinese", async () => {
    const view = await show({ measured: LONG, look: { language: "zh", theme: "light" } });
    await open(view);
    expect(one(view.el, "summary").textContent).toBe("可信程度");
    expect(one(scores(view.el)[0], ".ll-metric").textContent).toBe("删除面积");
    expect(all(view.el, ".ll-refusals > li")[1].textContent).toBe(
      "未测量：随机权重，复杂度。只有 torch 模型的权重可以变为随机。",
    );
  });
});

describe("a score", () => {
  test("tells its number, the better direction and where the others stand", async () => {
    const view = await show({ measured: LONG });
    await open(view);
    const row = scores(view.el)[0];
    expect(row.textContent.replaceAll(/\s+/g, " ")).toBe(
      "Deletion area 0.19 ↓, random 0.55, input alone 0.47, lower is better , 64 evaluations",
    );
    const places = ["random", "input", "value"].map((name) =>
      Number.parseFloat(one(row, `[data-mark=${name}]`).style.left),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(shown(one(row, "[data-mark=exact]"))).toBe(false);
  });

  test("is not said to be the best where exact values are not known", async () => {
    const view = await show({ measured: LONG });
    await open(view);
    const [, told] = view.el.querySelectorAll(".ll-scorebox > p");
    expect(shown(told)).toBe(true);
    expect(told.textContent).toMatch(
      /^Where exact Shapley values are not known, the right end is the best mark/,
    );
  });

  test("says where the metric says nothing", async () => {
    const view = await show({ measured: LONG });
    await open(view);
    const dull = scores(view.el).filter((row) => shown(one(row, ".ll-flag")));
    expect(dull.map((row) => one(row, ".ll-metric").textContent)).toEqual(["Monotonicity"]);
    expect(one(dull[0], ".ll-flag").textContent).toBe("uninformative here");
  });

  test("of which neither end is better stands apart, and points nowhere", async () => {
    const view = await show({ measured: LONG });
    await open(view);
    const spread = one(view.el, ".ll-neither + .ll-scores");
    expect(all(spread, ".ll-metric").map((name) => name.textContent)).toEqual(["Sparseness", "Complexity"]);
    expect(all(spread, ".ll-score").map((number) => number.textContent)).toEqual(["0.41", "2.3"]);
    expect(one(spread, ".ll-heard").textContent).toMatch(/neither end is better$/);
    const [random, value] = ["random", "value"].map((name) =>
      Number.parseFloat(one(spread, `[data-mark=${name}]`).style.left),
    );
    expect(value).toBeLessThan(random);
  });

  test("tells how sure it is what random attributions have", async () => {
    const view = await show({ measured: LONG });
    await open(view);
    const [row] = scores(view.el).filter((one) => one.textContent.startsWith("Infidelity"));
    expect(row.textContent).toContain("random 0.052 \u00b1 0.006");
    expect(shown(one(row, ".ll-chance"))).toBe(true);
  });
});

describe("a curve", () => {
  test("is scrubbed by keys: the text shows what is left, and a line says the output", async () => {
    const view = await show({ measured: LONG });
    await open(view);
    const slider = one(view.el, ".ll-scrub");
    slider.focus();
    slider.value = "3";
    slider.dispatchEvent(new Event("input"));
    await pause();
    expect(out(view.el).sort()).toEqual(["beautifully", "gripping", "slow"]);
    expect(one(view.el, ".ll-scrubbed").textContent).toMatch(/^3 of 15 words out: positive 0\.\d+ → 0\.\d+$/);
    expect(slider.getAttribute("aria-valuetext")).toBe(one(view.el, ".ll-scrubbed").textContent);
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    await pause();
    expect(out(view.el)).toEqual([]);
  });

  test("is scrubbed under the pointer, and all is back when that leaves", async () => {
    const view = await show({ subject: tableSubject(), measured: LONG });
    await open(view);
    const plot = one(view.el, ".ll-curveplot");
    plot.getBoundingClientRect = () => new DOMRect(100, 0, 200, 150);
    all(view.el, ".ll-way")[1].click();
    plot.dispatchEvent(new MouseEvent("pointermove", { clientX: 100 + 200 * 0.2 }));
    await pause();
    expect(one(view.el, ".ll-scrubbed").textContent).toMatch(/^only 2 of 10 features there: positive /);
    expect(all(view.el, ".ll-bars > li[data-out]")).toHaveLength(8);
    plot.dispatchEvent(new MouseEvent("pointerleave"));
    await pause();
    expect(all(view.el, ".ll-bars > li[data-out]")).toHaveLength(0);
  });

  test("is said in words", async () => {
    const view = await show({ measured: LONG });
    await open(view);
    expect(one(view.el, ".ll-curveplot svg").getAttribute("aria-label")).toMatch(
      /^Deletion: the output goes from 0\.97 to 0\.\d+, area 0\.\d+; in random order 0\.\d+$/,
    );
  });
});

describe("what is damaged", () => {
  const KEY = { method: "lime", target: 0, kernel_width: 0.25, n: 200 };
  const MEASURED = {
    ...KEY,
    ...{ n_evals: 3, left: { known: 0, usual: 0, all: 2 }, message: "" },
    curves: { counts: [0, 1, 2], order: [1, 0], deletion: [1, 0.5, 0], insertion: [0, 0.5, 1] },
    metrics: { sparseness: { better: "higher", refusal: "", n_evals: 0, value: 0.4, random: null } },
  };
  const cut = (change) => ({ ...structuredClone(MEASURED), ...change });
  const curves = (change) => cut({ curves: { ...MEASURED.curves, ...change } });
  const subject = { ...textSubject("so dull") };

  test("is not believed", () => {
    const good = (found) => isMessage({ type: "quality", found }, [], subject);
    expect(good(MEASURED)).toBe(true);
    expect(good(cut({ curves: null, metrics: {} }))).toBe(true);
    const bad = [
      ...[null, {}, cut({ left: {} }), cut({ metrics: null }), cut({ metrics: { a: 3 } }), cut({ n: -1 })],
      ...[curves({ order: [0] }), curves({ order: [0, 7] }), curves({ deletion: [1] })],
      ...[curves({ counts: [0, 0, 1] }), curves({ random_deletion: [Number.NaN, 1, 1] })],
      cut({ metrics: { sparseness: { ...MEASURED.metrics.sparseness, value: "0.4" } } }),
    ];
    expect(bad.map(good)).toEqual(bad.map(() => false));
  });

  test("is told of in the state, too; a view that was saved before had none", () => {
    const kernel = new FakeKernel({ game: softmaxGame([1, 2], 2), d: 2, k: 2, limit: 4 }).run(4);
    const given = traits(kernel, { subject, names: NAMES });
    const damage = (quality) => damageOf((name) => ({ ...given, quality })[name], "text");
    expect(damage(undefined)).toBe("");
    expect(damage({ found: [MEASURED] })).toBe("");
    expect(damage({ found: [curves({ order: [0] })] })).toBe("quality.found[0].curves.order");
  });
});

test("what is of marks is asked for again when these change, at once or when the panel is opened", async () => {
  const view = await show();
  await open(view);
  const before = asked(view.model).length;
  view.model.set("marks", [[0, "should matter"]]);
  await soon(() => expect(asked(view.model).slice(before)).toContain("known"));
  await pause();
  view.panel.open = false;
  view.panel.dispatchEvent(new Event("toggle"));
  const closed = asked(view.model).length;
  view.model.set("marks", []);
  await pause();
  expect(asked(view.model)).toHaveLength(closed);
  await open(view);
  await soon(() => expect(asked(view.model).slice(closed)).toContain("known"));
});
