// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";
import { lime } from "../../js/lib/lime.js";
import { Rows } from "../../js/lib/neighborhood.js";
import { ranked } from "../../js/lib/scale.js";
import image from "../../js/views/image.js";
import table from "../../js/views/table.js";
import text from "../../js/views/text.js";
import { imageSubject, tableSubject, textSubject } from "./fixtures.js";
import { FakeKernel, PLAIN, StandInModel, traits } from "./host.js";
import { softmaxGame, someCount, wordWeights } from "./models.js";
import { eachOnItsOwnPage, ends } from "./page.js";

const VIEWS = { text, image, table };
const NAMES = ["positive", "negative"];
const pause = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));
const all = (el, selector) => [...el.querySelectorAll(selector)];
const words = (el, selector) => all(el, selector).map((one) => one.textContent);

/** Show a subject whose kernel has evaluated n coalitions. */
async function show(
  subject,
  { n = 200, limit = 400, names = NAMES, alive = true, running = false, more, ...kernelMore } = {},
) {
  const d = subject.features.length;
  const weights = subject.kind === "text" ? wordWeights(subject.features) : someCount(d);
  const game = softmaxGame(weights, names.length);
  const kernel = new FakeKernel({ game, d, k: names.length, limit, delay: 1, ...kernelMore }).run(n);
  if (!running && kernel.state === "running") kernel.state = "stopped";
  const model = new StandInModel(traits(kernel, { subject, names, ...more }), alive ? kernel : null);
  const views = VIEWS[subject.kind];
  const stop = views.initialize({ model });
  const render = () => {
    const el = document.body.appendChild(document.createElement("div"));
    const end = views.render({ model, el });
    ends.push(end);
    return { el, end };
  };
  const { el, end } = render();
  ends.push(stop);
  await pause();
  return { el, end, stop, model, kernel, render, d };
}

/** A text of so many words, all rows evaluated, and Python's reading of them: made up, so that it is known again. */
function wordy(d, n, running = false) {
  const kernel = new FakeKernel({ game: softmaxGame(someCount(d), 2), d, k: 2, limit: n, delay: 1 });
  kernel.run(running ? Math.round(0.9 * n) : n);
  if (running) kernel.chunk = 0;
  const subject = textSubject(Array.from({ length: d }, (_, i) => `word${i}`).join(" "));
  const model = new StandInModel(traits(kernel, { subject, names: NAMES }), kernel);
  const flat = (value) => new DataView(Float32Array.from({ length: 2 * d }, value).buffer);
  const reading = { ...PLAIN, method: "lime", kernel_width: 0.25, n: kernel.n, dof: 400, exact: false };
  const values = flat((_, i) => (i >> 1 === 5 ? 0.9 : 0.01));
  const trust = { values, std_error: flat(() => 0.001), fidelity: [0.5, 0.5], effective_samples: 400 };
  model.state.answers.estimates = [{ ...reading, ...trust }];
  const el = document.body.appendChild(document.createElement("div"));
  const stop = text.initialize({ model });
  ends.push(text.render({ model, el }), stop);
  return { el, model };
}

const slider = (el, i) => all(el, ".ll-deck input")[i];
const slide = (input, share, ...events) => {
  input.value = String(1000 * share);
  for (const event of events) input.dispatchEvent(new Event(event));
};

eachOnItsOwnPage();

describe("the answer", () => {
  test("is LIME of the rows, the largest first, with a sign at every number", async () => {
    const { el, kernel, model } = await show(textSubject());
    const { values } = lime(Rows.from(kernel.bytes(0)), {
      width: 0.25,
      target: 0,
      n: 200,
      distance: "cosine",
    });
    const order = ranked(values).slice(0, 10);
    expect(words(el, ".ll-label")).toEqual(order.map((i) => model.get("subject").features[i]));
    const signs = all(el, ".ll-bars > li").map((li) => li.dataset.sign);
    expect(signs).toEqual(order.map((i) => (values[i] < 0 ? "against" : "for")));
    expect(Number(words(el, ".ll-number")[0].replace("+", "").replace("\u2212", "-"))).toBeCloseTo(
      values[order[0]],
      2,
    );
  });

  test("has intervals soon after, and says how wide the widest is", async () => {
    const { el } = await show(textSubject());
    await pause(400);
    expect(all(el, ".ll-whisker:not([hidden])").length).toBe(10);
    expect(el.querySelector(".ll-foot").textContent).toMatch(
      /fit R\u00b2 0\.\d\d.*settled \d+ %.*\u00b1 0\.\d+ at 95 %/,
    );
  });

  test("streams in until it is done", async () => {
    const { el, model } = await show(textSubject(), { n: 0, limit: 200, running: true });
    await vi.waitFor(() => expect(el.querySelector(".ll-state").textContent).toMatch(/^done/), 4000);
    expect(all(el, ".ll-bars > li").length).toBe(10);
    expect(model.sent.every(({ type }) => type === "step")).toBe(true);
    expect(all(el, ".ll-readout")[0].textContent).toBe("200");
  });

  test("leaves a trace while it streams, which is that of all its rows in the end", async () => {
    const { el, kernel, render } = await show(textSubject(), { n: 0, running: true, limit: 2000, delay: 60 });
    const lines = (one) => all(one, ".ll-trace path").map((line) => line.getAttribute("d"));
    await vi.waitFor(() => expect(lines(el).length).toBe(5), 4000);
    const early = lines(el);
    expect(el.querySelector(".ll-foot").dataset.state).toBe("running");
    await vi.waitFor(() => expect(lines(el)).not.toEqual(early), 4000);
    kernel.limit = kernel.n + 40;
    await vi.waitFor(() => expect(el.querySelector(".ll-foot").dataset.state).toBe("done"), 4000);
    const again = render().el;
    await vi.waitFor(() => {
      expect(lines(again).length).toBe(5);
      expect(lines(again)).toEqual(lines(el));
    }, 4000);
  });

  test("is exact, and says so, when every coalition was asked", async () => {
    const { el } = await show(tableSubject(), { n: 1024, limit: 1024 });
    expect(el.querySelector(".ll-state").textContent).toBe("exact: every combination was tried");
    expect(all(el, ".ll-whisker:not([hidden])").length).toBe(0);
    expect(el.querySelector(".ll-button").hidden).toBe(true);
  });

  test("waits for the first rows without a word of its own", async () => {
    const { el } = await show(textSubject(), { n: 0, chunk: 0, running: true });
    expect(all(el, ".ll-bars > li").length).toBe(0);
    expect(el.querySelector(".ll-state").textContent).toMatch(/asking the model/);
  });
});

describe("the sliders", () => {
  test("refit at once, with no message and no save until they are let go", async () => {
    const { el, model } = await show(textSubject());
    await pause(300);
    const [sent, before] = [model.sent.length, words(el, ".ll-number").join()];
    slide(slider(el, 1), 0.9, "input");
    await pause();
    expect(words(el, ".ll-number").join()).not.toBe(before);
    expect([model.sent.length, model.saves]).toEqual([sent, 0]);
    slide(slider(el, 1), 0.9, "change");
    expect(model.saves).toBe(1);
    expect(model.get("settings")).toMatchObject({ method: "lime", target: 0, n_samples: null });
    expect(model.get("settings").kernel_width).toBeGreaterThan(1);
  });

  test("snap to the default width, which a tick marks", async () => {
    const { el, model } = await show(textSubject());
    slide(slider(el, 1), Math.log(5) / Math.log(40) + 0.004, "change");
    expect(model.get("settings").kernel_width).toBe(0.25);
  });

  test("say when a kernel is too narrow", async () => {
    const { el } = await show(textSubject());
    slide(slider(el, 1), 0, "input");
    await pause();
    const hint = all(el, ".ll-slider .ll-hint")[1];
    expect(hint.textContent).toMatch(/^effective samples \d+ of 200: too few to trust$/);
    expect(hint.hasAttribute("data-warn")).toBe(true);
  });

  test("show the answer as it was with fewer", async () => {
    const { el, kernel } = await show(textSubject(), { n: 400 });
    slide(slider(el, 0), 0.25, "input");
    await pause();
    const { values } = lime(Rows.from(kernel.bytes(0)), {
      width: 0.25,
      target: 0,
      n: 100,
      distance: "cosine",
    });
    expect(all(el, ".ll-bars > li").map((li) => Number(li.dataset.feature))).toEqual(
      ranked(values).slice(0, 10),
    );
    expect(all(el, ".ll-readout")[0].textContent).toBe("first 100 of 400");
  });

  test("ask for more when let go past what there is", async () => {
    const { el, model } = await show(textSubject(), { n: 200, limit: 400 });
    slide(slider(el, 0), 0.75, "input", "change");
    expect(model.sent.at(-1)).toMatchObject({ type: "resume", limit: 300 });
    await vi.waitFor(() => expect(all(el, ".ll-readout")[0].textContent).toBe("300"), 4000);
    expect(model.get("settings").n_samples).toBe(null);
  });

  test("show all again when more is asked for", async () => {
    const { el, model } = await show(textSubject(), { n: 400 });
    slide(slider(el, 0), 0.25, "input", "change");
    expect(model.get("settings").n_samples).toBe(100);
    el.querySelector(".ll-button").click();
    expect(model.get("settings").n_samples).toBe(null);
    expect(model.sent.at(-1)).toMatchObject({ type: "resume", limit: 800 });
  });

  test("are put back by Reset", async () => {
    const { el, model } = await show(textSubject());
    slide(slider(el, 1), 0.9, "input", "change");
    await pause();
    all(el, "button")
      .find((b) => b.textContent === "Reset")
      .click();
    expect(model.get("settings").kernel_width).toBe(0.25);
  });
});

test("the focus is never lost with what goes away", async () => {
  const { el } = await show(textSubject());
  const press = async (name) => {
    const button = all(el, "button").find((one) => one.textContent === name);
    button.focus();
    button.click();
    await pause();
    expect(button.matches("[hidden], :disabled")).toBe(true);
    return document.activeElement;
  };
  slide(slider(el, 1), 0.9, "input", "change");
  await pause();
  expect((await press("Reset")).textContent).toBe("Resume");
  all(el, ".ll-token")[9].click();
  await pause();
  expect(await press("put all back")).toBe(all(el, ".ll-token")[0]);
});

describe("many features", () => {
  test("follow the slider of the rows, from wherever their tables are", async () => {
    const { el, kernel } = await show(
      textSubject(Array.from({ length: 120 }, (_, i) => `word${i}`).join(" ")),
      {
        n: 3000,
        limit: 3000,
      },
    );
    const rows = Rows.from(kernel.bytes(0));
    for (const share of [0.9, 0.1, 0.55]) {
      slide(slider(el, 0), share, "input");
      const n = Math.round(3000 * share);
      const { values } = lime(rows, { width: 0.25, target: 0, n, distance: "cosine" });
      const first = `first ${n.toLocaleString("en-US")} of 3,000`;
      await vi.waitFor(() => {
        expect(all(el, ".ll-readout")[0].textContent).toBe(first);
        expect(all(el, ".ll-slider .ll-hint")[0].textContent).toBe("the answer as it was with fewer");
        expect(all(el, ".ll-bars > li").map((li) => Number(li.dataset.feature))).toEqual(
          ranked(values).slice(0, 10),
        );
      }, 2000);
    }
  });

  test("are shown as Python read them, and refitted here for another width", async () => {
    const { el, model } = wordy(150, 1000);
    await pause(200);
    expect(words(el, ".ll-number")[0]).toBe("+0.90");
    slide(slider(el, 1), 0.8, "input");
    await pause(200);
    expect(Number(words(el, ".ll-number")[0].replace("\u2212", "-"))).toBeLessThan(0.8);
    expect(model.sent.filter(({ type }) => type === "read")).toEqual([]);
  });

  test("in crowds are not refitted here: Python is asked for another width, once", async () => {
    const { el, model } = wordy(401, 500);
    await pause(200);
    expect(words(el, ".ll-number")[0]).toBe("+0.90");
    slide(slider(el, 1), 0.8, "input", "change");
    await vi.waitFor(() => expect(model.sent.some(({ type }) => type === "read")).toBe(true), 2000);
    const asked = model.sent.filter(({ type }) => type === "read");
    expect(asked.map(({ n_samples }) => n_samples)).toEqual([500]);
    expect(asked[0].kernel_width).toBeGreaterThan(0.25);
  });
});

describe("what is chosen", () => {
  test("is shared by two views of one model", async () => {
    const { el, render } = await show(textSubject());
    const other = render().el;
    all(el, ".ll-chip")[1].click();
    await pause();
    expect(all(other, ".ll-chip").map((chip) => chip.getAttribute("aria-pressed"))).toEqual([
      "false",
      "true",
    ]);
    expect(words(other, ".ll-number")).toEqual(words(el, ".ll-number"));
  });

  test("may be a method that only Python computes: it is asked once", async () => {
    const { el, model } = await show(textSubject());
    all(el, ".ll-head .ll-methods button")
      .find((b) => b.textContent === "Shapley")
      .click();
    const reads = () => model.sent.filter(({ type }) => type === "read").length;
    await vi.waitFor(() => expect([reads(), all(el, ".ll-bars > li").length]).toEqual([1, 10]), {
      timeout: 15_000,
    });
    expect(slider(el, 1).closest(".ll-slider").hidden).toBe(true);
    expect(el.querySelector(".ll-meaning").textContent).toMatch(/^Shapley: each part's fair share/);
  }, 20_000);

  test("is not a method that can't run: pressing it says why", async () => {
    const { el, model } = await show(textSubject());
    const button = all(el, ".ll-methods button").find((b) => b.textContent === "Occlusion");
    button.click();
    await pause();
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(model.get("settings").method).toBe("lime");
    expect(el.querySelector(".ll-voice").textContent).toMatch(/can't run here: needs the rows/);
  });

  test("ten outputs are four and the rest behind a button", async () => {
    const names = Array.from({ length: 10 }, (_, i) => `class ${i}`);
    const { el } = await show(textSubject(), { names });
    expect(all(el, ".ll-chip").length).toBe(4);
    el.querySelector(".ll-chips .ll-more").click();
    expect(all(el, ".ll-chip").length).toBe(10);
  });
});

describe("what if", () => {
  test("a word is out: answered from the rows, where they hold that coalition", async () => {
    const { el, model, kernel, d } = await show(textSubject());
    const before = model.sent.length;
    all(el, ".ll-token")[9].click();
    await pause();
    const z = Array.from({ length: d }, (_, j) => Number(j !== 9));
    const [was, now] = [kernel.game(Array(d).fill(1))[0], kernel.game(z)[0]];
    expect(el.querySelector(".ll-whatif-text").textContent).toBe(
      `1 out: positive ${was.toFixed(2)} \u2192 ${now.toFixed(2)}`,
    );
    expect(model.sent.length).toBe(before);
    expect(all(el, ".ll-token")[9].getAttribute("aria-pressed")).toBe("true");
  });

  test("a class in another script keeps the numbers in order", async () => {
    const { el } = await show(textSubject(), { names: ["\u0633\u0644\u0628\u064a", "no"] });
    all(el, ".ll-token")[9].click();
    await pause();
    expect(el.querySelector(".ll-whatif-text bdi").textContent).toBe("\u0633\u0644\u0628\u064a");
    expect(el.querySelector(".ll-whatif-text").lastChild.textContent).toMatch(/^ 0\.\d+ \u2192 0\.\d+$/);
  });

  test("the model is asked where they do not, and all can be put back", async () => {
    const { el, model } = await show(textSubject());
    for (const i of [1, 4, 7, 9]) all(el, ".ll-token")[i].click();
    await pause();
    expect(model.sent.at(-1)).toMatchObject({ type: "probe", absent: [1, 4, 7, 9] });
    await vi.waitFor(() =>
      expect(el.querySelector(".ll-whatif-text").textContent).toMatch(
        /^4 out: positive 0\.\d+ \u2192 0\.\d+$/,
      ),
    );
    el.querySelector(".ll-whatif button").click();
    await pause();
    expect(all(el, "[data-out]").length).toBe(0);
  });

  test("a page with no kernel says that it can't", async () => {
    const { el } = await show(textSubject(), { alive: false });
    for (const i of [1, 4, 7, 9]) all(el, ".ll-token")[i].click();
    await pause();
    expect(el.querySelector(".ll-whatif-text").textContent).toMatch(
      /no kernel here to ask the model: run the cell again/,
    );
    expect(el.querySelector(".ll-state").textContent).toMatch(/no kernel: run the cell again to ask more$/);
    expect(all(el, ".ll-bars > li").length).toBe(10);
  });

  test("a table's values are changed in place", async () => {
    const { el, model } = await show(tableSubject());
    const input = el.querySelector("li[data-feature='0'] input");
    input.value = "90";
    input.dispatchEvent(new Event("change"));
    const select = el.querySelector("li[data-feature='9'] select");
    select.value = "right";
    select.dispatchEvent(new Event("change"));
    await pause();
    expect(model.sent.at(-1)).toMatchObject({ type: "probe", values: { 0: 90, 9: "right" } });
    expect(el.querySelector(".ll-whatif-text").textContent).toMatch(/^2 changed: positive/);
    el.querySelector(".ll-whatif button").click();
    await pause();
    expect([input.value, select.value]).toEqual(["117.7", "left"]);
  });

  test("a value that is none is refused, and said to be", async () => {
    const { el, model } = await show(tableSubject());
    const [input, alarm] = ["input", "[role=alert]"].map((one) =>
      el.querySelector(`li[data-feature='0'] ${one}`),
    );
    const sent = model.sent.length;
    input.value = "";
    input.dispatchEvent(new Event("change"));
    expect([input.value, alarm.textContent]).toEqual(["117.7", "not a number: unchanged"]);
    expect(model.sent.length).toBe(sent);
    input.value = "90";
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new Event("change"));
    expect([model.sent.at(-1).values, alarm.textContent]).toEqual([{ 0: 90 }, ""]);
  });

  test("a segment is taken out by its bar", async () => {
    const { el } = await show(imageSubject({ cells: 4 }));
    const row = el.querySelector("li[data-feature] button");
    row.click();
    await pause();
    expect(row.getAttribute("aria-pressed")).toBe("true");
    expect(el.querySelector(".ll-whatif-text").textContent).toMatch(/^1 out: positive/);
  });
});

describe("the page", () => {
  test("keeps a text as it is, and runs none of it", async () => {
    const raw = "</script><img src=x onerror=alert(1)>, \u{1f600} <b>bold</b>!";
    const subject = textSubject(raw, { model: "<img src=x>" });
    const { el } = await show(subject, { names: ["<i>yes</i>", "</style>no"] });
    expect(el.querySelector(".ll-text").textContent).toBe(raw);
    expect(all(el, "img, script, b b, i").length).toBe(0);
    expect(el.querySelector(".ll-model").textContent).toBe("<img src=x>");
  });

  test("greys what the model never sees, and takes no part of it out", async () => {
    const whole = textSubject();
    const { el } = await show({
      ...whole,
      cut: whole.pieces.length - 4,
      notes: ["The model never sees the end."],
    });
    expect(words(el, ".ll-cut").join("")).toBe(
      whole.pieces
        .slice(-4)
        .map(([piece]) => piece)
        .join(""),
    );
    expect(el.querySelector(".ll-notes").textContent).toBe("The model never sees the end.");
  });

  test("links words and bars both ways", async () => {
    const { el } = await show(textSubject());
    const li = el.querySelector("li[data-feature]");
    li.querySelector("button").focus();
    await pause();
    expect(words(el, ".ll-token[data-lit]")).toEqual([li.querySelector(".ll-label").textContent]);
    all(el, ".ll-token")[2].dispatchEvent(new Event("pointerover", { bubbles: true }));
    await pause();
    expect(all(el, ".ll-token[data-lit]").length).toBe(1);
  });

  test("has one tab stop in a text, and arrows within it", async () => {
    const { el } = await show(textSubject());
    const stops = () => all(el, ".ll-token").filter((token) => token.tabIndex === 0);
    stops()[0].focus();
    stops()[0].dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    expect(stops()).toEqual([all(el, ".ll-token")[1]]);
    expect(document.activeElement).toBe(all(el, ".ll-token")[1]);
  });

  test("shows ten of a thousand features, and more page by page", async () => {
    const subject = { ...tableSubject(), features: Array.from({ length: 1000 }, (_, i) => `f${i}`) };
    subject.columns = subject.features.map((_, i) => ({ value: i, kind: "number", categories: null }));
    const kernel = new FakeKernel({ game: () => [0.5, 0.5], d: 1000, k: 2, limit: 4 });
    const model = new StandInModel(traits(kernel, { subject, names: NAMES }));
    const flat = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i));
    const buffer = new DataView(flat.buffer);
    const heads = {
      ...PLAIN,
      method: "lime",
      kernel_width: 0.25,
      n: 4,
      dof: 9,
      exact: false,
      fidelity: [null, null],
      effective_samples: 4,
    };
    model.state.rows = { data: null };
    model.state.status = { ...model.state.status, state: "done", n: 4 };
    model.state.answers.estimates = [{ ...heads, values: buffer, std_error: buffer }];
    const el = document.body.appendChild(document.createElement("div"));
    ends.push(table.render({ model, el }), table.initialize({ model }));
    expect(all(el, ".ll-bars > li").length).toBe(10);
    el.querySelector(".ll-unfold .ll-more").click();
    expect(all(el, ".ll-bars > li").length).toBe(50);
    expect(el.querySelector(".ll-unfold .ll-more").textContent).toBe("40 of 950 more");
  });

  test("says what failed, and keeps what there is", async () => {
    const { el } = await show(textSubject(), { n: 160, failsAt: 160 });
    const alarm = el.querySelector("[role=alert]");
    expect(alarm.hidden).toBe(false);
    expect(alarm.textContent).toMatch(/Ended after 160 evaluations: RuntimeError: CUDA out of memory/);
    expect(all(el, ".ll-bars > li").length).toBe(10);
  });

  test("is left as it was found", async () => {
    const { el, end, stop, model } = await show(textSubject());
    end();
    stop();
    expect(el.childElementCount).toBe(0);
    expect(model.listening).toBe(0);
  });

  test("has one style sheet for views of a kind", async () => {
    const { render } = await show(textSubject());
    render();
    expect(document.head.querySelectorAll("style[data-limelight]").length).toBe(1);
  });
});
