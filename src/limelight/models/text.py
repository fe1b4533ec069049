"""Models of texts: a transformers pipeline, a module with its tokenizer, or any function."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from copy import copy
from typing import TYPE_CHECKING, Any, Literal, get_args

from limelight.errors import InputError, ModelError
from limelight.models import _torch
from limelight.models._answers import in_our_words, log_odds
from limelight.models._encoders import reader_of
from limelight.models._gradients import derivable, embedding_of, plain
from limelight.models._net import OwnNet, TokenNet
from limelight.models._outputs import Outputs
from limelight.models._parts import taken_apart
from limelight.models._rows import TokenRows
from limelight.models._tokens import TokenReader
from limelight.types import Array, Kind, Output, OutputSpace

if TYPE_CHECKING:
    import torch

Granularity = Literal["word", "token", "sentence"]
Hide = Literal["auto", "delete", "drop_tokens", "mask"]

_FUNCTION_TEXTS = 32
_MOST_TEXTS = {"cpu": 128, "other": 1024}
_MOST_TOKENS = {"cpu": 4096, "other": 32_768}
_LEAST_TOKENS = 1024
"""In a micro-batch, which can't be interrupted: the fewer, the more of the time goes into fetching weights."""
_WORK = 4e10
"""Weights times tokens: a common processor does so much in about 100 ms."""


class TextModel:
    """A classifier or regressor of texts, or a classifier of their tokens, ready to be asked with words hidden.

    Parameters
    ----------
    model : pipeline, torch.nn.Module, pair or callable
        A transformers pipeline for classification of texts or tokens; a
        module (then `tokenizer` is needed), or the pair of both; or any
        function of a list of n strings that gives an array of shape (n,) or
        (n, n_outputs). A module that is none of transformers' is called with
        (ids), or (ids, attention_mask) where it takes one of that name, each
        of shape (n, n_tokens), and answers with shape (n, n_outputs).
    tokenizer : transformers tokenizer, tiktoken Encoding or callable, optional
        A module of your own takes also a function from one text to its ids,
        or to {"input_ids", "offset_mapping"}: offsets are start and end of
        each token in characters, (0, 0) for those that are not in the text.
        Without offsets there are no gradients by words.
    granularity : {"word", "token", "sentence"}
        What one feature is. Tokens need a model with its tokenizer.
    hide : {"auto", "delete", "drop_tokens", "mask"}
        How a feature is hidden. "delete": the model reads the text without
        it. "drop_tokens": its token ids are left out, which for tokenizers
        other than WordPiece is not the same, as a token depends on its
        neighbours. "mask": the mask token stands in for each of its tokens.
        "auto" deletes words for functions and WordPiece, and drops tokens
        otherwise; classifiers of tokens are always masked, as a token's
        place must stay.
    output_names : sequence of str, optional
        One name an output; a transformers model's own by default.

    Attributes
    ----------
    module : torch.nn.Module or None
        None for functions, and so is `reader`.
    reader : TokenReader or None
    per_token : bool
        Whether it answers for each token: then it must be asked about one of them, by `at`.
    output_names : tuple of str, or None
    hide : {"delete", "drop_tokens", "mask"}
        What "auto" came to.

    Raises
    ------
    InputError
        If the model is none of these, or can't do what is asked.
    """

    kind: Kind = "text"

    def __init__(self, model: Any, tokenizer: Any = None, *, granularity: Granularity = "word",
                 hide: Hide = "auto", output_names: Sequence[str] | None = None):
        _check_choice("granularity", granularity, get_args(Granularity))
        _check_choice("hide", hide, get_args(Hide))
        parts = taken_apart(model, tokenizer)
        self.name, self.module, self._ask = parts.name, parts.module, parts.ask
        self.per_token = parts.per_token
        self.reader = None if self.module is None else reader_of(parts)
        self._net: TokenNet | None = None
        if self.reader is not None:
            self._net = OwnNet(self.module) if parts.own else TokenNet(self.module, self.reader.tokenizer)
        self.granularity = granularity
        self.hide = _resolved(_masking(hide, self.reader) if self.per_token else hide, granularity, self.reader)
        self.output_names = _names(parts.names if output_names is None else output_names,
                                   None if parts.own else self.module)
        self._outputs = Outputs(parts.meaning, otherwise="softmax", names=self.output_names)
        self._probable = True

    def __repr__(self) -> str:
        return f"<TextModel: {self.name}, {self.granularity}s, hidden by {self.hide!r}>"

    def at(self, token: int) -> TextModel:
        """The same model, asked about the labels of the token at one place: (n, n_labels)."""
        assert self._net is not None
        model = copy(self)
        model._net = self._net.at(token)
        return model

    def labels(self, rows: TokenRows) -> Array:
        """What it says of each token of one row: float64 of shape (n_tokens, n_labels), probabilities."""
        assert self._net is not None
        with in_our_words():
            raw = self._net.at(slice(None))(rows)[0]
        return self._outputs.read(raw, len(raw), "tokens", "probability")

    def batch_size(self, n_tokens: int) -> int:
        """How many texts of at most so many tokens are best asked at once: a power of two."""
        if self.module is None:
            return _FUNCTION_TEXTS
        device = "other" if _torch.on_accelerator(self.module) else "cpu"
        tokens = _MOST_TOKENS[device]
        if device == "cpu":
            tokens = max(_LEAST_TOKENS, min(tokens, int(_WORK / _torch.n_linear_weights(self.module))))
        fitting = max(1, tokens // n_tokens)
        return min(_MOST_TEXTS[device], 1 << fitting.bit_length() - 1)

    def output_space(self, output: Output) -> OutputSpace:
        """Name the space that `output` means for this model.

        A function's values are probabilities until one outside of 0 to 1 has
        come, so ask when the first rows are in. A module of the user's own is
        asked about an empty text if it has not answered yet.

        Raises
        ------
        InputError
            If `output` is no such thing.
        """
        space = self._outputs.space(output)
        if self.module is not None:
            if space is None:
                with in_our_words():
                    self.texts([""], output)
                space = self._outputs.space(output)
            if space is None:
                raise ModelError("the model answers an empty text with NaN: it can't be told what its outputs are")
            return space
        return "log-odds" if output == "logit" else "probability" if self._probable else "value"

    def texts(self, texts: Sequence[str], output: Output) -> Array:
        """Ask about texts: float64, shape (n, n_outputs)."""
        if self.reader is not None:
            return self.tokens(self.reader.rows(texts), output)
        values = self._outputs.read(self._ask(list(texts)), len(texts), "texts", output)
        if output == "logit":
            return log_odds(values)
        self._probable = self._probable and not ((values < 0) | (values > 1)).any()
        return values

    def tokens(self, rows: TokenRows, output: Output) -> Array:
        """Ask about rows of token ids: float64, shape (n, n_outputs).

        Raises
        ------
        InputError
            If the model is a function.
        """
        if self._net is None:
            raise InputError(f"{self.name} is a function of texts: it can't be asked about token ids")
        return self._outputs.read(self._net(rows), len(rows), "texts", output)

    def derivable(self) -> AbstractContextManager[None]:
        """Make the module ready to be asked with gradients, and leave it as it was."""
        return derivable(plain(self.module))

    def embeddings(self, ids: Array) -> torch.Tensor:
        """Look up the vectors of token ids, on the module's device: (n, n_tokens) -> (n, n_tokens, width)."""
        import torch

        module = plain(self.module)
        with _torch.inference(module):
            found: torch.Tensor = embedding_of(module)(torch.tensor(ids, device=_torch.device_of(module)))
        return found

    def mean_embedding(self) -> torch.Tensor:
        """The mean of all tokens' vectors, shape (width,)."""
        layer: Any = embedding_of(plain(self.module))
        found: torch.Tensor = layer.weight.detach().mean(0)
        return found

    def runs(self, lengths: Array) -> list[tuple[int, int]]:
        """Split texts of so many tokens, the longest first, into those that are best asked together: start and stop."""
        assert self._net is not None
        return self._net.alike(lengths)

    @property
    def sociable(self) -> bool:
        """Whether what it says of a text is the same whatever texts are asked with it."""
        return self._net is None or not self._net.moves

    def keep_gradient(self, rows: TokenRows, embeddings: torch.Tensor, output: Output) -> torch.Tensor:
        """Ask about rows of token ids, or one for all, with these embeddings, and keep the gradient.

        Parameters
        ----------
        embeddings : torch.Tensor of shape (n, n_tokens, width)
            Padded at the end, where lengths differ.
        """
        if self._net is None:
            raise InputError(f"{self.name} is a function of texts: its output has no gradient; use lime or shapley")
        return self._outputs.keep_gradient(self._net.embedded(rows, embeddings), output)


def _check_choice(what: str, came: Any, choices: Sequence[str]) -> None:
    if came not in choices:
        raise InputError(f"{what} should be one of {', '.join(map(repr, choices))}; {came!r} came")


def _resolved(hide: Hide, granularity: Granularity, reader: TokenReader | None) -> str:
    """Choose what "auto" means, and refuse what can't be done."""
    if reader is None:
        if granularity == "token":
            raise InputError("a function of texts has no tokens: use granularity='word', or give a "
                             "transformers model with its tokenizer")
        if hide in ("drop_tokens", "mask"):
            raise InputError(f"hide={hide!r} needs a model with its tokenizer: for a function of texts use "
                             f"hide='delete'")
        return "delete"
    if not reader.fast and (hide in ("drop_tokens", "mask") or granularity == "token"):
        raise InputError(f"{reader.name} does not tell where in a text its tokens are: use hide='delete' and words or "
                         "sentences, or its fast version, or a function that gives {'input_ids', 'offset_mapping'}")
    if hide == "mask" and reader.special("mask") is None:
        raise InputError(f"{reader.name} has no mask token: use hide='drop_tokens' or hide='delete'")
    if hide != "auto":
        return hide
    return "delete" if not reader.fast or (reader.word_piece and granularity != "token") else "drop_tokens"


def _masking(hide: Hide, reader: TokenReader | None) -> Hide:
    """Check that words can be masked: all else moves the token whose label is explained."""
    if hide not in ("auto", "mask"):
        raise InputError(f"hide={hide!r} moves the tokens that come after, and a classifier of tokens is asked about "
                         "one of them: use hide='mask'")
    if reader is not None and not reader.fast:
        raise InputError(f"{reader.name} does not tell where in a text its tokens are, and a classifier of tokens is "
                         "asked about one of them: use its fast version")
    if reader is not None and reader.special("mask") is None:
        raise InputError(f"{reader.name} has no mask token to stand for a hidden word: set its mask_token, for "
                         "instance to its unk_token")
    return "mask"


def _names(names: Sequence[str] | None, module: Any) -> tuple[str, ...] | None:
    if isinstance(names, str):
        raise InputError(f"output_names should be a sequence of names, one an output; {names!r} came")
    if module is None:
        return None if names is None else tuple(map(str, names))
    config = plain(module).config
    labels, n = config.id2label, config.num_labels
    if names is not None and len(names) != n:
        raise InputError(f"the model has {n} outputs, and {len(names)} output_names came")
    return tuple(map(str, names if names is not None else (labels.get(i, i) for i in range(n))))
