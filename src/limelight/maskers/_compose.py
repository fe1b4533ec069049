"""Putting together what is present and what stands for the absent."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.types import Array


class Mixture:
    """Two numpy arrays or two tensors, mixed where they are: no copy leaves the device.

    Parameters
    ----------
    present, absent : ndarray or torch.Tensor
        Of shapes that broadcast.
    """

    def __init__(self, present: Any, absent: Any):
        self._present, self._absent = present, absent
        self._is_torch = hasattr(present, "detach")
        # Of finite floats, interpolating with weights 0 and 1 is exactly choosing, in a third of the time.
        self._blends = self._is_torch and bool((present - absent).isfinite().all())

    def place(self, coalitions: Array) -> Any:
        """Bring coalitions to where the mixing is done, in one copy."""
        if not self._is_torch:
            return np.asarray(coalitions, bool)
        import torch

        dtype = self._present.dtype if self._blends else torch.bool
        return torch.tensor(coalitions, dtype=dtype, device=self._present.device)

    def __call__(self, shown: Any) -> Any:
        """Choose `present` where shown and `absent` elsewhere; `shown` broadcasts with both."""
        if not self._is_torch:
            return np.where(shown, self._present, self._absent)
        import torch

        if self._blends:
            return torch.lerp(self._absent, self._present, shown)
        return torch.where(shown, self._present, self._absent)

    def blended(self, shares: Any) -> Any:
        """Show so much of `present`, 0 to 1, and the rest of `absent`; `shares` broadcasts with both."""
        if self._is_torch:
            import torch

            return torch.lerp(self._absent, self._present, shares)
        mixed = shares * self._present + (1 - shares) * self._absent
        whole = self._present.dtype.kind in "iu"
        return (np.round(mixed) if whole else mixed).astype(self._present.dtype)


def taken(rows: Any, index: Any) -> Any:
    """Columns of placed coalitions, shape (n, len(index))."""
    return rows.index_select(1, index) if hasattr(rows, "index_select") else rows.take(index, axis=1)
