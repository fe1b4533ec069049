"""Image models: what they see, and what their outputs mean."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from limelight.errors import InputError, ModelError
from limelight.models.image import ImageModel

torch.set_num_threads(1)


def to_tensor(picture):
    """A preprocess that changes nothing but the order: 8 bits become 0..1."""
    array = np.asarray(picture)
    scale = 255 if array.dtype == np.uint8 else 1
    return torch.tensor(array / scale, dtype=torch.float32).permute(2, 0, 1)


class Means(torch.nn.Module):
    """Answers with the mean of each channel."""

    def forward(self, images):
        return images.mean((2, 3))


def ask(model, picture, output="probability", n=1):
    pixels = model.place(model.read(picture).pixels)
    return model.ask(lambda start, stop: pixels[None].repeat(stop - start, 1, 1, 1)
                     if model.is_network else np.repeat(pixels[None], stop - start, 0), n, 4, output)


def pictures():
    rgb = np.zeros((5, 7, 3), np.uint8)
    rgb[..., 1] = 51
    grey = np.full((5, 7), 51, np.uint8)
    clear = np.dstack([rgb, np.full((5, 7), 51, np.uint8)])
    return {
        "RGB": (rgb, (0, 0.2, 0)), "floats": (rgb / 255, (0, 0.2, 0)),
        "16 bits": (rgb.astype(np.uint16) * 257, (0, 0.2, 0)), "pillow": (Image.fromarray(rgb), (0, 0.2, 0)),
        "grey": (grey, (0.2, 0.2, 0.2)), "grey channel": (grey[..., None], (0.2, 0.2, 0.2)),
        "pillow grey": (Image.fromarray(grey), (0.2, 0.2, 0.2)),
        "pillow 16 bits": (Image.fromarray(grey.astype(np.uint16) * 257), (0.2, 0.2, 0.2)),
        # a fifth of the colour over four fifths of white
        "RGBA": (clear, (0.8, 0.84, 0.8)), "pillow RGBA": (Image.fromarray(clear), (0.8, 0.84, 0.8)),
        "tensor": (to_tensor(rgb), (0, 0.2, 0)),
    }


@pytest.mark.parametrize("kind", pictures())
def test_every_kind_of_picture_reaches_the_network_alike(kind):
    picture, colour = pictures()[kind]
    model = ImageModel(Means(), to_tensor)
    np.testing.assert_allclose(ask(model, picture, "logit"), [colour], atol=0.003)
    assert model.read(picture).picture.shape == (5, 7, 3)


@pytest.mark.parametrize("kind", ["RGBA", "pillow RGBA"])
def test_transparency_is_said(kind):
    picture, _ = pictures()[kind]
    assert ImageModel(Means(), to_tensor).read(picture).notes == [
        "The picture's transparent parts were laid over white."
    ]
    assert ImageModel(Means(), to_tensor).read(pictures()["RGB"][0]).notes == []


@pytest.mark.parametrize("picture", [np.zeros((3, 20, 30), np.uint8), np.zeros((1, 5, 5)), torch.zeros(4, 9, 9)])
def test_a_picture_with_its_channels_first_is_no_picture_to_a_function(picture):
    with pytest.raises(InputError, match=r"should have its channels last, and this one of shape \(\d, \d+, \d+\)"):
        ImageModel(lambda batch: batch.mean((1, 2))).read(picture)
    low = np.zeros((3, 30, 4))
    assert ImageModel(lambda batch: batch.mean((1, 2))).read(low).pixels.shape == low.shape


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_function_gets_the_pictures_own_type(dtype):
    seen = []
    model = ImageModel(lambda batch: seen.append((batch.dtype, batch.shape)) or batch.reshape(len(batch), -1)[:, :1])
    ask(model, np.ones((4, 6), dtype), n=2)
    assert seen == [(np.dtype(dtype), (2, 4, 6, 1))]


@pytest.mark.parametrize(("picture", "message"), [
    (np.zeros(5), "shape"), (np.zeros((0, 4, 3)), "empty"), ("cat.png", r"give PIL.Image.open\('cat.png'\)"),
    (np.full((4, 4, 3), np.nan), "NaN"), (np.full((4, 4, 3), 7.0), "within 0..1"), (np.zeros((4, 4, 2)), "1, 3 or 4"),
    (np.full((4, 4, 3), -1), "uint8 or uint16"), (torch.zeros(4, 4), "channels, height, width"),
])
def test_what_is_no_picture_is_refused(picture, message):
    with pytest.raises(InputError, match=message):
        ImageModel(Means(), to_tensor).read(picture)


@pytest.mark.parametrize("picture", [torch.zeros(32, 24, 3), torch.zeros(1, 32, 24, 3, dtype=torch.uint8)])
def test_a_tensor_with_its_channels_last_is_told_from_a_picture(picture):
    with pytest.raises(InputError, match=r"\(32, 24, 3\) has its channels last: give x.permute\(2, 0, 1\)"):
        ImageModel(Means()).read(picture)


@pytest.mark.parametrize("name", ["preprocess", "display"])
def test_what_can_not_be_called_is_refused_at_once(name):
    with pytest.raises(InputError, match=f"{name}=5 should be a function"):
        ImageModel(Means(), **{name: 5})


def test_its_repr_says_what_is_asked_and_how_segments_are_hidden():
    assert repr(ImageModel(Means(), hide="grey")) == "<ImageModel: Means, segments hidden by '#808080'>"


def test_a_missing_preprocess_is_asked_for():
    with pytest.raises(InputError, match="preprocess="):
        ImageModel(Means()).read(np.zeros((4, 4, 3), np.uint8))


@pytest.mark.parametrize("hide", ["meen", "#12", 7, (1, 2), (300, 0, 0)])
def test_an_unknown_way_to_hide_is_refused(hide):
    with pytest.raises(InputError, match="choose 'mean', 'blur', or a colour"):
        ImageModel(Means(), hide=hide)


def test_colours_have_three_spellings():
    assert {ImageModel(Means(), hide=hide).hide for hide in ("#ff8000", (255, 128, 0), (1.0, 0.5, 0.0))} == {"#ff8000"}


def test_logits_become_probabilities_and_stay_logits():
    model = ImageModel(Means(), to_tensor)
    logits = np.array([0, 0.2, 0])
    np.testing.assert_allclose(ask(model, pictures()["RGB"][0]), [np.exp(logits) / np.exp(logits).sum()], atol=1e-6)
    assert (model.output_space("probability"), model.output_space("logit")) == ("probability", "logit")


def test_probabilities_stay_and_become_log_odds():
    p = np.array([0.7, 0.2, 0.1])
    model = ImageModel(lambda batch: np.tile(p, (len(batch), 1)))
    picture = np.zeros((2, 2, 3), np.uint8)
    np.testing.assert_array_equal(ask(model, picture), [p])
    np.testing.assert_allclose(ask(model, picture, "logit"), [np.log(p / (1 - p))])
    assert model.output_space("logit") == "log-odds"


def test_a_single_output_is_a_value():
    model = ImageModel(lambda batch: batch.mean((1, 2, 3)))
    model.read(np.ones((2, 2, 3), np.uint8))
    assert model.output_space("probability") == "value"


def test_a_view_in_the_network_does_not_mind_the_memory_order():
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 1))
    flat = type("Net", (torch.nn.Sequential,), {"forward": lambda self, x: self[0](x).view(len(x), -1)[:, :4]})(net)
    picture = np.random.default_rng(0).integers(0, 256, (6, 5, 3), np.uint8)
    with torch.no_grad():
        expected = flat(to_tensor(picture)[None])
    np.testing.assert_allclose(
        ask(ImageModel(flat, to_tensor), picture, "logit", n=5), expected.repeat(5, 1), atol=1e-6
    )
    placed = to_tensor(picture)[None].requires_grad_()
    (wanted,) = torch.autograd.grad(flat(placed)[0, 1], placed)
    model = ImageModel(flat, to_tensor)
    (found,) = torch.autograd.grad(model.keep_gradient(placed, "logit")[0, 1], placed)
    torch.testing.assert_close(found, wanted)


def test_gradients_are_asked_for_in_the_order_of_memory_that_is_quickest():
    orders = []
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 1), torch.nn.Flatten())
    net[0].register_forward_pre_hook(lambda _, given: orders.append(given[0].stride()))
    model = ImageModel(net, to_tensor)
    model.keep_gradient(torch.rand(2, 3, 4, 5, requires_grad=True), "logit")
    assert orders == [(60, 1, 15, 3)], "the channels of a pixel side by side"


@pytest.mark.parametrize("answer", [lambda x: x[:-1].mean((2, 3)), lambda x: x, lambda x: None])
def test_answers_of_a_wrong_shape_are_named(answer):
    net = type("Net", (torch.nn.Module,), {"forward": lambda self, x: answer(x)})()
    with pytest.raises(ModelError):
        ask(ImageModel(net, to_tensor), pictures()["RGB"][0], n=3)


def test_a_changing_number_of_outputs_is_named():
    sizes = iter([3, 2])
    model = ImageModel(lambda batch: np.ones((len(batch), next(sizes))))
    with pytest.raises(ModelError, match="3 outputs before, and 2 now"):
        ask(model, np.zeros((2, 2, 3), np.uint8), n=5)


def test_output_names_must_fit():
    model = ImageModel(Means(), to_tensor, output_names=["red", "green"])
    with pytest.raises(InputError, match="of length 2, and the model has 3"):
        ask(model, pictures()["RGB"][0])


class Frugal(torch.nn.Module):
    """Runs out of memory beyond two images, and knows its mode."""

    def __init__(self):
        super().__init__()
        self.trained = torch.nn.Dropout(0.9)
        self.frozen = torch.nn.Dropout(0.9).eval()

    def forward(self, images):
        if len(images) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self.frozen(self.trained(images)).mean((2, 3))


def test_too_little_memory_halves_the_batch():
    net = Frugal()
    np.testing.assert_allclose(ask(ImageModel(net, to_tensor), pictures()["RGB"][0], "logit", n=7), [(0, 0.2, 0)] * 7,
                               atol=1e-6)
    assert (net.training, net.trained.training, net.frozen.training) == (True, True, False)


def test_an_exception_comes_through_and_the_mode_is_put_back():
    class Broken(Frugal):
        def forward(self, images):
            raise KeyError("mine")

    net = Broken()
    with pytest.raises(KeyError, match="mine"):
        ask(ImageModel(net, to_tensor), pictures()["RGB"][0])
    assert (net.training, net.trained.training, net.frozen.training) == (True, True, False)


@pytest.fixture(scope="module")
def hugging_face():
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor, pipeline

    torch.manual_seed(0)
    config = ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=16,
                       patch_size=8, id2label={0: "cat", 1: "dog", 2: "owl"}, label2id={"cat": 0, "dog": 1, "owl": 2})
    processor = ViTImageProcessor(size={"height": 16, "width": 16})
    return pipeline("image-classification", model=ViTForImageClassification(config), image_processor=processor)


@pytest.mark.parametrize("paired", [False, True])
def test_a_pipeline_answers_as_it_does_itself(hugging_face, paired):
    picture = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    model = ImageModel(hugging_face.model, hugging_face.image_processor) if paired else ImageModel(hugging_face)
    own = {row["label"]: row["score"] for row in hugging_face(Image.fromarray(picture))}
    assert (model.name, model.output_names) == ("ViTForImageClassification", ["cat", "dog", "owl"])
    np.testing.assert_allclose(ask(model, picture)[0], [own[name] for name in model.output_names], atol=1e-5)


@pytest.mark.parametrize("function", ["sigmoid", "softmax", "none"])
def test_a_pipeline_that_was_told_what_to_make_of_logits(hugging_face, function):
    from transformers import pipeline

    told = pipeline("image-classification", model=hugging_face.model, image_processor=hugging_face.image_processor,
                    function_to_apply=function)
    model, picture = ImageModel(told), np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    own = {row["label"]: row["score"] for row in told(Image.fromarray(picture))}
    np.testing.assert_allclose(ask(model, picture)[0], [own[name] for name in model.output_names], atol=1e-5)
    assert model.output_space("probability") == ("value" if function == "none" else "probability")


def test_a_pipeline_with_steps_of_its_own_is_refused(hugging_face):
    from transformers import ImageClassificationPipeline

    class Sorted(ImageClassificationPipeline):
        def postprocess(self, outputs, **kwargs):
            return sorted(super().postprocess(outputs, **kwargs), key=str)

    with pytest.raises(InputError, match="Sorted has a postprocess of its own, and limelight asks its model past that"):
        ImageModel(Sorted(model=hugging_face.model, image_processor=hugging_face.image_processor))


def test_sigmoids_for_several_labels(hugging_face):
    hugging_face.model.config.problem_type = "multi_label_classification"
    try:
        model, picture = ImageModel(hugging_face), np.zeros((16, 16, 3), np.uint8)
        np.testing.assert_allclose(ask(model, picture), 1 / (1 + np.exp(-ask(model, picture, "logit"))))
    finally:
        hugging_face.model.config.problem_type = None


def normalised(picture):
    """As for most networks: each channel has a mean and a spread of its own, and the second is turned round."""
    return (to_tensor(picture) - torch.tensor([0.5, 0.4, 0.6])[:, None, None]) * torch.tensor([4, -5, 3])[:, None, None]


def photos():
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:30, :40]
    photo = np.dstack([40 + 3 * x, 20 + 5 * y, 90 + x + y]) + rng.integers(-15, 16, (30, 40, 3))
    return {"grey": np.full((30, 40, 3), 128), "one colour": np.full((30, 40, 3), (200, 10, 10)),
            "low contrast": rng.integers(120, 128, (30, 40, 3)), "photo": photo}


@pytest.mark.parametrize("name", photos())
@pytest.mark.parametrize("kind", [np.asarray, Image.fromarray, lambda photo: photo / 255], ids=["8 bits", "pillow",
                                                                                              "floats"])
def test_a_photo_is_shown_in_its_own_colours(name, kind):
    photo = photos()[name].astype(np.uint8)
    np.testing.assert_array_equal(ImageModel(Means(), normalised).read(kind(photo)).picture, photo)


def test_a_processors_photo_is_shown_in_its_own_colours(hugging_face):
    photo = Image.fromarray(photos()["low contrast"].astype(np.uint8))
    resized = np.asarray(photo.resize((16, 16), Image.Resampling.BILINEAR)).astype(int)
    assert np.abs(ImageModel(hugging_face).read(photo).picture - resized).max() <= 1


def test_edges_that_resizing_overshoots_are_clipped():
    photo = np.zeros((20, 20, 3), np.uint8)
    photo[:, 10:] = 255
    larger = torch.nn.Upsample(scale_factor=2, mode="bicubic")
    shown = ImageModel(Means(), lambda picture: larger(normalised(picture)[None])).read(photo).picture
    assert (shown[:, :18] <= 1).all() and (shown[:, 22:] >= 254).all()


def standardised(picture):
    """By the picture's own mean and spread: of one colour, NaN."""
    pixels = np.asarray(picture, np.float32)
    return torch.tensor((pixels - pixels.mean()) / pixels.std()).permute(2, 0, 1)


def framed(picture):
    return torch.nn.functional.pad(normalised(picture), (2, 2, 2, 2))


def particular(picture):
    return normalised({False: picture}[np.ptp(np.asarray(picture)) == 0])


def widened(picture):
    """Grey is left, and what differs from it goes far beyond black and white."""
    tensor = to_tensor(picture)
    return tensor.mean(0, keepdim=True) + 9 * (tensor - tensor.mean(0, keepdim=True))


@pytest.mark.parametrize("preprocess", [standardised, framed, particular, widened])
@pytest.mark.filterwarnings("error")
def test_what_does_more_than_scale_is_stretched_from_the_least_to_the_most(preprocess):
    photo = photos()["photo"].astype(np.uint8)
    seen = ImageModel(Means(), preprocess).read(photo)
    low, high = seen.pixels.min(), seen.pixels.max()
    np.testing.assert_allclose(seen.picture, (seen.pixels - low) / (high - low) * 255, atol=0.6)


def test_a_tensor_is_stretched_and_display_goes_first():
    tensor = normalised(photos()["photo"].astype(np.uint8))
    picture = ImageModel(Means(), normalised).read(tensor).picture
    assert (picture.min(), picture.max()) == (0, 255)
    calls = []
    own = ImageModel(Means(), lambda picture: calls.append(picture) or normalised(picture),
                     display=lambda tensor: np.full((30, 40, 3), 7, np.uint8))
    assert (own.read(photos()["photo"].astype(np.uint8)).picture == 7).all() and len(calls) == 1


def test_black_and_white_are_preprocessed_once_for_a_size_and_a_type():
    calls = []
    model = ImageModel(Means(), lambda picture: calls.append(picture) or normalised(picture))
    asked = []
    for photo in (np.zeros((4, 5, 3), np.uint8), np.ones((4, 5, 3), np.uint8), np.zeros((4, 5, 3)),
                  Image.new("RGB", (5, 4)), Image.new("L", (5, 4)), np.zeros((6, 5), np.uint8)):
        before = len(calls)
        model.read(photo)
        asked.append(len(calls) - before)
    assert asked == [3, 1, 3, 3, 1, 3]


def test_display_must_keep_the_size():
    model = ImageModel(Means(), to_tensor, display=lambda tensor: np.zeros((3, 3, 3), np.uint8))
    with pytest.raises(InputError, match="keep the height and width"):
        model.read(pictures()["RGB"][0])


def test_a_preprocess_that_raises_is_told_what_it_was_given():
    with pytest.raises(InputError, match=r"KeyError.*array of shape \(4, 5, 3\) and type float64"):
        ImageModel(Means(), lambda picture: {}["no"]).read(np.zeros((4, 5, 3)))
    with pytest.raises(InputError, match=r"a Pillow image of \(5, 4\)"):
        ImageModel(Means(), lambda picture: {}["no"]).read(Image.new("RGB", (5, 4)))
