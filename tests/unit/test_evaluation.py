"""evaluate: what it says of games whose answers are known, and what it asks for that."""

import pickle

import numpy as np
import pytest
import torch
from stubs import CountingMasker, finished

import limelight as ll
from limelight import InputError
from limelight.evaluation import curves, evaluate
from limelight.maskers.nearby import RADIUS, nearby
from limelight.metrics import names_of

W = np.array([0.5, -1.0, 3.0, 0.25, -0.125, 2.0])
WORDS = "one two three four five six"
DEFAULT = names_of("default")


class Texts:
    """A function of the words that are left, that counts what it is asked."""

    def __init__(self, score, words=WORDS):
        self.score, self.words, self.n = score, words.split(), 0

    def __call__(self, texts):
        self.n += len(texts)
        kept = np.array([[word in text.split() for word in self.words] for text in texts])
        return self.score(kept).tolist()


def explained(score, words=WORDS, **keywords):
    model = Texts(score, words)
    return ll.explain(ll.text_model(model), words, progress=False, **keywords), model


def additive(kept):
    return 1 + kept @ W


def smooth(kept):
    weights = 2 * (-0.7) ** np.arange(kept.shape[1])
    return np.tanh(kept @ weights) + 0.3 * kept[:, 0] * kept[:, 3]


def table(seed=0, bias=True):
    """A small network and rows, (model, x)."""
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(6, 16, bias=bias), torch.nn.Tanh(), torch.nn.Linear(16, 2, bias=bias))
    rows = np.random.default_rng(seed).normal(size=(21, 6))
    return ll.tabular_model(net, rows[:20]), rows[20]


@pytest.mark.parametrize("method", ["lime", "shapley", "banzhaf", "occlusion"])
def test_an_additive_game_has_its_closed_forms_whatever_the_method(method):
    found = evaluate(explained(additive, method=method, n_samples=64)[0])
    ordered, there = np.sort(W)[::-1], (np.arange(6) + 0.5) / 6
    assert found.value["deletion_auc"] == pytest.approx(1 + ordered @ there)
    assert found.value["insertion_auc"] == pytest.approx(1 + ordered @ there[::-1])
    assert found.random[["deletion_auc", "insertion_auc"]].tolist() == pytest.approx([1 + W.sum() / 2] * 2)
    assert found.value["infidelity"] == pytest.approx(0, abs=1e-12)
    assert found.value["sensitivity_n"] == pytest.approx(1)
    assert found.value["completeness_gap"] == pytest.approx(0, abs=1e-9)
    assert found.exact.to_numpy() == pytest.approx(found.value.to_numpy(), abs=1e-9)
    assert found.informative[DEFAULT[:6]].all()


def test_the_table_is_what_the_contract_says():
    found = evaluate(explained(additive)[0])
    assert list(found.index) == DEFAULT and found.index.name == "metric"
    assert list(found) == ["value", "std_error", "random", "random_error", "input", "exact", "informative", "better",
                           "n_evals"]
    assert set(found.better) == {"higher", "lower", "neither"} and found.informative.dtype == "boolean"
    spread = found[found.better == "neither"]
    assert list(spread.index) == ["sparseness", "complexity"] and spread.informative.isna().all()
    assert (found.random_error[["sparseness", "complexity"]] > 0).all()


def test_where_every_order_is_as_good_a_metric_of_order_says_nothing():
    found = evaluate(explained(lambda kept: kept.sum(1) / 6.0, method="shapley")[0])
    assert not found.informative[DEFAULT[:4]].any()
    assert found.value["deletion_auc"] == pytest.approx(found.random["deletion_auc"])


def test_a_model_that_says_the_same_to_all_gives_no_warning_and_nothing_informative():
    found = evaluate(explained(lambda kept: np.full(len(kept), 0.5))[0], "all")
    assert not found.informative[DEFAULT].fillna(False).any()
    assert np.isnan(found.value["sensitivity_n"]) and np.isnan(found.value["sparseness"])


def test_what_all_coalitions_say_costs_nothing():
    explanation, model = explained(smooth, method="shapley")
    before = model.n
    found = evaluate(explanation)
    assert model.n == before and found.n_evals.sum() == 0


@pytest.mark.parametrize("method", ["lime", "shapley", "permutation_shapley"])
def test_evaluations_are_counted_and_none_is_asked_twice(method):
    words = " ".join(f"w{i}" for i in range(13))
    explanation, model = explained(smooth, words, method=method, n_samples=150)
    before = model.n
    found = evaluate(explanation)
    assert found.n_evals.sum() == model.n - before > 0
    again = evaluate(explanation)
    assert again.n_evals.sum() == 0 and model.n - before == found.n_evals.sum()
    assert again.drop(columns="n_evals").equals(found.drop(columns="n_evals"))


def test_what_a_metric_asked_is_used_when_the_run_goes_on():
    masker = CountingMasker()
    run = finished(masker, limit=120)
    evaluate(run.explanation())
    run.more(500)
    while run.state == "running":
        run.step()
    assert len(run.neighborhood) == 500 and len(set(masker.asked)) == len(masker.asked) > 500
    assert run.explanation().params["n_probes"] == run.source.n_probes > 0


def test_few_coalitions_are_asked_for_exact_values_and_many_are_not():
    few, many = (evaluate(explained(smooth, " ".join(f"w{i}" for i in range(n)), method="lime", n_samples=60)[0])
                 for n in (8, 13))
    assert few.n_evals.sum() == 2**8 - 60 and few.exact.notna().all()
    assert many.exact.drop("completeness_gap").isna().all()


def test_where_estimated_values_are_better_than_random_ones_a_metric_is_informative():
    words = " ".join(f"w{i}" for i in range(13))
    found = evaluate(explained(smooth, words, method="lime", n_samples=200)[0])
    assert found.informative[DEFAULT[:6]].all() and np.isnan(found.exact["deletion_auc"])
    flat = evaluate(explained(lambda kept: kept.sum(1) / 13.0, words, method="lime", n_samples=200)[0])
    assert flat.informative[DEFAULT[:4]].isna().all()


@pytest.mark.parametrize("method", ["saliency", "integrated_gradients", "gradient_shap"])
def test_gradients_are_measured_in_the_same_game(method):
    model, x = table()
    explanation = ll.explain(model, x, method=method, progress=False)
    exact = ll.explain(model, x, method="shapley", progress=False, target=explanation.target)
    found, best = evaluate(explanation), evaluate(exact)
    assert found.exact["infidelity"] == pytest.approx(best.value["infidelity"], rel=1e-6)
    assert found.exact["deletion_auc"] == pytest.approx(best.value["deletion_auc"], rel=1e-6)
    assert found.n_evals.sum() == 2**6 - 2 and best.n_evals.sum() == 0
    assert ("completeness_gap" in found.attrs["left_out"]) == (method == "saliency")


def test_another_output_has_its_own_scores():
    explanation = ll.explain(*table(), method="shapley", progress=False)
    other = explanation.refit(target=1 - explanation.target)
    found, flipped = evaluate(explanation), evaluate(other)
    assert found.value["deletion_auc"] == pytest.approx(1 - flipped.value["insertion_auc"], abs=0.5)
    assert flipped.value["infidelity"] == pytest.approx(found.value["infidelity"], rel=1e-4)


def test_curves_go_from_everything_to_nothing_and_back():
    explanation, _ = explained(smooth)
    found = curves(explanation)
    assert np.array_equal(found.counts, np.arange(7)) and found.deletion.shape == (7, 1) == found.insertion.shape
    ends = np.array([explanation.prediction, explanation.base_values])
    assert found.deletion[[0, -1]] == pytest.approx(ends) == found.insertion[[-1, 0]]


def test_an_exact_answer_is_the_same_for_any_seed_and_a_drawn_one_nearly():
    exact, model = explained(smooth, method="shapley")
    before = model.n
    assert evaluate(exact, "seed_stability").value.item() == 1 and model.n == before
    words = " ".join(f"w{i}" for i in range(13))
    few, many = (evaluate(explained(smooth, words, n_samples=n)[0], "seed_stability") for n in (60, 600))
    assert 0.5 < few.value.item() < many.value.item() < 1
    assert many.n_evals.item() <= 3 * 600


def test_attributions_of_a_linear_model_do_not_change_with_its_input_more_than_it_does():
    """Of w.x, w(x - b) changes by w times the change of x: at most 2 % of the range of each column."""
    torch.manual_seed(0)
    net, rows = torch.nn.Linear(6, 1).double(), np.random.default_rng(0).normal(size=(21, 6))
    explanation = ll.explain(ll.tabular_model(net, rows[:20]), rows[20], method="integrated_gradients", progress=False)
    w = net.weight.detach().numpy()[0]
    most = np.linalg.norm(w * RADIUS * np.ptp(rows[:20], axis=0)) / np.linalg.norm(explanation.values[:, 0])
    assert 0 < evaluate(explanation, "sensitivity_max").value.item() <= most


def test_random_weights_leave_the_model_as_it_was_and_are_told_from_what_ignores_it():
    model, x = table()
    explanation = ll.explain(model, x, method="integrated_gradients", progress=False)
    before = [weight.detach().clone() for weight in model.module.parameters()]
    found = evaluate(explanation, ["randomisation", "efficient_randomisation"])
    assert all(torch.equal(a, b) for a, b in zip(before, model.module.parameters(), strict=True))
    assert found.value["randomisation"] < 1 == found.input["randomisation"]
    assert found.n_evals["efficient_randomisation"] == 0 < found.n_evals["randomisation"]
    np.testing.assert_array_equal(ll.explain(model, x, method="integrated_gradients", progress=False).values,
                                  explanation.values)


def test_random_weights_are_put_back_when_the_model_fails():
    model, x = table()
    explanation = ll.explain(model, x, method="saliency", progress=False)
    before = [weight.detach().clone() for weight in model.module.parameters()]

    def fail(module, inputs):
        raise RuntimeError("the disk is full")

    handle = model.module.register_forward_pre_hook(fail)
    with pytest.raises(ll.ModelError, match="the disk is full"):
        evaluate(explanation, "randomisation")
    handle.remove()
    assert all(torch.equal(a, b) for a, b in zip(before, model.module.parameters(), strict=True))


def test_what_can_not_run_is_left_out_with_its_reason_unless_it_is_asked_for():
    explanation, _ = explained(additive)
    found = evaluate(explanation, "all")
    assert set(found.attrs["left_out"]) == {"sensitivity_max", "sensitivity_avg", "local_lipschitz",
                                            "relative_input_stability", "randomisation", "efficient_randomisation"}
    with pytest.raises(InputError, match="no nearby inputs"):
        evaluate(explanation, ["sensitivity_max"])


def test_without_its_model_an_explanation_of_all_coalitions_is_measured_and_another_asks_for_it():
    whole, model = explained(smooth)
    copied = pickle.loads(pickle.dumps(whole))
    assert evaluate(copied).value.equals(evaluate(whole).value)
    part = explained(smooth, n_samples=20)[0]
    copied = pickle.loads(pickle.dumps(part))
    with pytest.raises(InputError, match="model="):
        evaluate(copied)
    assert evaluate(copied, "sparseness").value.equals(evaluate(part, "sparseness").value)
    assert evaluate(copied, model=ll.text_model(model)).value.to_numpy() == pytest.approx(
        evaluate(part).value.to_numpy())


def test_a_model_that_was_not_explained_is_refused():
    explanation = pickle.loads(pickle.dumps(explained(smooth, n_samples=20)[0]))
    with pytest.raises(InputError, match="does not answer as the model that was explained"):
        evaluate(explanation, model=ll.text_model(Texts(additive)))


def test_a_row_is_asked_about_again_from_what_an_explanation_remembers():
    model, x = table()
    explanation = ll.explain(model, x, method="saliency", progress=False)
    copied = pickle.loads(pickle.dumps(explanation))
    assert evaluate(copied, model=model).value.equals(evaluate(explanation).value)


def test_rows_of_the_lime_packages_law_have_only_what_asks_no_game():
    model, x = table()
    explanation = ll.explain(model, x, method="lime", discretize="quartile", n_samples=200, progress=False)
    found = evaluate(explanation)
    assert "discretize" in found.attrs["left_out"]["deletion_auc"] and found.value["sparseness"] > 0


@pytest.mark.parametrize(("given", "message"), [
    ("deletion", "no metric 'deletion': .* deletion_auc"),
    (["infidelity", 3], "no metric 3"),
    (None, "metrics=None names no metric: give 'default'"),
    (3, "metrics=3 names no metric"),
])
def test_an_unknown_metric_says_what_there_is(given, message):
    with pytest.raises(InputError, match=message):
        evaluate(explained(additive)[0], given)


def test_what_is_no_explanation_is_refused():
    with pytest.raises(InputError, match="a dict came"):
        evaluate({})


def test_pictures_of_any_type_have_nearby_ones_of_that_type():
    from types import SimpleNamespace

    from PIL import Image

    masker = SimpleNamespace(model=SimpleNamespace(kind="image"))
    pixels = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    for x in (pixels, pixels / 255, Image.fromarray(pixels), torch.tensor(pixels / 255, dtype=torch.float32)):
        moved = nearby(masker, x, np.random.default_rng(1))
        assert type(moved) is type(x) or isinstance(moved, Image.Image)
        change = np.abs(np.asarray(moved, float) - np.asarray(x, float))
        assert 0 < change.max() <= RADIUS * np.ptp(np.asarray(x, float)) + 0.5 * (np.asarray(x).dtype.kind == "u")


def test_a_pictures_segments_stay_when_it_is_moved():
    def bright(batch):
        return batch.reshape(len(batch), -1).mean(1) / 255

    pixels = np.random.default_rng(0).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    model = ll.image_model(bright, segments=np.arange(24)[:, None] // 12 * 2 + np.arange(24) // 12, hide="black")
    found = evaluate(ll.explain(model, pixels, progress=False), "all")
    assert 0 < found.value["sensitivity_max"] < 0.1 and found.value["infidelity"] == pytest.approx(0, abs=1e-12)
