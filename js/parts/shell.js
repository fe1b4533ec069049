/** The frame around every view: theme, header, what is explained, deck, footer, and the voice. */
import { adopt, followTheme, h, hide, say } from "../lib/dom.js";
import { hideFallback } from "../lib/fallback.js";
import { pullOf } from "../lib/session.js";
import { Store } from "../lib/state.js";
import theme from "../lib/theme.css";
import barsCss from "./bars.css";
import deckCss from "./deck.css";
import { deck } from "./deck.js";
import footerCss from "./footer.css";
import { footer } from "./footer.js";
import headerCss from "./header.css";
import { header } from "./header.js";
import markingCss from "./marking.css";
import { listen } from "./marking.js";
import qualityCss from "./quality.css";
import { quality } from "./quality.js";
import { terms } from "./terms.js";

const SHARED = theme + headerCss + barsCss + markingCss + deckCss + footerCss + qualityCss;

/**
 * @typedef {{model: import("../lib/watch.js").Model, el: HTMLElement}} Host
 *
 * Draw a view into the host's element.
 *
 * @param {Host} host
 * @param {string} css of what is explained
 * @param {(store: Store) => Element[]} body what is explained, and its bars
 * @returns {() => void} takes it away again
 */
export function shell({ model, el }, css, body) {
  const store = new Store(model, pullOf(model));
  const { kind, model: name } = store.subject;
  const { lang, card: words } = store.words;
  const card = h("article", {
    class: "ll-card",
    lang,
    "data-kind": kind,
    "aria-label": words.explanation(name),
  });
  card.append(header(store), alarm(store), warning(store), h("div", { class: "ll-body" }, ...body(store)));
  const sliders = store.subject.source ? null : deck(store);
  card.append(
    ...[notes(store), sliders, footer(store), quality(store), voice(store)].filter((part) => part !== null),
  );
  const sizes = () => card.toggleAttribute("data-sizes", store.answer?.signed === false);
  store.on(["answer"], sizes);
  sizes();
  const list = terms(card, words);
  store.on(["settings", "rest"], list);
  listen(card, store);
  const root = h("div", { class: "ll-view" });
  el.append(root);
  adopt(root, SHARED + css);
  const showFallback = hideFallback(model);
  const dark = followTheme(root, model);
  root.append(card);
  return () => {
    dark();
    showFallback();
    store.end();
    root.remove();
  };
}

/** @param {Store} store */
function alarm(store) {
  const el = h("div", { class: "ll-alarm", role: "alert", hidden: true });
  const draw = () => {
    const { state, message, n } = store.status;
    hide(el, !message);
    const told = store.words.told(message);
    say(el, state === "failed" ? store.words.card.failed(n, told, n > 0) : told);
  };
  store.on(["chosen", "status"], draw);
  draw();
  return el;
}

/**
 * What the reader must know of the answer on show, unless a better one is on its way; or why there is none.
 *
 * @param {Store} store
 */
function warning(store) {
  const el = h("div", { class: "ll-alarm ll-warning", role: "status", hidden: true });
  const draw = () => {
    const { answer, alone, outputs, target, status, words } = store;
    const missing = (!answer && alone?.missing(store.labelOf(), String(outputs.names[target]))) || "";
    const onItsWay = status.state === "running" && !alone;
    const text = (!onItsWay && answer?.warning && words.told(answer.warning)) || missing;
    hide(el, !text);
    say(el, text && words.sentence(text));
  };
  store.on(["answer", "status", "settings"], draw);
  draw();
  return el;
}

/** @param {Store} store */
function notes(store) {
  const sentences = store.subject.notes ?? [];
  if (!sentences.length) return null;
  const items = sentences.map((/** @type {string} */ text) =>
    h("li", { dir: "auto", text: store.words.told(text) }),
  );
  return h("ul", { class: "ll-notes ll-hint", "aria-label": store.words.card.notes }, ...items);
}

/**
 * Speaks rarely: what was asked for, and how a run ended.
 *
 * @param {Store} store
 */
function voice(store) {
  const el = h("div", { class: "ll-voice", "aria-live": "polite" });
  let state = store.status.state;
  store.on(["said"], () => say(el, store.said));
  store.on(["status"], () => {
    if (store.status.state === state) return;
    state = store.status.state;
    const { asking, ended } = store.words.card;
    say(el, state === "running" ? asking : ended(state));
  });
  return el;
}
