"""The table of evaluate."""

import pickle

import numpy as np
import pandas as pd

from limelight.scores import Scores


def scores(names=("deletion_auc", "efficient_randomisation")):
    found = {"value": 0.123456, "std_error": 0.0, "random": -1234567.0, "random_error": 0.0321, "input": np.nan,
             "exact": 1e-9, "informative": True, "better": "lower", "n_evals": 12345}
    rows = [found, {**found, "std_error": np.nan, "random_error": 0.0, "informative": pd.NA, "better": "higher"}]
    return Scores(Scores(rows[: len(names)], index=list(names)).astype({"informative": "boolean"}))


def test_a_terminal_of_eighty_columns_holds_it():
    lines = repr(scores()).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["value", "±", "random", "input", "exact", "informative", "evals"]
    assert lines[1].split() == ["deletion_auc", "↓", "0.123", "-1.23e+06", "–", "1e-09", "yes", "12345"]
    assert lines[2].split() == ["efficient_randomisation", "↑", "0.123", "–", "-1.23e+06", "–", "1e-09", "?", "12345"]


def test_what_random_ones_have_has_its_own_error_where_there_is_room():
    assert repr(scores(("infidelity",))).splitlines()[1].split()[2:5] == ["0.123", "-1.23e+06", "0.0321"]
    assert scores()._repr_html_().count("<th>±</th>") == 2


def test_of_a_metric_without_a_better_end_no_way_is_pointed_out():
    found = scores(("sparseness",)).assign(better="neither")
    assert repr(Scores(found)).splitlines()[1].split()[:2] == ["sparseness", "0.123"]


def test_without_all_of_its_columns_it_is_printed_as_any():
    found = scores()
    found["mine"] = 1
    assert repr(found) == repr(pd.DataFrame(found)) and "Empty" in repr(Scores())
    assert found._repr_html_() == pd.DataFrame(found)._repr_html_()


def test_a_notebook_shows_the_same_digits_and_names_as_text():
    shown = scores(("a<b>",))._repr_html_()
    assert "a&lt;b&gt; ↓" in shown and "<b>" not in shown
    assert "<td>0.123</td>" in shown and "0.123456" not in shown and "Left out" not in shown


def test_what_was_left_out_is_named_in_both():
    found = scores()
    found.attrs["left_out"] = {f"metric_{i}": "why" for i in range(12)} | {"<i>": "why"}
    lines = repr(found).splitlines()
    assert lines[3].startswith("Left out") and max(map(len, lines)) <= 80 and "metric_11, <i>" in repr(found)
    assert "metric_11, &lt;i&gt;</p>" in found._repr_html_()


def test_what_is_made_of_it_is_a_frame_like_any():
    found = scores()
    assert type(found.round(1)) is type(found[["value"]]) is pd.DataFrame
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(found)), found)
