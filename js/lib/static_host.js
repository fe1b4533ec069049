/**
 * A saved page: its views have their state in the page itself, and nobody to ask. Written by export/page.py.
 *
 * A section of the page is one view. It holds a message and a picture, which
 * stand until the view does, and the state: base64 of gzip, whose checksum
 * tells whether it is whole, of what `unpacked` describes.
 */
import { h } from "./dom.js";
import { ungzipped } from "./gzip.js";
import { nearest, words } from "./words.js";

/** @typedef {{initialize?: (host: any) => void, render: (host: any) => void}} View */

/** Stands in for the host's model. It has no `send`: there is no kernel to send to. */
export class StaticModel {
  #state;
  /** @type {Map<string, Set<(...args: any[]) => void>>} */
  #listeners = new Map();

  /** @param {Record<string, any>} state */
  constructor(state) {
    this.#state = state;
  }
  /** @param {string} name */
  get(name) {
    return this.#state[name];
  }
  /** @param {string} name @param {any} value */
  set(name, value) {
    this.#state = { ...this.#state, [name]: value };
    for (const callback of [...(this.#listeners.get(`change:${name}`) ?? [])]) callback();
  }
  save_changes() {}
  /** @param {string} event @param {(...args: any[]) => void} callback */
  on(event, callback) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event)?.add(callback);
  }
  /** @param {string} event @param {(...args: any[]) => void} callback */
  off(event, callback) {
    this.#listeners.get(event)?.delete(callback);
  }
}

/**
 * Read a state: after the length of a JSON text as four bytes comes that text, {state, buffers: [[path, length]]},
 * and then the bytes that belong at these paths.
 *
 * @param {string} text base64 of it, compressed by gzip
 * @returns {Promise<Record<string, any>>}
 * @throws {Error} where it is not whole
 */
export async function unpacked(text) {
  const whole = await ungzipped(text);
  const start = 4 + new DataView(whole).getUint32(0, true);
  const { state, buffers } = JSON.parse(new TextDecoder().decode(whole.slice(4, start)));
  let at = start;
  for (const [path, length] of buffers) {
    const last = path.pop();
    const place = path.reduce(
      (/** @type {any} */ inner, /** @type {string | number} */ key) => inner[key],
      state,
    );
    place[last] = new Uint8Array(whole, at, length);
    at += length;
  }
  return state;
}

/**
 * Draw the views of one kind once the page is read: each bundle draws its own.
 *
 * @param {string} name
 * @param {View} view
 */
export function mount(name, view) {
  const begin = () => {
    chooseLanguage();
    const sections = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("section[data-view]")]);
    for (const section of sections) if (section.dataset.view === name) show(section, view);
    if (sections.length < Number(document.querySelector("main")?.dataset.count)) tellMissing();
    if (parent !== window) tellHeight();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
}

/** Where the language was left to the host, that is the browser: what the page says is there in Chinese too. */
function chooseLanguage() {
  const { documentElement: page } = document;
  if (page.dataset.language !== "auto") return;
  page.lang = nearest(navigator.language);
  const translated = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-zh]"));
  if (page.lang === "zh") for (const el of translated) el.textContent = el.dataset.zh ?? "";
}

const said = () => words(document.documentElement.lang).page;

/**
 * Put the view in the place of what stood for it, or say why it can't be drawn.
 *
 * @param {HTMLElement} section
 * @param {View} view
 */
async function show(section, view) {
  const data = section.querySelector("script");
  const text = data?.textContent?.trim() ?? "";
  const el = h("div");
  try {
    if (text.length < Number(data?.dataset.length ?? Infinity)) return tell(section, said().cut);
    const model = new StaticModel(await unpacked(text));
    view.initialize?.({ model });
    section.append(el);
    view.render({ model, el });
    section.querySelector(".still")?.remove();
  } catch (error) {
    // biome-ignore lint/suspicious/noConsole: whoever mends the page sees more than its reader
    console.warn(error);
    el.remove();
    tell(section, said().changed);
  }
}

/** @param {Element} section @param {string} message in the place of what stood there for the worst case */
function tell(section, message) {
  const still = section.querySelector(".still");
  still?.querySelector(".note")?.remove();
  (still ?? section).prepend(note(message));
}

/** @param {string} text */
const note = (text) => h("p", { class: "note", "data-now": true, role: "alert", text });

/** Other bundles of this page may have said so. */
function tellMissing() {
  const main = document.querySelector("main");
  if (main?.lastElementChild?.className !== "note") main?.append(note(said().lost));
}

/** In a frame: tell the page around how high this one is, and nothing else. */
function tellHeight() {
  const height = () => Math.ceil(document.body.getBoundingClientRect().height);
  new ResizeObserver(() => parent.postMessage({ limelight: height() }, "*")).observe(document.body);
}
