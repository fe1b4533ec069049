"""What came from a file: everything works that needs no model, and the rest says what to do."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from explained import ALL, ASKED, PICTURE, different, net, one

import limelight as ll
from limelight.export import archive, documents
from limelight.loaded import NO_MODEL
from limelight.quality.report import Quality

READ = ["text, lime with ridge", "text, shapley", "text, groups", "text, twelve outputs", "picture, lime",
        "row of mixed types", "row, closed form"]
FOUND = ["text, permutation_shapley", "picture, saliency", "picture, rise", "row, tree_shap", "shown, a row"]
AGAIN = ["text, lime with ridge", "text, order 2", "text, occlusion by windows", "text, groups", "text, twelve outputs",
         "picture, groups", "picture, hidden by a colour", "picture, saliency", "row of mixed types, groups",
         "row, quartiles", "row, tree_shap", "row, a baseline of tensors"]


def loaded(name):
    return documents.loads(documents.dumps(one(name)))


NEARBY = ["sensitivity_max", "sensitivity_avg", "local_lipschitz", "relative_input_stability"]


def alike(a, b):
    """Are two tables of metrics the same, but for what other nearby pictures give?"""
    numbers = [table.drop(columns=["better", "informative"]).astype(float).drop(
        index=NEARBY, errors="ignore") for table in (a, b)]
    return list(a.index) == list(b.index) and np.allclose(*numbers, rtol=1e-5, atol=1e-8, equal_nan=True)


@pytest.mark.parametrize("name", READ)
def test_its_rows_are_read_again_in_all_four_ways_as_before(name):
    fresh, again = one(name), loaded(name)
    for method in ("lime", "shapley", "banzhaf", "occlusion"):
        assert different(fresh.refit(method, target=0), again.refit(method, target=0)) == []
    few = len(again.neighborhood) - 2
    if few >= again._run.least:
        assert different(fresh.refit("shapley", n_samples=few), again.refit("shapley", n_samples=few)) == []


@pytest.mark.parametrize("name", [*READ, *FOUND, "row, quartiles", "text, order 2"])
def test_its_view_shows_what_was_saved_and_offers_no_more(name):
    again = loaded(name)
    assert different(again.view.explanation, again) == []
    state = again.view.widget.get_state()
    assert state["status"]["closed"] and state["status"]["state"] == "done"
    for more in (None, 2000, 10**5):
        with pytest.raises(ll.InputError, match=NO_MODEL):
            again.view.resume(more)
    assert again.view.done and again.view._run.n == state["status"]["n"] == again.n_evals


def test_what_was_shown_says_itself_that_there_is_no_more():
    with pytest.raises(ll.InputError, match="no model behind these numbers: call explain with the model"):
        one("shown, words").view.resume(2000)


def test_a_refit_of_values_alone_says_which_file_has_more(tmp_path):
    table = ll.load(one("text, lime").save(tmp_path / "x.csv"))
    with pytest.raises(ll.InputError, match=r"a \.csv file holds values only: load the \.npz or \.json"):
        table.refit("lime")
    with pytest.raises(ll.InputError, match="saliency has none: call explain again"):
        loaded("picture, saliency").refit("lime")


def test_a_fresh_view_says_that_there_is_a_model():
    model, x, options = ASKED["text, lime"]()
    assert not ll.live(model, x, **options).widget.get_state()["status"]["closed"]


def test_what_if_is_answered_for_what_was_evaluated_and_refused_otherwise():
    again = loaded("text, lime")
    run = again._run
    absent = np.flatnonzero(~again.neighborhood.coalitions[30]).tolist()
    np.testing.assert_array_equal(run.probe({"absent": absent}), again.neighborhood.outputs[30])
    never = next(pair for pair in ([i, j] for i in range(3) for j in range(i)) if again.neighborhood.find(
        ~np.isin(np.arange(len(again.values)), pair)) is None)
    for change in ({"absent": never}, {"values": {0: "other"}}):
        with pytest.raises(ll.InputError, match="explain again with the model"):
            run.probe(change)
    assert NO_MODEL.startswith("loaded from a file")


def test_another_output_that_was_not_computed_says_so():
    again = loaded("picture, saliency")
    other = next(k for k in range(3) if k != again.target)
    again.view.widget.settings = {**again.view.widget.settings, "target": other}
    assert "explain again with the model" in again.view.widget.get_state()["status"]["message"]
    with pytest.raises(ll.InputError, match="was computed for"):
        _ = again.view.explanation


@pytest.mark.parametrize("name", ALL)
def test_plots_tables_and_copies_work(name, recwarn):
    again, fresh = loaded(name), one(name)
    assert again.as_list() == fresh.as_list() and repr(again) == repr(fresh)
    assert again.to_frame().equals(fresh.to_frame())
    np.testing.assert_array_equal(again.interval(0.9), fresh.interval(0.9))
    np.testing.assert_array_equal(again.to_shap().values, fresh.to_shap().values)
    again.plot()
    assert {"text/plain", "image/svg+xml"} <= set(again._repr_mimebundle_()[0])
    assert different(pickle.loads(pickle.dumps(again)), fresh) == []


@pytest.mark.parametrize("method", ["lime", "shapley", "banzhaf", "occlusion"])
@pytest.mark.parametrize(("n_features", "n_samples"), [(1, 2), (2, 4), (5, 7), (5, 8)])
def test_the_fewest_features_and_rows_come_back_from_every_kind_of_file(method, n_features, n_samples, tmp_path):
    rows = np.random.default_rng(0).normal(size=(20, n_features))
    model = ll.tabular_model(lambda r: r.prod(1), rows)
    fresh = ll.explain(model, rows[0], method=method, n_samples=n_samples, progress=False)
    assert fresh.n_evals == n_samples and fresh.params["degrees_of_freedom"] >= 0
    for suffix in (".json", ".npz", ".svg"):
        assert different(ll.load(fresh.save(tmp_path / f"few{suffix}")), fresh) == []
    found = ll.load(fresh.save(tmp_path / "few.csv"))
    np.testing.assert_array_equal(found.interval(), fresh.interval())


@pytest.mark.parametrize("fidelity", [0.0, None])
def test_a_fidelity_of_nothing_is_no_missing_one(fidelity):
    fresh = one("text, permutation_shapley")
    known = {**fresh.quality, "fidelity": fidelity}
    saved = replace(fresh, quality=Quality(known, {name: fresh.quality.reason(name) for name in known}))
    again = documents.loads(documents.dumps(saved))
    assert again.quality["fidelity"] == fidelity and again.view.explanation.quality["fidelity"] == fidelity


def test_it_is_compared_with_a_fresh_one():
    fresh = one("text, lime")
    compared = ll.compare(fresh, loaded("text, lime").refit("shapley"))
    assert compared.pairs[0][2].common == len(fresh.values)


@pytest.mark.parametrize("name", AGAIN)
def test_with_its_model_it_is_measured_like_a_fresh_one(name):
    model, x, options = ASKED[name]()
    fresh = ll.explain(model, x, progress=False, **options)
    again = archive.loads(archive.dumps(fresh))
    measured = ll.evaluate(again, "all", model=ASKED[name]()[0])
    assert alike(measured, ll.evaluate(fresh, "all"))


def test_what_hides_a_picture_is_not_taken_for_another_colour():
    model = net(hide="grey")
    fresh = ll.explain(model, PICTURE, method="integrated_gradients", baseline="white", n_samples=64, progress=False)
    with pytest.raises(ll.InputError, match="the colour 'white' must go through preprocess"):
        ll.evaluate(archive.loads(archive.dumps(fresh)), "sensitivity_max", model=model)
    assert model.hidden is None


def test_without_its_model_it_is_measured_as_far_as_its_rows_tell():
    with pytest.raises(ll.InputError, match="model="):
        ll.evaluate(loaded("text, lime"))
    assert ll.evaluate(loaded("row of mixed types"), "sparseness").value.notna().all()


@pytest.mark.parametrize(("name", "model", "message"), [
    ("text, lime", "picture, lime", "is one of images, and text was explained"),
    ("text, lime", "text, twelve outputs", "does not answer as the model"),
])
def test_another_model_is_refused(name, model, message):
    with pytest.raises(ll.InputError, match=message):
        ll.evaluate(loaded(name), model=ASKED[model]()[0])
