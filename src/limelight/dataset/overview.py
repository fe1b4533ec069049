"""`overview`: what a model makes of a whole data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from limelight.arguments import check_rest
from limelight.dataset.collected import ALONE, FEWEST, Watch, seconds_of
from limelight.dataset.labels import labels_of
from limelight.dataset.result import Overview
from limelight.errors import InputError
from limelight.maskers.grouped import Groups, read_groups
from limelight.scalars import is_whole
from limelight.types import Output, Target


def overview(model: Any, X: Any, y: Any = None, *, method: str = "auto", target: Target = None,
             output: Output = "probability", n_rows: int | str = "auto", n_samples: int | str = "auto",
             groups: Groups | None = None, seed: int = 0, seconds: float | str | None = "auto",
             progress: bool = True, **options: Any) -> Overview:
    """Explain a data set: what matters over all of its rows, how the output depends on it, and for which rows.

    Parameters
    ----------
    model
        As `explain` takes it. An estimator, booster or network of a table needs no `ll.tabular_model`: absent
        features take their values from rows of `X`.
    X : DataFrame or ndarray of shape (n_rows, n_features); list of str; list of images
        Images need one map of segments for all: `ll.image_model(net, segments=map)`.
    y : array_like of shape (n_rows,), optional
        What is true: labels or numbers. Measures of importance that take a loss need it.
    method : str
        As of `explain`. "auto": tree_shap for trees, linear_shap for linear models, shapley for others; of texts and
        images shapley, whose values add up. Tables have tree_shap, linear_shap, additive, shapley, lime, banzhaf and
        occlusion.
    target : int or str, optional
        The output to show first; `turn` shows another. Default: the second of two, otherwise the one that is
        predicted most often.
    output : {"probability", "logit"}
    n_rows : int or "auto"
        Explain so many, drawn without order; 2 at least. "auto": all rows of linear models, of explainable boosting
        machines and of trees that are explained by their paths, 500 of trees with a background, otherwise 300 rows,
        100 texts or 50 images.
    n_samples : int or "auto"
        The most evaluations to spend on each.
    groups : mapping of name to members, or sequence of members, optional
        As of `explain`; the importance of columns in groups is that of their attributions only.
    seed : int
    seconds : float, "auto" or None
        Explain no more rows than there is time for, in the order of the seed, so that they are the first ones of those
        that more time would explain; a note says how many. Two are explained whatever they take. What is worked
        out once for all rows comes first: coalitions are chosen by as many rows as a fifth of the time allows.
        "auto": 60 where `n_rows` is "auto", else no limit. None: no limit.
    progress : bool
        Show a progress line when it takes long.
    **options
        The method's own, as of `explain`. Tables have `kernel_width` of lime, and `path_dependent` of trees: True is
        what trees without a background come to, False takes rows of `X`.

    Returns
    -------
    Overview
        Interrupted (Ctrl-C), of the rows that there were, with a warning.

    Raises
    ------
    InputError
        If an argument can't be used: says what would do.
    ModelError
        If the model raised or returned NaN.
    """
    from limelight.dataset.images import overview_of_images
    from limelight.dataset.tables import overview_of_table
    from limelight.dataset.texts import overview_of_texts

    check_rest(output, None, seed)
    _check_count(n_rows)
    watch = Watch(seconds_of(seconds, limited=n_rows == "auto"))
    inputs, kind = _read(model, X)
    makers: dict[str, Callable[..., Overview]] = {"table": overview_of_table, "text": overview_of_texts,
                                                  "image": overview_of_images}
    return makers[kind](model, inputs, y, method=method, target=target, output=output, n_rows=n_rows,
                        n_samples=n_samples, groups=read_groups(groups), seed=seed, progress=progress, watch=watch,
                        labels=labels_of(X), options=options)


def _check_count(n_rows: Any) -> None:
    if n_rows != "auto" and not (is_whole(n_rows) and n_rows >= 2):
        raise InputError(f"n_rows={n_rows!r} can't be used: give a whole number from 2 on, or 'auto'")


def _read(model: Any, X: Any) -> tuple[Any, str]:
    """The inputs, and which kind they are."""
    known = getattr(model, "kind", None)
    if known == "table" or (known is None and _is_table(X)):
        return X, "table"
    if known is not None and hasattr(X, "columns"):
        raise InputError(f"this is a model of {known}s, and X is a table: give a list of {known}s"
                         + (", such as X[column].tolist()" if known == "text" else ""))
    if isinstance(X, (str, bytes)) or not hasattr(X, "__len__") or not len(X):
        raise InputError("X should hold several inputs: a table of rows, a list of texts or a list of images; "
                         f"{type(X).__name__} came" + ("" if hasattr(X, "__len__") and len(X) else ", empty or none"))
    inputs = list(X)
    texts = [isinstance(each, str) for each in inputs]
    if any(texts) and not all(texts):
        i = texts.index(False)
        raise InputError(f"X[{i}] is no text, as others are: {type(inputs[i]).__name__} came. Fill in what is missing, "
                         "or leave it out")
    if known == "text" and not all(texts):
        raise InputError(f"this is a model of texts, and X holds no texts: {type(inputs[0]).__name__} came first. Give "
                         "a list of str")
    if len(inputs) < FEWEST:
        raise InputError(f"X holds {ALONE}")
    return inputs, "text" if all(texts) else "image"


def _is_table(X: Any) -> bool:
    if hasattr(X, "columns"):
        return True
    if hasattr(X, "ndim"):
        return bool(X.ndim == 2)
    if not isinstance(X, Sequence) or not len(X):
        return False
    return isinstance(X[0], Mapping) or (not isinstance(X[0], str) and np.ndim(X[0]) == 1)
