"""What shap, lime and captum give opens in our views, and what we give is drawn by shap's own plots."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import shap
import torch
from captum.attr import IntegratedGradients
from interpret.glassbox import ExplainableBoostingClassifier
from lime.lime_image import LimeImageExplainer
from lime.lime_tabular import LimeTabularExplainer
from lime.lime_text import LimeTextExplainer
from sklearn.ensemble import RandomForestClassifier

import limelight as ll

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(60, 4))
NAMES = ["a", "b", "c", "d"]
MODEL = RandomForestClassifier(8, max_depth=4, random_state=0).fit(ROWS, ROWS[:, 0] - ROWS[:, 1] * ROWS[:, 2] > 0)
TEXT = "the cast is so good that it never gets dull"


def score(texts):
    z = np.array([1.2 * ("good" in t) - 0.8 * ("dull" in t) * ("never" not in t) for t in texts])
    return np.column_stack([1 / (1 + np.exp(z)), 1 / (1 + np.exp(-z))])


def brightness(batch):
    p = np.asarray(batch, float)[:, :8, :8].mean((1, 2, 3)) / 255
    return np.column_stack([1 - p, p])


def picture():
    return RNG.integers(0, 255, (16, 16, 3)).astype(np.uint8)


@pytest.fixture(autouse=True)
def no_figures_left():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def tables():
    model = ll.tabular_model(MODEL.predict_proba, ROWS[:20], feature_names=NAMES, output_names=["no", "yes"])
    return [ll.explain(model, row, method="shapley", target="yes", progress=False) for row in ROWS[:5]]


@pytest.fixture(scope="module")
def theirs():
    found = shap.TreeExplainer(MODEL, ROWS[:20])(ROWS[:5])
    found.feature_names = NAMES
    return found


def test_shaps_rows_and_outputs_open_as_they_are(theirs):
    found = ll.show(theirs, row=2)
    assert found.values == pytest.approx(theirs.values[2])
    assert found.base_values == pytest.approx(theirs.base_values[2])
    assert found.prediction == pytest.approx(MODEL.predict_proba(ROWS[2:3])[0])
    assert found.feature_names == tuple(NAMES) and found.output_space == "probability"
    assert [column["value"] for column in found.subject["columns"]] == pytest.approx(ROWS[2].tolist())
    for one in (theirs[2], theirs[2:3]):
        assert ll.show(one).values == pytest.approx(theirs.values[2])
    one_output = ll.show(theirs[2, :, 1])
    assert one_output.values[:, 0] == pytest.approx(theirs.values[2, :, 1])
    assert ll.show(theirs[..., 1], row=4).values[:, 0] == pytest.approx(theirs.values[4, :, 1])
    with pytest.raises(ll.InputError, match="holds 5 rows"):
        ll.show(theirs)


def test_shap_and_we_agree_in_one_comparison(theirs, tables):
    found = ll.compare(tables[1], ll.show(theirs, row=1, target=1))
    assert found.agreement["rank"].tolist() == pytest.approx([1]) and found.disagreements == ()


@pytest.mark.slow
def test_shaps_texts_open_token_by_token():
    explainer = shap.Explainer(score, shap.maskers.Text(r"\W+"), output_names=["bad", "good"])
    found = explainer([TEXT], silent=True)
    for result in (found, found[0]):
        ours = ll.show(result)
        assert ours.subject["kind"] == "text" and ours.output_names == ("bad", "good")
        assert "".join(piece for piece, _ in ours.subject["pieces"]).strip() == TEXT
        assert ours.values == pytest.approx(found.values[0])
    two = explainer([TEXT, "so good and never dull"], silent=True)
    assert ll.show(two, row=1).values == pytest.approx(two.values[1])


def test_shaps_pictures_open_with_their_pixels():
    values = RNG.normal(size=(1, 16, 16, 3, 2))  # as shap's partition explainer of pictures gives them
    found = shap.Explanation(values, np.zeros((1, 2)), picture()[None], output_names=["dark", "bright"])
    for result in (found, found[0]):
        ours = ll.show(result, target="bright")
        assert ours.pixels == pytest.approx(found.values[0].sum(2)[..., 1].astype(np.float32), abs=1e-6)
        assert ours.values.sum(0) == pytest.approx(found.values[0].sum((0, 1, 2)), abs=1e-6)


@pytest.mark.parametrize("bow", [True, False])
def test_limes_texts_keep_the_words_that_it_did_not_choose_as_plain_text(bow):
    text = "so good, and so good <again>"
    theirs = LimeTextExplainer(random_state=0, bow=bow, class_names=["bad", "good"]).explain_instance(
        text, score, num_features=3, num_samples=100)
    found = ll.show(theirs)
    assert sorted(value for _, value in found.as_list()) == pytest.approx(sorted(v for _, v in theirs.as_list()))
    assert found.as_list()[0][0] == theirs.as_list()[0][0] == "good"
    assert "".join(piece for piece, _ in found.subject["pieces"]) == text
    assert "lime chose 3 of" in found.subject["notes"][1]
    assert found.prediction == pytest.approx(score([text])[0, 1:])
    assert found.output_names == ("good",) and found.base_values == pytest.approx([theirs.intercept[1]])


def test_limes_tables_open_with_their_conditions_and_all_labels():
    explainer = LimeTabularExplainer(ROWS, feature_names=NAMES, class_names=["no", "yes"], random_state=0)
    theirs = explainer.explain_instance(ROWS[0], MODEL.predict_proba, labels=(0, 1), num_samples=200)
    found = ll.show(theirs, target="yes")
    assert found.output_names == ("no", "yes")
    assert dict(found.as_list()) == pytest.approx(dict(theirs.as_list(1)))
    assert dict(found.as_list("no")) == pytest.approx(dict(theirs.as_list(0)))
    assert found.prediction == pytest.approx(MODEL.predict_proba(ROWS[:1])[0])


def test_limes_regressions_keep_their_sign():
    theirs = LimeTabularExplainer(ROWS, feature_names=NAMES, mode="regression", random_state=0).explain_instance(
        ROWS[0], lambda rows: rows[:, 0] * 3, num_samples=200)
    found = ll.show(theirs)
    assert dict(found.as_list()) == pytest.approx(dict(theirs.as_list()))
    assert found.output_space == "value" and found.prediction == pytest.approx([3 * ROWS[0, 0]])


def test_limes_pictures_open_with_their_segments():
    quarters = np.kron([[0, 1], [2, 3]], np.ones((8, 8), int))
    theirs = LimeImageExplainer(random_state=0).explain_instance(
        picture(), brightness, top_labels=2, num_samples=50, segmentation_fn=lambda image: quarters)
    found = ll.show(theirs)
    for k, label in enumerate(theirs.top_labels):
        assert dict(enumerate(found.values[:, k])) == pytest.approx(dict(theirs.local_exp[label]))
    assert np.frombuffer(found.subject["segments"], "<u2").reshape(-1, 2)[:2].tolist() == [[0, 8], [1, 8]]


def test_captums_attributions_open_with_their_input():
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.LazyLinear(2))
    x = torch.rand(1, 3, 16, 16)
    net(x)
    theirs = IntegratedGradients(net).attribute(x, target=1, n_steps=4)
    found = ll.show(theirs, x, output_names="cat", method="Integrated gradients", output_space="logit")
    assert found.pixels == pytest.approx(theirs[0].sum(0).numpy(), abs=1e-6)
    assert found.values.sum() == pytest.approx(float(theirs.sum()), abs=1e-5)
    table = torch.nn.Linear(4, 2)
    row = torch.tensor(ROWS[:1]).float()
    theirs = IntegratedGradients(table).attribute(row, target=0)
    assert ll.show(theirs, row).values[:, 0] == pytest.approx(theirs[0].numpy())


@pytest.mark.parametrize("plot", [shap.plots.waterfall, shap.plots.bar])
def test_shap_draws_one_output_of_ours(tables, plot):
    plot(tables[0].to_shap(), show=False)
    labels = " ".join(label.get_text() for axes in plt.gcf().axes for label in axes.get_yticklabels())
    assert all(name in labels for name in NAMES)


def test_shap_draws_several_of_ours_as_a_beeswarm(tables):
    stacked = tables[0].to_shap(*tables[1:])
    assert stacked.values == pytest.approx(np.stack([each.values[:, 1] for each in tables]))
    axes = shap.plots.beeswarm(stacked, show=False)
    assert {label.get_text() for label in axes.get_yticklabels()} == set(NAMES)


def test_shap_draws_ours_as_a_force_plot(tables):
    found = tables[0].to_shap()
    assert "SimpleListVisualizer" in shap.plots.force(found).html() or shap.plots.force(found).data
    assert shap.plots.force(found, matplotlib=True, show=False) is not None


def test_shap_draws_a_text_of_ours_whole():
    found = ll.explain(ll.text_model(score, output_names=["bad", "good"]), TEXT, method="shapley", progress=False)
    tokens = found.to_shap()
    assert "".join(tokens.data) == TEXT
    drawn = shap.plots.text(tokens, display=False)
    assert "never" in drawn and "dull" in drawn
    assert "good" in shap.plots.text(found.to_shap(all_outputs=True), display=False)


def test_shap_draws_a_picture_of_ours():
    quarters = np.kron([[0, 1], [2, 3]], np.ones((8, 8), int))
    model = ll.image_model(brightness, segments=quarters, hide="black", output_names=["dark", "bright"])
    found = ll.explain(model, picture(), target="bright", progress=False)
    pixels = found.to_shap(pixels=True)
    assert pixels.values.sum() == pytest.approx(found.values[:, 1].sum())
    shap.plots.image(pixels, show=False)
    assert len(plt.gcf().axes) >= 2


def test_only_what_is_computed_is_handed_over():
    net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
    model = ll.tabular_model(net, ROWS[:10], feature_names=NAMES, output_names=["x", "y", "z"])
    found = ll.explain(model, ROWS[0], method="saliency", target="y", output="logit", progress=False)
    with pytest.warns(UserWarning, match="saliency add up to"):
        every = found.to_shap(all_outputs=True)
    assert every.values.shape == (4, 1) and list(every.output_names) == ["y"]
    with pytest.warns(UserWarning, match="saliency add up to"):
        assert found.to_shap().values == pytest.approx(found.values[:, 1])
    with pytest.raises(ll.InputError, match="'z'"):
        found.to_shap(target="z")


def test_there_and_back_is_the_same(tables):
    marked = 'so "good", (never) dull!'
    texts = [ll.explain(ll.text_model(score), text, method="shapley", target=1, progress=False)
             for text in (TEXT, marked)]
    for original in (tables[0], *texts):
        again = ll.show(original.to_shap())
        assert again.values[:, 0] == pytest.approx(original.values[:, 1])
        assert again.feature_names == original.feature_names
        assert again.subject["kind"] == original.subject["kind"]


def test_stacks_of_other_features_are_refused(tables):
    text = ll.explain(ll.text_model(score), TEXT, progress=False)
    with pytest.raises(ll.InputError, match="stacks explanations of the same features"):
        tables[0].to_shap(text)
    with pytest.raises(ll.InputError, match="int came: an output is target="):
        tables[0].to_shap(1)


def test_stacks_of_other_output_spaces_are_refused(tables):
    other = ll.show(tables[1].values[:, 1], ROWS[1], feature_names=NAMES, output_names=["yes"], output_space="log-odds")
    with pytest.raises(ll.InputError, match=r"a probability and a log-odds.*output="):
        tables[0].to_shap(other)


def test_all_rows_of_a_stack_are_of_one_output(tables):
    model = ll.tabular_model(MODEL.predict_proba, ROWS[:20], feature_names=NAMES, output_names=["no", "yes"])
    each = [ll.explain(model, row, method="shapley", progress=False) for row in ROWS[:5]]
    assert {one.target for one in each} == {0, 1}
    stacked, first = each[0].to_shap(*each[1:]), each[0].target
    assert stacked.values == pytest.approx(np.stack([one.values[:, first] for one in each]))
    assert stacked.output_names == each[0].output_names[first]
    assert each[0].to_shap(*each[1:], target="yes").values == pytest.approx(
        tables[0].to_shap(*tables[1:]).values)


def test_values_that_do_not_add_up_come_with_a_warning():
    found = ll.explain(ll.text_model(score, output_names=["bad", "good"]), TEXT, progress=False)
    missed = found.base_values[1] + found.values[:, 1].sum() - found.prediction[1]
    assert abs(missed) > 0.01
    for options in ({}, {"all_outputs": True}):
        with pytest.warns(UserWarning, match="waterfall, force and text plots add these up.*use bar"):
            found.to_shap(**options)
    assert found.to_shap(found).values.shape == (2, len(found.values))  # beeswarm adds nothing up


def test_as_list_reads_like_limes():
    theirs = LimeTextExplainer(random_state=0, bow=False).explain_instance(TEXT, score, num_features=20,
                                                                          num_samples=1500)
    ours = ll.explain(ll.text_model(score), TEXT, target=1, progress=False).as_list()
    assert all(isinstance(name, str) and isinstance(value, float) for name, value in ours + theirs.as_list())
    sizes = [abs(value) for _, value in ours]
    assert sizes == sorted(sizes, reverse=True)
    assert [name for name, _ in ours[:3]] == [name for name, _ in theirs.as_list()[:3]]


def test_an_explainable_boosting_machine_opens_with_its_terms_and_adds_up():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 3))
    classes = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0).astype(int)
    machine = ExplainableBoostingClassifier(interactions=1, max_rounds=50, outer_bags=2, n_jobs=1,
                                            feature_names=["a", "b", "c"]).fit(rows, classes)
    shown = ll.show(machine.explain_local(rows[:2], classes[:2]), row=1)
    assert set("abc") < set(shown.feature_names) and len(shown.feature_names) == 4
    assert shown.output_space == "log-odds"
    said = machine.decision_function(rows[1:2])
    assert shown.values.sum(0) + shown.base_values == pytest.approx(said, abs=1e-9)
    assert shown.prediction == pytest.approx(said, abs=1e-9)
