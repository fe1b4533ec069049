"""Occlusion by windows, of words and of pixels: in closed form, exact, and asked once."""

import numpy as np
import pytest

import limelight as ll
from limelight.errors import InputError
from limelight.estimators.windows import covered, places

TEXT = "one two three four five six seven"
WORTH = dict(zip(TEXT.split(), [1.0, -2, 3, 0.5, 0, 4, -1], strict=True))


def worth(texts):
    return np.array([[sum(WORTH[word] for word in text.split()), len(text.split())] for text in texts], float)


def explained(x=TEXT, model=worth, **options):
    if isinstance(x, str):
        model = ll.text_model(model)
    else:
        options["output"] = "logit"  # as the function gives it
    return ll.explain(model, x, method="occlusion", target=0, progress=False, **options)


def test_windows_cover_everything_and_the_last_reaches_the_end():
    for length in range(1, 12):
        for window in range(1, length + 1):
            for stride in range(1, window + 1):
                hidden = covered(places(length, window, stride), window, length)
                assert hidden.any(0).all() and hidden.any(1).all()
                assert len(hidden) == -(-(length - window) // stride) + 1


@pytest.mark.parametrize(("window", "stride"), [(1, 1), (2, 1), (3, 1), (3, 2), (7, 1), (7, 7)])
def test_a_word_has_the_mean_of_the_windows_that_cover_it(window, stride):
    found, values = explained(window=window, stride=stride), np.array(list(WORTH.values()))
    windows = [(start, min(start + window, 7)) for start in range(0, 7, stride) if start < 7 - window + stride]
    for i in range(7):
        drops = [values[a:b].sum() for a, b in windows if a <= i < b]
        assert found.values[i, 0] == pytest.approx(np.mean(drops), abs=1e-12)
    assert found.exact and not found.std_error.any() and found.n_evals == len(windows) + 2
    assert (found.method, found.params["window"], found.params["stride"]) == ("occlusion", window, stride)
    assert found.neighborhood is None and found.quality["completeness_gap"] is None


def test_windows_of_one_word_are_occlusion_as_it_is_without():
    assert explained(window=1).values == pytest.approx(explained().values, abs=1e-12)
    assert explained().neighborhood is not None


def test_every_output_is_there():
    assert explained(window=2).values[:, 1] == pytest.approx(2)


def test_no_window_is_asked_twice_and_the_limit_is_honest():
    asked = []

    def counted(texts):
        asked.extend(texts)
        return worth(texts)

    found = explained(model=counted, window=2)
    assert len(asked) == len(set(asked)) == found.n_evals == 8
    with pytest.raises(InputError, match="n_samples=7 is too few: nothing, everything and 6 windows of 2"):
        explained(window=2, n_samples=7)


@pytest.mark.parametrize(("options", "message"), [
    ({"window": 0}, "window=0 can't be used: give a whole number from 1 to 7 words"), ({"window": 8}, "window=8"),
    ({"window": 2.0}, "window=2.0"), ({"window": 2, "stride": 3}, "stride=3 .* from 1 to 2 words"),
    ({"stride": 2}, "give window= too"), ({"windows": 2}, "there is window, stride"), ({"window": True}, "window=True"),
    ({"window": 2, "order": 2}, "order=2 reads a neighborhood"),
])
def test_windows_that_cant_be_slid_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        explained(**options)


def test_tables_have_no_windows():
    model = ll.tabular_model(lambda rows: rows.sum(1), np.zeros((1, 5)))
    with pytest.raises(InputError, match="occlusion has no option 'window' for tables"):
        ll.explain(model, np.ones(5), method="occlusion", window=2, progress=False)


HEIGHT, WIDTH = 9, 14
PICTURE = np.random.default_rng(0).random((HEIGHT, WIDTH, 3))
WEIGHTS = np.random.default_rng(1).normal(size=(HEIGHT, WIDTH, 3))
SEGMENTS = np.arange(HEIGHT)[:, None] // 5 * 2 + np.arange(WIDTH) // 7


def weighed(batch):
    return np.stack([(batch * WEIGHTS).sum((1, 2, 3)), batch.mean((1, 2, 3))], axis=1)


@pytest.mark.parametrize(("window", "stride"), [(4, None), (3, 2), ((2, 5), (1, 3)), ((9, 14), 1), (1, 1), ((9, 1), 1)])
def test_a_pixel_has_the_mean_of_the_windows_that_cover_it(window, stride):
    model = ll.image_model(weighed, hide="black", segments=SEGMENTS)
    options = {} if stride is None else {"stride": stride}
    found = explained(PICTURE, model, window=window, **options)
    high, wide = (window, window) if isinstance(window, int) else window
    down, right = (high // 2, wide // 2) if stride is None else (stride, stride) if isinstance(stride, int) else stride
    lost, count = np.zeros((2, HEIGHT, WIDTH))
    for top in range(0, max(HEIGHT - high + down, 1), down):
        for left in range(0, max(WIDTH - wide + right, 1), right):
            area = slice(top, top + high), slice(left, left + wide)
            lost[area] += (PICTURE * WEIGHTS)[area].sum()
            count[area] += 1
    assert found.pixels == pytest.approx(lost / count, abs=1e-4)
    means = np.bincount(SEGMENTS.ravel(), (lost / count).ravel()) / np.bincount(SEGMENTS.ravel())
    assert found.values[:, 0] == pytest.approx(means, abs=1e-4)
    assert found.exact and found.method == "occlusion" and found.params["window"] == window


def test_integer_pictures_are_hidden_as_they_are():
    picture = (255 * PICTURE).astype(np.uint8)
    seen = []

    def kept(batch):
        seen.append(batch)
        return batch.mean((1, 2, 3))[:, None]

    explained(picture, ll.image_model(kept, hide="black", segments=SEGMENTS), window=5)
    batch = np.concatenate(seen)
    assert batch.dtype == np.uint8 and ((batch == 0) | (batch == picture)).all()


def test_what_hides_is_what_hides_segments():
    model = ll.image_model(weighed, hide="mean", segments=SEGMENTS)
    whole = explained(PICTURE, model, window=(HEIGHT, WIDTH))
    assert whole.values[:, 0] == pytest.approx(whole.prediction[0] - whole.base_values[0], abs=1e-5)


def test_pictures_answer_for_the_target_and_another_output_costs_nothing():
    rows = []

    def counted(batch):
        rows.append(len(batch))
        return weighed(batch)

    found = explained(PICTURE, ll.image_model(counted, hide="black", segments=SEGMENTS), window=4)
    assert sum(rows) == found.n_evals
    other = found._run.explanation({"target": 1})
    assert sum(rows) == found.n_evals and other.target == 1 and not np.allclose(other.pixels, found.pixels)


def test_the_view_turns_from_windows_to_a_neighborhood_and_back():
    model = ll.image_model(weighed, hide="black", segments=SEGMENTS)
    found = explained(PICTURE, model, window=4)
    others = found._run.others
    offered = {method["name"]: method["reads"] for method in others.methods}
    assert offered["occlusion"] is False and offered["lime"] is True and "rise" in offered
    assert others.of("occlusion") is found._run
    assert others.of("lime") is others.of("shapley") is others.neighborhood
    assert others.of("rise").method == "rise"
