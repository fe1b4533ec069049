"""Images in segments: cutting, hiding, composing, and what the view is given."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from limelight.errors import InputError
from limelight.maskers.image import ImageMasker
from limelight.maskers.segments import map_of, run_lengths, segment
from limelight.models.image import ImageModel

torch.set_num_threads(1)
RNG = np.random.default_rng(0)
PICTURE = RNG.integers(0, 256, (12, 10, 3), np.uint8)
MAP = np.arange(12)[:, None] // 4 * 2 + np.arange(10) // 5


class Linear(torch.nn.Module):
    """Two weighted sums of the pixels: a hidden segment changes them by a known amount."""

    def __init__(self):
        super().__init__()
        self.weights = torch.nn.Parameter(torch.tensor(RNG.normal(size=(2, 3, 12, 10)), dtype=torch.float32))

    def forward(self, images):
        return torch.einsum("nchw,kchw->nk", images, self.weights)


def to_tensor(picture):
    return torch.tensor(np.asarray(picture) / 255, dtype=torch.float32).permute(2, 0, 1)


def all_coalitions(d):
    return (np.arange(2**d)[:, None] >> np.arange(d) & 1).astype(bool)


def expected_means(pixels):
    hidden = np.empty_like(pixels)
    for label in np.unique(MAP):
        hidden[label == MAP] = pixels[label == MAP].mean(0)
    return hidden


@pytest.mark.parametrize(("hide", "hidden"), [
    ("mean", expected_means(PICTURE / 255)), ("#ff0080", np.broadcast_to([1, 0, 128 / 255], (12, 10, 3))),
])
def test_a_linear_network_answers_the_sum_of_what_is_shown_and_hidden(hide, hidden):
    net = Linear()
    masker = ImageMasker(ImageModel(net, to_tensor, segments=MAP, hide=hide), PICTURE)
    coalitions = all_coalitions(6)
    weights = net.weights.detach().numpy().transpose(0, 2, 3, 1)
    images = np.where(coalitions[:, MAP][..., None], PICTURE / 255, hidden)
    np.testing.assert_allclose(masker(coalitions, "logit"), np.einsum("nhwc,khwc->nk", images, weights), atol=1e-3)


def test_a_function_is_given_the_same_pictures():
    seen = []
    model = ImageModel(lambda batch: seen.append(batch) or batch.mean((1, 2)), segments=MAP, hide=(1, 2, 3))
    coalitions = all_coalitions(6)
    ImageMasker(model, PICTURE)(coalitions, "logit")
    expected = np.where(coalitions[:, MAP][..., None], PICTURE, np.array([1, 2, 3], np.uint8))
    np.testing.assert_array_equal(np.concatenate(seen), expected)
    assert np.concatenate(seen).dtype == np.uint8


def test_pixels_that_are_not_finite_stay_where_they_are():
    tensor = to_tensor(PICTURE)
    tensor[:, MAP == 3] = torch.inf
    count = lambda_net(lambda x: torch.stack([x.isinf().sum((1, 2, 3)), x.isnan().sum((1, 2, 3))], 1))
    masker = ImageMasker(ImageModel(count, segments=MAP), tensor)
    np.testing.assert_array_equal(masker(all_coalitions(6), "logit"), [(3 * 20, 0)] * 64)


def lambda_net(forward):
    return type("Net", (torch.nn.Module,), {"forward": lambda self, x: forward(x)})()


def test_hiding_by_the_mean_keeps_every_channels_sum():
    masker = ImageMasker(ImageModel(lambda_net(lambda x: x.sum((2, 3))), to_tensor, segments=MAP), PICTURE)
    outputs = masker(all_coalitions(6), "logit")
    np.testing.assert_allclose(outputs, np.broadcast_to((PICTURE / 255).sum((0, 1)), outputs.shape), rtol=1e-5)


def test_blurring_a_plain_picture_changes_nothing():
    plain = np.full((20, 20, 3), 77, np.uint8)
    masker = ImageMasker(
        ImageModel(lambda_net(lambda x: x.amax((2, 3)) - x.amin((2, 3))), to_tensor, hide="blur"), plain
    )
    d = len(masker.feature_names)
    np.testing.assert_allclose(masker(np.zeros((1, d), bool), "logit"), 0, atol=1e-6)


@pytest.mark.parametrize(("colour", "hide", "told"), [
    (77, "mean", True), (77, "blur", True), (77, "#ff0000", False), (0, "#000000", True), (0, "#ffffff", False),
])
def test_hiding_that_changes_nothing_is_told(colour, hide, told):
    network = ImageModel(lambda_net(lambda x: x.amax((2, 3))), to_tensor, hide=hide)
    notes = ImageMasker(network, np.full((20, 20, 3), colour, np.uint8)).subject["notes"]
    assert notes == [f"Hiding by '{hide}' changes nothing in this picture, so methods that hide segments find no more "
                     "than rounding: give hide= a colour that it does not have."] * told
    assert ImageMasker(network, PICTURE).subject["notes"] == []


def test_batches_are_no_larger_than_told_and_make_no_difference():
    sizes = []
    net = Linear()
    net.register_forward_hook(lambda module, inputs, output: sizes.append(len(output)))
    masker = ImageMasker(ImageModel(net, to_tensor, segments=MAP), PICTURE)
    masker.batch_size = 4
    coalitions = all_coalitions(6)
    together = masker(coalitions, "probability")
    apart = np.concatenate([masker(coalitions[i : i + 4], "probability") for i in range(0, 64, 4)])
    np.testing.assert_array_equal(together, apart)
    assert set(sizes) == {4}


def test_large_pictures_make_small_batches():
    model = ImageModel(lambda_net(lambda x: x))
    sizes = [model.batch_size(np.empty((side, side, 3), np.float32)) for side in (16, 224, 448)]
    assert sizes == [64, 4, 1]


def test_a_colour_does_not_fit_a_tensor():
    with pytest.raises(InputError, match="choose 'mean' or 'blur'"):
        ImageMasker(ImageModel(Linear(), hide="grey"), to_tensor(PICTURE))


def test_a_segment_has_no_value_to_edit():
    masker = ImageMasker(ImageModel(Linear(), to_tensor, segments=MAP), PICTURE)
    with pytest.raises(InputError, match="hide them instead"):
        masker.edited({0: 1}, "probability")


def test_the_view_gets_the_picture_and_its_segments():
    subject = ImageMasker(ImageModel(Linear(), to_tensor, segments=MAP), PICTURE).subject
    assert (subject["kind"], subject["model"], subject["hide"]) == ("image", "Linear", "mean")
    assert (subject["width"], subject["height"]) == (10, 12)
    assert subject["features"] == [f"segment {i}" for i in range(6)]
    np.testing.assert_array_equal(map_of(subject["segments"], 12, 10), MAP)
    shown = np.asarray(Image.open(io.BytesIO(subject["picture"])))
    lo, hi = PICTURE.min(), PICTURE.max()
    np.testing.assert_allclose(
        shown, (PICTURE.astype(float) - lo) * 255 / (hi - lo), atol=1.01 if lo or hi < 255 else 0.51
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 65535), st.sampled_from([1, 2, 7, 65535, 65536, 140_000])), min_size=1, max_size=6
    )
)
@settings(deadline=None, max_examples=30)
def test_runs_of_any_length_come_back(runs):
    flat = np.repeat([label for label, _ in runs], [length for _, length in runs])
    written = run_lengths(flat[None])
    np.testing.assert_array_equal(map_of(written, 1, len(flat)), flat[None])
    assert np.frombuffer(written, "<u2")[1::2].min() > 0


@pytest.mark.parametrize("how", ["auto", 1, 7, 20, lambda picture: picture[..., 0] > 9, np.where(MAP == 2, -7, 400)])
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 9), (12, 10), (40, 60)])
@pytest.mark.parametrize("plain", [False, True])
def test_segments_are_numbered_without_gaps(how, shape, plain):
    if isinstance(how, np.ndarray) and shape != how.shape:
        how = np.arange(np.prod(shape)).reshape(shape) * 3
    picture = np.full((*shape, 3), 9, np.uint8) if plain else RNG.integers(0, 256, (*shape, 3), np.uint8)
    labels = segment(picture, how)
    assert labels.shape == shape
    assert set(labels.ravel()) == set(range(labels.max() + 1))
    if isinstance(how, int):
        assert labels.max() < 2 * how


def test_a_plain_picture_falls_into_about_fifty_pieces():
    labels = segment(np.zeros((60, 80, 3), np.uint8))
    assert 40 <= labels.max() + 1 <= 60
    assert np.bincount(labels.ravel()).max() <= 2 * np.bincount(labels.ravel()).min()


@pytest.mark.parametrize(("how", "message"), [
    (np.zeros((10, 12), int), r"\(10, 12\).*\(12, 10\)"), (lambda picture: np.zeros(3, int), r"\(3,\).*\(12, 10\)"),
    (np.zeros((12, 10)), "whole numbers"), ("slic", "'auto'"), (0, "between 1"), (True, "'auto'"), (2.5, "'auto'"),
])
def test_segments_that_do_not_fit_are_refused(how, message):
    with pytest.raises(InputError, match=message):
        segment(PICTURE, how)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 3, 3), (3, 3), (3, 3, 4)])
def test_tiny_pictures_are_explained_too(shape):
    picture = RNG.integers(0, 256, shape, np.uint8)
    masker = ImageMasker(ImageModel(lambda_net(lambda x: x.mean((2, 3))), to_tensor), picture)
    d = len(masker.data)
    assert d == shape[0] * shape[1]
    assert masker(np.ones((2, d), bool), "probability").shape == (2, 3)
