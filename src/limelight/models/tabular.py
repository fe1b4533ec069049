"""Table models: estimators, boosters, networks and functions of rows, with a background."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError, ModelError
from limelight.models._answers import in_our_words
from limelight.models._columns import Column, describe, read_listed
from limelight.models._estimators import Asked, accepts_missing, asked, estimator_of
from limelight.models._gathered import gathered
from limelight.models._gradients import derivable, plain
from limelight.models._many import read_rows
from limelight.models._memory import keep_freed_memory
from limelight.models._outputs import Meaning, Outputs, to_tensor
from limelight.models._tables import (
    as_fitted,
    column_of,
    drawn,
    feature_names_of,
    framed,
    read_background,
    row_values,
)
from limelight.models._torch import device_of, halving, inference, n_linear_weights, on_accelerator
from limelight.models.reading import reordered, width_fitted
from limelight.types import Array, Kind, Output, OutputSpace

if TYPE_CHECKING:
    import torch

# Up to so many linear weights a network counts as small.
SMALL = 2**17


class TabularModel:
    """An estimator, booster, network or function of rows, and the rows absent features come from.

    Parameters
    ----------
    model : scikit-learn estimator or Pipeline, xgboost model, torch.nn.Module, or callable
        A callable is given rows as the background holds them, an array or
        a DataFrame, and answers with shape (n,) or (n, n_outputs). A module
        is given tensors on its device and is left in the mode it was in.
    background : ndarray or DataFrame of shape (n_rows, n_features)
        Of more than 100 rows 100 are drawn, always the same.
    feature_names : sequence of str, optional
        By default the DataFrame's, or those that the estimator was fitted with.
    output_names : sequence of str, optional
        By default an estimator's classes.
    categorical : iterable of int or str, optional
        Columns whose numbers are categories. Words and pandas' categories are known as such.

    Attributes
    ----------
    rows, background : ndarray or DataFrame
        All the rows given, and the at most 100 that stand for absent features.
    made_up : bool
        Whether the background is made up of the model's own bins, and no data.
    halved : bool
        Whether a batch did not fit the GPU's memory, and was asked in halves.

    Raises
    ------
    InputError
        If the background is empty, or does not fit the names or the model.
    """

    kind: Kind = "table"

    def __init__(self, model: Any, background: Any, *, feature_names: Sequence[str] | None = None,
                 output_names: Sequence[str] | None = None, categorical: Iterable[int | str] | None = None):
        self._model = estimator_of(model)
        rows = read_background(background)
        rows = rows if feature_names is not None else reordered(rows, self._model)
        self._ready = self.halved = self.made_up = False
        self.feature_names = feature_names_of(rows, feature_names, self._model)
        self.rows = as_fitted(rows, self._model)
        self.background = drawn(self.rows)
        self._asked: Asked = asked(model)
        self.name: str = self._asked.name
        self._given_names = self._asked.names if output_names is None else [str(name) for name in output_names]
        self._outputs = Outputs(self._asked.meaning, otherwise="softmax" if self.is_network else "value",
                                names=self._given_names)
        self.columns = self._described(read_listed(categorical, self.feature_names))
        self._check()

    def __repr__(self) -> str:
        return f"<TabularModel: {self.name}, {len(self.columns)} columns, {len(self.background)} background rows>"

    @property
    def is_network(self) -> bool:
        """Tell a torch module, which is given tensors."""
        return self._asked.is_network

    @property
    def module(self) -> Any:
        """The torch module; None for other models."""
        return plain(self._model) if self.is_network else None

    def derivable(self) -> AbstractContextManager[None]:
        """Make the module ready to be asked with gradients, and leave it as it was."""
        return derivable(self.module)

    @property
    def is_framed(self) -> bool:
        """Tell whether the model is given DataFrames."""
        return hasattr(self.background, "iloc")

    @property
    def device(self) -> torch.device | None:
        """Where rows are composed; None for models that get arrays or DataFrames."""
        return device_of(self._model) if self.is_network else None

    @property
    def output_names(self) -> list[str] | None:
        if self._given_names is None and self._outputs.meaning == "value" and self._outputs.n_outputs == 1:
            return ["value"]
        return self._given_names

    @property
    def notes(self) -> list[str]:
        n, drawn = len(self.rows), len(self.background)
        if self.made_up:
            return [f"Absent features take their values from {n} rows made up of the model's own bins, each column by "
                    "itself, as no background was given."]
        which = f"{drawn} of {n:,} background rows" if drawn < n else f"{n} background row{'s' * (n > 1)}"
        return [f"Absent features take their values from {which}."]

    def output_space(self, output: Output) -> OutputSpace:
        """Name the space that `output` means.

        A function does not tell before it answers: it is asked about one
        background row if it has not answered yet.
        """
        space = self._outputs.space(output)
        if space is None:
            with in_our_words():
                self.ask(self.place(self.background[:1]), output)
            space = self._outputs.space(output)
        if space is None:
            raise ModelError("the model answers a background row with NaN: it can't be told what its outputs are")
        return space

    def block(self) -> int:
        """How many coalitions to compose at once: as many as the cache holds rows for."""
        rows = 8_000
        if self.is_network:
            rows = 65_536 if on_accelerator(self._model) else 2_000
        return max(1, rows // len(self.background))

    def batch_size(self) -> int:
        """How many coalitions the model likes to be asked about at once."""
        if not self.is_network:
            return self.block()
        if on_accelerator(self._model):
            return self.block() * 8
        # Of a small network what comes with each batch weighs most; of a large one a batch should not take long.
        return self.block() * (16 if n_linear_weights(self._model) <= SMALL else 4)

    def read(self, x: Any) -> list[Any]:
        """Read one row: array, list, dict, Series or DataFrame of one row; one value a feature.

        Raises
        ------
        InputError
            If values are missing, too many, no numbers, or of no known category.
        """
        values = row_values(x, self.feature_names)
        return [column.read(value) for column, value in zip(self.columns, values, strict=True)]

    def read_rows(self, X: Any, first: int = 0) -> Any:
        """Read many rows, and make them into what the model is given; `first` numbers them in messages.

        Raises
        ------
        InputError
            As `read` does; names the row.
        """
        return read_rows(X, self.columns, self.background, first)

    def table(self, rows: Sequence[Sequence[Any]]) -> Any:
        """Make rows of values into what the model is given: of the background's types where they fit."""
        if self.is_framed:
            return framed(rows, self.rows)
        dtype = self.rows.dtype
        values = np.array(rows, dtype=object if dtype.kind in "OUS" else None)
        return values.astype(dtype if dtype.kind in "fOUS" else np.result_type(dtype, values.dtype))

    def place(self, rows: Any) -> Any:
        """Put rows where they are composed: a tensor on the device, or as they are."""
        if not self.is_network:
            return rows
        import torch

        floats = (weight.dtype for weight in self._model.parameters() if weight.dtype.is_floating_point)
        numbers = rows.to_numpy(float, na_value=np.nan) if hasattr(rows, "iloc") else np.asarray(rows, float)
        return torch.tensor(numbers, dtype=next(floats, torch.float32), device=self.device)

    def ask(self, rows: Any, output: Output) -> Array:
        """Ask about placed rows: float64 of shape (n, n_outputs).

        Raises
        ------
        ModelError
            If the answers can't be read. What the model raises comes through as it is.
        """
        return self.outputs(self.raw([rows]), output)

    def raw(self, blocks: Iterable[Any]) -> Array:
        """Ask about blocks of placed rows: what the model answers, as float64 of shape (n, n_outputs)."""
        with self.asking():
            if not self.is_network:
                return np.concatenate([self._outputs.check(self._asked.ask(rows), len(rows), "rows")
                                       for rows in blocks])
            # Read together: for a small network the reading of many small answers costs as much as the asking.
            # By map, which lets go of a block before it asks for the next: that lies where the last one lay.
            answers = gathered(map(self._answer, blocks))
        return self._outputs.check(answers, len(answers), "rows")

    def keep_gradient(self, rows: torch.Tensor, output: Output) -> torch.Tensor:
        """Ask about placed rows and keep the gradient: (n, n_outputs)."""
        return self._outputs.keep_gradient(to_tensor(self.module(rows), len(rows), "rows"), output)

    def outputs(self, raw: Array, output: Output) -> Array:
        """Turn `raw` answers into what is explained."""
        return self._outputs.read(raw, len(raw), "rows", output)

    def summing(self, sums: Callable[[Any], Array], meaning: Meaning) -> TabularModel:
        """The same model, asked for what its parts sum to: log-odds, say, where it answers with probabilities.

        Parameters
        ----------
        sums : callable
            From rows to an array of shape (n,) or (n, n_sums). One sum is the
            second output's where there are two, and its negative the first's.
        meaning : {"probability", "log-odds", "margin", "value"}
        """
        other, both = copy(self), len(self._given_names or ()) == 2
        other._asked = self._asked._replace(ask=partial(_one_or_both, sums, both), meaning=meaning)
        other._outputs = Outputs(meaning, names=self._given_names)
        return other

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Make ready for many questions at once; `ask` alone does it for each."""
        keep_freed_memory()
        if not self.is_network or self._ready:
            yield
            return
        with inference(self._model):
            self._ready = True
            try:
                yield
            finally:
                self._ready = False

    def _answer(self, rows: torch.Tensor) -> torch.Tensor:
        return halving(partial(self._forward, rows), 0, len(rows), self._halve)

    def _forward(self, rows: torch.Tensor, start: int, stop: int) -> torch.Tensor:
        return to_tensor(self._model(rows[start:stop]), stop - start, "rows")

    def _halve(self) -> None:
        self.halved = True

    def _described(self, listed: set[int]) -> list[Column]:
        missing = accepts_missing(self._model)
        return [describe(name, column_of(self.rows, j), categorical=j in listed, allows_missing=missing)
                for j, name in enumerate(self.feature_names)]

    def _check(self) -> None:
        expected = width_fitted(self._model)
        if expected not in (None, len(self.feature_names)):
            raise InputError(f"the background has {len(self.feature_names)} columns, and {self.name} was fitted "
                             f"with {expected}: give rows of the same table, without the target")
        strange = [column.name for column in self.columns if not column.numeric]
        if self.is_network and strange:
            raise InputError(f"a torch module is given tensors, and these columns hold words or dates: "
                             f"{', '.join(strange)}. Encode them as numbers, or give a function of a DataFrame")


def _one_or_both(sums: Callable[[Any], Array], both: bool, rows: Any) -> Array:
    found = np.asarray(sums(rows), float).reshape(len(rows), -1)
    return np.column_stack([-found, found]) if both and found.shape[1] == 1 else found
