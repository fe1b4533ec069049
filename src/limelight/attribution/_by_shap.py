"""What shap's TreeExplainer says of rows, where our own code does not know better."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from limelight.attribution._ensembles import n_averaged
from limelight.errors import Unsuited
from limelight.types import Array


def said_by_shap(head: Any, rows: Any, background: Array | None) -> tuple[Array, Array]:
    """Ask shap about rows: values (n_rows, n_columns, n_sums) and their base (n_sums,).

    Parameters
    ----------
    background : ndarray of shape (n_background, n_columns), optional
        What absent columns hold (interventional); None: splits are taken both ways (path-dependent).

    Raises
    ------
    Unsuited
        Whatever came up in shap or in the model's own library.
    """
    import shap

    how = "tree_path_dependent" if background is None else "interventional"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of formats that changed long ago
            explainer = shap.TreeExplainer(head, data=background, feature_perturbation=how)
            values = np.asarray(explainer.shap_values(rows, check_additivity=False), float)
    except Exception as error:
        raise Unsuited(f"shap can't read this {type(head).__name__}: {type(error).__name__}: {error}",
                       "shapley") from error
    n = n_averaged(head)  # shap takes every forest for a sum
    return values.reshape(*values.shape[:2], -1) / n, np.ravel(explainer.expected_value).astype(float) / n
