/** A training: how it does, what it goes by, how far that moved, and the pinned examples at any record. */
import { adopt, followTheme, h, say } from "../lib/dom.js";
import { hideFallback } from "../lib/fallback.js";
import theme from "../lib/theme.css";
import { Training } from "../lib/training.js";
import barsCss from "../parts/bars.css";
import deckCss from "../parts/deck.css";
import footerCss from "../parts/footer.css";
import { guardedTraining } from "../parts/guarded.js";
import headerCss from "../parts/header.css";
import pictureCss from "../parts/picture.css";
import { terms } from "../parts/terms.js";
import timelineCss from "../parts/timeline.css";
import { timeline } from "../parts/timeline.js";
import tokensCss from "../parts/tokens.css";
import css from "../parts/training.css";
import { figures } from "../parts/training_figures.js";
import { alarms, flips } from "../parts/training_findings.js";
import { foot, head, notes } from "../parts/training_head.js";
import { pinned } from "../parts/training_pinned.js";

const SHEET = theme + headerCss + barsCss + deckCss + footerCss + tokensCss + pictureCss + timelineCss + css;

/** @param {{model: import("../lib/watch.js").Model, el: HTMLElement}} host */
function render({ model, el }) {
  const store = new Training(model);
  const { words, about } = store;
  const card = h("article", {
    class: "ll-card ll-training",
    lang: words.lang,
    "aria-label": words.training.title(about.model),
  });
  const root = h("div", { class: "ll-view" }, card);
  el.append(root);
  adopt(root, SHEET);
  const showFallback = hideFallback(model);
  const dark = followTheme(root, model);
  card.append(
    head(store),
    timeline(store),
    alarms(store),
    pinned(store),
    flips(store),
    figures(store),
    notes(store),
    foot(store),
    voice(store),
  );
  store.on(["records", "status"], terms(card, words.card));
  return () => {
    dark();
    showFallback();
    store.end();
    root.remove();
  };
}

/** Speaks when a reader went somewhere, and how the training ended. @param {Training} store */
function voice(store) {
  const el = h("div", { class: "ll-voice", "aria-live": "polite" });
  let { state } = store;
  store.on(["said"], () => say(el, store.said));
  store.on(["status"], () => {
    if (store.state === state) return;
    state = store.state;
    say(el, store.words.training.states[state]);
  });
  return el;
}

export default guardedTraining({ render });
