/**
 * What is wrong with the data of a training.
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
  is,
  length,
  list,
  maybe,
  named,
  number,
  shape,
  sizeOf,
  text,
  wrong,
} from "./checks.js";
import { SPACES } from "./damage.js";
import { LOOK, subjectOf } from "./damaged_subject.js";
import { en } from "./words/training_en.js";

const KINDS = ["text", "table", "image"];
const STATES = Object.keys(en.states);
const AGAINST = ["first", "previous"];
const FLIPS = Object.keys(en.kinds);
/** More would be no view but a flood: training/stored.py has it, too. */
const MOST_EXAMPLES = 1000;

const status = shape({
  state: among(STATES),
  overhead: maybe(number),
  step: count,
  n: count,
  notes: list(text),
});

/** @type {Check} */
const output = (value) => {
  const k = sizeOf(value?.names);
  return shape({ names: list(named), space: among(SPACES), target: below(k) })(value);
};

/** @type {Check} */
const metric = (value) => {
  const n = length(value?.steps) / 8;
  const steps = is(() => Number.isInteger(n) && n > 0 && ascends(value.steps));
  return shape({ name: text, steps, values: bytesOf(4 * n) })(value);
};

/** @param {any} steps whole numbers from 0 that grow */
function ascends(steps) {
  const view =
    steps instanceof ArrayBuffer ? new DataView(steps) : new DataView(steps.buffer, steps.byteOffset);
  let before = -1;
  for (let at = 0; at < length(steps); at += 8) {
    const step = view.getFloat64(at, true);
    if (!Number.isSafeInteger(step) || step <= before) return false;
    before = step;
  }
  return true;
}

/** @param {number} n records @returns {Check} */
const drift = (n) => (value) => {
  const numbers = bytesOf(4 * n);
  const one = shape({ measure: text, values: numbers, floors: numbers, detectable: bytesOf(n) });
  const found = list(one)(value);
  return found === null && n > 0 && value.length === 0 ? "" : found;
};

/** @param {any[]} subjects @returns {Check} */
const records = (subjects) => (value) => {
  const n = length(value?.steps) / 8;
  if (!Number.isInteger(n) || n < 1 || !ascends(value.steps)) return ".steps";
  const m = sizeOf(value.evidence?.names);
  const each = subjects.length;
  const flip = shape({ example: below(each), step: count, against: among(AGAINST), kind: among(FLIPS) });
  const alarm = shape({
    feature: text,
    from_step: count,
    to_step: count,
    from_share: number,
    to_share: number,
    examples: count,
    metric: text,
  });
  const sizes = subjects.map(({ features }) => 4 * n * features.length);
  const values = is(
    (all) => Array.isArray(all) && all.length === each && all.every((one, i) => length(one) === sizes[i]),
  );
  return shape({
    flips: list(flip),
    alarms: list(alarm),
    evidence: shape({ names: list(text), shares: bytesOf(4 * n * m) }),
    figures: list(shape({ name: text, values: bytesOf(4 * n) })),
    drift: shape({ first: drift(n), previous: drift(n) }),
    values,
    predictions: list(bytesOf(4 * n), each),
    predicted: list(bytesOf(2 * n), each),
  })(value);
};

/**
 * @param {Get} get
 * @returns {string} the trait of a training and where in it, or ""
 */
export function trainingDamageOf(get) {
  const all = list(subjectOf(KINDS))(get("subjects"));
  if (all !== null) return `subjects${all}`;
  const subjects = get("subjects");
  if (!subjects.length || subjects.length > MOST_EXAMPLES) return "subjects";
  /** @type {Record<string, Check>} */
  const traits = {
    look: LOOK,
    about: shape({
      model: text,
      method: text,
      signed: flag,
      closed: flag,
      outputs: list(output, subjects.length),
    }),
    status,
    metrics: list(metric),
    records: records(subjects),
    settings: shape({
      step: maybe(count),
      example: below(subjects.length),
      against: among(AGAINST),
      values: among(["values", "change"]),
      measure: text,
    }),
  };
  return wrong(traits, get);
}

/**
 * @param {any} content of a message
 * @returns {boolean} may it be believed?
 */
export const isTrainingMessage = (content) =>
  ["hear", "stop"].includes(content?.type) && status(content.status) === null;
