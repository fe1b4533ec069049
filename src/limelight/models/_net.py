"""A transformers classifier asked about rows of token ids."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from limelight.models._gradients import embedded, embedding_of, plain
from limelight.models._outputs import to_tensor
from limelight.models._rows import TokenRows, runs
from limelight.models._torch import device_of, halving, inference
from limelight.types import Array

_OVERHEAD = {"cpu": 60, "other": 4096}
"""Tokens that a forward pass costs before the first one (on CPUs: measured with MiniLM)."""


class TokenNet:
    """Ask a module: rows of token ids in, logits out.

    All rows go to the module's device in one copy. They are asked longest
    first, in runs of like lengths, and come back in one copy, in their order.

    Parameters
    ----------
    module : torch.nn.Module
    tokenizer : transformers tokenizer
        Tells the padding token and its side, and whether segments are wanted.
    """

    def __init__(self, module: Any, tokenizer: Any):
        self.module = module
        self._side = getattr(tokenizer, "padding_side", "right")
        self._segments = "token_type_ids" in tokenizer.model_input_names
        self._caches = "use_cache" in inspect.signature(module.forward).parameters
        known = [tokenizer.pad_token_id, getattr(module.config, "pad_token_id", None), 0]
        self._pad_id = next(i for i in known if i is not None)
        # Decoders look for the last token before the padding: without a padding token they take one row.
        self._one_by_one = getattr(module.config, "pad_token_id", 0) is None

    def __call__(self, rows: TokenRows) -> Array:
        """Compute the logits: float32, shape (n, n_outputs)."""
        import torch

        order = np.argsort(-rows.lengths, kind="stable")
        lengths = np.maximum(rows.lengths[order], 1)
        device = device_of(self.module)
        planes = torch.from_numpy(rows.padded(self._pad_id, self._side)[:, order]).to(device)

        def ask(start: int, stop: int) -> torch.Tensor:
            return self._logits(planes[:, start:stop], int(lengths[start]))

        with inference(self.module):
            parts = [halving(ask, start, stop) for start, stop in self._runs(lengths, device.type)]
            logits: Array = torch.cat(parts).float().cpu().numpy()
        return logits[np.argsort(order)]

    def embedded(self, rows: TokenRows, embeddings: Any) -> Any:
        """Compute the logits of one row of ids whose vectors are these, shape (n, n_tokens, width), with gradients."""
        import torch

        planes = torch.from_numpy(rows.padded(self._pad_id, self._side)).to(embeddings.device)
        with embedded(embedding_of(plain(self.module)), embeddings):
            return self._logits(planes.expand(-1, len(embeddings), -1), planes.shape[2], plain(self.module))

    def _runs(self, lengths: Array, device: str) -> list[tuple[int, int]]:
        if self._one_by_one:
            return [(i, i + 1) for i in range(len(lengths))]
        return runs(lengths, _OVERHEAD.get(device, _OVERHEAD["other"]))

    def _logits(self, planes: Any, longest: int, module: Any = None) -> Any:
        columns = slice(-longest, None) if self._side == "left" else slice(longest)
        ids, attention, segments = planes[:, :, columns]
        inputs = {"input_ids": ids, "attention_mask": attention}
        if self._segments:
            inputs["token_type_ids"] = segments
        if self._caches:
            inputs["use_cache"] = False
        return to_tensor((module or self.module)(**inputs), len(ids), "texts")
