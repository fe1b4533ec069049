// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { heatMap } from "../../js/lib/heat.js";
import { lime } from "../../js/lib/lime.js";
import { tells } from "../../js/lib/methods.js";
import { Rows } from "../../js/lib/neighborhood.js";
import { grid, paintValues } from "../../js/lib/pixels.js";
import { pullOf } from "../../js/lib/session.js";
import { words as wordsIn } from "../../js/lib/words.js";
import image from "../../js/views/image.js";
import text from "../../js/views/text.js";
import { imageSubject, textSubject } from "./fixtures.js";
import { StandInModel, traits } from "./host.js";
import { softmaxGame, someCount } from "./models.js";
import { eachOnItsOwnPage, ends } from "./page.js";
import { STREAMS, spots, TurningKernel } from "./streams.js";

const NAMES = ["positive", "negative"];
const VIEWS = { text, image };
const all = (el, selector) => [...el.querySelectorAll(selector)];
const words = (el, selector) => all(el, selector).map((one) => one.textContent);
const ENGLISH = wordsIn("en");
const pause = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));

/** A view whose neighborhood is evaluated; its kernel can turn to other methods. */
async function show(
  subject = textSubject(),
  { n = 120, alive = true, prepare = () => {}, settings = {}, ...more } = {},
) {
  const d = subject.features.length;
  const picture = subject.kind === "image" ? spots(subject.width, subject.height) : null;
  const game = softmaxGame(someCount(d), 2);
  const kernel = new TurningKernel({ game, d, k: 2, limit: n, delay: 1, picture, ...more }).run(n);
  const state = traits(kernel, { subject, names: NAMES, settings: { target: 0, ...settings } });
  prepare(kernel, state);
  const model = new StandInModel(state, alive ? kernel : null);
  const el = document.body.appendChild(document.createElement("div"));
  const view = VIEWS[subject.kind];
  const stop = view.initialize({ model });
  ends.push(view.render({ model, el }), stop);
  await pause();
  return { el, model, kernel, ...hands(el) };
}

/** What a reader does and sees. */
function hands(el) {
  const press = async (name) => {
    all(el, "button")
      .find((one) => (one.querySelector("b") ?? one).textContent === name)
      .click();
    await pause();
  };
  return {
    press,
    bars: () => words(el, ".ll-number"),
    state: () => el.querySelector(".ll-state").textContent,
    foot: () =>
      all(el, ".ll-foot > span:not([hidden])")
        .map((one) => one.textContent)
        .join(" | "),
    shown: (selector) => all(el, selector).filter((one) => !one.closest("[hidden]")),
    until: (state) =>
      vi.waitFor(() => expect(el.querySelector(".ll-state").textContent).toMatch(state), 4000),
  };
}

/** The methods' answers, as they were found before the page was. */
const found = (method, target, most) => (kernel, state) => {
  kernel.run_ = kernel.streamed(method, target, most);
  state.settings = { ...state.settings, method, target };
  state.answers.estimates = [...[...kernel.runs.values()].flatMap(({ kept }) => kept)];
  state.status = kernel.now;
};

eachOnItsOwnPage();

describe("turning", () => {
  test("to a gradient method and back: each answer is its own, and nothing is asked twice", async () => {
    const { press, bars, until, kernel, model } = await show();
    await pause(300);
    const before = bars();
    await press("Int. gradients");
    await until(/^done/);
    const gradients = bars();
    expect(gradients).not.toEqual(before);
    await press("LIME");
    await until(/^done/);
    expect(bars()).toEqual(before);
    await press("Int. gradients");
    await until(/^done/);
    expect(bars()).toEqual(gradients);
    expect(kernel.evaluated.map(([, , n]) => n)).toEqual([8, 24, 56]);
    expect(kernel.n).toBe(120);
    expect(model.sent.filter(({ type }) => type === "read")).toEqual([]);
  });

  test("shows no bar of another method while there is no answer yet", async () => {
    const { press, bars, state, shown } = await show(textSubject(), { chunk: 0 });
    expect(bars().length).toBe(10);
    await press("SmoothGrad");
    expect([bars(), state()]).toEqual([[], "asking the model \u2026"]);
    expect(shown(".ll-token[data-sign=for], .ll-token[data-sign=against]")).toEqual([]);
  });

  test("to another output computes that one, and keeps the first", async () => {
    const { el, press, bars, until, kernel } = await show();
    await press("Int. gradients");
    await until(/^done/);
    const first = bars();
    all(el, ".ll-chip")[1].click();
    await until(/^done/);
    await vi.waitFor(() => expect(kernel.evaluated.length).toBe(6));
    await pause();
    expect(bars()).not.toEqual(first);
    all(el, ".ll-chip")[0].click();
    await pause(200);
    expect(bars()).toEqual(first);
    expect(kernel.evaluated.filter(([, target]) => target === 1).map(([, , n]) => n)).toEqual([8, 24, 56]);
    expect(kernel.evaluated.length).toBe(6);
  });

  test("asks again after a stop of another method", async () => {
    const { press, until, el } = await show(textSubject(), {
      delay: 20,
      prepare: found("smooth_grad", 0, 370),
    });
    await press("Stop");
    await until(/^stopped/);
    await press("Int. gradients");
    await until(/^done/);
    await press("SmoothGrad");
    await until(/^stopped/);
    await press("Resume");
    await until(/^done/);
    expect(words(el, ".ll-readout")[0]).toBe("400");
  });

  test("takes a number of evaluations along only to methods that read the same", async () => {
    const { press, model } = await show(textSubject(), { settings: { n_samples: 60 } });
    await press("Shapley");
    expect(model.get("settings").n_samples).toBe(60);
    await press("Int. gradients");
    expect(model.get("settings").n_samples).toBe(null);
  });

  test.each([
    ["every third message is lost", (i) => (i % 3 === 1 ? 0 : 1)],
    ["every message is doubled", () => 2],
  ])(
    "works where %s",
    async (_, copies) => {
      const { receive } = TurningKernel.prototype;
      let posted = 0;
      vi.spyOn(TurningKernel.prototype, "receive").mockImplementation(function (...args) {
        for (let i = copies(posted++); i > 0; i--) receive.apply(this, args);
      });
      const { until, kernel, bars } = await show(textSubject(), { prepare: found("smooth_grad", 0, 380) });
      await vi.waitFor(() => expect(kernel.now.state).toBe("done"), { timeout: 15_000, interval: 20 });
      await until(/^done/);
      const draws = kernel.evaluated.map(([, , n]) => n);
      expect(draws).toEqual(Array.from({ length: 80 }, (_, i) => 5 * (i + 1)));
      expect(bars().length).toBe(10);
    },
    20_000,
  );
});

describe("a page with no kernel", () => {
  const prepare = (kernel, state) => {
    kernel.streamed("integrated_gradients", 1);
    found("integrated_gradients", 0)(kernel, state);
  };

  test("shows every method and output that was computed, and says which were not", async () => {
    const { el, press, bars, state, shown, kernel } = await show(textSubject(), { alive: false, prepare });
    const first = bars();
    expect(first.length).toBe(10);
    expect(state()).toBe("done; no kernel: run the cell again to ask more");
    all(el, ".ll-chip")[1].click();
    await pause();
    expect(bars()).not.toEqual(first);
    expect(bars().length).toBe(10);
    await press("LIME");
    const rows = Rows.from(kernel.bytes(0));
    const { values } = lime(rows, { width: 0.25, target: 1, n: 120, distance: "cosine" });
    const most = Math.max(...values.map(Math.abs));
    await vi.waitFor(() => expect(Math.abs(Number(bars()[0].replace("\u2212", "-")))).toBeCloseTo(most, 2));
    await press("SmoothGrad");
    expect([bars(), state()]).toEqual([[], "not computed; no kernel: run the cell again to ask more"]);
    expect(shown(".ll-warning")[0].textContent).toBe(
      "SmoothGrad was not computed for negative, and there is no kernel to compute it: run the cell again.",
    );
  });

  test("whose neighborhood was never asked says so of LIME", async () => {
    const bare = (kernel, state) => {
      found("saliency", 0)(kernel, state);
      state.rows = { data: null };
    };
    const { press, bars, shown } = await show(textSubject(), { alive: false, prepare: bare });
    expect(bars().length).toBe(10);
    await press("LIME");
    expect(bars()).toEqual([]);
    expect(shown(".ll-warning")[0].textContent).toMatch(/^LIME was not computed for positive/);
  });
});

test("a method with a space of its own names it, and what-ifs are asked in it", async () => {
  const { el, press, model } = await show(textSubject(), {
    prepare: (_, { answers, outputs }) => {
      answers.outputs = {
        neighborhood: outputs,
        saliency: { ...outputs, prediction: [3, -3], space: "log-odds" },
      };
    },
  });
  const [axis, chip] = [".ll-axis", ".ll-chip"].map((one) => () => el.querySelector(one).textContent);
  all(el, ".ll-token")[4].click(); // leave-one-out is among the rows
  await pause();
  expect([axis(), el.querySelector(".ll-whatif-text").textContent]).toEqual([
    expect.stringContaining("the probability of positive"),
    expect.stringMatching(/^1 out: positive 0\.\d+/),
  ]);
  expect(model.sent.filter(({ type }) => type === "probe")).toEqual([]);
  await press("Saliency");
  expect([axis(), chip()]).toEqual([expect.stringContaining("the log-odds of positive"), "positive3.0"]);
  expect(model.sent.filter(({ type }) => type === "probe").length).toBe(1);
  await press("LIME");
  expect(axis()).toContain("the probability of positive");
  expect(model.sent.filter(({ type }) => type === "probe").length).toBe(1);
});

describe("the deck and the footer", () => {
  test("integrated gradients go back to fewer passes, and tell their gap", async () => {
    const { el, foot, shown } = await show(textSubject(), { prepare: found("integrated_gradients", 0) });
    expect(
      shown(".ll-slider").map(
        (one) =>
          one.querySelector("input").ariaLabel ?? one.querySelector("input").getAttribute("aria-label"),
      ),
    ).toEqual(["Passes"]);
    expect(foot()).toMatch(/completeness gap 0\.3 %/);
    expect(foot()).not.toMatch(/fit|settled|\u00b1/);
    const widths = () => all(el, ".ll-bar").map((bar) => bar.style.width);
    const now = widths();
    const slider = shown(".ll-slider input")[0];
    slider.value = "450";
    slider.dispatchEvent(new Event("input"));
    await pause();
    expect(words(el, ".ll-readout")[0]).toBe("first 25 of 56");
    expect(words(el, ".ll-slider .ll-hint")[0]).toBe("Int. gradients as it was after 24");
    expect(widths()).not.toEqual(now);
    expect(foot()).toMatch(/completeness gap 0\.7 %/);
    expect(el.querySelector(".ll-meaning").textContent).toMatch(
      /^Int\. gradients: slopes gathered on the way/,
    );
  });

  test("draws have intervals, and say how settled their order is", async () => {
    const { el, foot } = await show(textSubject(), { prepare: found("smooth_grad", 0) });
    expect(foot()).toMatch(/settled \d+ % \| \u00b1 0\.\d+ at 95 %/);
    expect(all(el, ".ll-whisker:not([hidden])").length).toBe(10);
  });

  test("a single answer has no slider, and leaves nothing to chance", async () => {
    const { el, foot, shown } = await show(textSubject(), { prepare: found("saliency", 0) });
    expect(shown(".ll-slider, .ll-button")).toEqual([]);
    expect(foot()).toBe("done");
    expect(el.querySelector(".ll-meaning").textContent).toMatch(/Lengths have no sign, and are no shares/);
  });

  test("what is computed from the model is exact, and what is handed back tells its gap", async () => {
    const { foot, press, until } = await show(textSubject(), { prepare: found("tree_shap", 0) });
    expect(foot()).toMatch(/^done \| exact$/);
    await press("DeepLIFT");
    await until(/^done/);
    expect(foot()).toMatch(/^done \| completeness gap 0\.4 %$/);
  });

  test("a what-if is said to ask the model, and to leave the bars", async () => {
    const { el, press } = await show();
    const invitation = () => el.querySelector(".ll-whatif-text").textContent;
    expect(invitation()).toBe("Press a word to take it out and see the prediction move.");
    await press("Saliency");
    expect(invitation()).toMatch(/move\. It asks the model; the bars stay\.$/);
  });

  test("silence is the model taking its time, and not another cell", async () => {
    const { press, until, kernel } = await show();
    kernel.receive = () => {};
    await press("SmoothGrad");
    await until(/^the model is taking its time/);
  });

  test("what the reader must know is said above the answer", async () => {
    const { el, press, shown } = await show(textSubject(), { prepare: found("lrp", 0) });
    expect(shown(".ll-warning")[0].textContent).toMatch(/^The tokenizer has neither .* absent words\.$/);
    await press("LIME");
    expect(shown(".ll-warning")).toEqual([]);
    expect(el.querySelector(".ll-warning").getAttribute("role")).toBe("status");
  });
});

describe("many methods", () => {
  test("are four in a row and all in a list, each with what it tells", async () => {
    const streams = Object.keys(STREAMS).filter((name) => !["rise", "grad_cam", "tree_shap"].includes(name));
    const { el, press, shown } = await show(textSubject(), { streams });
    expect(words(el, ".ll-head .ll-methods button")).toEqual([
      "LIME",
      "Shapley",
      "Banzhaf",
      "Int. gradients",
      "All 12",
    ]);
    expect(shown(".ll-offer")).toEqual([]);
    await press("All 12");
    expect(shown(".ll-offer").length).toBe(12);
    for (const offer of shown(".ll-offer")) expect(offer.querySelector(".ll-hint").textContent).toMatch(/ /);
    await press("GradientSHAP");
    expect(shown(".ll-offer")).toEqual([]);
    expect(words(el, ".ll-head .ll-methods button")).toContain("GradientSHAP");
    expect(el.querySelector(".ll-head .ll-methods [aria-pressed=true]").textContent).toBe("GradientSHAP");
    expect(document.activeElement.textContent).toBe("All 12");
  });

  test("are in a list where their names are too long for a narrow row", async () => {
    const row = async (stream) => {
      const { el } = await show(textSubject(), { streams: [stream] });
      return words(el, ".ll-head .ll-methods button");
    };
    expect(await row("tree_shap")).toEqual(["LIME", "Shapley", "Banzhaf", "Occlusion", "Tree SHAP"]);
    expect(await row("permutation_shapley")).toEqual(["LIME", "Shapley", "Banzhaf", "All 5"]);
  });

  test("are put away by Escape, and the focus goes back", async () => {
    const { el, press, shown } = await show();
    await press("All 15");
    shown(".ll-offer")[3].focus();
    shown(".ll-offer")[3].dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect([shown(".ll-offer").length, document.activeElement.textContent]).toEqual([0, "All 15"]);
    expect(el.querySelector(".ll-all").getAttribute("aria-expanded")).toBe("false");
  });

  test("a method that is pressed keeps the focus", async () => {
    const { el, press } = await show();
    const button = all(el, ".ll-methods button").find((one) => one.textContent === "Shapley");
    button.focus();
    await press("Shapley");
    expect(document.activeElement.textContent).toBe("Shapley");
  });
});

describe("sizes", () => {
  const sizes = found("saliency", 0);

  test("have no sign in the numbers, and no way that they point", async () => {
    const { el, bars } = await show(textSubject(), { prepare: sizes });
    expect(bars().length).toBe(10);
    for (const number of bars()) expect(number).toMatch(/^0\.\d+$/);
    expect(el.querySelector(".ll-axis").textContent).toBe(
      "how strongly each word moves the probability of positive, either way",
    );
    await vi.waitFor(() => expect(el.querySelector(".ll-number").title).toMatch(/^0\.\d+$/));
    expect(el.querySelector(".ll-zero").style.getPropertyValue("--ll-at")).toBe("0.0000");
  });

  test("have a colour of their own, as long as they are shown", async () => {
    const { el, press } = await show(textSubject(), { prepare: sizes });
    const card = el.querySelector(".ll-card");
    expect(card.hasAttribute("data-sizes")).toBe(true);
    await press("LIME");
    expect(card.hasAttribute("data-sizes")).toBe(false);
    expect(el.querySelector(".ll-axis").textContent).toBe(
      "\u2212 lowers, + raises the probability of positive",
    );
  });

  test("are painted over a picture in one colour, with no stripes", () => {
    const area = grid(new Uint16Array([0, 2, 1, 2]), 2, 2, 1);
    const looks = { mode: "heat", opacity: 1, top: new Set([0]) };
    const painted = (signed) => {
      const pixels = new Uint8ClampedArray(16);
      paintValues(pixels, area, [1, 0.5], { ...looks, signed });
      return pixels;
    };
    expect(painted(true).slice(0, 3)).not.toEqual(painted(false).slice(0, 3));
    expect(painted(true)[3]).toBe(painted(false)[3]);
  });

  test("are told apart from slopes by what is read of a method", () => {
    const method = { name: "saliency", reads: false };
    expect(tells(method, "text", ENGLISH)).toMatch(/Lengths have no sign/);
    expect(tells(method, "table", ENGLISH)).toMatch(/would rise.*Slopes are no shares/);
  });
});

describe("pixels", () => {
  const subject = imageSubject({ width: 60, height: 48, cells: 4 });

  test("are drawn where a method has them, and segments where not, unless the reader chose", async () => {
    const { el, press, shown } = await show(subject, { prepare: found("integrated_gradients", 0) });
    const modes = () => shown(".ll-looks button").map((one) => one.textContent);
    const pressed = () => el.querySelector(".ll-looks [aria-pressed=true]").textContent;
    expect([modes(), pressed()]).toEqual([["Pixels", "Segments", "Outline", "Top segments"], "Pixels"]);
    await press("LIME");
    expect([modes(), pressed()]).toEqual([["Heat", "Outline", "Top segments"], "Heat"]);
    await press("Int. gradients");
    expect(pressed()).toBe("Pixels");
    await press("Outline");
    await press("LIME");
    await press("Int. gradients");
    expect(pressed()).toBe("Outline");
  });

  test("keep their row of looks while they are asked for, and the picture says so", async () => {
    const { el, press, shown, kernel } = await show(subject);
    const modes = () => shown(".ll-looks button").map((one) => one.textContent);
    kernel.chunk = 0;
    expect(shown(".ll-asking")).toEqual([]);
    await press("Grad-CAM");
    expect(modes()).toEqual(["Pixels", "Segments", "Outline", "Top segments"]);
    expect(words(el, ".ll-asking:not([hidden])")).toEqual(["asking \u2026"]);
    await press("LIME");
    expect([modes().length, shown(".ll-asking")]).toEqual([3, []]);
  });

  test("stay with the last estimate of each output only", async () => {
    const { model, press, until } = await show(subject);
    await press("Int. gradients");
    await until(/^done/);
    const kept = pullOf(model).estimates.filter(({ method }) => method === "integrated_gradients");
    expect(kept.map(({ n, pixels }) => [n, !!pixels])).toEqual([
      [8, false],
      [24, false],
      [56, true],
    ]);
  });

  test("an even map stays even, and its ends are 1 and -1", () => {
    const even = heatMap(new DataView(new Int8Array(30).fill(40).buffer), 6, 5, 3);
    expect(even.length).toBe(30 * 9);
    for (const share of even) expect(share).toBeCloseTo(1, 5);
    const halves = Int8Array.from({ length: 400 }, (_, at) => (at % 20 < 10 ? 50 : -50));
    const map = heatMap(new DataView(halves.buffer), 20, 20, 2);
    expect([map[0], map[39]]).toEqual([1, -1]);
    expect(map[19] + map[20]).toBeCloseTo(0, 5);
  });

  test("smoothing keeps the sum of a spot that is far from the rim", () => {
    const spot = new Int8Array(31 * 31);
    spot[15 * 31 + 15] = 120;
    const map = heatMap(new DataView(spot.buffer), 31, 31, 1);
    const [total, most] = [map.reduce((a, b) => a + b), Math.max(...map)];
    expect(map.filter((share) => share > 0).length).toBe(49); // three means over 3 x 3: 7 x 7
    expect(most).toBe(1);
    expect(total).toBeGreaterThan(1);
  });
});
