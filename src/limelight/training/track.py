"""track: explain the same examples again and again while a model learns."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np

from limelight.arguments import check_rest
from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.models.recognise import as_model
from limelight.training import stored
from limelight.training.callback import watch_over
from limelight.training.history import History
from limelight.training.log import Log, path_of
from limelight.training.pace import Pace
from limelight.training.pinned import Pinned, undisturbed
from limelight.training.tracker import Tracker
from limelight.training.watched import Watched
from limelight.types import Output


def track(model_or_trainer: Any, examples: Any, *, every: int | str = "auto", method: str = "auto",
          target: Any = None, output: Output = "probability", log: str | PathLike[str] | None = None,
          validation: str | None = None, seed: int = 0, **options: Any) -> Tracker:
    """Explain pinned examples again and again while a model is trained.

    Every explanation is made with the same masks and seeds, so that only the
    model makes a difference. The model is left as it was found, and so are all
    random number generators: what is trained is the same, bit by bit.

    Parameters
    ----------
    model_or_trainer
        A transformers Trainer, which is given a callback; or what `ll.explain`
        takes as a model, for a loop that calls `tracker.step`.
    examples : sequence of inputs
        Texts, images or rows, a few of them. All are explained at every record.
    every : int or "auto"
        Steps between records; "auto": so far apart that they take 5 % of the
        training's own time at most, but for the last weights, which are
        explained however short the training was.
    method : str
        As of `ll.explain`. "auto": input_x_gradient, a single backward pass,
        for torch models; shapley with four evaluations a feature for others.
    target : int or str, or a list of them, one an example, optional
        The output that is explained at every step: give the right ones, if
        they are known. Default: what is predicted at first.
    output : {"probability", "logit"}
    log : str or Path, optional
        A file that is written to as training goes on, ending in .track;
        `ll.load` opens it. If it is there already, and of the same examples,
        method and seed, the training goes on in it.
    validation : str, optional
        The metric that tells of validation. Default: by its name, such as eval_accuracy.
    seed : int
    **options
        The method's own.

    Returns
    -------
    Tracker
        Explained once: as step 0, or where its log ends.

    Raises
    ------
    InputError
        If an argument can't be used, or the log is of something else.
    ModelError
        If the model can't be explained as it is now.
    """
    _check(every, output, seed)
    trainer, model = _parts(model_or_trainer)
    inputs = _several(examples)
    wrapped = as_model(model, inputs[0])
    opened = None if log is None else Log(path_of(log))
    known = _begun(opened)
    targets = _targets(target, len(inputs), known)
    with undisturbed():
        pinned = [Pinned(wrapped, x, method, wanted, output, seed, options)
                  for x, wanted in zip(inputs, targets, strict=True)]
    explained = [each.explanation for each in pinned]
    identity = stored.identity_of(pinned[0].method, seed, output, options, explained)
    if opened is not None and known is not None:
        stored.check_same(opened.entries[0], identity, repr(str(opened.path)))
        history = History(tuple(explained), validation=validation)
        stored.replay(opened.entries[1:], history)
    else:
        history = History(tuple(explained), validation=validation)
        if opened is not None:
            opened.add(stored.header(identity, explained, validation))
    tracker = Tracker(history, Watched(pinned, Pace(every), opened))
    tracker.begin()
    if trainer is not None:
        watch_over(trainer, tracker.to(trainer))
    return tracker


def _check(every: Any, output: Any, seed: Any) -> None:
    whole = isinstance(every, (int, np.integer)) and not isinstance(every, bool) and every > 0
    if every != "auto" and not whole:
        raise InputError(f"every={every!r} can't be used: give a number of steps, from 1, or 'auto'")
    check_rest(output, None, seed)


def _parts(given: Any) -> tuple[Any, Any]:
    """A Trainer and its model with what reads its inputs; or None and the model."""
    if not hasattr(given, "callback_handler"):
        return None, given
    reader = getattr(given, "processing_class", None)
    if reader is None:
        raise InputError("this Trainer was not told its tokenizer, or what else reads its inputs: give it "
                         "processing_class=tokenizer. Or track ll.text_model(...), ll.image_model(...) or "
                         "ll.tabular_model(...) of its model, and trainer.add_callback(tracker.callback)")
    return given, (given.model, reader)


def _several(examples: Any) -> list[Any]:
    """The inputs, one by one: rows of a table that is given as one, too."""
    if hasattr(examples, "iloc"):
        return [row.to_dict() for _, row in examples.iterrows()]
    if isinstance(examples, (str, dict)) or not hasattr(examples, "__iter__"):
        raise InputError(f"examples should be several inputs; one {type(examples).__name__} came: make it a list")
    found = list(examples)
    if not found:
        raise InputError("there is nothing to pin: give a few texts, images or rows as examples")
    return found


def _begun(log: Log | None) -> list[Explanation] | None:
    """The examples that a log is of, if there is one."""
    from limelight.export.documents import reading

    if log is None or not log.entries:
        return None
    with reading(repr(str(log.path))):
        stored.check_header(log.entries[0])
        return stored.pinned_of(log.entries[0])


def _targets(target: Any, n: int, known: Sequence[Explanation] | None) -> list[Any]:
    """One target an example: where a log goes on and none is given, those that it began with."""
    if target is None and known is not None and len(known) == n:
        return [each.output_names[each.target] for each in known]
    if not isinstance(target, (list, np.ndarray)):
        return [target] * n
    if len(target) != n:
        raise InputError(f"target holds {len(target)} outputs for {n} examples: give one each, or one for all")
    return list(target)
