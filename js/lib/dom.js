/** Small tools for the page. A user's text is text: everything goes through textContent. */

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props] attributes; `text`, and `onclick` and its like, are what they say
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") el.textContent = value;
    else if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else attr(el, name, value);
  }
  for (const child of children) if (child !== null) el.append(child);
  return el;
}

/**
 * Set an attribute where it differs; null and false take it away.
 *
 * @param {Element} el
 * @param {string} name
 * @param {any} value
 */
export function attr(el, name, value) {
  if (value === null || value === undefined || value === false) el.removeAttribute(name);
  else if (el.getAttribute(name) !== String(value))
    el.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Set text where it differs, in the text node that is there: a new one would be styled and laid out from the start.
 *
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  const [first, ...more] = node.childNodes;
  if (first instanceof Text && more.length === 0) {
    if (first.data !== text) first.data = text;
  } else if (node.textContent !== text) node.textContent = text;
}

/**
 * Hide, or show, where it differs: an element that is hidden again is styled again.
 *
 * @param {HTMLElement} el
 * @param {boolean} hidden
 */
export function hide(el, hidden) {
  if (el.hidden !== hidden) el.hidden = hidden;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...Node} children
 */
export function svg(tag, props = {}, ...children) {
  const el = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) attr(el, name, value);
  el.append(...children);
  return el;
}

/** A page that allows no styles but its own, as saved pages do: its own script may still construct them. */
const POLICY = "meta[http-equiv='Content-Security-Policy']";
/** @type {Map<string, CSSStyleSheet>} */
const constructed = new Map();

/** @param {Document | ShadowRoot} home @param {string} css */
function construct(home, css) {
  const sheet = constructed.get(css) ?? new CSSStyleSheet();
  if (!constructed.has(css)) sheet.replaceSync(css);
  constructed.set(css, sheet);
  if (!home.adoptedStyleSheets.includes(sheet)) home.adoptedStyleSheets.push(sheet);
}

/**
 * Say what an element's words mean: to who points at it, and in the list that the question mark opens.
 *
 * @param {Element} el
 * @param {string | null} term
 * @param {string | null} about
 */
export function explain(el, term, about) {
  attr(el, "data-term", term);
  attr(el, "title", about);
}

/**
 * Let one element describe another.
 *
 * @param {Element} el
 * @param {Element} by
 */
export function describedBy(el, by) {
  by.id = `ll-${Math.random().toString(36).slice(2)}`; // other bundles' views may be on the page
  attr(el, "aria-describedby", by.id);
}

/**
 * Put the style sheet into the document or shadow root that holds `el`, once.
 *
 * @param {Element} el
 * @param {string} css
 */
export function adopt(el, css) {
  const root = el.getRootNode();
  if (document.querySelector(POLICY)) return construct(root instanceof ShadowRoot ? root : document, css);
  const home = root instanceof ShadowRoot ? root : document.head;
  const sheets = home.querySelectorAll("style[data-limelight]");
  if ([...sheets].some((sheet) => sheet.textContent === css)) return;
  home.append(h("style", { "data-limelight": "", text: css }));
}

/**
 * Put a style sheet into the document, beside whatever is there.
 *
 * @param {string} css
 * @returns {() => void} takes it out
 */
export function lay(css) {
  if (document.querySelector(POLICY)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets.push(sheet);
    return () => document.adoptedStyleSheets.splice(document.adoptedStyleSheets.indexOf(sheet), 1);
  }
  const sheet = h("style", { "data-limelight": "", text: css });
  document.head.append(sheet);
  return () => sheet.remove();
}

/**
 * Keep children in this order, moving as few as may be and leaving the focus where it is.
 *
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  const kept = parent.children.length === children.length;
  if (kept && children.every((child, i) => child === parent.children[i])) return;
  const focused = /** @type {HTMLElement | null} */ (
    parent.contains(document.activeElement) ? document.activeElement : null
  );
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, i) => {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
  });
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

/** What the tab key stops at. */
const STOPS = "button:enabled:not([tabindex='-1']), input:enabled, select:enabled, [tabindex='0']";

/**
 * An element goes that may have the focus: hand it to the stop before, lest it be lost.
 *
 * @param {HTMLElement} el
 */
export function leave(el) {
  if (!el.matches(":focus")) return;
  const stops = /** @type {HTMLElement[]} */ ([...(el.closest("article")?.querySelectorAll(STOPS) ?? [])]);
  const before = stops.slice(0, stops.indexOf(el)).filter((stop) => !stop.closest("[hidden]"));
  before.at(-1)?.focus();
}

/**
 * Be light or dark: as was chosen when the view was made, or else as the host is.
 *
 * Best while `el` is empty: to look at its colour is to style and lay out all that is in it.
 *
 * @param {HTMLElement} el its background is the host's, unless a theme was chosen
 * @param {import("./watch.js").Model} model
 * @returns {() => void} ends the watching
 */
export function followTheme(el, model) {
  const { theme = "auto" } = model.get("look") ?? {}; // views that were saved before had none
  el.dataset.llTheme = theme;
  el.toggleAttribute("data-ll-own", theme !== "auto");
  if (theme !== "auto") return () => {};
  return watchDarkness(el, (dark) => {
    el.dataset.llTheme = dark ? "dark" : "light";
  });
}

/**
 * Watch how dark the host is, by the colour behind `el`; hosts say so in too many ways.
 *
 * @param {HTMLElement} el
 * @param {(dark: boolean) => void} tell
 * @returns {() => void} ends the watching
 */
function watchDarkness(el, tell) {
  const look = () => tell(isDark(getComputedStyle(el).backgroundColor));
  const observer = new MutationObserver(look);
  const attributeFilter = [
    "class",
    "style",
    "theme",
    "data-theme",
    "data-jp-theme-light",
    "data-jp-theme-name",
  ];
  for (const node of [document.documentElement, document.body])
    observer.observe(node, { attributes: true, attributeFilter });
  const scheme = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
  scheme?.addEventListener("change", look);
  look();
  const soon = requestAnimationFrame(look);
  return () => {
    cancelAnimationFrame(soon);
    observer.disconnect();
    scheme?.removeEventListener("change", look);
  };
}

/**
 * @param {string} color as computed: rgb(r, g, b) or color(srgb r g b)
 */
export function isDark(color) {
  const parts = (color.match(/[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  if (parts.length < 3 || parts[3] === 0) return false;
  const [r, g, b] = color.startsWith("color(") ? parts.map((part) => 255 * part) : parts;
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}
