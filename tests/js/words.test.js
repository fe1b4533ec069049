// @vitest-environment jsdom
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { en } from "../../js/lib/words/en.js";
import { zh } from "../../js/lib/words/zh.js";
import { hostLanguage, nearest, words, wordsOf } from "../../js/lib/words.js";
import compare from "../../js/views/compare.js";
import image from "../../js/views/image.js";
import table from "../../js/views/table.js";
import text from "../../js/views/text.js";
import { imageSubject, tableSubject, textSubject } from "./fixtures.js";
import { StandInModel, traits } from "./host.js";
import { softmaxGame, someCount } from "./models.js";
import { eachOnItsOwnPage, ends, looks } from "./page.js";
import { spots, TurningKernel } from "./streams.js";

const VIEWS = { text, image, table };
const CHINESE = words("zh-CN");
const NAMES = ["positive", "negative"];
const OFFERS = ["lrp", "smooth_grad", "grad_cam"];
const look = (language = "auto", theme = "auto") => ({ language, theme });
const modelThatLooks = (chosen) => new StandInModel(chosen === undefined ? {} : { look: chosen });
const pause = (ms = 200) => new Promise((resolve) => setTimeout(resolve, ms));

eachOnItsOwnPage();

afterEach(() => {
  document.documentElement.lang = "";
  delete document.body.dataset.vscodeThemeKind;
});

describe("the language of a view", () => {
  test("is the one that was chosen, or else the host's", () => {
    document.documentElement.lang = "zh-CN";
    expect(["en", "zh", "auto"].map((language) => wordsOf(modelThatLooks(look(language))).lang)).toEqual([
      "en",
      "zh-CN",
      "zh-CN",
    ]);
    document.documentElement.lang = "en";
    expect(wordsOf(modelThatLooks(look())).lang).toBe("en");
  });

  test("is the host's where the view was saved before there was a choice", () => {
    document.documentElement.lang = "zh-Hans";
    expect(wordsOf(modelThatLooks(undefined)).lang).toBe("zh-CN");
  });

  test("is Chinese for all that is Chinese, and otherwise English", () => {
    expect(["zh", "zh-CN", "zh_CN", "zh-Hans-SG", "ZH-TW", "zh-Hant"].map(nearest)).toEqual(
      Array(6).fill("zh"),
    );
    expect(["en", "en-US", "fr", "ja", "zha", ""].map(nearest)).toEqual(Array(6).fill("en"));
  });

  test("is the browser's where the page says none, and in VS Code, whose pages always say English", () => {
    vi.spyOn(navigator, "language", "get").mockReturnValue("zh-CN");
    expect(hostLanguage()).toBe("zh-CN");
    document.documentElement.lang = "en";
    expect(hostLanguage()).toBe("en");
    document.body.dataset.vscodeThemeKind = "vscode-dark";
    expect(hostLanguage()).toBe("zh-CN");
  });
});

describe("a sentence of Python's", () => {
  test("is told in Chinese, with what differs as it is", () => {
    expect(CHINESE.told("Absent features take their values from 50 of 1,200 background rows.")).toBe(
      "隐去的特征取自 1,200 个背景样本中的 50 个。",
    );
    expect(CHINESE.told("'age' should be a number; 'x' came")).toBe("'age' 应为数字；得到的是 'x'");
  });

  test("is told within another one", () => {
    const reason = "lrp has no rule for gelu, in act (GELU)";
    expect(CHINESE.told(`lrp can't run here: ${reason}; use integrated_gradients`)).toBe(
      "lrp 在此无法运行：lrp 没有适用于 gelu 的规则（位于 act (GELU)）；可改用 integrated_gradients",
    );
  });

  test("is told one after the other where several are one text", () => {
    const numbers =
      "a, b: these numbers are categories, whose gradient says what a little more of one would do; ";
    const short = "the values miss the change of the output by 3.0% of their sum: raise n_samples";
    const told = CHINESE.told(`${numbers}shapley exchanges whole categories; ${short}`);
    expect(told).toMatch(
      /^a, b：这些数字是类别.*整体替换类别；各值与输出的变化相差其总和的 3\.0%：请增大 n_samples$/,
    );
  });

  test("stays as it is where nobody translated it, and so do the words of a user's exception", () => {
    expect(CHINESE.told("CUDA ran out of memory; try less")).toBe("CUDA ran out of memory; try less");
    const raised = "the model raised ValueError: bad {1} $& shape\n(3, 4)";
    expect(CHINESE.told(raised)).toBe("模型报错 ValueError：bad {1} $& shape\n(3, 4)");
  });

  test("stays as it is in English", () => {
    const sentence = "lrp can't run here: it has no rule; use integrated_gradients";
    expect(words("en").told(sentence)).toBe(sentence);
  });

  test("can hold any method's label, and a comparison's own names", () => {
    expect(["Occlusion", "LIME", "My method", "constructor"].map(CHINESE.label)).toEqual([
      "遮挡",
      "LIME",
      "My method",
      "constructor",
    ]);
    expect(["Saliency, positive, row 2", "RISE, picture 1", "Occlusion (2)"].map(CHINESE.column)).toEqual([
      "显著性, positive, 第 2 行",
      "RISE, 图片 1",
      "遮挡 (2)",
    ]);
  });
});

describe("the two languages", () => {
  const paths = (object, at = "") =>
    Object.entries(object).flatMap(([key, value]) =>
      typeof value === "object" && !Array.isArray(value) ? paths(value, `${at}${key}.`) : [[at + key, value]],
    );
  const own = ([path]) => !/^(labels|sentences)/.test(path);

  test("say the same things", () => {
    expect(
      paths(zh)
        .filter(own)
        .map(([path]) => path),
    ).toEqual(
      paths(en)
        .filter(own)
        .map(([path]) => path),
    );
  });

  test("are told apart: no English was left in Chinese", () => {
    const said = paths(zh).filter(
      ([path, value]) => own([path]) && path !== "lang" && typeof value !== "function",
    );
    const english = said.flatMap(([, value]) => value).filter((value) => /[a-z]{2,} [a-z]{2,}/i.test(value));
    expect(english).toEqual([]);
  });
});

/** A view of every kind of part: a subject, the method it shows, and how its kernel is. */
function mount(
  subject,
  { method = "lime", language = "zh", theme = "auto", state = "done", alive = true } = {},
) {
  const d = subject.features.length;
  const game = softmaxGame(someCount(d), 2);
  const picture = subject.kind === "image" ? spots(subject.width, subject.height) : null;
  const kernel = new TurningKernel({ game, d, k: 2, limit: 300, delay: 1, picture, streams: OFFERS }).run(
    200,
  );
  kernel.state = state;
  if (state === "failed") kernel.message = "the model raised ValueError: no";
  const notes = ["Absent features take their values from 1 background row."];
  const links = [[[0, 1, 0.2, 0.01]], [[0, 1, -0.2, 0.01]]];
  const given = {
    ...traits(kernel, { subject: { ...subject, notes }, names: NAMES, links }),
    look: look(language, theme),
  };
  given.settings = { ...given.settings, method };
  given.answers.methods = given.answers.methods.map((one) =>
    one.available ? one : { ...one, reason: BINS },
  );
  const model = new StandInModel(given, alive ? kernel : null);
  const el = document.body.appendChild(document.createElement("div"));
  ends.push(VIEWS[subject.kind].initialize({ model }), VIEWS[subject.kind].render({ model, el }));
  return el;
}

/** Why some methods can't run. */
const BINS = "needs a neighborhood of its own: this one was drawn for lime(discretize='quartile')";

/** Words that are the user's, or the names of methods. */
const NOT_OURS = new RegExp(
  [
    ...[
      "Alt\\+",
      ...NAMES,
      "MiniLM sentiment",
      "EfficientNet-Lite0",
      "RandomForestClassifier",
      "ValueError: no",
    ],
    ...[...tableSubject().features, ...textSubject().features, "left", "right", "both"].sort(
      (a, b) => b.length - a.length,
    ),
    ...[
      "LIME",
      "Shapley",
      "Banzhaf",
      "SmoothGrad",
      "Grad-CAM",
      "LRP",
      "RISE",
      "KernelSHAP",
      "logit",
      "lime\\(discretize='quartile'\\)",
    ],
  ].join("|"),
  "g",
);
const READ = ["aria-label", "aria-description", "aria-valuetext", "title", "data-term"];

/** All that a view says, to eyes and to ears, in English letters. */
function english(el) {
  const texts = [...el.querySelectorAll("*")].flatMap((one) => [
    ...(one.closest("[lang=''], style") ? [] : [...one.childNodes].filter((node) => node.nodeType === 3)).map(
      ({ data }) => data,
    ),
    ...READ.map((name) => one.getAttribute(name) ?? ""),
  ]);
  return texts.filter((said) => /[a-z]{2,}/i.test(said.replace(NOT_OURS, "")));
}

describe("a view in Chinese", () => {
  test.each([
    ["a text", textSubject(), {}],
    ["a text while it streams", textSubject(), { state: "running" }],
    ["a text whose run failed", textSubject(), { state: "failed" }],
    ["a text without a kernel", textSubject(), { alive: false }],
    ["a text by gradients", textSubject(), { method: "smooth_grad" }],
    ["a picture", imageSubject({ cells: 3 }), {}],
    ["a picture by pixels", imageSubject({ cells: 3 }), { method: "grad_cam" }],
    ["a table", tableSubject(), { method: "occlusion" }],
  ])("says nothing in English: %s", async (_, subject, more) => {
    const el = mount(subject, more);
    await pause();
    for (const button of el.querySelectorAll(".ll-all, .ll-ask")) button.click();
    for (const row of el.querySelectorAll("button.ll-row, .ll-token")) row.click();
    await pause(60);
    expect(english(el)).toEqual([]);
  });

  test("says in which language it is, and leaves the user's words without one", async () => {
    const el = mount(textSubject());
    await pause(60);
    expect(el.querySelector("article").lang).toBe("zh-CN");
    for (const own of [".ll-text", ".ll-model", ".ll-chip-name", ".ll-bars .ll-label"])
      expect(el.querySelector(own).getAttribute("lang")).toBe("");
  });

  test("has its sentences in Chinese: notes, and why a run failed", async () => {
    const el = mount(tableSubject(), { state: "failed" });
    await pause(60);
    expect(el.querySelector(".ll-notes").textContent).toBe("隐去的特征取自 1 个背景样本。");
    expect(el.querySelector(".ll-alarm").textContent).toMatch(
      /^评估 200 次后中止：模型报错 ValueError：no\n/,
    );
  });

  test("stands beside one in English", async () => {
    const [chinese, other] = [mount(textSubject()), mount(textSubject(), { language: "en" })];
    await pause(60);
    const titles = [chinese, other].map((el) => el.querySelector(".ll-caption").textContent);
    expect(titles[0]).toMatch(/^扰动次数/);
    expect(titles[1]).toMatch(/^Perturbations/);
  });

  test("compares columns", async () => {
    const flat = (values) => new DataView(Float32Array.from(values).buffer);
    const column = {
      said: ["positive", 0.9],
      warning: "",
      subject: 0,
      keys: [0, 1, 2],
      scale: 0.4,
      signed: true,
      own: false,
    };
    const numbers = { values: flat([0.1, -0.2, 0.4]), margins: flat([0.01, 0.02, 0.01]), pixels: null };
    const columns = ["Occlusion, row 1", "LIME"].map((name) => ({ name, ...column, ...numbers }));
    const pair = {
      first: columns[0].name,
      second: "LIME",
      common: 3,
      of: 3,
      few: false,
      rank: 0.8,
      top: 2,
      shared: 1,
    };
    const features = ["so", "very", "good"];
    const pairs = [{ ...pair, disagree: [1] }];
    const agreement = { space: "probability", one_output: true, shared: true, features, pairs };
    const subjects = [textSubject("so very good")];
    const el = document.body.appendChild(document.createElement("div"));
    const model = new StandInModel({ subjects, columns, agreement, look: look("zh") });
    ends.push(compare.render({ model, el }));
    expect(el.querySelector(".ll-name").textContent).toBe("遮挡, 第 1 行");
    const left = english(el).filter((said) => /[a-z]{2,}/i.test(said.replace(/so|very|good/g, "")));
    expect(left).toEqual([]);
  });
});

describe("a theme", () => {
  const themes = (theme) => {
    const root = mount(textSubject(), { theme }).querySelector(".ll-view");
    return [root.dataset.llTheme, root.hasAttribute("data-ll-own")];
  };

  test("that was chosen holds, whatever the host's is", async () => {
    document.body.style.setProperty("background", "rgb(0, 0, 0)");
    expect(themes("light")).toEqual(["light", true]);
    expect(themes("dark")).toEqual(["dark", true]);
    document.body.removeAttribute("style");
  });

  test("is the host's where none was chosen", () => {
    expect(themes("auto")).toEqual(["light", false]);
  });

  test("is looked for before the view is filled: to look is to lay out all that is there", () => {
    const filled = looks();
    mount(textSubject());
    expect(filled).toEqual([0]);
  });
});

test("no file but those of the words says anything", () => {
  const js = `${dirname(fileURLToPath(import.meta.url))}/../../js/`;
  const files = ["lib", "parts", "views"].flatMap((folder) =>
    readdirSync(js + folder)
      .filter((name) => name.endsWith(".js"))
      .map((name) => `${folder}/${name}`),
  );
  const found = files.flatMap((file) =>
    said(readFileSync(js + file, "utf8")).map((text) => `${file}: ${text}`),
  );
  expect(found).toEqual([]);
});

/** Literals of several words, or of a capitalised one where text is given; states, selectors and errors are none. */
function said(source) {
  const code = source
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$| \/\/ .*$/gm, "")
    .replace(/new \w*Error\([\s\S]*?\);/g, "");
  const literals = code.match(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? [];
  const phrases = literals.filter(
    (one) => /[A-Za-z]{2,},? [a-z]{2,}/.test(one.replace(/\$\{.*?\}/g, "")) && !STATES.test(one),
  );
  const named =
    code.match(/(?:text|title|label|"aria-(?:label|description|valuetext)"): ["`][A-Za-z].*/g) ?? [];
  return [...phrases, ...named];
}
/** States of the connection and of a training, classes, selectors, fonts and what the browser is asked. */
const STATES = /^"(?:no kernel|not ended|input, select)"$|ll-|[[\]:#>]|prefers-/;
