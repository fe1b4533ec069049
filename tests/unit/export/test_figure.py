"""Figures for papers: of every kind, in every script, and into an author's own axes."""

import pickle
import warnings
from io import BytesIO

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import limelight as ll
from limelight.export import fonts
from limelight.export.fonts import STANDS_IN, Letters


@pytest.fixture(scope="module")
def text():
    def model(texts):
        scores = np.array([2 * ("lovely" in each) - ("slow" in each) + 0.1 * len(each) / 20 for each in texts])
        return np.column_stack([1 / (1 + np.exp(scores)), 1 / (1 + np.exp(-scores))])

    return ll.explain(ll.text_model(model, output_names=["bad", "good"]), "so slow at first, and then so very lovely",
                      method="lime", n_samples=120, progress=False)


@pytest.fixture(scope="module")
def table():
    rows = np.random.default_rng(0).normal(size=(20, 14))
    model = ll.tabular_model(lambda r: 1e4 * r @ np.arange(14.0), rows, feature_names=[f"$x_{i}$" for i in range(14)],
                             output_names=["price"])
    return ll.explain(model, rows[0], n_samples=100, progress=False)


def written(figure):
    """All that a figure says."""
    figure.draw_without_rendering()
    texts = [*figure.texts, *(text for axes in figure.axes for text in (
        *axes.texts, *axes.get_yticklabels(), axes.xaxis.label, axes.title))]
    return [text.get_text() for text in texts]


def bars_of(figure):
    return next(axes for axes in figure.axes if axes.containers)


def test_a_figure_says_what_was_explained_and_how(text):
    said = written(text.plot())
    assert f"good {text.prediction[1]:.2f}" in said
    assert f"probability · base value {text.base_values[1]:.2f} · LIME · 120 evaluations · 95 % intervals" in said
    assert "− lowers, + raises the probability of good" in said


def test_a_reading_of_drawn_rows_says_how_many_they_are(table):
    found, read = table.refit("lime"), int((~table.neighborhood.chosen).sum())
    assert 16 < read < 100
    said = f"the {read} drawn of 100 evaluations"
    assert said in repr(found) and any(said in each for each in written(found.plot()))
    assert "100 evaluations" in repr(table) and "drawn" not in repr(table)


def test_a_text_stands_above_its_bars_with_its_words_marked(text):
    words, bars = text.plot().axes
    assert [each.get_text() for each in words.texts][:2] == ["so", "slow"] and words.lines and words.patches
    assert words.get_position().y0 > bars.get_position().y1
    dotted = [line for line in words.lines if line.get_linestyle() != "-"]
    assert 0 < len(dotted) < len(words.lines)


def test_bars_are_as_long_as_the_values_and_numbers_have_signs(text):
    bars = bars_of(text.plot(top=3))
    widths = [bar.get_width() for bar in bars.containers[0]]
    assert widths == pytest.approx([value for _, value in text.as_list()[:3]])
    numbers = [each.get_text() for each in bars.texts]
    assert numbers[0].startswith("+") and any(number.startswith("\u2212") for number in numbers)
    assert bars.get_yticklabels()[-1].get_text() == f"{len(text.values) - 3} more"


def test_intervals_are_of_the_level_that_is_asked_for(text):
    def half(level):
        [whiskers] = bars_of(text.plot(level=level)).collections
        return [np.ptp(segment[:, 0]) / 2 for segment in whiskers.get_segments()]

    low, high = text.interval(0.5)
    first = text.feature_names.index(text.as_list()[0][0])
    assert half(0.5)[0] == pytest.approx((high - low)[first, 1] / 2)
    assert half(0.99) > half(0.95) > half(0.5)
    assert any("50 % intervals" in each for each in written(text.plot(level=0.5)))


def test_values_of_a_table_stand_beside_names_that_are_no_mathematics(table):
    names = [label.get_text() for label in bars_of(table.plot()).get_yticklabels()]
    assert any(name.startswith("$x_13$ = ") for name in names)
    table.plot().savefig(BytesIO(), format="png")


def test_bars_go_into_an_authors_own_axes(table):
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert table.plot(ax=right, top=2) is figure
    assert right.containers and not left.containers and len(figure.axes) == 2
    assert right.get_title().startswith("price ")
    with pytest.raises(ll.InputError, match="one of matplotlib's axes"):
        table.plot(ax=[left, right])


@pytest.mark.parametrize("top", [0, -1, 2.5, True])
def test_a_number_of_bars_is_a_number(table, top):
    with pytest.raises(ll.InputError, match="1 or more"):
        table.plot(top=top)


@pytest.mark.parametrize("top", [0, -1, 2.5, "x", True, None])
def test_a_number_of_bars_is_a_number_for_comparisons_too(table, top):
    with pytest.raises(ll.InputError, match="1 or more"):
        ll.compare(table, table).plot(top=top)


@pytest.mark.parametrize("level", [0, 1, 2, "x", None, float("nan")])
def test_a_level_is_a_share(table, level):
    with pytest.raises(ll.InputError, match=r"give a share between 0 and 1"):
        table.plot(level=level)


def test_a_cell_shows_a_figure_with_pyplot_or_without(text):
    from IPython.core.formatters import PNGFormatter

    figure = pickle.loads(pickle.dumps(text.plot()))
    shown, size = PNGFormatter()(figure)
    assert shown.startswith(b"\x89PNG") and size["width"] == 640


@pytest.mark.parametrize("form", ["pdf", "svg", "eps"])
def test_figures_are_drawn_with_lines_and_letters(text, form):
    file = BytesIO()
    text.plot().savefig(file, format=form)
    assert len(file.getvalue()) > 5_000


def test_letters_are_as_large_as_the_authors_say(table):
    with matplotlib.rc_context({"font.size": 7}):
        small = table.plot()
    assert small.get_figheight() < table.plot().get_figheight()
    assert bars_of(small).get_yticklabels()[0].get_fontsize() == 7


def test_names_in_any_script_are_drawn_in_fonts_that_have_them(recwarn):
    rows = np.random.default_rng(0).normal(size=(20, 4))
    names = ["价格（元）", "サイズ", "מחיר", "السعر"]
    model = ll.tabular_model(lambda r: r @ [4.0, 3, 2, 1], rows, feature_names=names, output_names=["結果"])
    found = ll.explain(model, rows[0], progress=False)
    found.plot().savefig(BytesIO(), format="png")
    assert not [each for each in recwarn if "Glyph" in str(each.message)]


def test_letters_that_no_font_has_are_told_once_and_drawn_as_boxes():
    with pytest.warns(UserWarning, match="no installed font has \U0010FFFD") as told:
        letters = Letters(["a\U0010FFFD", "\U0010FFFD\U0010FFFD"])
    assert len(told) == 1 and letters("a\U0010FFFD") == f"a{STANDS_IN}"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Letters(["plain", "é"])("é") == "é"


def test_an_old_matplotlib_is_said_not_to_write_from_the_right(monkeypatch):
    monkeypatch.setattr(fonts, "LAYS_OUT", (99, 0))
    with pytest.warns(UserWarning, match="from left to right"):
        Letters(["שלום"])


def test_an_image_stands_beside_its_heat_with_a_scale_and_numbers():
    y, x = np.mgrid[:24, :24]
    picture = np.where((x < 12)[..., None], 220, 30).astype(np.uint8).repeat(3, 2)
    model = ll.image_model(lambda batch: batch[:, :12, :12].mean((1, 2, 3))[:, None] / 255
                           - batch[:, 12:, 12:].mean((1, 2, 3))[:, None] / 510, segments=(y // 12) * 2 + x // 12,
                           hide="black", output_names=["light"])
    found = ll.explain(model, picture, progress=False)
    plain, heat, scale, bars = found.plot().axes
    assert plain.images and heat.images and {each.get_text() for each in heat.texts} <= {"0", "1", "2", "3"}
    most = np.abs(found.values).max()
    assert scale.get_xlim() == pytest.approx((-most, most)) and scale.get_xlabel() == "attribution of a segment"
    assert bars.containers


def test_the_names_of_groups_in_an_image_are_no_mathematics():
    picture = np.arange(192, dtype=np.uint8).reshape(8, 8, 3)
    segments = np.repeat([[0, 1, 2, 3]], 8, 0).repeat(2, 1)
    model = ll.image_model(lambda batch: batch.mean((1, 2, 3))[:, None], segments=segments)
    found = ll.explain(model, picture, groups={"$\\q$": [1, 2]}, progress=False)
    assert "$\\q$" in written(found.plot())


def test_pairs_stand_below_the_features():
    rows = np.random.default_rng(0).normal(size=(20, 4))
    found = ll.explain(ll.tabular_model(lambda r: r[:, 0] * r[:, 1] + r[:, 2], rows), rows[0], method="shapley",
                       order=2, progress=False)
    figure = found.plot()
    alone, together = figure.axes
    assert "Together, beyond what each does alone" in written(figure)
    assert together.get_yticklabels()[0].get_text() == "feature 0 with feature 1"
    assert together.get_position().y1 < alone.get_position().y0


def test_a_comparison_has_a_figure(text):
    both = ll.compare(text, text.refit("shapley"))
    figure = both.plot(top=3)
    first, second = figure.axes
    assert first.get_xlim() == second.get_xlim()
    assert {"LIME", "Shapley"} <= set(written(figure))
    assert [label.get_text() for label in second.get_yticklabels()] == [""] * 3
    assert [bar.get_width() for bar in first.containers[0]] == pytest.approx(both.to_frame()["LIME"][:3])
    figure.savefig(BytesIO(), format="png")
