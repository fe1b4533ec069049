"""How many shared bikes were out in Washington, D.C., in each hour of 2011."""

from __future__ import annotations

import pandas as pd

from assets.models import package

CATEGORIES = ["mnth", "hr", "weathersit"]
NUMBERS = ["season", "holiday", "weekday", "workingday", "temp", "atemp", "hum", "windspeed"]


def bikes() -> tuple[pd.DataFrame, pd.Series]:
    """Read the table Bikeshare of the book "An Introduction to Statistical Learning".

    Without the columns casual and registered, which add up to the answer, and
    without the day of the year, which would tell a model which day it is.

    Returns
    -------
    rows : DataFrame
        One an hour. Temperature, what it feels like (atemp), humidity and wind
        are scaled: none is above 1.
    bikers : Series
        How many bikes were out in that hour.
    """
    table = pd.read_csv(package("ISLP") / "data/Bikeshare.csv")
    return table[[*CATEGORIES, *NUMBERS]], table["bikers"]
