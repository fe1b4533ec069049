"""The odd Gaussian process: closed forms against enumeration, axioms, hyper-parameters and intervals."""

import itertools

import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.special import stdtrit

from limelight.estimators import odd_process
from limelight.estimators.coalitions import coalitions
from limelight.estimators.odd_kernel import OddKernel, pair_weights
from limelight.estimators.odd_process import _loss, better, fitted, levels, posterior, prior_kernel, refitted
from limelight.estimators.shapley import regression, shapley

RNG = np.random.default_rng


def all_pairs(n_features):
    """One row of each pair, everything first."""
    rest = itertools.product([1.0, -1.0], repeat=n_features - 1)
    return np.array([(1.0, *row) for row in rest])


def drawn(n_features, n_pairs, seed=0):
    """One row of each of the first pairs that limelight draws, the one that was asked first."""
    earlier, found = set(), []
    for row in coalitions(n_features, seed=seed):
        if (~row).tobytes() in earlier:
            found.append(row)
        earlier.add(row.tobytes())
        if len(found) == n_pairs:
            return 2.0 * np.array(found) - 1
    raise AssertionError("there are fewer pairs")


def halves(game, x):
    return ((game(x > 0) - game(x < 0)) / 2).reshape(len(x), -1)


def smooth_game(n_features, seed=0):
    """A product game: exp of a sum, so that interactions of all orders are in it; and its Shapley values."""
    slope = RNG(seed).normal(size=n_features) / np.sqrt(n_features)
    nodes, weights = np.polynomial.legendre.leggauss(n_features)
    gain = np.expm1(slope)
    mixed = np.log1p(np.outer((nodes + 1) / 2, gain))
    values = gain * ((weights / 2) @ np.exp(mixed.sum(1, keepdims=True) - mixed))
    return (lambda rows: np.exp(rows @ slope)), values[:, None]


def by_regression(x, h):
    """Least squares on the same pairs under the Shapley kernel, each size weighing what it should."""
    n_features, total = x.shape[1], 2 * h[0] * x[0, 0]
    inner = x[1:]
    size = ((abs(inner.sum(1)) + n_features) / 2).astype(int)
    weight = 1 / (size * (n_features - size)) / np.bincount(size)[size]
    design = inner / 2 - inner.mean(1, keepdims=True) / 2
    rest = h[1:] - np.outer(inner.mean(1) / 2, total)
    root = np.sqrt(weight)[:, None]
    return np.linalg.lstsq(root * design, root * rest, rcond=None)[0] + total / n_features


def kernel(n_features, seed=0):
    return OddKernel(RNG(seed).gamma(1, 0.3, size=n_features), 0.7, 0.01)


@pytest.mark.parametrize("n_features", [2, 3, 6])
def test_weights_of_pairs_are_the_definition(neighborhood, random_game, n_features):
    game, x = random_game(n_features, n_outputs=2), all_pairs(n_features)
    found = pair_weights(x).T @ ((game(x > 0) - game(x < 0)) / 2)
    assert found == pytest.approx(shapley(neighborhood(game, n_features)).values, abs=1e-10)


@pytest.mark.parametrize("n_features", [2, 3, 7])
def test_covariance_with_values_is_that_of_their_definition(n_features):
    """Values are weighted sums of h, so their covariances are sums of the kernel's."""
    x, k = all_pairs(n_features), kernel(n_features)
    weights, matrix = pair_weights(x), k.among(x)
    assert k.with_values(x) == pytest.approx(matrix @ weights, abs=1e-12)
    assert k.value_variance == pytest.approx(np.diag(weights.T @ matrix @ weights), abs=1e-12)
    assert np.diag(matrix) == pytest.approx(k.variance)


def test_the_kernel_gives_an_interaction_the_product_of_its_members():
    """Covariance of Walsh coefficients, by the transform of the kernel's matrix over all coalitions."""
    k = kernel(4)
    rows = np.array(list(itertools.product([1.0, -1.0], repeat=4)))
    triple = rows[:, [0, 1, 3]].prod(1) / 16
    smooth = OddKernel(k.theta, 0.0, 0.0).between(rows, rows)
    lam = np.tanh(k.theta)
    scale = np.cosh(k.theta).prod() / np.sinh(k.total)
    assert triple @ smooth @ triple == pytest.approx(scale * lam[0] * lam[1] * lam[3])
    assert rows[:, :2].prod(1) @ smooth @ rows[:, :2].prod(1) == pytest.approx(0, abs=1e-12)  # even


@pytest.mark.parametrize("n_features", [100, 1000])
@pytest.mark.parametrize("total", [0.1, 5.0, 20.0])
def test_quadrature_is_enough_for_a_thousand_features(monkeypatch, total, n_features):
    theta = RNG(1).gamma(0.5, size=n_features)
    k = OddKernel(theta * total / theta.sum(), 1.0, 1e-4)
    x = RNG(2).choice([-1.0, 1.0], size=(20, n_features))
    few = k.with_values(x), k.value_variance
    exact = np.polynomial.legendre.leggauss(50)
    monkeypatch.setattr("limelight.estimators.odd_kernel.quadrature",
                        lambda n: ((exact[0] + 1) / 2, exact[1] / 2))
    many = OddKernel(k.theta, 1.0, 1e-4)
    assert few[0] == pytest.approx(many.with_values(x), abs=1e-13)
    assert few[1] == pytest.approx(many.value_variance, abs=1e-13)


@pytest.mark.parametrize("theta", [1e-9, 0.02, 2.7])
def test_a_thousand_features_take_no_number_out_of_range(theta):
    k, x = OddKernel(np.full(1000, theta), 1.0, 1e-4), RNG(0).choice([-1.0, 1.0], size=(4, 1000))
    with np.errstate(all="raise", under="ignore"):
        with_values, variance = k.with_values(np.vstack([np.ones(1000), x])), k.value_variance
    assert np.isfinite(with_values).all() and (variance > 0).all()
    if k.total < 100:  # or sixteen nodes are not enough; the values sum to 2 h(everything)
        assert with_values[0].sum() == pytest.approx(2 * k.variance)


@pytest.mark.parametrize("n_outputs", [1, 3])
def test_gradient_of_the_likelihood(n_outputs):
    x = drawn(6, 20)
    h = RNG(1).normal(size=(20, n_outputs))
    for seed in range(3):
        point = np.append(RNG(seed).normal(-1, 1, size=6), [-0.5, -3.0])
        wrong = check_grad(lambda u: _loss(u, x, h)[0], lambda u: _loss(u, x, h)[1], point)
        assert wrong < 1e-4


def test_fitting_raises_the_density():
    x = drawn(12, 60)
    h = halves(smooth_game(12)[0], x)
    start, better_one = prior_kernel(12), fitted(x, h, {})
    losses = [_loss(np.log([*k.theta, k.linear, k.noise]), x, h / abs(h).max())[0] for k in (start, better_one)]
    assert losses[1] < losses[0] - 10


@pytest.mark.parametrize("n_features", range(2, 9))
def test_exact_when_all_pairs_are_in(neighborhood, random_game, n_features):
    game, x = random_game(n_features, n_outputs=2), all_pairs(n_features)
    h = halves(game, x).reshape(len(x), 2)
    found = posterior(x, h, fitted(x, h, {}))
    assert found.values == pytest.approx(shapley(neighborhood(game, n_features)).values, abs=1e-9)
    assert found.variance == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("n_pairs", [2, 5, 20, 100])
def test_values_sum_to_the_gain(kinked_game, n_pairs):
    x = drawn(14, n_pairs)
    h = halves(kinked_game, x)
    found = posterior(x, h, fitted(x, h, {}))
    assert found.values.sum() == pytest.approx(kinked_game(x[:1] > 0)[0] - kinked_game(x[:1] < 0)[0], abs=1e-9)


def test_residuals_are_those_of_a_fit_without_the_pair():
    x = drawn(9, 30)
    h, k = halves(smooth_game(9)[0], x), kernel(9)
    for j in (0, 7, 29):
        rest = np.arange(30) != j
        predicted = k.between(x[[j]], x[rest]) @ np.linalg.solve(k.among(x[rest]), h[rest])
        assert posterior(x, h, k).residuals[j] == pytest.approx(h[j] - predicted[0])


def test_linear_in_the_game_and_blind_to_which_row_of_a_pair_is_given():
    x, k = drawn(10, 40), kernel(10)
    one, two = RNG(1).normal(size=(2, 40, 1))
    both = posterior(x, 2 * one - 3 * two, k).values
    assert both == pytest.approx(2 * posterior(x, one, k).values - 3 * posterior(x, two, k).values)
    sign = RNG(2).choice([-1.0, 1.0], size=(40, 1))
    turned, given = posterior(sign * x, sign * one, k), posterior(x, one, k)
    assert turned.values == pytest.approx(given.values)
    assert turned.variance == pytest.approx(given.variance)


def test_features_in_another_order_give_the_same_answer():
    x = drawn(10, 40)
    h = halves(smooth_game(10)[0], x)
    order = RNG(3).permutation(10)
    found = posterior(x, h, fitted(x, h, {}))
    moved = posterior(x[:, order], h, fitted(x[:, order], h, {}))
    assert moved.values == pytest.approx(found.values[order], rel=1e-4)


def test_hyper_parameters_do_not_depend_on_how_the_rows_came():
    x = drawn(12, 150)
    h = halves(smooth_game(12)[0], x)
    cache = {}
    for n_pairs in (9, 33, 34, 120, 150):
        chunked = fitted(x[:n_pairs], h[:n_pairs], cache)
    at_once = fitted(x, h, {})
    assert (chunked.theta == at_once.theta).all() and chunked.noise == at_once.noise


def test_levels_grow_by_two_fifths_and_end():
    found = np.array(levels(10_000))
    assert found[0] == 8 and found[-1] <= 400
    assert (found[1:] <= np.ceil(1.4 * found[:-1])).all()
    assert levels(7) == [] and levels(50) == [level for level in found if level <= 50]


def test_features_stay_alike_until_pairs_tell_them_apart():
    """A feature whose own pair says nothing may still do something with others; null players are found out."""
    triples = np.array(list(itertools.combinations(range(9), 3)))
    every, alike = all_pairs(9), []
    by_size = [every[:1], every[abs(every.sum(1)) == 7], every[abs(every.sum(1)) < 7]]
    for seed in range(12):
        main, together = np.append(0, RNG(seed).normal(size=8)), RNG(seed).normal(size=len(triples)) / 3
        x = np.vstack([RNG(seed).permutation(rows) for rows in by_size])[:24]
        theta = fitted(x, (x @ main + x[:, triples].prod(2) @ together)[:, None], {}).theta
        alike.append(np.sort(theta)[:3].mean() / theta.mean())
    assert np.median(alike) > 0.4
    for seed in range(3):
        x = drawn(20, 100, seed)
        theta = fitted(x, np.tanh(x[:, :6] @ RNG(seed).normal(size=6))[:, None], {}).theta
        assert np.median(theta[6:]) < 0.01 * np.median(theta[:6])


def test_copies_and_empty_outputs_change_nothing():
    x = drawn(12, 60)
    h = halves(smooth_game(12)[0], x)
    alone = fitted(x, h, {})
    twice = fitted(x, np.hstack([h, -h, 0 * h]), {})
    assert twice.theta == pytest.approx(alone.theta, rel=1e-3)
    found = posterior(x, np.hstack([h, -h, 0 * h]), alone)
    assert found.values[:, 1] == pytest.approx(-found.values[:, 0])
    assert not found.values[:, 2].any() and not found.variance[:, 2].any()


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_units_do_not_matter(scale):
    x = drawn(12, 60)
    h = halves(smooth_game(12)[0], x)
    one, other = (posterior(x, s * h, fitted(x, s * h, {})) for s in (1.0, scale))
    assert other.values / scale == pytest.approx(one.values, rel=1e-5)
    assert other.variance / scale**2 == pytest.approx(one.variance, rel=1e-3)


@pytest.mark.parametrize("game", [
    lambda rows: np.zeros(len(rows)),
    lambda rows: rows @ np.arange(20.0),
    lambda rows: 100.0 * rows[:, 0] + 1e-3 * np.tanh(rows @ np.linspace(-1, 1, 20)),
    lambda rows: 1.0 * rows.all(1),
    lambda rows: rows.sum(1) % 2.0,
], ids=["constant", "additive", "dominant", "and", "parity"])
@pytest.mark.parametrize("n_pairs", [1, 2, 9, 80])
def test_odd_games_of_every_shape_have_finite_answers(game, n_pairs):
    x = drawn(20, n_pairs)
    h = halves(game, x)
    with np.errstate(all="raise", under="ignore"):
        found = posterior(x, h, fitted(x, h, {}))
    assert np.isfinite(found.values).all()
    assert np.isfinite(found.variance).all() and (found.variance >= 0).all()


def test_additive_games_and_null_players_are_found_out():
    weights = np.append(RNG(0).normal(size=15), 5 * [0.0])[:, None]
    x = drawn(20, 60)
    h = x @ weights / 2
    assert posterior(x, h, fitted(x, h, {})).values == pytest.approx(weights, abs=1e-3)


def test_planted_interactions_are_found():
    def game(rows):
        return 2.0 * rows[:, 0] - 3.0 * rows[:, [1, 2]].all(1) + 1.5 * rows[:, [0, 3, 4]].all(1)

    exact = np.array([2.5, -1.5, -1.5, 0.5, 0.5, *15 * [0.0]])
    x = drawn(20, 150)
    h = halves(game, x)
    assert posterior(x, h, fitted(x, h, {})).values[:, 0] == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize("n_features", [12, 20])
def test_several_times_less_error_than_regression(n_features):
    ratios = []
    for seed in range(3):
        game, exact = smooth_game(n_features, seed)
        x = drawn(n_features, 5 * n_features, seed)
        h = halves(game, x)
        found = posterior(x, h, fitted(x, h, {})).values
        peer = by_regression(x, h)
        ratios.append(((found - exact) ** 2).sum() / ((peer - exact) ** 2).sum())
    assert np.median(ratios) < 0.5


def test_less_error_than_regression_with_hundreds_of_features(neighborhood):
    game, exact = smooth_game(300)
    asked = neighborhood(lambda rows: game(rows)[:, None], 300, n=1500)
    found, peer = shapley(asked), regression(asked)
    assert "odd process" in found.params["route"]
    assert ((found.values - exact) ** 2).sum() < 0.75 * ((peer.values - exact) ** 2).sum()


def test_intervals_cover():
    """90 % intervals of games that are no draws of the kernel, from ten pairs on."""
    covered = []
    for n_features, n_pairs in itertools.product([12, 20], [10, 40, 100]):
        for seed in range(10):
            game, exact = smooth_game(n_features, seed)
            x = drawn(n_features, n_pairs, seed)
            h = halves(lambda rows, game=game: np.tanh(game(rows)), x) if n_features == 12 else halves(game, x)
            if n_features == 12:
                every = all_pairs(12)
                exact = pair_weights(every).T @ halves(lambda rows, game=game: np.tanh(game(rows)), every)
            found = posterior(x, h, fitted(x, h, {}))
            half_width = stdtrit(n_pairs - 1, 0.95) * np.sqrt(found.variance)
            covered.append((abs(found.values - exact) <= half_width).mean())
    assert 0.83 < np.mean(covered) < 0.97


def test_variance_does_not_outlive_doubt():
    x = drawn(8, 127)
    h = halves(smooth_game(8)[0], x) + RNG(0).normal(size=(127, 1))
    deviation = [np.sqrt(posterior(x[:p], h[:p], fitted(x[:p], h[:p], {})).variance.sum()) for p in (30, 90, 127)]
    assert deviation[0] > 2 * deviation[1] > 4 * deviation[2]


def test_many_pairs_leave_the_jackknife_its_share(monkeypatch):
    x = drawn(20, 200)
    h = halves(smooth_game(20)[0], x)
    kernel = fitted(x[:50], h[:50], {})
    variance = {}
    for most in (50, 200):
        monkeypatch.setattr(odd_process, "SHARED_BY", most)
        found = posterior(x, h, kernel)
        variance[most] = found.variance
    jackknife = (found.influence**2).T @ found.residuals**2
    share = odd_process.JACKKNIFE_SHARE * (np.sqrt(20 / 50) - np.sqrt(20 / 200))
    assert variance[50] - variance[200] == pytest.approx(share * jackknife, rel=1e-3)


def test_the_better_estimator_is_the_one_that_predicts():
    weights = np.array([1.0, 1.0, 100.0])
    odd, other = np.array([[1.0, 0, 0], [1, 0, 0], [0, 0, 1]]), np.array([[0.0, 0, 1], [0, 0, 1], [1, 0, 1]])
    assert better(odd, other, weights).tolist() == [True, True, True]
    assert better(other, odd, weights).tolist() == [False, True, False]


def test_refitting_goes_on_from_where_it_was():
    x = drawn(12, 60)
    h = halves(smooth_game(12)[0], x)
    found = refitted(prior_kernel(12), x, h, 200)
    again = refitted(found, x, h, 5)
    assert again.total == pytest.approx(found.total, rel=0.02)
