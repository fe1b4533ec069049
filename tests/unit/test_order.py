"""order=2 from end to end: what two features do together."""

import numpy as np
import pytest

import limelight as ll
from limelight.errors import InputError
from limelight.widgets.payload import links

BACKGROUND = np.zeros((1, 14))
ROW = np.ones(14)


def product(rows):
    return rows[:, 0] + 2.0 * rows[:, 1] * rows[:, 2] - rows[:, 3] * rows[:, 4]


@pytest.fixture(scope="module")
def found():
    return ll.explain(ll.tabular_model(product, BACKGROUND), ROW, order=2, n_samples=600, progress=False)


def test_an_explanation_holds_its_interactions(found):
    assert found.interactions.shape == found.interactions_std_error.shape == (14, 14, 1)
    assert found.interactions[1, 2, 0] == pytest.approx(2, abs=0.05)
    assert found.interactions[4, 3, 0] == pytest.approx(-1, abs=0.05)
    with pytest.raises(ValueError, match="read-only"):
        found.interactions[0, 0, 0] = 1


def test_a_refit_reads_its_own_rows(found):
    few = found.refit(n_samples=100)
    assert few.interactions_std_error[1, 2, 0] > found.interactions_std_error[1, 2, 0]
    assert found.refit("lime").interactions == pytest.approx(found.interactions)


def test_there_are_none_unless_asked_for():
    assert ll.explain(ll.tabular_model(product, BACKGROUND), ROW, n_samples=60, progress=False).interactions is None


def test_the_strongest_cross_to_the_view(found):
    strongest = links(found._run)[0]
    assert len(strongest) == 2 and strongest[0][:2] == [1, 2] and strongest[1][:2] == [3, 4]
    assert strongest[0][2] == pytest.approx(2, abs=0.05) and strongest[0][3] > 0


def test_a_terminal_reads_them_too(found):
    lines = repr(found).splitlines()
    assert lines[-3].startswith("  Together") and "with" in lines[-2] and "+2.0" in lines[-2] and "-1.0" in lines[-1]


def test_nothing_is_said_of_what_rounding_leaves():
    weights = np.random.default_rng(0).normal(size=8)
    found = ll.explain(ll.tabular_model(lambda rows: rows @ weights, np.zeros((1, 8))), np.ones(8), order=2,
                       progress=False)
    assert found.exact and "Together" not in repr(found) and links(found._run) == [[]]


def test_a_closed_form_does_not_end_the_asking():
    from sklearn.linear_model import LinearRegression

    rows = np.random.default_rng(0).normal(size=(50, 14))
    model = ll.tabular_model(LinearRegression().fit(rows, rows[:, 0]), rows)
    found = ll.explain(model, rows[0], order=2, n_samples=200, progress=False)
    assert found.n_evals == 200 and found.exact and np.abs(found.interactions).max() < 1e-6


@pytest.mark.parametrize(("keywords", "message"), [
    ({"order": 3}, "order=3 is not known: give 1"), ({"order": "2"}, "order='2' is not known"),
    ({"order": 2, "method": "lime", "discretize": "quartile"}, "leave out one")], ids=str)
def test_what_can_not_be_asked_is_refused(keywords, message):
    with pytest.raises(InputError, match=message):
        ll.explain(ll.tabular_model(product, np.vstack([BACKGROUND, ROW])), ROW, progress=False, **keywords)


def test_too_many_features_are_refused_before_anything_is_asked():
    with pytest.raises(InputError, match="order=2 takes 2 to 30 features, and there are 40"):
        ll.explain(ll.tabular_model(lambda rows: rows.sum(1), np.zeros((1, 40))), np.ones(40), order=2, progress=False)
