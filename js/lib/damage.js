/**
 * What is wrong with the data of a view. Anyone may have written the file that it came with: nothing is drawn before
 * this found nothing.
 *
 * @typedef {import("./checks.js").Check} Check
 * @typedef {import("./checks.js").Get} Get
 */
import {
  among,
  below,
  bytesOf,
  count,
  flag,
  length,
  list,
  maybe,
  named,
  number,
  positive,
  shape,
  sizeOf,
  text,
  tuple,
  view,
  wrong,
} from "./checks.js";
import { measured } from "./damaged_quality.js";
import { LOOK, subjectOf } from "./damaged_subject.js";
import { MARKS } from "./marks.js";
import { headerOf } from "./neighborhood.js";
import { own } from "./own.js";

const STATES = ["running", "done", "stopped", "failed"];
export const SPACES = ["probability", "logit", "log-odds", "margin", "value"];

/** @type {Check} */
const outputs = (value) => {
  const k = value?.names?.length;
  const fields = { names: list(named), prediction: list(maybe(number), k), space: among(SPACES) };
  const found = shape({ ...fields, predicted: maybe(below(k)) })(value);
  return found === null && !(k > 0) ? ".names" : found;
};

const method = shape({ name: text, label: text, available: flag, reason: text, reads: flag });

const status = shape({
  state: among(STATES),
  generation: count,
  method: text,
  target: maybe(count),
  n: count,
  limit: count,
  least: count,
  exact: flag,
  closed: maybe(flag),
  rate: maybe(number),
  seconds: number,
  message: text,
});

/**
 * @param {any} subject
 * @returns {(estimate: any) => string | null}
 */
function estimateOf({ features, width, height }) {
  const d = features.length;
  return (value) => {
    const k = value?.target === null ? sizeOf(value.fidelity) : 1;
    const numbers = bytesOf(4 * d * k);
    return shape({
      method: text,
      kernel_width: maybe(positive),
      target: maybe(count),
      n: count,
      dof: number,
      exact: flag,
      signed: flag,
      route: text,
      warning: text,
      relative_gap: maybe(number),
      scale: maybe(number),
      fidelity: list(maybe(number)),
      values: numbers,
      std_error: numbers,
      pixels: maybe(bytesOf(width * height)),
      effective_samples: maybe(number),
    })(value);
  };
}

/**
 * @param {number} d features
 * @param {number} [k] outputs, where they are known
 * @returns {Check} a neighborhood, all of whose bytes are there
 */
const neighborhood = (d, k) => (value) => {
  const header = length(value) >= 0 ? headerOf(view(value)) : null;
  return header?.whole && header.d === d && header.k === (k ?? header.k) ? null : "";
};

/**
 * @param {Get} get
 * @param {string} kind of the view
 * @returns {string} the trait and where in it, or ""
 */
export function damageOf(get, kind) {
  const subject = subjectOf([kind])(get("subject"));
  if (subject !== null) return `subject${subject}`;
  const { features } = get("subject");
  const d = features.length;
  const link = tuple(below(d), below(d), number, number);
  /** @type {Record<string, Check>} */
  const traits = {
    look: LOOK,
    outputs,
    status,
    answers: shape({
      methods: list(method),
      outputs: maybe((value) => list(outputs)(Object.values(value))),
      default_width: maybe(positive),
      distance: maybe(among(["cosine", "euclidean"])),
      links: maybe(list(list(link))),
      linked: maybe(text),
      estimates: list(estimateOf(get("subject"))),
    }),
    settings: shape({
      method: text,
      target: count,
      kernel_width: positive,
      n_samples: maybe(count),
    }),
    marks: maybe(list(tuple(below(d), among(MARKS)))),
    quality: maybe(shape({ found: maybe(list(measured(d))) })),
    rows: (value) => {
      const known = get("answers").outputs?.neighborhood ?? get("outputs");
      return shape({ data: maybe(neighborhood(d, known.names.length)) })(value);
    },
  };
  return wrong(traits, get);
}

/**
 * @param {any} content of a message
 * @param {any} buffers
 * @param {any} subject
 * @returns {boolean} may it be believed?
 */
export function isMessage(content, buffers, subject) {
  const rest = Array.isArray(buffers) ? [...buffers] : [];
  const data = content?.type === "rows" ? rest.shift() : null;
  const sound = estimateOf(subject);
  /** @type {Check} */
  const estimate = (head) => {
    const [values, std_error, pixels] = rest.splice(0, head?.scale === null ? 2 : 3);
    return sound({ ...head, values, std_error, pixels });
  };
  /** @type {Record<string, Check>} */
  const rows = { generation: count, start: count, status, estimate: maybe(estimate) };
  /** @type {Record<string, Record<string, Check>>} */
  const kinds = {
    waiting: {},
    status: { status },
    rows,
    estimates: { estimates: list(estimate) },
    quality: { found: measured(subject.features.length) },
    probe: { outputs: maybe(list(number)), error: maybe(text) },
  };
  const fields = typeof content?.type === "string" ? own(kinds, content.type) : null;
  const rowless = content?.type !== "rows" || length(data) === 0;
  const whole = rowless || neighborhood(subject.features.length)(data) === null;
  return !!fields && whole && shape(fields)(content) === null;
}
