"""Every torch function that a model calls on what depends on its input, answered by a rule.

This is how rules of propagation reach functions that are no modules, and
modules that are used twice: torch itself hands over each call, in this thread
and inside the `with` alone. Nothing of the model or of a library is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limelight.attribution._functions import DIVISIONS, ELEMENTWISE, LINEAR, PRODUCTS, UNDEFINED_AT_ZERO
from limelight.errors import InputError, LimelightError, ModelError, Unsuited, said

if TYPE_CHECKING:
    import torch

    from limelight.types import TensorGame

INSTEAD = "integrated_gradients"
AFTER_THE_MODEL = "what follows the model"
_CURVES = {name.replace("_", "") for name in ELEMENTWISE | UNDEFINED_AT_ZERO}


@dataclass(frozen=True)
class Call:
    """One call of a torch function, some of whose arguments depend on the input.

    Attributes
    ----------
    name : str
        Of the function, whether it is written torch.add, x.add, + or +=: "add".
    where : str
        The module that calls it, in words.
    by_hidden : bool
        True if another argument is made of the input in a way that has no derivative: a comparison, a place of a
        maximum, something detached.
    """

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    options: Mapping[str, Any]
    where: str
    in_place: bool = False
    by_hidden: bool = False

    def plain(self) -> Any:
        """Its result, with its own derivative."""
        return self.function(*self.args, **self.options)

    def of(self, *first: Any) -> Any:
        """Its result for other first arguments, which are left as they are."""
        options = {name: value for name, value in self.options.items() if name != "inplace"}
        return self.function(*(value.clone() for value in first), *self.args[len(first):], **options)

    def given(self, result: torch.Tensor) -> torch.Tensor:
        """A result where the caller expects it: in the first argument, for a function that works in place."""
        return self.args[0].copy_(result) if self.in_place else result

    @property
    def linear(self) -> bool:
        """Tell functions whose own derivative is right: linear in what depends on the input."""
        if self.name in DIVISIONS:
            return not depends(self.args[1:])
        if self.name == "batch_norm":
            return not self.options.get("training")
        return self.name in LINEAR or (self.name in PRODUCTS and self.n_dependent == 1)

    @property
    def n_dependent(self) -> int:
        """How many of its arguments depend on the input."""
        return sum(map(depends, (*self.args, *self.options.values())))

    @property
    def of_one(self) -> bool:
        """Tell whether its first argument alone depends on the input."""
        return depends(self.args[:1]) and self.n_dependent == 1

    def detaches(self, result: Any) -> bool:
        """Tell whether this is where the model keeps a number of the input from its derivative."""
        import torch

        cut = self.name in ("detach", "get") or not torch.is_grad_enabled()
        return cut and isinstance(result, torch.Tensor) and result.is_floating_point() and not depends(result)

    def unknown(self, method: str, what: str = "") -> Any:
        """Its result, if that has no derivative; else refuse."""
        result = self.plain()
        if depends(result):
            raise self.refused(method, what)
        return result

    def refused(self, method: str, what: str = "") -> Unsuited:
        return Unsuited(f"{method} has no rule for {what or self.name}, in {self.where}", INSTEAD)


Rule = Callable[[Call], Any]


def depends(value: Any) -> bool:
    """Tell whether a tensor, or one in a list, depends on the input; weights do not."""
    if isinstance(value, (list, tuple)):
        return any(map(depends, value))
    return bool(getattr(value, "requires_grad", False)) and not value.is_leaf


def asked_by(rule: Rule, method: str, game: TensorGame, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Ask a game, by a rule: the inputs as a leaf, and the outputs that depend on it, shape (n, all outputs).

    Raises
    ------
    Unsuited
        If the model does something that the rule refuses or can't see.
    ModelError
        If the model raises.
    """
    import torch

    for name, part in game.module.named_modules():
        if isinstance(part, torch.jit.ScriptModule):
            raise Unsuited(f"{method} can't look into {_in_words(name, part)}, which TorchScript compiled", INSTEAD)
    leaf = inputs.detach().clone().requires_grad_()
    with game.open(), _frozen(game.module), Watch(game.module, rule).watching(), as_model_errors(method):
        outputs = game(leaf.clone())  # a copy: the module may write into it, and the weights alone are leaves
    check_gradient(outputs)
    _check_nothing_hidden(outputs, method)
    return leaf, outputs


@contextmanager
def as_model_errors(method: str) -> Iterator[None]:
    """Have what the model raises come as a ModelError, with its cause."""
    try:
        yield
    except LimelightError:
        raise
    except Exception as error:  # the model may raise anything
        raise ModelError(f"the model raised {type(error).__name__}: {said(error)}. {method} asks it with gradients: "
                         "check that it can be called so, or use shapley or lime, which only ask it") from error


def check_gradient(outputs: torch.Tensor) -> None:
    """Raise InputError for outputs that do not depend on the input as far as torch can see."""
    if not outputs.requires_grad:
        raise InputError("the model's output has no gradient by its input: it rounds it, detaches it or runs under "
                         "no_grad; use shapley or lime, which only ask it")


class Watch:
    """Where in a module a computation is, and what it calls there."""

    def __init__(self, module: torch.nn.Module, rule: Rule):
        self._module, self._rule = module, rule
        self._path: list[str] = []
        self._silent = False
        self._hidden: dict[int, Any] = {}  # the tensors themselves, so that no other gets the place of one

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Have the rule answer; hooks are there meanwhile, which tell where a call comes from."""
        from torch.overrides import TorchFunctionMode

        answer = self._answer

        class Mode(TorchFunctionMode):
            def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                return answer(func, args, kwargs or {})

        handles = []
        try:
            for name, part in self._module.named_modules():
                handles.append(part.register_forward_pre_hook(self._entering(name)))
                handles.append(part.register_forward_hook(self._left))
            with Mode():
                yield
        finally:
            for handle in handles:
                handle.remove()

    def _answer(self, function: Any, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        everything = (args, tuple(options.values()))
        known, by_hidden = depends(everything), self._is_hidden(everything)
        if self._silent or not (known or by_hidden):
            return function(*args, **options)
        raw = getattr(function, "__name__", str(function))
        in_place = (raw.endswith("_") and not raw.startswith("__")) or bool(options.get("inplace"))
        call = Call(raw.strip("_"), function, args, options, self._where(), in_place, by_hidden)
        result = self._rule(call) if known else call.plain()
        if not call.name.endswith("_like") and not call.name.startswith("new_"):  # these read its shape alone
            self._hide(args[0] if call.name == "setitem" else result)
        return result

    def _is_hidden(self, value: Any) -> bool:
        """Tell whether a tensor, or one in a list, is made of the input in a way that has no derivative."""
        if isinstance(value, (list, tuple)):
            return any(map(self._is_hidden, value))
        return id(value) in self._hidden and not depends(value)  # it may have been written into since

    def _hide(self, value: Any) -> None:
        if isinstance(value, (list, tuple)):
            for part in value:
                self._hide(part)
        elif hasattr(value, "requires_grad") and not depends(value):
            self._hidden[id(value)] = value

    def _where(self) -> str:
        return self._path[-1] if self._path else AFTER_THE_MODEL

    def _entering(self, name: str) -> Callable[..., None]:
        def enter(part: torch.nn.Module, _: object) -> None:
            self._path.append(_in_words(name, part))
            self._silent = self._silent or _is_activation(part)

        return enter

    def _left(self, part: torch.nn.Module, args: tuple[Any, ...], output: Any) -> Any:
        """Hand over an activation as a whole, however its formula is written."""
        where = self._path.pop()
        if not _is_activation(part):
            return None
        result = self._rule(Call("activation", part.forward, args[:1], {}, where)) if depends(args[:1]) else None
        self._silent = False
        return result


def _is_activation(part: torch.nn.Module) -> bool:
    """Tell the activations of transformers and timm, some of which are products of several functions."""
    return type(part).__module__.endswith(".activations") and not any(part.children())


def _in_words(name: str, part: torch.nn.Module) -> str:
    return f"{name} ({type(part).__name__})" if name else type(part).__name__


@contextmanager
def _frozen(module: torch.nn.Module) -> Iterator[None]:
    """Let no weight ask for gradients, so that what is made of weights alone does not either."""
    learning = [weight for weight in module.parameters() if weight.requires_grad]
    try:
        for weight in learning:
            weight.requires_grad_(False)
        yield
    finally:
        for weight in learning:
            weight.requires_grad_(True)


def _check_nothing_hidden(outputs: torch.Tensor, method: str) -> None:
    """Refuse what no rule could see: functions in TorchScript, and those whose derivative is code of their own."""
    import torch

    found, seen = [outputs.grad_fn], set()
    while found:
        node = found.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        name = node.name().split("Backward")[0]
        own = issubclass(type(node), torch.autograd.function.BackwardCFunction) or name.startswith("torch::jit")
        # Where a rule answered there is a straight line: no derivative of a curve may be left.
        if own or name.lower() in _CURVES:
            raise Unsuited(f"{method} can't look into the function that computes {name}: it is compiled, or has a "
                           "derivative of its own", INSTEAD)
        found += [following for following, _ in node.next_functions]
