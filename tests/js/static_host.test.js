// @vitest-environment jsdom
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { h } from "../../js/lib/dom.js";
import { mount, StaticModel, unpacked } from "../../js/lib/static_host.js";
import { words } from "../../js/lib/words.js";
import table from "../../js/views/table.js";
import text from "../../js/views/text.js";
import { tableSubject, textSubject } from "./fixtures.js";
import { FakeKernel, traits } from "./host.js";
import { softmaxGame, someCount, wordWeights } from "./models.js";
import { eachOnItsOwnPage } from "./page.js";

const said = words("en").page;
const VIEWS = { text, table };

/** As export/packed.py writes it. */
function packed(state) {
  const buffers = [];
  const chunks = [];
  const plain = (value, path) => {
    if (ArrayBuffer.isView(value)) {
      chunks.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      buffers.push([path, value.byteLength]);
      return null;
    }
    if (Array.isArray(value)) return value.map((each, i) => plain(each, [...path, i]));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, plain(each, [...path, name])]),
    );
  };
  const head = Buffer.from(JSON.stringify({ state: plain(state, []), buffers }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return gzipSync(Buffer.concat([length, head, ...chunks])).toString("base64");
}

/** As export/page.py writes it. */
function write(parts, { count = parts.length, length } = {}) {
  const main = document.createElement("main");
  main.dataset.count = String(count);
  for (const [view, data] of parts) {
    const section = main.appendChild(document.createElement("section"));
    section.dataset.view = view;
    const still = section.appendChild(document.createElement("div"));
    still.className = "still";
    still.append(h("p", { class: "note", text: "It has not started." }), h("img", { alt: "bars" }));
    const script = section.appendChild(document.createElement("script"));
    script.type = "application/gzip";
    script.dataset.length = String(length ?? data.length);
    script.textContent = data;
  }
  document.body.replaceChildren(main);
  return [...main.children];
}

/** The state of a view with `n` evaluations, and estimates of a method besides LIME. */
function state(subject = textSubject(), { n = 400, limit = 1000, settings = {}, offers } = {}) {
  const d = subject.features.length;
  const weights = subject.kind === "text" ? wordWeights(subject.features) : someCount(d);
  const kernel = new FakeKernel({ game: softmaxGame(weights, 2), d, k: 2, limit });
  kernel.offers = offers;
  kernel.run(n);
  kernel.state = "stopped";
  const found = traits(kernel, { subject, names: ["positive", "negative"], settings });
  found.answers.estimates = [100, 200, n].map((m) => kernel.estimate("shapley", null, m));
  return { ...found, look: { language: "en", theme: "auto" } };
}

const all = (selector) => [...document.querySelectorAll(selector)];
const shown = (selector) => vi.waitFor(() => expect(all(selector).length).toBeGreaterThan(0));
const button = (name) => all("button").find((one) => one.textContent === name);
const numbers = () => all(".ll-bars .ll-number").map((one) => one.textContent);
const pause = () => new Promise((resolve) => setTimeout(resolve, 60));

eachOnItsOwnPage();
beforeEach(() => {
  document.documentElement.lang = "en";
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a state that was packed", () => {
  test("comes out as it went in, bytes where they belong", async () => {
    const bytes = new Uint8Array([1, 2, 250]);
    const given = {
      rows: { data: bytes },
      names: ["</script>", "\u2028", "\ud800", "\u0000"],
      list: [{ values: bytes }],
    };
    expect(await unpacked(packed(given))).toEqual(given);
  });

  test("is refused where one byte of it was changed", async () => {
    const whole = Buffer.from(packed(state()), "base64");
    for (const place of [20, whole.length >> 1, whole.length - 6]) {
      const changed = Buffer.from(whole);
      changed[place] ^= 1;
      await expect(unpacked(changed.toString("base64"))).rejects.toThrow();
    }
    await expect(unpacked(whole.subarray(0, -9).toString("base64"))).rejects.toThrow();
  });
});

test("a static model tells of changes to those who listen, and has nobody to send to", () => {
  const model = new StaticModel({ settings: 1 });
  const heard = vi.fn();
  model.on("change:settings", heard);
  model.set("settings", 2);
  model.off("change:settings", heard);
  model.set("settings", 3);
  expect([heard.mock.calls.length, model.get("settings"), model.send]).toEqual([1, 3, undefined]);
});

describe("a page", () => {
  test("puts each view in the place of its picture, by its own bundle", async () => {
    const [first, second] = write([
      ["text", packed(state())],
      ["table", packed(state(tableSubject()))],
    ]);
    for (const [name, view] of Object.entries(VIEWS)) mount(name, view);
    await vi.waitFor(() => expect(all(".ll-card").length).toBe(2));
    expect([first, second].map((section) => section.querySelector(".ll-card").dataset.kind)).toEqual([
      "text",
      "table",
    ]);
    expect(all(".note, .still")).toEqual([]);
  });

  test("is alive: sliders, outputs and methods answer, and nothing more is offered", async () => {
    write([["text", packed(state())]]);
    mount("text", text);
    await shown(".ll-bars li");
    const before = numbers();
    all(".ll-chip")[1].click();
    await pause();
    expect(numbers()).not.toEqual(before);
    button("Shapley").click();
    await pause();
    expect(numbers().length).toBe(10);
    expect(all(".ll-state")[0].textContent).toBe("saved page: nothing more can be asked");
    expect(all(".ll-button")[0].hidden).toBe(true);
  });

  test("has its perturbations end at what was evaluated", async () => {
    write([["text", packed(state())]]);
    mount("text", text);
    await shown("input[type=range]");
    const [slider] = all("input[type=range]");
    expect([slider.value, slider.getAttribute("aria-valuetext")]).toEqual([
      "1000",
      "400 of 400 evaluated, at most 400",
    ]);
    slider.value = "500";
    slider.dispatchEvent(new Event("input"));
    slider.dispatchEvent(new Event("change"));
    await pause();
    expect(all(".ll-deck .ll-readout")[0].textContent).toBe("first 200 of 400");
  });

  test("answers what-ifs that were asked before, and says so of others", async () => {
    write([["text", packed(state())]]);
    mount("text", text);
    await shown(".ll-token");
    expect(all(".ll-whatif")[0].textContent).toContain("This page knows what was asked before it was saved.");
    all(".ll-token")[3].click();
    await pause();
    expect(all(".ll-whatif")[0].textContent).toMatch(/^1 out: \w+ 0\.\d+/);
    for (const i of [1, 5, 7, 9, 11]) all(".ll-token")[i].click();
    await pause();
    expect(all(".ll-whatif")[0].textContent).toContain(
      "6 out: the model was not asked this before the page was saved",
    );
  });

  test("offers no value of a row to be changed, as no model is there", async () => {
    write([["table", packed(state(tableSubject()))]]);
    mount("table", table);
    await shown(".ll-bars li");
    expect(all("input:not([type=range]), select")).toEqual([]);
    expect(all(".ll-value")[0].textContent).toMatch(/^= /);
  });

  test("says which method and output was not computed", async () => {
    const offers = [{ name: "saliency", label: "Saliency", available: true, reason: "", reads: false }];
    write([["text", packed(state(textSubject(), { offers, settings: { method: "saliency" } }))]]);
    mount("text", text);
    await shown(".ll-warning:not([hidden])");
    expect(all(".ll-warning")[0].textContent).toBe(
      "Saliency was not computed for positive before this page was saved.",
    );
    expect(all(".ll-state")[0].textContent).toBe("not computed; saved page");
  });

  test("speaks the browser's language where none was chosen", async () => {
    vi.spyOn(navigator, "language", "get").mockReturnValue("zh-CN");
    document.documentElement.dataset.language = "auto";
    write([["text", packed({ ...state(), look: { language: "auto", theme: "auto" } })]]);
    const heading = document.createElement("h1");
    Object.assign(heading.dataset, { zh: "<b>为什么</b>" });
    document.body.prepend(heading);
    mount("text", text);
    await shown(".ll-state");
    delete document.documentElement.dataset.language;
    expect([heading.textContent, heading.children.length]).toEqual(["<b>为什么</b>", 0]);
    expect(all(".ll-state")[0].textContent).toBe(words("zh").page.ended("done", false));
  });
});

describe("a page that is damaged says so, and keeps its picture:", () => {
  const changed = () => {
    const data = packed(state());
    const place = data.length >> 1;
    return data.slice(0, place) + (data[place] === "A" ? "B" : "A") + data.slice(place + 1);
  };
  test.each([
    ["data that were changed", () => write([["text", changed()]]), said.changed],
    ["data that are no base64", () => write([["text", "<b>never</b>"]]), said.changed],
    ["data that are whole and no state", () => write([["text", packed({ look: {} })]]), said.changed],
    [
      "data that end early",
      () => write([["text", packed(state()).slice(0, 500)]], { length: 9000 }),
      said.cut,
    ],
  ])("%s", async (_, prepare, message) => {
    prepare();
    mount("text", text);
    await shown(".note[data-now]");
    expect(all(".note").map((note) => note.textContent)).toEqual([message]);
    expect([all(".still img").length, all(".ll-card").length]).toEqual([1, 0]);
  });

  test("views that are missing, once however many bundles there are", async () => {
    write([["text", packed(state())]], { count: 3 });
    for (const [name, view] of Object.entries(VIEWS)) mount(name, view);
    await shown(".ll-card");
    expect(all("main > .note").map((note) => note.textContent)).toEqual([said.lost]);
  });
});

test("in a frame it tells the page around its height, and nothing else", async () => {
  const told = vi.fn();
  vi.stubGlobal("parent", { postMessage: told });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(tell) {
        this.tell = tell;
      }
      observe() {
        this.tell();
      }
    },
  );
  document.body.getBoundingClientRect = () => ({ height: 512.3 });
  write([]);
  mount("text", text);
  expect(told.mock.calls).toEqual([[{ limelight: 513 }, "*"]]);
});
