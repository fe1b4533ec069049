"""track: explain the same examples again and again while a model learns."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import Any

from limelight.arguments import check_rest, whole
from limelight.errors import InputError, LimelightError
from limelight.explanation import Explanation
from limelight.models.recognise import as_model
from limelight.scalars import is_whole
from limelight.training import stored
from limelight.training.callback import watch_over
from limelight.training.elsewhere import Elsewhere
from limelight.training.endings import begun, end_of
from limelight.training.history import History
from limelight.training.log import Log, opened
from limelight.training.pace import Pace
from limelight.training.pinned import Pinned, chosen
from limelight.training.processes import check_whole, is_first
from limelight.training.tracker import Tracker
from limelight.training.untouched import untouched
from limelight.training.watched import Watched
from limelight.types import Output


def track(model_or_trainer: Any, examples: Any, *, every: int | str = "auto", method: str = "auto",
          target: Any = None, output: Output = "probability", log: str | PathLike[str] | None = None,
          validation: str | None = None, lower_is_better: bool | None = None, n_samples: int | str = "auto",
          seed: int = 0, **options: Any) -> Tracker:
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
        Texts, images or rows, a few of them (1,000 at most). All are explained at every record.
    every : int or "auto"
        Steps between records; "auto": so far apart that they take 5 % of the
        training's own time at most. The last weights are explained in any case,
        which takes a larger share of a training that is shorter than twenty
        explanations: `overhead` says what it was, and a note that it was more.
    method : str
        As of `ll.explain`. "auto": lrp for transformers (where it runs),
        input_x_gradient, a single backward pass, for other torch models;
        shapley with four evaluations a feature for others.
    target : int or str, or several of them, one an example, optional
        The output that is explained at every step: give the right ones, if
        they are known, as a list, an array, a tensor or a Series. Of a model
        that labels words, a tuple is one word and its label. Default: what is predicted at first.
    output : {"probability", "logit"}
        A gradient of a probability fades as the model grows sure; that of a logit stays.
    log : str or Path, optional
        A file that is written to as training goes on, ending in .track;
        `ll.load` opens it. If it is there already, and of the same examples,
        method and seed, the training goes on in it.
    validation : str, optional
        The metric that tells of validation. Default: by its name, such as eval_accuracy.
    lower_is_better : bool, optional
        Whether less of that metric is better. Default: by its name: of a loss, an error, a perplexity, ... it is.
    n_samples : int or "auto"
        The most evaluations to spend on an example at one record, as of
        `ll.explain`. "auto": of a method that draws coalitions four a feature.
    seed : int
    **options
        The method's own.

    Returns
    -------
    Tracker
        Explained once: as step 0, or where its log ends. Of several processes
        the first one has it; to the others theirs is "elsewhere", and does nothing.

    Raises
    ------
    InputError
        If an argument can't be used, or the log is of something else.
    Unsuited
        If no process has all weights, as under FSDP and ZeRO-3.
    ModelError
        If the model can't be explained as it is now.
    """
    _check(every, output, validation, lower_is_better, n_samples, seed)
    trainer, model = _parts(model_or_trainer)
    inputs = _several(examples)
    wrapped = as_model(model, inputs[0])
    module = getattr(wrapped, "module", None)
    check_whole(module, trainer)
    if not is_first(trainer):
        return Elsewhere()

    def pin(asked: Any, targets: Sequence[Any]) -> list[Pinned]:
        found: list[Pinned] = []
        for x, wanted in zip(inputs, targets, strict=True):
            with _named(len(found)):
                found.append(Pinned(asked, x, by, wanted, output, seed, options, n_samples))
        return found

    def pin_anew(trained: Any) -> list[Pinned]:
        return pin(as_model((trained, model[1]), inputs[0]), _begun_with(explained))

    with opened(log) as kept:
        known = _begun(kept)
        targets = _targets(target, len(inputs), wrapped)
        if target is None and known is not None and len(known) == len(inputs):
            targets = _begun_with(known)
            _check_fit(targets, wrapped, log)
        with untouched(module):
            by = chosen(method, wrapped, inputs[0], options, OWN)
            pinned = pin(wrapped, targets)
        explained = [each.explanation for each in pinned]
        said = options if n_samples == "auto" else {**options, "n_samples": int(n_samples)}
        history = History(tuple(explained), validation=validation, lower_is_better=lower_is_better,
                          multi_label=_multi_label(wrapped, explained[0]))
        notes = _told(kept, history, stored.identity_of(by, seed, output, said, explained))
        watched = Watched(pinned, Pace(every), kept, module, None if trainer is None else pin_anew)
        watched.write(begun())
        tracker = Tracker(history, watched, notes=notes)
        tracker.begin()
    if trainer is not None:
        watch_over(trainer, tracker.to(trainer))
    return tracker


OWN = tuple(name for name, each in inspect.signature(track).parameters.items() if each.kind is each.KEYWORD_ONLY)


def _check(every: Any, output: Any, validation: Any, lower: Any, n_samples: Any, seed: Any) -> None:
    if every != "auto" and not (is_whole(every) and every > 0):
        raise InputError(f"every={every!r} can't be used: give a number of steps, from 1, or 'auto'")
    if validation is not None and not isinstance(validation, str):
        raise InputError(f"validation={validation!r:.60} can't be used: give the name of a metric that will be told, "
                         "such as 'eval_accuracy'")
    if lower is not None and not isinstance(lower, bool):
        raise InputError(f"lower_is_better={lower!r:.60} can't be used: give True, False, or leave it out")
    if n_samples != "auto":
        whole(n_samples)
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
        examples = [row.to_dict() for _, row in examples.iterrows()]
    if isinstance(examples, (str, dict)) or not hasattr(examples, "__iter__"):
        raise InputError(f"examples should be several inputs; one {type(examples).__name__} came: make it a list")
    found = list(examples)
    if not 0 < len(found) <= stored.MOST_EXAMPLES:
        raise InputError(f"examples holds {len(found):,} inputs: give a few texts, images or rows, "
                         f"{stored.MOST_EXAMPLES:,} at most")
    return found


@contextmanager
def _named(example: int) -> Iterator[None]:
    """Have an error say which example it is about. What is wrong with the first may be so of all."""
    try:
        yield
    except LimelightError as error:
        if example:
            error.args = (f"pinned example {example + 1:,}: {error}",)
        raise


def _begun(log: Log | None) -> list[Explanation] | None:
    """The examples that a log is of, if there is one."""
    from limelight.export.documents import reading

    if log is None or not log.entries:
        return None
    with reading(repr(str(log.path))):
        stored.check_header(log.entries[0])
        return stored.pinned_of(log.entries[0])


def _told(log: Log | None, history: History, identity: Mapping[str, Any]) -> list[str]:
    """Tell a history what a log has of it, or begin the log; and what was noted then, and of the log itself."""
    from limelight.export.documents import reading

    if log is None:
        return []
    if not log.entries:
        log.add(stored.header(identity, history))
        return []
    stored.check_same(log.entries[0], identity, repr(str(log.path)))
    with reading(repr(str(log.path))):
        stored.replay(log.entries[1:], history)
        *_, notes = end_of(log.entries)
    log.entries.clear()  # all of it is in the history now
    return [*notes, *log.remarks]


def _targets(target: Any, n: int, model: Any) -> list[Any]:
    """One target an example: those that were given, or the same for all."""
    target = _plain(target)
    of_a_word = isinstance(target, tuple) and getattr(model, "per_token", False)
    if of_a_word or isinstance(target, str) or not isinstance(target, Sequence):
        return [target] * n
    if len(target) != n:
        raise InputError(f"target holds {len(target)} outputs for {n} examples: give one each, or one for all")
    return [_plain(each) for each in target]


def _multi_label(model: Any, explained: Explanation) -> bool:
    """Whether each of several outputs is a yes or no of its own."""
    return model._outputs.meaning == "sigmoid" and len(explained.output_names) > 1


def _plain(target: Any) -> Any:
    """What an array, a tensor or a Series holds."""
    return target.tolist() if hasattr(target, "tolist") else target


def _begun_with(known: Sequence[Explanation]) -> list[str]:
    """The outputs that examples were explained for when tracking began."""
    return [each.output_names[each.target] for each in known]


def _check_fit(targets: Sequence[str], model: Any, log: Any) -> None:
    """Raise InputError where a log's outputs are none of the model's."""
    strange = [name for name in targets if model.output_names is not None and name not in model.output_names]
    if strange:
        raise InputError(f"the log {str(log)!r} explains the output {strange[0]!r}, and this model's are "
                         f"{', '.join(map(repr, model.output_names[:10]))}: give it the names that it had, such as by "
                         "output_names= or the config's id2label, or another log=")
