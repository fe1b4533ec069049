/** A data set's view on a page, and what a reader does to it. */
import { vi } from "vitest";
import overview from "../../js/views/overview.js";
import { StandInModel } from "./host.js";
import { OverviewKernel, overviewTraits as traitsOf } from "./overviews.js";
import { ends } from "./page.js";

export const all = (el, selector) => [...el.querySelectorAll(selector)];
export const words = (el, selector) => all(el, selector).map((one) => one.textContent);
/** Few rows are drawn quickly. */
export const overviewTraits = (more) => traitsOf({ n: 90, ...more });
export const until = (check) => vi.waitFor(check, { timeout: 5000 });
export const pause = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms));
export const inSight = (el) => !el.closest("[hidden]");

export function show(traits, kernel = new OverviewKernel()) {
  const model = new StandInModel(traits, kernel);
  if (kernel) kernel.delay = 1;
  else model.send = undefined;
  const el = document.body.appendChild(document.createElement("div"));
  const end = overview.render({ model, el });
  ends.push(end);
  return { model, el, end, sent: (type) => model.sent.filter((one) => one.type === type) };
}

export const press = (el, name) =>
  all(el, "button")
    .find((one) => one.textContent === name && inSight(one))
    .click();
/** The button that names a feature. */
export const lead = (el, name) =>
  all(el, ".ll-ranking .ll-lead").find((one) => one.querySelector(".ll-label").textContent === name);
export const key = (el, name) => el.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
/** Press, drag and let go inside of an area that is 100 pixels wide. */
export function drag(area, from, to) {
  area.getBoundingClientRect = () => ({ left: 0, top: 0, width: 100, height: 34 });
  const at = (type, clientX) =>
    area.dispatchEvent(
      Object.assign(new MouseEvent(type, { clientX, clientY: 17, bubbles: true }), { pointerId: 1 }),
    );
  at("pointerdown", from);
  at("pointermove", to);
  at("pointerup", to);
}
