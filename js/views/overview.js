/** A data set: what matters in it, how the output depends on it, one row of it, and some rows against the rest. */
import { adopt, followTheme, h, say } from "../lib/dom.js";
import { hideFallback } from "../lib/fallback.js";
import { Overview } from "../lib/overview.js";
import theme from "../lib/theme.css";
import barsCss from "../parts/bars.css";
import { dependence } from "../parts/dependence.js";
import footerCss from "../parts/footer.css";
import { guardedOverview } from "../parts/guarded.js";
import headerCss from "../parts/header.css";
import numbersCss from "../parts/numbers.css";
import { occurrences } from "../parts/occurrences.js";
import { oneRow } from "../parts/one_row.js";
import css from "../parts/overview.css";
import { foot, notes } from "../parts/overview_foot.js";
import { head } from "../parts/overview_head.js";
import pictureCss from "../parts/picture.css";
import placesCss from "../parts/places.css";
import planeCss from "../parts/plane.css";
import rowBarsCss from "../parts/row_bars.css";
import { meanPicture } from "../parts/row_picture.js";
import { someRows } from "../parts/some_rows.js";
import stripsCss from "../parts/strips.css";
import { strips } from "../parts/strips.js";
import { terms } from "../parts/terms.js";
import tokensCss from "../parts/tokens.css";

/** What stands beside the features, by kind. @type {Record<string, (store: Overview) => HTMLElement | null>} */
const BESIDE = { text: occurrences, image: meanPicture, table: dependence };
/** What lays the parts out, and what narrow cards change of them, comes last. */
const OWN = stripsCss + planeCss + rowBarsCss + placesCss + numbersCss + css;
const SHEET = theme + headerCss + barsCss + footerCss + tokensCss + pictureCss + OWN;

/** @param {{model: import("../lib/watch.js").Model, el: HTMLElement}} host */
function render({ model, el }) {
  const store = new Overview(model);
  const { words, subject } = store;
  const card = h("article", {
    class: "ll-card ll-overview",
    lang: words.lang,
    "data-kind": subject.kind,
    "aria-label": words.overview.title(subject.model),
  });
  const root = h("div", { class: "ll-view" }, card);
  el.append(root);
  adopt(root, SHEET); // before anything is measured
  const showFallback = hideFallback(model);
  const dark = followTheme(root, model);
  const beside = BESIDE[subject.kind](store);
  const data = h("div", { class: "ll-data" }, strips(store));
  if (beside) data.append(beside);
  const chosen = h("div", { class: "ll-panels" }, oneRow(store), someRows(store));
  card.append(head(store), data, chosen, notes(store), foot(store), voice(store));
  store.on(["data", "measure"], terms(card, words.card));
  const unwatch = watchLooks(root, () => store.touch("size"));
  return () => {
    unwatch();
    dark();
    showFallback();
    store.end();
    root.remove();
  };
}

/**
 * What is on a canvas is drawn anew when the view's width or theme changes.
 *
 * @param {HTMLElement} root
 * @param {() => void} changed
 */
function watchLooks(root, changed) {
  const theme = new MutationObserver(changed);
  theme.observe(root, { attributes: true, attributeFilter: ["data-ll-theme"] });
  const size = globalThis.ResizeObserver ? new ResizeObserver(changed) : null;
  size?.observe(root);
  return () => {
    theme.disconnect();
    size?.disconnect();
  };
}

/** Speaks when a row is opened, and when what was asked for has come. @param {Overview} store */
function voice(store) {
  const el = h("div", { class: "ll-voice", "aria-live": "polite" });
  store.on(["said"], () => say(el, store.said));
  return el;
}

export default guardedOverview({ render });
