"""Within errors of the lime package, on its own laws."""

import numpy as np
import pytest
from lime.lime_tabular import LimeTabularExplainer
from lime.lime_text import LimeTextExplainer
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier

import limelight as ll

TEXT = "the plot is slow but the cast is so good that it never gets dull"
WORDS = ["slow", "good", "never", "dull"]


def score(texts):
    z = np.array([1.2 * ("good" in t) - ("slow" in t) - 0.8 * ("dull" in t) * ("never" not in t) for t in texts])
    p = 1 / (1 + np.exp(-z))
    return np.column_stack([1 - p, p])


def test_texts_agree_with_lime_text():
    explainer = LimeTextExplainer(bow=False, random_state=0)
    theirs = explainer.explain_instance(TEXT, score, labels=(1,), num_features=15, num_samples=6000,
                                        model_regressor=None)
    found = {theirs.domain_mapper.indexed_string.word(i): value for i, value in theirs.local_exp[1]}
    ours = ll.explain(ll.text_model(score), TEXT, target=1, n_samples=6000, progress=False)
    by_word = {ours.feature_names[i]: i for i in range(len(ours.values))}
    for word in WORDS:
        i = by_word[word]
        assert found[word] == pytest.approx(ours.values[i, 1], abs=0.012)


def test_quartile_tables_agree_with_lime_tabular():
    rows, y = load_breast_cancer(return_X_y=True)
    rows = rows[:, :8]
    model = RandomForestClassifier(30, random_state=0).fit(rows, y)
    explainer = LimeTabularExplainer(rows, discretizer="quartile", random_state=0)
    theirs = explainer.explain_instance(rows[7], model.predict_proba, labels=(1,), num_features=8, num_samples=8000)
    values = dict(theirs.local_exp[1])
    ours = ll.explain(ll.tabular_model(model, rows), rows[7], method="lime", discretize="quartile", target=1,
                      n_samples=8000, ridge=1, progress=False)
    expected = np.array([values[i] for i in range(8)])
    assert (np.abs(ours.values[:, 1] - expected) <= 6 * ours.std_error[:, 1]).all()
    assert np.corrcoef(ours.values[:, 1], expected)[0, 1] > 0.98
