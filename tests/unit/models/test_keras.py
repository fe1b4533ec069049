"""Keras models on torch: tables, and pictures whose channels come last."""

import keras
import numpy as np
import pytest
import torch
from PIL import Image

import limelight as ll
from limelight.models.image import ImageModel

# Keras' own predict and get_weights hand numpy its tensors in a way that will go.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

METHODS = ["lime", "shapley", "saliency", "input_x_gradient", "integrated_gradients"]
PICTURE = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)
QUARTERS = np.arange(12)[:, None] // 6 * 2 + np.arange(16) // 8
ROWS = np.random.default_rng(1).normal(size=(30, 4))


def linear_table():
    net = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2)])
    net.set_weights([np.arange(8, dtype=np.float32).reshape(4, 2) - 3, np.array([1, -1], np.float32)])
    return net


def linear_picture(data_format="channels_last", last="linear"):
    """Means of the three channels, weighted: (n, 2)."""
    shape = (12, 16, 3) if data_format == "channels_last" else (3, 12, 16)
    net = keras.Sequential([keras.layers.Input(shape), keras.layers.GlobalAveragePooling2D(data_format=data_format),
                            keras.layers.Dense(2, use_bias=False, activation=last)])
    net.set_weights([np.array([[1, 0], [2, 1], [-4, 0.5]], np.float32)])
    return net


def convolutions(seed=0):
    keras.utils.set_random_seed(seed)
    return keras.Sequential([keras.layers.Input((12, 16, 3)), keras.layers.Rescaling(1 / 255),
                             keras.layers.Conv2D(4, 3, activation="tanh"), keras.layers.Dropout(0.5),
                             keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(3, activation="softmax")])


@pytest.mark.parametrize("method", ["shapley", "integrated_gradients"])
def test_a_linear_table_gets_its_closed_form(method):
    found = ll.explain(ll.tabular_model(linear_table(), ROWS), ROWS[3], method=method, target=1, output="logit",
                       progress=False)
    weights = np.arange(8).reshape(4, 2)[:, 1] - 3
    assert found.values[:, 1] == pytest.approx(weights * (ROWS[3] - ROWS.mean(0)), abs=1e-5)


@pytest.mark.parametrize("method, expected", [
    ("saliency", np.arange(8).reshape(4, 2)[:, 0] - 3),
    ("input_x_gradient", (np.arange(8).reshape(4, 2)[:, 0] - 3) * ROWS[3]),
])
def test_gradients_of_a_linear_table(method, expected):
    found = ll.explain(ll.tabular_model(linear_table(), ROWS), ROWS[3], method=method, target=0, output="logit",
                       progress=False)
    assert found.values[:, 0] == pytest.approx(expected, abs=1e-5)


class TestPictures:
    @pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
    @pytest.mark.parametrize("method", METHODS)
    def test_a_linear_network_gets_its_closed_form(self, data_format, method):
        model = ll.image_model(linear_picture(data_format), segments=QUARTERS, hide="black")
        options = {"baseline": "black"} if method == "integrated_gradients" else {}
        found = ll.explain(model, PICTURE, method=method, target=0, output="logit", progress=False, **options)
        weighted = PICTURE @ np.array([1.0, 2, -4]) / (12 * 16)
        expected = np.bincount(QUARTERS.ravel(), weighted.ravel())
        if method == "saliency":
            expected = np.full(4, -1 / 4)
        assert found.values[:, 0] == pytest.approx(expected, abs=1e-3)
        if method in METHODS[2:]:
            assert found.pixels.shape == (12, 16)

    def test_predictions_are_the_models_own(self):
        net = convolutions()
        found = ll.explain(net, PICTURE, n_samples=60, progress=False)
        assert found.prediction == pytest.approx(net.predict(PICTURE[None], verbose=0)[0], abs=1e-6)
        assert found.output_space == "probability" and found.subject["model"] == "Sequential"

    def test_integrated_gradients_add_up(self):
        found = ll.explain(convolutions(), PICTURE, method="integrated_gradients", progress=False)
        k = found.target
        assert found.params["relative_gap"] < 0.01
        assert found.values[:, k].sum() == pytest.approx((found.prediction - found.base_values)[k],
                                                         abs=0.01 * np.abs(found.values[:, k]).sum())

    @pytest.mark.parametrize("preprocess", [
        lambda picture: np.asarray(picture, np.float32) / 255,
        lambda picture: torch.tensor(np.asarray(picture) / 255),
    ])
    def test_preprocess_gives_channels_last_too(self, preprocess):
        net = linear_picture()
        read = ImageModel(net, preprocess).read(PICTURE)
        assert read.pixels == pytest.approx(PICTURE / 255) and (read.picture == PICTURE).all()
        found = ll.explain(ll.image_model(net, preprocess), PICTURE, n_samples=60, progress=False, output="logit")
        assert found.prediction == pytest.approx(net.predict(PICTURE[None] / 255, verbose=0)[0], abs=1e-5)

    @pytest.mark.parametrize("picture", [PICTURE, Image.fromarray(PICTURE), torch.tensor(PICTURE / 1.0),
                                         PICTURE.astype(float)])
    def test_without_preprocess_it_is_given_the_pictures_numbers(self, picture):
        read = ImageModel(linear_picture()).read(picture)
        assert read.pixels.dtype == np.float32 and (read.pixels == PICTURE).all()

    def test_without_preprocess_the_picture_is_shown_in_its_own_colours(self):
        grey = np.full((12, 16, 3), 128, np.uint8)
        assert (ImageModel(linear_picture()).read(grey).picture == 128).all()

    def test_grey_pictures_keep_their_one_channel(self):
        net = keras.Sequential([keras.layers.Input((12, 16, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
        for grey in (PICTURE[..., 0], PICTURE[..., :1], Image.fromarray(PICTURE[..., 0])):
            found = ll.explain(net, grey, n_samples=60, output="logit", progress=False)
            assert found.prediction == pytest.approx(net.predict(PICTURE[None, ..., :1], verbose=0)[0], abs=1e-2)

    def test_wrong_shapes_are_told_in_its_own_order(self):
        with pytest.raises(ll.InputError, match=r"preprocess gave should have shape \(height, width, channels\)"):
            ImageModel(linear_picture(), lambda picture: np.zeros(3)).read(PICTURE)


@pytest.mark.parametrize("method", ["lime", "saliency", "integrated_gradients"])
def test_the_network_is_left_as_it_was(method):
    net = convolutions()
    net.train()
    weights = [weight.copy() for weight in net.get_weights()]
    model = ll.image_model(net, segments=QUARTERS)
    one, two = (ll.explain(model, PICTURE, method=method, progress=False).values for _ in range(2))
    assert np.array_equal(one, two, equal_nan=True)  # no dropout
    assert all(part.training for part in net.modules())
    assert all((a == b).all() for a, b in zip(weights, net.get_weights(), strict=True))
    assert all(weight.grad is None for weight in net.parameters())


def test_a_network_of_token_ids_is_asked_and_has_no_gradient_by_words():
    words = {"good": 1, "bad": 2, "film": 3}
    net = keras.Sequential([keras.layers.Input((None,), dtype="int32"), keras.layers.Embedding(4, 2),
                            keras.layers.GlobalAveragePooling1D()])

    def encode(text):
        at = [(words[word], text.index(word)) for word in text.split()]
        return {"input_ids": [0] + [i for i, _ in at],
                "offset_mapping": [(0, 0)] + [(start, text.find(" ", start) % (len(text) + 1)) for _, start in at]}

    model = ll.text_model(net, encode)
    found = ll.explain(model, "good film", method="shapley", output="logit", progress=False)
    assert found.prediction == pytest.approx(net.predict(np.array([[0, 1, 3]]), verbose=0)[0], abs=1e-6)
    with pytest.raises(ll.InputError, match=r"no embedding layer, .* use lime or shapley"):
        ll.explain(model, "good film", method="saliency", progress=False)


def test_grad_cam_says_that_it_knows_torchs_own_layers():
    with pytest.raises(ll.InputError, match=r"of torch itself, and not of Keras.*use integrated_gradients"):
        ll.explain(ll.image_model(convolutions(), segments=4), PICTURE, method="grad_cam", progress=False)
