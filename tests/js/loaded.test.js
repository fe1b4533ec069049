// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { words } from "../../js/lib/words.js";
import text from "../../js/views/text.js";
import { textSubject } from "./fixtures.js";
import { FakeKernel, StandInModel, traits } from "./host.js";
import { softmaxGame, someCount } from "./models.js";
import { eachOnItsOwnPage, ends } from "./page.js";

const said = words("en").file;
const all = (selector) => [...document.querySelectorAll(selector)];
const frame = () => new Promise((resolve) => setTimeout(resolve, 60));

/** A text of which Python holds 200 rows, and no model. */
function show() {
  const subject = textSubject();
  const d = subject.features.length;
  const kernel = new FakeKernel({ game: softmaxGame(someCount(d), 2), d, k: 2, limit: 200, delay: 1 });
  kernel.run(200).state = "done";
  const state = traits(kernel, { subject, names: ["positive", "negative"] });
  Object.defineProperty(kernel, "status", { value: { ...kernel.status, closed: true } });
  const el = document.body.appendChild(document.createElement("div"));
  const model = new StandInModel({ ...state, status: kernel.status }, kernel);
  ends.push(text.render({ model, el }), text.initialize({ model }));
  return { kernel, model };
}

eachOnItsOwnPage();

test("says where it came from, and offers neither Stop nor More", () => {
  show();
  expect(all(".ll-state")[0].textContent).toBe(said.ended("done", false));
  expect(all(".ll-button").every((button) => button.hidden)).toBe(true);
});

test("answers what-ifs from its rows, asks no model, and says where it can't", async () => {
  const { model } = show();
  const [first, second, third] = all(".ll-token");
  first.click();
  await vi.waitFor(() => expect(all(".ll-whatif")[0].hasAttribute("data-known")).toBe(true));
  second.click();
  third.click();
  await vi.waitFor(() => expect(all(".ll-whatif")[0].textContent).toContain(said.whatIf));
  expect(model.sent.filter(({ type }) => type === "probe")).toEqual([]);
});

test("has Python read its rows", async () => {
  const { model } = show();
  const shapley = all(".ll-methods button").find(({ textContent }) => textContent === "Shapley");
  shapley.click();
  await vi.waitFor(() => expect(model.sent.some(({ type }) => type === "read")).toBe(true));
  await frame();
});
