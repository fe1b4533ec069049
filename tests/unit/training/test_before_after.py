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


def test_labels_that_are_no_outputs_are_refused():
    with pytest.raises(InputError, match="label 'maybe' is no output"):
        ll.compare({"base": of_columns(0, 1.0)}, examples=ROWS, labels=["maybe"] * 4)
    with pytest.raises(InputError, match="4 examples and 3 labels"):
        ll.compare({"base": of_columns(0, 1.0)}, examples=ROWS, labels=[0, 1, 0])
    with pytest.raises(InputError, match="takes names= only, and labels came"):
        ll.compare(of_columns(0, 1.0), labels=[0])
    with pytest.raises(InputError, match="leave names= out"):
        ll.compare({"base": of_columns(0, 1.0)}, names=["a"])
