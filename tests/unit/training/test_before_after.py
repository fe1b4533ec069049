"""Models before and after, in one table."""

import numpy as np
import pytest
import torch
from training_nets import bert, tokenizer

import limelight as ll
from limelight.errors import InputError

ROWS = np.array([[2.0, 1], [1, -2], [-1, 3], [-2, -0.5]])


def of_columns(first, second):
    net = torch.nn.Linear(2, 2, bias=False).double()
    with torch.no_grad():
        net.weight[:] = torch.tensor([[0.0, 0], [first, second]])
    return ll.tabular_model(net, np.zeros((1, 2)), output_names=["no", "yes"])


def test_each_model_has_its_accuracy_its_f1_and_how_far_its_evidence_is_elsewhere():
    labels = ["yes", "yes", "no", "no"]  # the first column's sign
    models = {"base": of_columns(0, 1.0), "tuned": of_columns(1.0, 0)}
    table = ll.compare(models, examples=ROWS, labels=labels, metrics=())
    assert table["accuracy"].tolist() == [0.5, 1] and table["f1"].tolist() == [0.5, 1]
    assert table["moved"].tolist() == [0, 1] and table["rank"].tolist() == [pytest.approx(1), pytest.approx(-1)]
    assert table["sparseness"].tolist() == pytest.approx([0.5, 0.5]) and table["complexity"].tolist() == [0, 0]


def test_texts_are_held_against_one_another_by_metrics_of_evaluate():
    models = {"teacher": (bert(0), tokenizer()), "student": (bert(1), tokenizer())}
    table = ll.compare(models, examples=["a good film .", "dull film ."], labels=[1, 0], pinned=1)
    assert table.index.tolist() == ["teacher", "student"] and table.loc["teacher", "moved"] == 0
    assert np.isfinite(table[["comprehensiveness", "sufficiency", "moved"]]).all(axis=None)


def test_a_functions_outputs_are_counted_by_asking_it():
    two = ll.tabular_model(lambda rows: np.c_[rows[:, 0] <= 0, rows[:, 0] > 0].astype(float), ROWS)
    assert ll.compare({"base": two}, examples=ROWS, labels=[1, 1, 0, 1], metrics=()).loc["base", "accuracy"] == 0.75


def test_labels_that_are_no_outputs_are_refused():
    with pytest.raises(InputError, match="label 'maybe' is no output"):
        ll.compare({"base": of_columns(0, 1.0)}, examples=ROWS, labels=["maybe"] * 4)
    with pytest.raises(InputError, match=r"label 2 is no output of .*: there are 'no', 'yes'"):
        ll.compare({"base": of_columns(0, 1.0)}, examples=ROWS, labels=[0, 1, 2, 0])
    for names, said in ((["price"], "accuracy and F1 are of classes"), (None, "label 0.1 is no output")):
        prices = ll.tabular_model(lambda rows: 100 * rows[:, 0], ROWS, output_names=names)
        with pytest.raises(InputError, match=said):
            ll.compare({"base": prices}, examples=ROWS, labels=[0.1, 0.2, 0.3, 0.4])
    with pytest.raises(InputError, match="4 examples and 3 labels"):
        ll.compare({"base": of_columns(0, 1.0)}, examples=ROWS, labels=[0, 1, 0])
    with pytest.raises(InputError, match="takes names= only, and labels came"):
        ll.compare(of_columns(0, 1.0), labels=[0])
    with pytest.raises(InputError, match="leave names= out"):
        ll.compare({"base": of_columns(0, 1.0)}, names=["a"])


def test_evaluations_can_be_given_and_an_argument_that_is_none_is_refused_by_what_there_is():
    models = {"base": of_columns(0, 1.0)}
    for options in ({"method": "shapley", "n_samples": 4}, {"method": "input_x_gradient"}):
        table = ll.compare(models, examples=ROWS, labels=[1, 1, 0, 0], metrics=(), **options)
        assert table.loc["base", "complexity"] == pytest.approx(0)
    assert str(table.loc["base", "complexity"]) == "0.0"  # and not -0.0
    said = "no option 'pined'.*The function itself takes pinned, method, output, metrics"
    with pytest.raises(InputError, match=said):
        ll.compare(models, examples=ROWS, labels=[1, 1, 0, 0], pined=2)


def test_numbers_that_may_be_names_or_indices_are_refused():
    from sklearn.linear_model import LogisticRegression

    rows = np.random.default_rng(0).normal(size=(40, 3))
    right = np.where(rows[:, 0] > 0, 2, 1)
    model = ll.tabular_model(LogisticRegression().fit(rows, right), rows)
    with pytest.raises(InputError, match="called '1', '2', so a number may be a name or an index"):
        ll.compare({"a": model}, examples=rows, labels=right)
    names = [str(label) for label in right]
    found = ll.compare({"a": model}, examples=rows, labels=names, pinned=1, metrics=())
    assert found.loc["a", "accuracy"] > 0.9


def test_logits_are_explained_where_they_are_asked_for():
    torch.manual_seed(0)
    models = {name: ll.tabular_model(torch.nn.Linear(2, 2).double(), np.zeros((1, 2))) for name in ("base", "tuned")}
    found = {output: ll.compare(models, examples=ROWS, labels=[1, 1, 0, 0], metrics=["comprehensiveness"],
                                method="occlusion", pinned=4, output=output) for output in ("probability", "logit")}
    assert (found["logit"]["accuracy"] == found["probability"]["accuracy"]).all()
    for name, model in models.items():
        hidden = [ll.explain(model, x, method="occlusion", target=label, output="logit", progress=False)
                  for x, label in zip(ROWS, [1, 1, 0, 0], strict=True)]
        mean = np.mean([ll.evaluate(ex, ["comprehensiveness"])["value"]["comprehensiveness"] for ex in hidden])
        assert found["logit"].loc[name, "comprehensiveness"] == pytest.approx(mean)
        assert found["probability"].loc[name, "comprehensiveness"] != pytest.approx(mean)
    with pytest.raises(InputError, match="output='odds'"):
        ll.compare(models, examples=ROWS, labels=[1, 1, 0, 0], output="odds")
