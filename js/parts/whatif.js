/** The prediction with some of the input taken out or changed. */
import { h, say } from "../lib/dom.js";
import { moved, shortened } from "../lib/scale.js";

/** @typedef {import("../lib/state.js").Store} Store */

/**
 * @param {Store} store
 * @param {string} invitation what can be done, said while nothing was
 */
export function whatIf(store, invitation) {
  const text = h("span", { class: "ll-whatif-text" });
  const onclick = () => {
    store.whatIf.restore();
    store.say("All put back");
  };
  const back = h("button", { type: "button", class: "ll-link", text: "put all back", onclick });
  const el = h("p", { class: "ll-hint ll-whatif" }, text, " ", back);
  const draw = () => {
    const { changed, found } = store.whatIf;
    back.hidden = changed === 0;
    el.toggleAttribute("data-asking", found.state === "asking");
    el.toggleAttribute("data-warn", found.state === "failed");
    el.toggleAttribute("data-known", found.state === "known");
    say(text, changed ? `${subject(store)}: ${readout(store)}` : invitation);
  };
  const speak = () => {
    const { state } = store.whatIf.found;
    if (state === "known" || state === "failed") store.say(`${subject(store)}: ${readout(store)}`);
  };
  store.on(["whatif", "settings"], draw);
  store.on(["whatif"], speak);
  draw();
  return el;
}

/** @param {Store} store */
function subject({ whatIf: { absent, edits } }) {
  return edits.size ? `${edits.size} changed` : `${absent.size} out`;
}

/** @param {Store} store */
function readout({ whatIf: { found }, outputs, target }) {
  const name = shortened(String(outputs.names[target]), 32);
  if (found.state === "failed") return found.message;
  if (found.state !== "known") return "asking the model \u2026";
  return `${name} ${moved(outputs.prediction[target], found.outputs[target])}`;
}
