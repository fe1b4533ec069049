/** What a reader should look at: candidates for shortcuts, and where prediction and evidence part. Pressing goes there. */
import { attr, explain, h, hide, say } from "../lib/dom.js";
import { isolated, shortened } from "../lib/scale.js";
import { nearest } from "../lib/timeline.js";

/** @typedef {import("../lib/training.js").Training} Training */
/** @typedef {import("../lib/recorded.js").Flip} Flip */

const LONGEST = 60;
/** So many flips are in sight at first. */
const IN_SIGHT = 4;

/** @param {Training} store @param {number} step */
const goTo = (store, step) => store.go(nearest(store.data.steps, step));

/** @param {Training} store */
export function alarms(store) {
  const { training: words } = store.words;
  const el = h("ul", { class: "ll-shortcuts", "aria-label": words.alarms });
  let known = "";
  const draw = () => {
    const found = store.data.alarms;
    hide(el, !found.length);
    if (JSON.stringify(found) === known) return; // what has the focus keeps it
    known = JSON.stringify(found);
    el.replaceChildren(...found.map((one) => alarm(one, store)));
  };
  store.on(["records"], draw);
  draw();
  return el;
}

/** @param {import("../lib/recorded.js").Alarm} found @param {Training} store */
function alarm(found, store) {
  const { training: words, percent } = store.words;
  const [from, to] = [found.from_share, found.to_share].map((share) =>
    words.net(percent(String(Math.round(100 * Math.abs(share)))), share < 0),
  );
  const [feature, metric] = [store.nameOf(found.feature), found.metric].map((name) =>
    isolated(shortened(name, LONGEST)),
  );
  const [first, last] = [found.from_step, found.to_step].map((step) =>
    h("button", {
      type: "button",
      class: "ll-link",
      text: words.goTo(step),
      onclick: () => goTo(store, step),
    }),
  );
  const text = words.alarm(feature, from, to, found.examples, metric);
  return h("li", {}, h("b", { text: words.candidate }), text, " ", first, words.to, last);
}

/** @param {Training} store */
export function flips(store) {
  const { training: words, unfold } = store.words;
  const title = h("span", { class: "ll-lane-title", text: words.flips });
  explain(title, words.flips, words.aboutFlips);
  const list = h("ul", { class: "ll-flips" });
  const none = h("span", { class: "ll-hint", text: words.noFlips });
  const more = h("button", { type: "button", class: "ll-more" });
  let [all, known] = [false, ""];
  more.addEventListener("click", () => {
    all = !all;
    draw();
  });
  const draw = () => {
    const found = folded(store.data.flips);
    hide(none, found.length > 0);
    hide(more, found.length <= IN_SIGHT);
    say(more, all ? unfold.fewer : unfold.more(found.length - IN_SIGHT));
    attr(more, "aria-expanded", String(all));
    const now = JSON.stringify([all, found]);
    if (now === known) return;
    known = now;
    list.replaceChildren(...found.slice(0, all ? found.length : IN_SIGHT).map((one) => flip(one, store)));
  };
  store.on(["records"], draw);
  draw();
  return h("div", { class: "ll-parting", role: "group", "aria-label": words.flips }, title, none, list, more);
}

/**
 * What parted both since the first record and since the one before is told once.
 *
 * @param {Flip[]} flips
 * @returns {(Flip & {both: boolean})[]}
 */
function folded(flips) {
  const same = (/** @type {Flip} */ { example, step, kind }) => JSON.stringify([example, step, kind]);
  const times = new Map();
  for (const one of flips) times.set(same(one), (times.get(same(one)) ?? 0) + 1);
  const all = flips.map((one) => ({ ...one, both: times.get(same(one)) > 1 }));
  return all.filter(({ both, against }) => !both || against === "first");
}

/** @param {Flip & {both: boolean}} found @param {Training} store */
function flip({ example, step, against, kind, both }, store) {
  const { training: words } = store.words;
  const what = words.kinds[kind] ?? kind;
  const text = words.flip(example + 1, step);
  const onclick = () => {
    store.choose({ example, against });
    goTo(store, step);
    store.say(words.went(example + 1, step, what));
  };
  const button = h("button", { type: "button", class: "ll-link", text, onclick });
  // The first record is the one before the second.
  const since = both && step > store.data.steps[1] ? words.sinceBoth : words.since(against);
  return h("li", {}, button, h("span", { text: ` ${words.parted(what, since)}` }));
}
