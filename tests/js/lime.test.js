import { describe, expect, test } from "vitest";
import { limeErrors } from "../../js/lib/errors.js";
import { closeness, sizeLaw } from "../../js/lib/kernel.js";
import { lime } from "../../js/lib/lime.js";
import { cholesky, invert, solve } from "../../js/lib/linalg.js";
import { Rows } from "../../js/lib/neighborhood.js";
import { Tables, tables } from "../../js/lib/tables.js";
import { ask, draw, everyCoalition, random, sigmoidGame, toBytes } from "./games.js";

/** Run a generator to its end. */
function finish(work) {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** The same fit by plain loops over rows: weights, normal equations with an intercept, elimination. */
function plainFit(rows, { width, target, n = rows.n, distance = "cosine" }) {
  const weights = plainWeights(rows, width, n, distance);
  const design = Array.from({ length: n }, (_, row) => [1, ...present(rows, row)]);
  const p = rows.d + 1;
  const system = Array.from({ length: p }, () => Array(p + 1).fill(0));
  design.forEach((x, row) => {
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) system[i][j] += weights[row] * x[i] * x[j];
      system[i][p] += weights[row] * x[i] * rows.output(row, target);
    }
  });
  const [intercept, ...values] = eliminate(system);
  return { intercept, values, weights, design };
}

const present = (rows, row) => Array.from({ length: rows.d }, (_, j) => Number(rows.has(row, j)));

function plainWeights(rows, width, n, distance) {
  const kernel = closeness(rows.d, width, distance);
  const sizes = [...rows.sizes.subarray(0, n)];
  if (rows.law === "bins") return sizes.map((size) => kernel[size]);
  const law = sizeLaw(rows.d, rows.law);
  const alike = (size) => sizes.filter((other) => other === size).length;
  const weights = sizes.map((size) => (n * law[size] * kernel[size]) / alike(size));
  const least = n === 2 ** rows.d ? 0 : (1e-6 * weights.reduce((a, b) => a + b)) / n;
  return weights.map((weight) => (weight > 0 ? Math.max(weight, least) : 0));
}

function eliminate(system) {
  const p = system.length;
  for (let i = 0; i < p; i++) {
    const best = system
      .slice(i)
      .reduce((top, line, k) => (Math.abs(line[i]) > Math.abs(system[top][i]) ? k + i : top), i);
    [system[i], system[best]] = [system[best], system[i]];
    for (let k = 0; k < p; k++) {
      if (k === i) continue;
      const factor = system[k][i] / system[i][i];
      for (let j = i; j <= p; j++) system[k][j] -= factor * system[i][j];
    }
  }
  return system.map((line, i) => line[p] / line[i]);
}

const furthest = (a, b) => Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

describe("linalg", () => {
  const next = random(3);
  const factor = Array.from({ length: 36 }, () => next() - 0.5);
  const matrix = Float64Array.from({ length: 36 }, (_, at) => {
    const [i, j] = [Math.floor(at / 6), at % 6];
    return factor.slice(6 * i, 6 * i + 6).reduce((sum, value, k) => sum + value * factor[6 * j + k], 0);
  });
  const times = (a, x) => Array.from(x, (_, i) => x.reduce((sum, value, j) => sum + a[6 * i + j] * value, 0));
  const b = Float64Array.from([1, -2, 3, 0, 5, 0.5]);

  test("solves what it factored", () => {
    expect(furthest(times(matrix, solve(cholesky(matrix, 6), b)), b)).toBeLessThan(1e-9);
  });

  test("the inverse solves alike", () => {
    const l = cholesky(matrix, 6);
    expect(furthest(times(finish(invert(l, 6)), b), solve(l, b))).toBeLessThan(1e-9);
  });

  test("an unknown without a pivot is left out, and the others are solved", () => {
    const repeated = Float64Array.from([2, 1, 2, 1, 3, 1, 2, 1, 2]);
    const l = cholesky(repeated, 3);
    expect([...solve(l, Float64Array.from([3, 4, 3]))].map((value) => Number(value.toFixed(12)))).toEqual([
      1, 1, 0,
    ]);
    expect([...finish(invert(l, 3))].slice(6)).toEqual([0, 0, 0]);
  });
});

describe("laws", () => {
  test.each(["uniform", "binomial"])("%s: probabilities of the sizes sum to one", (law) => {
    for (const d of [1, 2, 7, 200]) expect(sizeLaw(d, law).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  test("binomial: fair coins", () => {
    expect(
      furthest(
        sizeLaw(4, "binomial"),
        [1, 4, 6, 4, 1].map((ways) => ways / 16),
      ),
    ).toBeLessThan(1e-15);
  });

  test("uniform: never everything, unless there is one feature", () => {
    expect([[...sizeLaw(4, "uniform")], [...sizeLaw(1, "uniform")]]).toEqual([
      [0.25, 0.25, 0.25, 0.25, 0],
      [0.5, 0.5],
    ]);
  });
});

describe.each([
  ["uniform", "cosine"],
  ["binomial", "cosine"],
  ["bins", "euclidean"],
])("%s law", (law, distance) => {
  test.each([1, 2, 5, 33])("a linear game of %i features is recovered", (d) => {
    const next = random(d);
    const effects = Array.from({ length: d }, () => Math.round(64 * (next() - 0.5)) / 8);
    const game = (z) => z.reduce((sum, value, j) => sum + value * effects[j], 100);
    const rows = ask(d < 6 ? everyCoalition(d) : draw(150, d), game, law);
    for (const width of [0.2, 1]) {
      const found = lime(rows, {
        width: distance === "cosine" ? width : 3 * width * Math.sqrt(d),
        target: 0,
        distance,
      });
      expect(furthest(found.values, effects)).toBeLessThan(1e-7);
      expect(found.intercept).toBeCloseTo(100, 7);
    }
  });

  test.each([0.15, 0.25, 1])("at width %f it is the weighted least-squares fit", (width) => {
    const rows = ask(draw(300, 14), (z) => [0, sigmoidGame(14)(z)], law);
    const question = { width: distance === "cosine" ? width : 10 * width, target: 1, n: 200, distance };
    const [found, plain] = [lime(rows, question), plainFit(rows, question)];
    expect(furthest(found.values, plain.values)).toBeLessThan(1e-9);
    expect(found.intercept).toBeCloseTo(plain.intercept, 9);
  });
});

test("effective samples are those of the weights, nothing and everything apart", () => {
  const rows = ask(draw(60, 7), sigmoidGame(7));
  const weights = plainWeights(rows, 0.3, 60, "cosine").filter((_, row) => row > 1);
  const sum = (power) => weights.reduce((total, weight) => total + weight ** power, 0);
  expect(lime(rows, { width: 0.3, target: 0 }).effectiveSamples).toBeCloseTo(sum(1) ** 2 / sum(2), 9);
});

test("a feature that is always present, and a copy of another, do no harm", () => {
  const coalitions = draw(100, 8).map((z) => [...z, 1, z[0]]);
  const rows = ask(coalitions, (z) => 2 * z[0] - z[1], "bins");
  const { values } = lime(rows, { width: 5, target: 0, distance: "euclidean" });
  expect(values[8]).toBeCloseTo(0, 9);
  expect(values[0] + values[9]).toBeCloseTo(2, 6);
  expect(values[1]).toBeCloseTo(-1, 6);
});

test("rows that come later change nothing of the first n", () => {
  const [coalitions, game] = [draw(200, 10), sigmoidGame(10)];
  const question = { width: 0.25, target: 0, n: 80 };
  const rows = ask(coalitions.slice(0, 80), game);
  const before = lime(rows, question);
  const rest = coalitions.slice(80);
  rows.append(
    toBytes(
      rest,
      rest.map((z) => [game(z)]),
    ),
    80,
  );
  expect(lime(rows, question)).toEqual(before);
  expect(furthest(lime(rows, { ...question, n: 200 }).values, before.values)).toBeGreaterThan(1e-6);
});

test.each(["uniform", "binomial"])("many features, %s law: the fit is the plain one", (law) => {
  const rows = ask(draw(1500, 80), sigmoidGame(80), law);
  for (const question of [{ width: 0.1 }, { width: 0.25 }, { width: 7 }, { width: 0.25, n: 140 }]) {
    const [found, plain] = [
      lime(rows, { ...question, target: 0 }),
      plainFit(rows, { ...question, target: 0 }),
    ];
    const share = question.n ? 1e-6 : 1e-9; // 140 rows of 80 features: near to no answer
    expect(furthest(found.values, plain.values)).toBeLessThan(
      share * Math.max(...plain.values.map(Math.abs)),
    );
  }
});

test("rows that were chosen and not drawn are left out, until every coalition is in", () => {
  const game = sigmoidGame(9);
  const bytes = (some, chosen) =>
    toBytes(
      some,
      some.map((z) => [game(z)]),
      "uniform",
      9,
      1,
      chosen,
    );
  const [first, later] = [draw(100, 9), draw(240, 9).slice(100)];
  const marks = later.map((_, row) => Number(row % 3 === 1));
  const rows = Rows.from(bytes(first, null));
  rows.append(bytes(later, marks), 100);
  const drawn = ask([...first, ...later.filter((_, row) => !marks[row])], game);
  const question = { width: 0.25, target: 0 };
  expect(lime(rows, question)).toEqual(lime(drawn, question));
  expect(finish(limeErrors(rows, question))).toEqual(finish(limeErrors(drawn, question)));
  expect(lime(rows, { ...question, n: 130 })).toEqual(lime(drawn, { ...question, n: 120 }));
  const every = everyCoalition(9);
  const whole = Rows.from(
    bytes(
      every,
      every.map((_, row) => Number(row > 40)),
    ),
  );
  expect(lime(whole, question)).toEqual(lime(ask(every, game), question));
});

describe("tables", () => {
  /** The products of the absences, row by row. */
  function plainGram(rows, n, weights) {
    const gram = [];
    for (let i = 0; i < rows.d; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let row = 0; row < n; row++)
          if (!rows.has(row, i) && !rows.has(row, j)) sum += weights[rows.sizes[row]];
        gram.push(sum);
      }
    return gram;
  }

  test.each([
    ["uniform", 9],
    ["uniform", 40],
    ["binomial", 12],
    ["bins", 33],
  ])("%s law, %i features: rows come and go, in pairs and on their own", (law, d) => {
    const rows = ask(draw(300, d), sigmoidGame(d), law);
    const table = new Tables(rows);
    for (const n of [300, 7, 120, 119, 2 * d + 1, 300]) {
      expect(table.reach(n)).toBe(true);
      const { weights, gram } = table.weigh(0.4, law === "bins" ? "euclidean" : "cosine");
      const plain = plainGram(rows, n, weights);
      expect(furthest(gram, plain)).toBeLessThan(1e-12 * Math.max(...plain));
      expect([...table.counts]).toEqual(
        [...table.counts].map(
          (_, size) => rows.sizes.subarray(0, n).filter((other) => other === size).length,
        ),
      );
    }
  });

  test("a way there and back leaves nothing behind", () => {
    const rows = ask(draw(400, 20), sigmoidGame(20));
    const question = { width: 0.25, target: 0 };
    const straight = lime(ask(draw(400, 20), sigmoidGame(20)), { ...question, n: 150 });
    for (const n of [400, 30, 301]) lime(rows, { ...question, n });
    expect(lime(rows, { ...question, n: 150 })).toEqual(straight);
  });

  test("when the time is over they stop on the way, and go on from there", () => {
    const rows = ask(draw(400, 20), sigmoidGame(20));
    const table = tables(rows);
    const stops = [];
    while (!table.reach(400, 0)) stops.push(table.n);
    expect(stops.length).toBeGreaterThan(5);
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    expect(tables(rows).n).toBe(400);
  });

  test("count beyond two bytes", () => {
    const n = 70_000;
    const rows = ask(Array(n).fill([1, 0]), () => 1, "bins");
    const table = new Tables(rows);
    table.reach(n);
    expect([...table.weigh(1, "euclidean").gram].map((sum) => sum / Math.exp(-0.5))).toEqual([0, 0, n]);
  });
});

describe("errors", () => {
  /** The definition, by leaving each sample out: w^(1/2) times residuals of the fit without it. */
  function plainErrors(rows, question) {
    const n = question.n ?? rows.n;
    const { weights, design } = plainFit(rows, question);
    const p = rows.d + 1;
    const inverse = inverted(design, weights);
    const at = (m, x) => m.map((line) => line.reduce((sum, value, j) => sum + value * x[j], 0));
    const mates = rows.mates();
    const drawn = rows.sizes.subarray(0, n);
    const variance = Array(p).fill(0);
    for (let row = 0; row < n; row++) {
      const mate = mates[row] >= 0 && mates[row] < n ? mates[row] : -1;
      if (mate > row) continue;
      const sample = mate < 0 ? [row] : [row, mate];
      const rest = weights.map((weight, i) => (sample.includes(i) ? 0 : weight));
      const fitted = at(inverted(design, rest), cross(design, rest, rows, question.target));
      const moved = Array(p).fill(0);
      for (const i of sample) {
        const held =
          rows.output(i, question.target) - fitted.reduce((sum, value, j) => sum + value * design[i][j], 0);
        const size = drawn[i];
        const left = 1 - drawn.filter((other) => other === size).length / choose(rows.d, size);
        at(inverse, design[i]).forEach((pull, j) => {
          moved[j] += pull * weights[i] * held * Math.sqrt(rows.law === "bins" ? 1 : left);
        });
      }
      moved.forEach((value, j) => {
        variance[j] += value ** 2;
      });
    }
    return variance.slice(1).map(Math.sqrt);
  }

  function inverted(design, weights) {
    const p = design[0].length;
    const gram = Array.from({ length: p }, () => Array(p).fill(0));
    design.forEach((x, row) => {
      for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) gram[i][j] += weights[row] * x[i] * x[j];
    });
    const columns = gram.map((_, k) => eliminate(gram.map((line, i) => [...line, Number(i === k)])));
    return columns[0].map((_, i) => columns.map((column) => column[i]));
  }

  const cross = (design, weights, rows, target) =>
    design[0].map((_, j) =>
      design.reduce((sum, x, row) => sum + weights[row] * x[j] * rows.output(row, target), 0),
    );

  const choose = (d, size) => (size === 0 ? 1 : (choose(d, size - 1) * (d - size + 1)) / size);

  test.each(["uniform", "binomial", "bins"])("%s law: they are what leaving samples out gives", (law) => {
    const distance = law === "bins" ? "euclidean" : "cosine";
    const rows = ask(draw(50, 6), sigmoidGame(6), law);
    const question = { width: law === "bins" ? 2 : 0.5, target: 0, distance };
    const { stdError, dof } = finish(limeErrors(rows, question));
    const plain = plainErrors(rows, question);
    expect(dof).toBe(
      law === "bins" ? 49 : [...rows.mates().subarray(0, 50)].filter((mate) => mate >= 0).length / 2 - 1,
    );
    expect(furthest(stdError, plain)).toBeLessThan(1e-7 * Math.max(...plain));
  });

  test("95 % intervals of a noisy linear game cover its effects", () => {
    const d = 30;
    const effects = Array.from({ length: d }, (_, j) => (j % 5) - 2);
    let [inside, all] = [0, 0];
    for (let seed = 1; seed <= 30; seed++) {
      const noise = random(1000 + seed);
      const game = (z) => z.reduce((sum, value, j) => sum + value * effects[j], 0) + 4 * (noise() - 0.5);
      const rows = ask(draw(300, d, seed), game);
      const question = { width: 0.5, target: 0 };
      const { values } = lime(rows, question);
      const { stdError } = finish(limeErrors(rows, question));
      inside += values.filter((value, j) => Math.abs(value - effects[j]) < 1.98 * stdError[j]).length;
      all += d;
    }
    expect(inside / all).toBeGreaterThan(0.92);
    expect(inside / all).toBeLessThan(0.98);
  });

  test("before ten pairs nothing is known", () => {
    const rows = ask(draw(30, 12), sigmoidGame(12));
    const pairs = (n) => finish(limeErrors(rows, { width: 0.25, target: 0, n })).dof + 1;
    const early = Array.from({ length: 17 }, (_, i) => 14 + i).filter((n) => pairs(n) < 10);
    expect(early.length).toBeGreaterThan(3);
    for (const n of early) {
      const { stdError, fidelity } = finish(limeErrors(rows, { width: 0.25, target: 0, n }));
      expect([...new Set(stdError), fidelity]).toEqual([Infinity, null]);
    }
  });

  test("once all coalitions are in there is no error", () => {
    const rows = ask(everyCoalition(6), sigmoidGame(6));
    const { stdError, fidelity } = finish(limeErrors(rows, { width: 0.25, target: 0 }));
    expect([...new Set(stdError)]).toEqual([0]);
    expect(fidelity).toBeGreaterThan(0.5);
  });

  test("a linear game is foreseen exactly, and one that never changes has no fidelity", () => {
    const question = { width: 0.5, target: 0 };
    const fidelity = (game) => finish(limeErrors(ask(draw(200, 12), game), question)).fidelity;
    expect(fidelity((z) => z[0] - 2 * z[3])).toBeCloseTo(1, 9);
    expect(fidelity(() => 0.5)).toBeNull();
  });

  test("they come in bites, and rows that come meanwhile change nothing", () => {
    const [coalitions, game] = [draw(900, 40), sigmoidGame(40)];
    const question = { width: 0.25, target: 0, n: 600 };
    const whole = finish(limeErrors(ask(coalitions.slice(0, 600), game), question));
    const rows = ask(coalitions.slice(0, 600), game);
    const work = limeErrors(rows, question);
    for (let i = 0; i < 4; i++) expect(work.next().done).toBe(false);
    rows.append(
      toBytes(
        coalitions.slice(600),
        coalitions.slice(600).map((z) => [game(z)]),
      ),
      600,
    );
    expect(finish(work)).toEqual(whole);
  });
});

test("pairs: each coalition knows its complement, once both are here", () => {
  const coalitions = draw(120, 9);
  const rows = ask(coalitions.slice(0, 60), () => 0);
  rows.mates();
  const rest = coalitions.slice(60);
  rows.append(
    toBytes(
      rest,
      rest.map(() => [0]),
    ),
    60,
  );
  const key = (z) => z.join("");
  const keys = coalitions.map(key);
  const expected = coalitions.map((z) => keys.indexOf(key(z.map((value) => 1 - value))));
  expect([...rows.mates().subarray(0, 120)]).toEqual(expected);
  expect(new Set(expected).size).toBeGreaterThan(100);
  expect(
    [
      ...ask(coalitions, () => 0, "bins")
        .mates()
        .subarray(0, 120),
    ].every((mate) => mate === -1),
  ).toBe(true);
});
