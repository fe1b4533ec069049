"""Made-up rows that tell what a Pipeline makes of columns."""

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from limelight.attribution._varied import varied

TABLE = pd.DataFrame({"age": [1.0, 2.0, 3.0, 4.0], "job": list("abca"), "home": pd.Categorical(list("xyxy")),
                      "note": ["one", "two", "three", "four"], "rich": [True, False, True, True]})


def columns(rows):
    return {name: rows[name].tolist() for name in rows}


def test_categories_are_those_of_the_encoders_and_numbers_move():
    steps = make_column_transformer((StandardScaler(), ["age"]), (OneHotEncoder(), ["job"]), (OrdinalEncoder(), [2]))
    found = varied(TABLE[:1], make_pipeline(steps.fit(TABLE), DecisionTreeClassifier()))
    assert columns(found) == {"age": [2.0, 0.0, 1001.0], "job": ["a", "b", "c"], "home": ["x", "y", "x"],
                              "note": ["one"] * 3, "rich": [False] * 3}


def test_columns_are_found_by_slice_and_mask_and_behind_a_search():
    table = TABLE[["job", "home", "age"]]
    for chosen in (slice(0, 2), [True, True, False], np.array([0, 1])):
        steps = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), chosen))
        search = GridSearchCV(make_pipeline(steps, DecisionTreeClassifier()), {}, cv=2)
        found = varied(table[:1], search.fit(table, [0, 1, 0, 1]))
        assert columns(found) == {"job": ["a", "b", "c"], "home": ["x", "y", "x"], "age": [2.0, 0.0, 1001.0]}


def test_an_array_stays_one():
    rows = np.array([["a", 1.0], ["b", 2.0]], object)
    model = make_pipeline(make_column_transformer((OneHotEncoder(), [0]), remainder="passthrough").fit(rows))
    found = varied(rows[:1], model)
    assert found.tolist() == [["a", 2.0], ["b", 0.0], ["a", 1001.0]]
    assert varied(np.ones((1, 2), "f4"), StandardScaler()).dtype == np.float32
