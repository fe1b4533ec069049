"""A torch module asked about rows of token ids."""

from __future__ import annotations

import inspect
from copy import copy
from typing import Any

import numpy as np

from limelight.errors import InputError, ModelError
from limelight.models._gradients import embedded, embedding_of, plain
from limelight.models._outputs import found_tensor, to_tensor
from limelight.models._rows import TokenRows, runs
from limelight.models._torch import device_of, halving, inference
from limelight.types import Array

_OVERHEAD = {"cpu": 60, "other": 4096}
"""Tokens that a forward pass costs before the first one (on CPUs: measured with MiniLM)."""


class TokenNet:
    """Ask a transformers module: rows of token ids in, logits out.

    All rows go to the module's device in one copy. They are asked longest
    first, in runs of like lengths, and come back in one copy, in their order.

    Parameters
    ----------
    module : torch.nn.Module
    tokenizer : transformers tokenizer
        Tells the padding token and its side, and whether segments are wanted.
    """

    position: int | slice | None = None
    """Of a module that answers for each token: the one whose answer counts, or slice(None) for all."""
    _one_by_one = False

    def __init__(self, module: Any, tokenizer: Any):
        self.module = module
        config = plain(module).config
        self._side = getattr(tokenizer, "padding_side", "right")
        self._segments = "token_type_ids" in tokenizer.model_input_names
        parameters = inspect.signature(plain(module).forward).parameters
        self._caches = "use_cache" in parameters
        self._places = self.moves and "position_ids" in parameters
        # Decoders look for the last token before the padding, by their own token for it: without one they take one row.
        own = getattr(config, "pad_token_id", tokenizer.pad_token_id or 0)
        self._one_by_one = own is None or own < 0
        self._pad_id = next(i for i in (own, tokenizer.pad_token_id, 0) if i is not None and i >= 0)

    def at(self, position: int | slice) -> TokenNet:
        """The same, asked for the logits of one token, or of all."""
        net = copy(self)
        net.position = position
        return net

    def __call__(self, rows: TokenRows) -> Array:
        """Compute the logits: float32, shape (n, n_outputs)."""
        import torch

        order = np.argsort(-rows.lengths, kind="stable")
        lengths = np.maximum(rows.lengths[order], 1)
        device = device_of(self.module)
        planes = torch.from_numpy(rows.padded(self._pad_id, self._side)[:, order]).to(device)

        def ask(start: int, stop: int) -> torch.Tensor:
            return self._logits(planes[:, start:stop], int(lengths[start]), self.module)

        with inference(self.module):
            parts = [halving(ask, start, stop) for start, stop in self.runs(lengths)]
            logits: Array = torch.cat(parts).float().cpu().numpy()
        return logits[np.argsort(order)]

    @property
    def moves(self) -> bool:
        """Whether padding moves tokens to other places: then an answer may depend on what it is asked with."""
        return bool(self._side == "left")

    def alike(self, lengths: Array) -> list[tuple[int, int]]:
        """As `runs`, of rows whose answers don't depend on what they are asked with."""
        return runs(lengths, 0) if self.moves else self.runs(lengths)

    def embedded(self, rows: TokenRows, embeddings: Any) -> Any:
        """Compute the logits of rows of ids, or of one for all, whose vectors are these, with gradients.

        Parameters
        ----------
        embeddings : torch.Tensor of shape (n, n_tokens, width)
            Padded where the rows' lengths differ.
        """
        import torch

        module, n = plain(self.module), len(embeddings)
        planes = torch.from_numpy(rows.padded(self._pad_id, self._side)).to(embeddings.device).expand(-1, n, -1)

        def ask(ids: Any, part: Any) -> Any:
            with embedded(embedding_of(module), part):
                return self._logits(ids, planes.shape[2], module)

        size = 1 if self._one_by_one else n
        return torch.cat([ask(*each) for each in zip(planes.split(size, 1), embeddings.split(size), strict=True)])

    def runs(self, lengths: Array) -> list[tuple[int, int]]:
        """Split rows of these lengths, the longest first, into those that are asked together: start and stop."""
        if self._one_by_one:
            return [(i, i + 1) for i in range(len(lengths))]
        return runs(lengths, _OVERHEAD.get(device_of(self.module).type, _OVERHEAD["other"]))

    def _logits(self, planes: Any, longest: int, module: Any) -> Any:
        columns = slice(-longest, None) if self._side == "left" else slice(longest)
        ids, attention, segments = planes[:, :, columns]
        answer = self._answer(module, ids, attention, segments)
        if self.position is None:
            return to_tensor(answer, len(ids), "texts")
        found = found_tensor(answer)
        if found.ndim != 3 or found.shape[:2] != ids.shape:
            raise ModelError(f"a token classifier should answer {tuple(ids.shape)} tokens with an array of that shape "
                             f"and one more axis, for the labels; shape {tuple(found.shape)} came")
        return found[:, self.position]

    def _answer(self, module: Any, ids: Any, attention: Any, segments: Any) -> Any:
        inputs = {"input_ids": ids, "attention_mask": attention}
        if self._segments:
            inputs["token_type_ids"] = segments
        if self._caches:
            inputs["use_cache"] = False
        if self._places:  # else it would count from the first token of the padding
            inputs["position_ids"] = (attention.cumsum(1) - 1).clamp(min=0)
        return module(**inputs)


class OwnNet(TokenNet):
    """Ask a module that is none of transformers': called with ids, or with ids and an attention mask of ones.

    Rows of different lengths are never asked together: what such a module
    makes of padding is its own affair, and its answer must not depend on it.
    """

    _side, _pad_id = "right", 0

    def __init__(self, module: Any):
        self.module = module
        self._masked = _takes_mask(plain(module))

    def runs(self, lengths: Array) -> list[tuple[int, int]]:
        return runs(lengths, 0)

    def _answer(self, module: Any, ids: Any, attention: Any, segments: Any) -> Any:
        return module(ids, **{self._masked: attention}) if self._masked else module(ids)


def _takes_mask(module: Any) -> str:
    """Name the argument for an attention mask, or ""."""
    parameters = list(inspect.signature(module.forward).parameters.values())
    others = [p for p in parameters[1:] if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    needed = [p.name for p in others if p.default is p.empty and p.name not in ("attention_mask", "mask")]
    if needed:
        raise InputError(f"{type(module).__name__}.forward wants {', '.join(needed)}: expected (ids) or (ids, "
                         "attention_mask). Wrap it in a module whose forward takes these")
    return next((p.name for p in others if p.name in ("attention_mask", "mask")), "")
