/** What came of a training, as numbers again. */
import { bytes, float32, float64, uint16 } from "./arrays.js";
import { span } from "./timeline.js";

/**
 * @typedef {"first" | "previous"} Against
 * @typedef {{measure: string, values: Float32Array, floors: Float32Array, detectable: Uint8Array}} Drift
 * @typedef {{example: number, step: number, against: Against, kind: string}} Flip
 * @typedef {{feature: string, from_step: number, to_step: number, from_share: number, to_share: number, examples: number, metric: string}} Alarm
 *
 * @typedef {object} Recorded
 * @property {import("./timeline.js").Metric[]} metrics
 * @property {Float64Array} steps of the records that are drawn
 * @property {{names: string[], shares: Float32Array}} evidence shares row by row: steps x names
 * @property {{name: string, values: Float32Array}[]} figures
 * @property {Record<Against, Drift[]>} drifts
 * @property {Float32Array[]} values of each example, row by row: steps x features
 * @property {Float32Array[]} predictions of each example's target
 * @property {Uint16Array[]} predicted the output that was predicted of each example
 * @property {Flip[]} flips
 * @property {Alarm[]} alarms
 * @property {import("./timeline.js").Span} span of all steps
 *
 * @param {import("./watch.js").Model} model
 * @returns {Recorded}
 */
export function recorded(model) {
  const { evidence, drift, figures, values, predictions, predicted, flips, alarms, ...rest } =
    model.get("records");
  const steps = float64(rest.steps);
  const metrics = model.get("metrics").map(metricOf);
  return {
    metrics,
    steps,
    evidence: { names: evidence.names, shares: float32(evidence.shares) },
    figures: figures.map((/** @type {any} */ one) => ({ name: one.name, values: float32(one.values) })),
    drifts: { first: drift.first.map(driftOf), previous: drift.previous.map(driftOf) },
    values: values.map(float32),
    predictions: predictions.map(float32),
    predicted: predicted.map(uint16),
    flips,
    alarms,
    span: span([steps, ...metrics.map((/** @type {any} */ one) => one.steps)]),
  };
}

/** @param {any} sent @returns {import("./timeline.js").Metric} */
const metricOf = ({ name, steps, values }) => ({ name, steps: float64(steps), values: float32(values) });

/** @param {any} sent @returns {Drift} */
const driftOf = ({ measure, values, floors, detectable }) => ({
  measure,
  values: float32(values),
  floors: float32(floors),
  detectable: bytes(detectable),
});
