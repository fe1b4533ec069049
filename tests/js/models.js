/** Games that answer for a model. */

/** Outputs that sum to one, from weights and one interaction. */
export function softmaxGame(weights, outputs = 2, base = -0.4) {
  return (z) => {
    const sum = z.reduce((all, present, j) => all + present * weights[j], base) + 0.6 * z[0] * z[1];
    const raw = Array.from({ length: outputs }, (_, t) =>
      Math.exp(t === 0 ? sum : -0.7 * t + 0.1 * z[t % z.length]),
    );
    const total = raw.reduce((a, b) => a + b);
    return raw.map((value) => value / total);
  };
}

const STRENGTH = {
  gripping: 1.6,
  beautifully: 1.2,
  slow: 0.5,
  utterly: 0.6,
  never: -0.7,
  dull: -0.9,
  but: -0.3,
  shot: 0.35,
  second: 0.2,
};

/** What each word counts for. */
export const wordWeights = (features) =>
  features.map(
    (word, j) => STRENGTH[word] ?? 0.5 * Math.sin(7 * j + 1) ** 3 * (features.length > 40 ? 0.8 : 0.25),
  );

/** What each segment or column counts for: a few count. */
export const someCount = (d) =>
  Array.from({ length: d }, (_, j) => (j % 7 === 3 || j === 17 || j < 4 ? 1 : 0.25) * Math.sin(2.3 * j + 1));
