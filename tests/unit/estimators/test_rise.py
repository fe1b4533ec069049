"""RISE: against the covariance of its own masks, on functions and networks."""

import itertools

import numpy as np
import pytest
import torch

import limelight as ll
from limelight.errors import InputError
from limelight.estimators.rise import Masks, blended, rise
from limelight.quality.intervals import critical
from limelight.streams import Allowance

HEIGHT, WIDTH = 10, 8
WEIGHTS = np.random.default_rng(1).normal(size=(HEIGHT, WIDTH))
SEGMENTS = np.arange(HEIGHT)[:, None] // 5 * 2 + np.arange(WIDTH) // 4


class Plain:
    """A game of a function of masks."""

    segments, n_features = SEGMENTS, 4

    def __init__(self, function, batch_size=16):
        self.batch_size, self._function = batch_size, function
        self.n_asked = 0

    def outputs(self, start, stop, masks, *factors):
        self.n_asked = max(self.n_asked, stop)
        return self._function(masks(*factors))[:, None]


def linear(masks):
    return (masks * WEIGHTS).sum((1, 2))


def last(game, limit, **options):
    found = itertools.takewhile(lambda one: one is not None, rise(game, 0, Allowance(limit), **options))
    return list(found)[-1]


def covariance(cells, p):
    """Of linear's output with every pixel, over all coins and shifts: (height, width)."""
    sides = [np.mean([weights[s : s + side] @ weights[s : s + side].T for s in range(step)], axis=0)
             for weights, (side, step) in zip(*_parts(cells, p), strict=True)]
    return p * (1 - p) * sides[0] @ WEIGHTS @ sides[1]


def _parts(cells, p):
    masks = Masks((HEIGHT, WIDTH), cells, p, 0)
    return masks._weights, masks._sides


def segment_means(pixels):
    return np.bincount(SEGMENTS.ravel(), pixels.ravel()) / np.bincount(SEGMENTS.ravel())


@pytest.mark.parametrize(("cells", "p"), [(3, 0.5), (4, 0.25)])
def test_a_linear_function_has_the_covariance_of_its_masks(cells, p):
    found = last(Plain(linear, 500), 20_002, cells=cells, p=p)
    expected = covariance(cells, p) / p
    assert found.pixels == pytest.approx(expected, abs=0.12 * np.abs(expected).max())
    assert (np.abs(found.values[:, 0] - segment_means(expected)) <= 4 * found.std_error[:, 0]).all()


def test_values_are_means_of_pixels():
    found = last(Plain(linear), 300)
    assert found.values[:, 0] == pytest.approx(segment_means(found.pixels), abs=1e-6)


def test_intervals_cover_what_they_say():
    expected = segment_means(covariance(3, 0.5) / 0.5)
    inside = []
    for seed in range(150):
        found = last(Plain(linear, 64), 102, cells=3, seed=seed)
        inside.append(np.abs(found.values[:, 0] - expected) <= found.std_error[:, 0] * critical(found.dof, 0.9))
    assert 0.85 <= np.mean(inside) <= 0.95


def test_what_the_paper_computes_is_the_same_map_plus_the_mean_output():
    found = last(Plain(linear), 402)
    masks = blended(*Masks((HEIGHT, WIDTH), 7, 0.5, 0).draw(0, 400))
    paper = np.tensordot(linear(masks), masks, 1) / (400 * 0.5)
    rest = paper - 399 / 400 * found.pixels  # a covariance has one degree of freedom less
    assert rest == pytest.approx(linear(masks).mean() * masks.mean(0) / 0.5, abs=1e-4)


def test_an_output_that_never_changes_owes_nothing_to_any_pixel():
    found = last(Plain(lambda masks: np.full(len(masks), 1e6)), 100)
    assert not found.values.any() and not found.pixels.any() and not found.std_error.any()


@pytest.mark.parametrize("shape", [(224, 224), (50, 31), (7, 7), (8, 300)])
def test_masks_are_smooth_between_nothing_and_everything_and_show_a_share_of_p_everywhere(shape):
    rows, grids, columns = Masks(shape, 7, 0.3, 0).draw(0, 400)
    masks = blended(rows, grids, columns)
    assert masks.shape == (400, *shape) and masks.min() >= 0 and masks.max() <= 1 + 1e-12
    assert rows.sum(2) == pytest.approx(1) and columns.sum(2) == pytest.approx(1)
    assert masks.mean(0) == pytest.approx(0.3, abs=0.12)
    assert np.abs(np.diff(masks, axis=1)).max() <= 7 / shape[0] + 1e-12


def test_a_mask_depends_on_the_seed_and_its_number_alone():
    masks = Masks((20, 20), 5, 0.5, 3)
    whole, part = (blended(*masks.draw(*span)) for span in ((0, 9), (4, 9)))
    assert np.array_equal(whole[4:], part)
    assert not np.array_equal(whole, blended(*Masks((20, 20), 5, 0.5, 4).draw(0, 9)))


def test_the_limit_is_kept_and_the_batches_make_no_difference():
    games = Plain(linear, 7), Plain(linear, 64)
    one, other = (last(game, 103) for game in games)
    assert one.values == pytest.approx(other.values, abs=1e-12)
    assert [game.n_asked for game in games] == [101, 101] and one.n_evals == other.n_evals == 103


def test_no_interval_before_ten_masks():
    found = list(itertools.islice(rise(Plain(linear, 2), 0, Allowance(30)), 14))
    assert [bool(np.isfinite(one.std_error).all()) for one in found] == [one.params["masks"] >= 10 for one in found]


@pytest.mark.parametrize(("options", "message"), [
    ({"cells": 0}, "cells=0 can't be used"), ({"cells": 2.5}, "cells=2.5"), ({"cells": 99}, "from 1 to 16 cells"),
    ({"p": 0}, "p=0 can't be used"), ({"p": 1.5}, "between 0 and 1"), ({"window": 3}, "no option 'window'"),
    ({"n_samples": 3}, "n_samples=3 is too few"),
])
def test_what_makes_no_masks_is_refused(options, message):
    model = ll.image_model(lambda batch: batch.mean((1, 2)))
    with pytest.raises(InputError, match=message):
        ll.explain(model, np.zeros((16, 20, 3), np.uint8), method="rise", progress=False, **options)


def picture():
    return np.random.default_rng(0).integers(0, 255, (24, 30, 3), np.uint8)


def corner(batch):
    """Brightness of a corner and of the rest."""
    return np.stack([batch[:, :8, :8].mean((1, 2, 3)), batch[:, 8:, 8:].mean((1, 2, 3))], axis=1)


def test_the_corner_that_a_function_looks_at_is_found():
    model = ll.image_model(corner, hide="black", segments=12, output_names=["corner", "rest"])
    found = ll.explain(model, picture(), method="rise", target="corner", n_samples=600, progress=False)
    assert found.pixels.shape == (24, 30) and found.quality["completeness_gap"] is None
    row, column = np.unravel_index(found.pixels.argmax(), found.pixels.shape)
    assert row < 10 and column < 10
    assert found.interval()[0][found.values[:, 0].argmax(), 0] > 0


def test_a_network_composes_pictures_as_a_function_of_arrays_does():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Tanh(), torch.nn.Flatten(),
                              torch.nn.Linear(4 * 14 * 14, 2)).double()
    image = torch.rand(3, 16, 16)

    def asked(batch):
        with torch.no_grad():
            return net(torch.tensor(batch, dtype=torch.float64).permute(0, 3, 1, 2)).numpy()

    segments = np.arange(256).reshape(16, 16) // 64
    options = {"method": "rise", "n_samples": 200, "output": "logit", "target": 0, "progress": False}
    ours = ll.explain(ll.image_model(net, segments=segments, hide="blur"), image, **options)
    pixels = image.permute(1, 2, 0).numpy()
    plain = ll.explain(ll.image_model(asked, segments=segments, hide="blur"), pixels, **options)
    assert ours.values[:, 0] == pytest.approx(plain.values[:, 0], rel=1e-3, abs=1e-4)
    assert net.training  # as it was found


def test_another_output_is_read_from_the_same_answers():
    rows = []

    def counted(batch):
        rows.append(len(batch))
        return corner(batch)

    found = ll.explain(ll.image_model(counted, segments=12), picture(), method="rise", target=0, n_samples=60,
                       progress=False)
    run = found._run
    run.aim(1)
    while run.state == "running":
        run.step()
    assert sum(rows) == 60
    assert np.isfinite(run.explanation({"target": 1}).values[:, 1]).all()


def test_groups_of_segments_are_summed_up_as_one():
    model = ll.image_model(corner, segments=np.arange(24 * 30).reshape(24, 30) // 180)
    options = {"method": "rise", "n_samples": 40, "target": 0, "progress": False}
    apart = ll.explain(model, picture(), **options)
    joined = ll.explain(model, picture(), groups={"top": [0, 1]}, **options)
    assert joined.values[0, 0] == pytest.approx(apart.values[:2, 0].mean(), abs=1e-6)
    assert np.array_equal(joined.pixels, apart.pixels)
