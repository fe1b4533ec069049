/** Which language a view speaks, and what Python says in that language. */
import { own } from "./own.js";
import { en } from "./words/en.js";
import { zh } from "./words/zh.js";

/**
 * @typedef {typeof en} Language
 *
 * @typedef {object} Telling
 * @property {(sentence: string) => string} told a sentence that Python made
 * @property {(label: string) => string} label what a method is called
 * @property {(name: string) => string} column what a comparison calls a column, where it found that name itself
 *
 * @typedef {Language & Telling} Words
 */

const LANGUAGES = { en, zh };
/** No sentence of ours is longer: it holds someone's text, which is left as it is. */
const LONGEST = 4000;
/** @type {Map<Language, Words>} */
const made = new Map();

/**
 * The words of a view: of the language that was chosen when it was made, or else the host's.
 *
 * @param {import("./watch.js").Model} model
 * @returns {Words}
 */
export function wordsOf(model) {
  const { language = "auto" } = model.get("look") ?? {}; // views that were saved before had none
  return words(language === "auto" ? hostLanguage() : language);
}

/**
 * @param {string} tag of a language: "en", "zh-CN"
 * @returns {Words}
 */
export function words(tag) {
  const language = LANGUAGES[nearest(tag)];
  const found = made.get(language) ?? { ...language, ...telling(language) };
  made.set(language, found);
  return found;
}

/**
 * Chinese of any kind is answered in Simplified Chinese, which readers of Traditional Chinese read with less trouble
 * than English; all else in English.
 *
 * @param {string} tag
 * @returns {"en" | "zh"}
 */
export const nearest = (tag) => (/^zh\b/i.test(tag.replace("_", "-")) ? "zh" : "en");

/**
 * What the host says of itself. JupyterLab, Notebook and web sites say it in the page's `lang`. Pages that VS Code
 * puts outputs in always say "en" there, and its browser has the language of its menus.
 */
export function hostLanguage() {
  const { documentElement, body } = document;
  const told = "vscodeThemeKind" in body.dataset ? "" : documentElement.lang;
  return told || navigator.language || "en";
}

/**
 * @param {Language} language
 * @returns {Telling}
 */
function telling({ labels, sentences, between, given }) {
  /** @type {[string[], string][] | undefined} made when the first sentence comes */
  let templates;
  /** @param {string} sentence @returns {string | null} null: nobody translated it */
  const whole = (sentence) => {
    templates ??= sentences.map(([template, translation]) => [template.split(/\{\d\}/), translation]);
    for (const [template, translation] of templates) {
      const parts = matched(template, sentence);
      if (parts)
        return translation.replace(/\{(\*?)(\d)\}/g, (_, again, i) => (again ? told : String)(parts[i]));
    }
    return null;
  };
  /** @param {string} sentence of several sentences, those at the beginning that are known @returns {string} */
  const told = (sentence) => {
    const parts = sentences.length && sentence.length < LONGEST ? sentence.split("; ") : [];
    for (let n = parts.length; n > 0; n--) {
      const first = whole(parts.slice(0, n).join("; "));
      if (first !== null)
        return [first, ...(n < parts.length ? [told(parts.slice(n).join("; "))] : [])].join(between);
    }
    return sentence;
  };
  /** @param {string} name */
  const label = (name) => own(labels, name) ?? name;
  /** @param {string} name one that limelight gave, and a number where that was given twice: "RISE (2)" */
  const part = (name) => {
    const [number = ""] = / \(\d+\)$/.exec(name) ?? [];
    return given(label(name.slice(0, name.length - number.length))) + number;
  };
  /** @param {string} name */
  const column = (name) => name.split(", ").map(part).join(", ");
  return { told, label, column };
}

/**
 * Not by a regular expression: what differs may be anyone's text, on which one can take for ever.
 *
 * @param {string[]} template what is always the same
 * @param {string} sentence
 * @returns {string[] | null} the sentence, and what stands between those, as short as may be; null: it is another one
 */
function matched([start, ...rest], sentence) {
  const end = rest.pop();
  if (end === undefined) return sentence === start ? [sentence] : null;
  if (!sentence.startsWith(start)) return null;
  const found = [sentence];
  let at = start.length;
  for (const part of rest) {
    const next = sentence.indexOf(part, at);
    if (next < 0) return null;
    found.push(sentence.slice(at, next));
    at = next + part.length;
  }
  const last = sentence.length - end.length;
  return last >= at && sentence.endsWith(end) ? [...found, sentence.slice(at, last)] : null;
}
