/** The prediction with some of the input taken out or changed. */
import { h, hide, leave, say } from "../lib/dom.js";
import { moved, shortened } from "../lib/scale.js";

/** @typedef {import("../lib/state.js").Store} Store */

/**
 * @param {Store} store
 * @param {string} invitation what can be done, said while nothing was
 */
export function whatIf(store, invitation) {
  const { whatIf: words } = store.words;
  const [before, name, after] = [h("span"), h("bdi", { lang: "" }), h("span")];
  const text = h("span", { class: "ll-whatif-text" }, before, name, after);
  const onclick = () => {
    store.whatIf.restore();
    store.say(words.restored);
  };
  if (!store.tries || !invitation) return h("p", { hidden: true }); // nothing can be taken out or changed
  const back = h("button", { type: "button", class: "ll-link", text: words.back, onclick });
  const el = h("p", { class: "ll-hint ll-whatif" }, text, " ", back);
  const draw = () => {
    const { changed, found } = store.whatIf;
    if (changed === 0) leave(back);
    hide(back, changed === 0);
    el.toggleAttribute("data-asking", found.state === "asking");
    el.toggleAttribute("data-warn", found.state === "failed");
    el.toggleAttribute("data-known", found.state === "known");
    hide(el, changed === 0 && store.marking); // pressing does no such thing then
    const parts = changed ? readout(store) : [invites(store, invitation)];
    for (const [i, part] of [before, name, after].entries()) say(part, parts[i] ?? "");
  };
  const speak = () => {
    const { state } = store.whatIf.found;
    if (state === "known" || state === "failed") store.say(readout(store).join(""));
  };
  store.on(["whatif", "chosen", "held"], draw);
  store.on(["whatif"], speak);
  draw();
  return el;
}

/**
 * @param {Store} store
 * @param {string} invitation
 */
function invites({ method, alone, words }, invitation) {
  if (alone) return alone.invites(invitation);
  return method.reads ? invitation : words.whatIf.asks(invitation);
}

/** @param {Store} store */
function subject({ whatIf: { absent, edits }, words: { whatIf } }) {
  return edits.size ? whatIf.changed(edits.size) : whatIf.out(absent.size);
}

/**
 * In three parts, the second of them a name: whatever its script, the numbers keep their order.
 *
 * @param {Store} store
 */
function readout(store) {
  const { outputs, target, whatIf, words } = store;
  const { state, message, outputs: now } = whatIf.found;
  const before = subject(store);
  if (state === "failed") return [before + words.told(message)];
  if (state !== "known") return [before + words.whatIf.asking];
  const name = shortened(String(outputs.names[target]), 32);
  return [before, name, ` ${moved(outputs.prediction[target], now[target])}`];
}
