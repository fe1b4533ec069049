"""What is taken apart behind steps of any kind has the values of the same model as a function, which is only asked."""

from itertools import cycle

import catboost
import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.compose import make_column_transformer
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
    TargetEncoder,
)

import limelight as ll

RNG = np.random.default_rng(0)
N = 120
ROWS = pd.DataFrame({
    "real": RNG.normal(size=N), "whole": RNG.integers(0, 5, N), "large": RNG.integers(10**9, 2 * 10**9, N),
    "holes": np.where(RNG.random(N) < 0.3, np.nan, RNG.normal(size=N)), "yes": RNG.random(N) < 0.4,
    "word": RNG.choice(["x", "y", "z"], N),
    "kind": pd.Categorical(RNG.choice(["u", "v"], N), categories=["u", "v", "never"]),
})
Y = ROWS["real"] * 2 + ROWS["whole"] * ROWS["yes"] + ROWS["holes"].fillna(1) + (ROWS["word"] == "x") * 2
NUMBERS = ["passthrough", StandardScaler(), MinMaxScaler(), RobustScaler(), PowerTransformer(), SplineTransformer(3),
           KBinsDiscretizer(4, encode="ordinal", strategy="uniform"), PolynomialFeatures(2),
           Normalizer(), FunctionTransformer(np.abs)]
WORDS = [OneHotEncoder(handle_unknown="ignore"), OneHotEncoder(drop="first", sparse_output=False), OrdinalEncoder(),
         TargetEncoder()]
HOLES = [SimpleImputer(), SimpleImputer(add_indicator=True)]
HEADS = [lightgbm.LGBMRegressor(n_estimators=9, verbose=-1), LinearRegression(),
         RandomForestRegressor(5, random_state=0), HistGradientBoostingRegressor(max_iter=9),
         KernelRidge(kernel="rbf", gamma=0.1), xgboost.XGBRegressor(n_estimators=6), Ridge(),
         ExtraTreesRegressor(5, random_state=0),
         catboost.CatBoostRegressor(iterations=6, verbose=0, allow_writing_files=False)]
CASES = list(zip(NUMBERS, cycle(WORDS), cycle(HOLES), cycle(HEADS)))


@pytest.mark.parametrize(("numbers", "words", "holes", "head"), CASES,
                         ids=[" ".join(str(each).partition("(")[0] for each in case) for case in CASES])
def test_values_are_those_of_the_same_model_as_a_function(numbers, words, holes, head):
    steps = make_column_transformer((numbers, ["real", "whole", "large", "yes"]), (holes, ["holes"]),
                                    (words, ["word", "kind"]))
    pipeline = make_pipeline(steps, head).fit(ROWS, Y)
    background = ROWS[:12]
    asked = ll.explain(ll.tabular_model(lambda rows: pipeline.predict(rows), background), ROWS.iloc[40],
                       method="shapley", progress=False).values[:, 0]
    size = np.abs(asked).max()
    found = ll.explain(ll.tabular_model(pipeline, background), ROWS.iloc[40], progress=False)
    assert found.exact and found.values[:, 0] == pytest.approx(asked, abs=1e-5 * size)
    many = ll.explain_many(ll.tabular_model(pipeline, background), ROWS[39:41], progress=False)
    assert many.loc[1, list(found.feature_names)].to_numpy(float) == pytest.approx(asked, abs=1e-5 * size)
