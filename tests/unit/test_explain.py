"""explain and live, from a raw model to an answer."""

import copy
import pickle
import time
import warnings

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

import limelight as ll
from limelight.widgets.live import LiveView

TEXT = "A slow start, but never dull: gripping, and beautifully shot."
WEIGHTS = {"slow": -1.0, "dull": -1.5, "never": 0.5, "gripping": 2.0, "beautifully": 1.0}


def score(texts):
    z = np.array([sum(v for word, v in WEIGHTS.items() if word in text) for text in texts])
    p = 1 / (1 + np.exp(-z))
    return np.column_stack([1 - p, p])


def table(n=60, d=5, seed=0):
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, d))
    return rows, rows @ np.arange(1.0, d + 1)


@pytest.fixture
def sentiment():
    return ll.text_model(score, output_names=["negative", "positive"])


def test_a_text_is_explained_for_the_predicted_output(sentiment):
    found = ll.explain(sentiment, TEXT, progress=False)
    assert found.output_names[found.target] == "positive" and found.method == "lime"
    assert found.values.shape == (10, 2) and found.exact
    assert found.as_list()[0][0] == "gripping" and found.as_list("negative")[0][1] < 0
    assert found.base_values[1] == pytest.approx(0.5) and found.prediction[1] == pytest.approx(score([TEXT])[0, 1])


def test_a_linear_table_is_explained_exactly():
    rows, y = table()
    model = ll.tabular_model(LinearRegression().fit(rows, y), rows)
    found = ll.explain(model, rows[3], progress=False)
    expected = np.arange(1.0, 6) * (rows[3] - rows.mean(0))
    assert found.method == "linear_shap" and found.exact and found.output_space == "value"
    assert found.values[:, 0] == pytest.approx(expected, abs=1e-9)


def test_logits_are_explained_on_request():
    rows, y = table()
    model = ll.tabular_model(LogisticRegression().fit(rows, y > 0), rows)
    found = ll.explain(model, rows[3], output="logit", progress=False)
    assert found.output_space == "log-odds"
    weights = model._model.coef_[0]
    assert found.values[:, 1] == pytest.approx(weights * (rows[3] - rows.mean(0)), abs=1e-6)


def test_the_same_seed_gives_the_same_numbers(sentiment):
    text = TEXT + " One of the very best films of this long year."
    one, two, other = (ll.explain(sentiment, text, n_samples=200, seed=s, progress=False) for s in (1, 1, 2))
    assert np.array_equal(one.values, two.values) and not np.array_equal(one.values, other.values)


def test_a_refit_asks_no_model():
    calls = []

    def counted(texts):
        calls.append(len(texts))
        return score(texts)

    found = ll.explain(ll.text_model(counted), TEXT, n_samples=200, progress=False)
    asked = sum(calls)
    for method in ("shapley", "banzhaf", "occlusion", "lime"):
        assert found.refit(method).method == method
    narrow = found.refit(kernel_width=0.1, n_samples=50, target=0)
    assert (narrow.n_evals, narrow.target, narrow.params["kernel_width"]) == (50, 0, 0.1)
    assert sum(calls) == asked == 200


def test_an_early_reading_is_what_an_early_stop_would_have_said(sentiment):
    text = TEXT + " One of the very best films of this long year."
    long, short = (ll.explain(sentiment, text, n_samples=n, progress=False) for n in (400, 120))
    assert long.refit(n_samples=120).values == pytest.approx(short.values, abs=1e-12)


def test_ctrl_c_returns_what_there_is_with_a_warning():
    calls = []

    def impatient(texts):
        calls.append(len(texts))
        if sum(calls) > 150:
            raise KeyboardInterrupt
        return score(texts)

    with pytest.warns(UserWarning, match="interrupted after .* of 900"):
        found = ll.explain(ll.text_model(impatient), TEXT, n_samples=900, progress=False)
    assert 50 < found.n_evals < 200 and found.as_list()[0][0] == "gripping"


def test_ctrl_c_before_there_is_anything_is_ctrl_c():
    def never(texts):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ll.explain(ll.text_model(never), TEXT, progress=False)


def test_a_model_that_raises_is_raised_with_what_there_was():
    calls = []

    def frail(texts):
        calls.append(len(texts))
        if sum(calls) > 300:
            raise OSError("disk full")
        return score(texts)

    with pytest.raises(ll.ModelError, match="OSError: disk full") as caught:
        ll.explain(ll.text_model(frail), TEXT, n_samples=900, progress=False)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.partial.as_list()[0][0] == "gripping"


@pytest.mark.parametrize(("answer", "message"), [
    (lambda t: np.full((len(t), 2), np.nan), "NaN or infinity"),
    (lambda t: score(t)[:-1], "text"),
    (lambda t: np.ones((len(t), 2 if len(t) == 2 else 3)) / 3, "output"),
    (lambda t: {}["no"], "KeyError"),
])
def test_a_model_that_answers_nonsense_is_told_so(answer, message):
    with pytest.raises(ll.ModelError, match=message):
        ll.explain(ll.text_model(answer), TEXT, progress=False)


@pytest.mark.parametrize(("keywords", "message"), [
    ({"n_samples": 3}, "at least 12"), ({"n_samples": 0}, "at least 12"), ({"n_samples": 50.5}, "whole number"),
    ({"n_samples": "all"}, "'auto'"), ({"kernel_width": 0}, "positive"), ({"kernel_width": -1}, "positive"),
    ({"kernel_width": float("nan")}, "positive"), ({"method": "magic"}, "lime, shapley, banzhaf, occlusion"),
    ({"target": "neutral"}, "'negative', 'positive'"), ({"output": "odds"}, "'probability' or 'logit'"),
    ({"seed": -1}, "seed"), ({"tolerance": 0}, "tolerance"), ({"rigde": 1}, "there is ridge"),
    ({"method": "shapley", "ridge": 1}, "it has none"), ({"discretize": "quartile"}, "text"),
    ({"tolerance": "small"}, "tolerance"), ({"ridge": "some"}, "ridge"), ({"method": ["lime"]}, "is not known"),
    ({"kernel_width": 1e-5}, "so narrow"),
])
def test_arguments_that_cannot_be_used_say_what_could(sentiment, keywords, message):
    with pytest.raises(ll.InputError, match=message):
        ll.explain(sentiment, TEXT, progress=False, **keywords)


def test_a_width_in_hundredths_is_warned_about(sentiment):
    with pytest.warns(UserWarning, match="multiplies it by 100"):
        found = ll.explain(sentiment, TEXT, kernel_width=25, progress=False)
    with pytest.warns(UserWarning, match="multiplies it by 100"):
        found.refit(kernel_width=30)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found.refit("shapley")
        found.refit(kernel_width=0.5)


def test_warnings_name_the_line_that_called(sentiment):
    with pytest.warns(UserWarning) as told:
        found = ll.explain(sentiment, TEXT, kernel_width=25, progress=False)
        found.refit(kernel_width=30)
        found.to_shap()
    ours = [each for each in told if each.category is UserWarning]
    assert [each.filename for each in ours] == [__file__] * 3
    assert len({each.lineno for each in ours}) == 3


@pytest.mark.parametrize(("model", "x", "message"), [
    (LinearRegression(), [1.0, 2.0], r"tabular_model\(model, background\)"), (3, TEXT, "is no model"),
])
def test_what_cannot_be_inferred_is_asked_for_by_name(model, x, message):
    with pytest.raises(ll.InputError, match=message):
        ll.explain(model, x, progress=False)


def test_the_quartile_law_is_limes_own():
    rows, y = table(200)
    model = ll.tabular_model(LinearRegression().fit(rows, y), rows)
    found = ll.explain(model, rows[3], method="lime", discretize="quartile", n_samples=3000, progress=False)
    assert not found.exact and found.as_list()[0][0].startswith("feature 4 >")
    with pytest.raises(ll.InputError, match="without discretize"):
        found.refit("shapley")


def test_live_returns_with_a_first_answer_and_waits_on_request(monkeypatch):
    def slow(texts):
        time.sleep(0.002 * len(texts))
        return score(texts)

    view = ll.live(ll.text_model(slow), TEXT, n_samples=200)
    assert isinstance(view, LiveView) and not view.done
    assert 12 <= view.explanation.n_evals < 200
    monkeypatch.setenv("LIMELIGHT_WAIT", "1")
    assert ll.live(ll.text_model(slow), TEXT, n_samples=200, progress=False).done


@pytest.mark.parametrize("text", ["good", "gut 😀 bad", "مرحبا بالعالم", "</script><img src=x onerror=alert(1)> no",
                                  "我不喜欢这部电影", "\x07 bell & <b>bold</b>"])
def test_any_text_gives_an_answer_and_a_picture(text):
    found = ll.explain(lambda t: np.array([[len(s) / 100] for s in t]), text, progress=False)
    picture = found.view._repr_mimebundle_()[0]["image/svg+xml"]
    from xml.etree import ElementTree

    tags = {element.tag.split("}")[1] for element in ElementTree.fromstring(picture).iter()}
    assert tags <= {"svg", "title", "desc", "rect", "path", "text"}
    assert str(found) and np.isfinite(found.values).all()


def test_numbers_go_out_to_tables_figures_and_shap(sentiment):
    found = ll.explain(sentiment, TEXT, n_samples=100, progress=False)
    frame = found.to_frame()
    assert list(frame.columns) == ["feature", "value", "std_error", "low", "high", "mark"] and len(frame) == 10
    assert (frame.low <= frame.value).all()
    theirs = found.to_shap()
    assert theirs.values.shape == (10,) and theirs.feature_names[0] == "A"
    assert found.to_shap(all_outputs=True).values.shape == (10, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure = found.plot()
    assert len(figure.axes[0].patches) == 10


def test_results_are_frozen(sentiment):
    found = ll.explain(sentiment, TEXT, n_samples=100, progress=False)
    with pytest.raises(ValueError, match="read-only"):
        found.values[0] = 1
    with pytest.raises(AttributeError):
        found.method = "other"
    with pytest.raises(ll.InputError, match="between 0 and 1"):
        found.interval(95)


def test_a_result_can_be_copied_and_pickled_without_its_model(sentiment):
    found = ll.explain(sentiment, TEXT, n_samples=100, progress=False)
    for copied in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert np.array_equal(copied.values, found.values) and copied.as_list() == found.as_list()
        assert np.array_equal(copied.refit("shapley").values, found.refit("shapley").values)
        with pytest.raises(ll.InputError, match="call explain again"):
            copied.view  # noqa: B018


def test_the_logit_of_a_function_of_probabilities_is_its_log_odds():
    rows, y = table()
    model = LogisticRegression().fit(rows, y > 0)
    found = ll.explain(ll.tabular_model(lambda r: model.predict_proba(r)[:, 1], rows), rows[3], output="logit",
                       progress=False)
    assert found.output_space == "log-odds"
    assert found.values[:, 0] == pytest.approx(model.coef_[0] * (rows[3] - rows.mean(0)), abs=1e-6)


def test_a_classifier_of_several_targets_says_how_to_choose_one():
    rows, y = table()
    model = KNeighborsClassifier().fit(rows, np.column_stack([y > 0, y > 1]))
    with pytest.raises(ll.InputError, match=r"predict_proba\(rows\)\[0\]"):
        ll.tabular_model(model, rows)


def test_what_there_was_is_kept_whatever_ends_the_run():
    def drifting(texts):
        drifting.asked += len(texts)
        return np.full(len(texts), 1.5 if drifting.asked > 200 else 0.5) - 0.1 * np.array(["dull" in t for t in texts])

    drifting.asked = 0
    with pytest.raises(ll.LimelightError) as caught:
        ll.explain(ll.text_model(drifting), TEXT, output="logit", n_samples=900, progress=False)
    assert caught.value.partial.as_list()[0][0] == "dull"


def test_shapley_values_say_who_answered_and_lime_what_it_read():
    model = ll.tabular_model(lambda rows: np.tanh(rows.sum(1)) + rows[:, 0] * rows[:, 1], np.zeros((1, 16)))
    found = ll.explain(model, np.ones(16), method="shapley", n_samples=300, progress=False)
    assert found.params["route"] == "odd process"
    drawn = int((~found.neighborhood.chosen).sum())
    other = found.refit("lime")
    assert drawn < 300 and other.params["n_read"] == drawn and "route" not in other.params
    assert "n_read" not in other.refit("shapley").params


def test_occlusion_asks_no_more_than_it_reads():
    model = ll.tabular_model(lambda rows: np.tanh(rows.sum(1)), np.zeros((1, 20)))
    assert ll.explain(model, np.ones(20), method="occlusion", progress=False).n_evals == 22


def test_a_tolerance_stops_also_models_that_are_asked_many_rows_at_once():
    model = ll.tabular_model(lambda rows: np.tanh(rows.sum(1)), np.zeros((1, 20)))
    found = ll.explain(model, np.ones(20), method="lime", tolerance=10.0, progress=False)
    assert found.n_evals < 200


@pytest.mark.parametrize("keywords", [{"tolerance": True}, {"tolerance": np.inf}, {"seed": True}, {"order": True},
                                      {"order": 2.0}], ids=str)
def test_what_is_no_number_of_its_kind_is_refused(sentiment, keywords):
    with pytest.raises(ll.InputError, match=r"can't be used|is not known"):
        ll.explain(sentiment, TEXT, progress=False, **keywords)


@pytest.mark.parametrize("raised, said", [
    (ValueError("the disk is full."), "ValueError: the disk is full. It was asked"),
    (RuntimeError("no room\n"), "RuntimeError: no room. It was asked"),
    (RuntimeError(), r"RuntimeError: RuntimeError\(\). It was asked"),
])
def test_what_a_model_raised_stands_in_a_sentence(raised, said):
    def broken(texts):
        raise raised

    with pytest.raises(ll.ModelError, match=f"^the model raised {said}"):
        ll.explain(broken, TEXT, progress=False)


def test_a_name_of_several_outputs_is_no_target():
    model = ll.text_model(score, output_names=["crane", "crane"])
    with pytest.raises(ll.InputError, match="'crane' is what 2 outputs are called, those of index 0, 1"):
        ll.explain(model, TEXT, target="crane", progress=False)
    assert ll.explain(model, TEXT, target=1, progress=False).target == 1


@pytest.mark.parametrize("options", [{"ridge": -1}, {"ridge": "much"}, {"ridge": True}, {"kernel_width": 1e-9}])
def test_options_that_can_not_be_used_are_refused_before_anything_is_perturbed(options):
    asked = []

    def model(texts):
        asked.extend(texts)
        return score(texts)

    with pytest.raises(ll.InputError, match=next(iter(options))):
        ll.explain(model, TEXT, progress=False, **options)
    assert len(asked) <= 2  # the input, and the input without any word: what its outputs are


@pytest.mark.parametrize("method", ["lime", "shapley", "banzhaf", "occlusion"])
@pytest.mark.parametrize("n_samples", [200, "auto"])
def test_an_output_that_never_changes_has_attributions_of_zero_and_not_of_rounding(method, n_samples):
    words = " ".join(f"word{i}" for i in range(16 if n_samples == 200 else 8))
    found = ll.explain(lambda texts: [[0.3, 0.7, len(text)] for text in texts], words, method=method, target=1,
                       n_samples=n_samples, progress=False)
    assert not found.values[:, :2].any()
    assert found.values[:, 2].all()


def test_a_change_that_is_small_beside_the_output_is_no_rounding():
    found = ll.explain(lambda texts: [[1 + 1e-12 * ("gripping" in text)] for text in texts], TEXT, target=0,
                       method="shapley", progress=False)
    assert found.values[:, 0].max() == pytest.approx(1e-12, rel=1e-3)


def test_a_view_whose_model_failed_says_why():
    asked = []

    def model(texts):
        asked.extend(texts)
        if len(asked) > 40:
            raise RuntimeError("out of luck")
        return score(texts)

    view = ll.live(model, TEXT).wait()
    assert view.done
    assert "failed" in repr(view) and "out of luck" in repr(view)


@pytest.mark.parametrize("n_samples", [150.5, "many", -5, 0, float("nan"), True])
def test_a_limit_that_is_no_number_of_evaluations_is_refused(n_samples):
    view = ll.live(score, TEXT, n_samples=50).wait()
    with pytest.raises(ll.InputError, match=r"n_samples=.* can't be used"):
        view.resume(n_samples)
    assert view.done and "50 of 50" in repr(view)
