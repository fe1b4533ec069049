"""Grad-CAM: which cells of a feature map speak for an output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args

from limelight.attribution._maps import Maps, Met
from limelight.attribution._watch import as_model_errors, check_gradient
from limelight.attribution.gradients import certain, wide
from limelight.errors import InputError, Unsuited
from limelight.types import Budget, Estimate, TensorGame

if TYPE_CHECKING:
    import torch

Variant = Literal["grad_cam", "hires", "layer"]
MOST_NAMES = 8
FLAT = ("the output has no gradient by any cell of the feature map, so all values are 0: a probability may be too near "
        "to 0 or 1, which output='logit' avoids, or a transformer reads the class token alone after this layer")


def grad_cam(game: TensorGame, target: int, budget: Budget, *, variant: Variant = "grad_cam", layer: Any = None,
             signed: bool = True) -> Iterator[Estimate]:
    """Yield the sum over a layer's channels of activation x weight, per cell (Selvaraju et al. 2017, arXiv:1610.02391).

    Cells are signed: positive speaks for the output and negative against it.
    (The paper keeps the positive ones: `signed=False`.) A cell's value is
    spread over the pixels of its place, bilinearly, so that the sum of the
    pixels is that of the cells. A segment gets the sum of its pixels: its
    share of the output, larger for a larger segment of the same colour.
    Where only a mean over cells and a linear layer follow, as in CAM, all
    sum to the output less its bias.

    Parameters
    ----------
    variant : {"grad_cam", "hires", "layer"}
        A channel's weight is the mean of its gradient over cells; or the
        gradient of each cell (HiResCAM, arXiv:2011.08891); or what of that is
        positive (LayerCAM, Jiang et al. 2021).
    layer : str or torch.nn.Module, optional
        Default: of a convolutional network its last feature map, with the
        activation and normalisation that follow; of a transformer the last
        normalised tokens of the patches that the output depends on, on their
        grid, without the class token.
    signed : bool

    Yields
    ------
    Estimate
        Values of shape (n_features, 1), in the output's units.

    Raises
    ------
    Unsuited
        If the model has no such layer.
    """
    import torch

    budget.take(1)
    maps = _maps(game, layer)
    output = _asked(game, maps)[0, target]
    met, gradient, depends = _last(maps.met, output)
    cam = weighted(met.cells(met.output.detach()), met.cells(gradient), variant)[0]
    cam = cam if signed else cam.relu()
    size = game.x.shape[-2:]
    pixels = torch.nn.functional.interpolate(wide(cam)[None, None], size=size, mode="bilinear")[0, 0]
    yield certain(game, pixels * (cam.numel() / size.numel()), warning="" if depends else FLAT, layer=met.name)


def check_grad_cam(game: TensorGame, variant: Variant = "grad_cam", layer: Any = None, signed: bool = True) -> None:
    """Raise Unsuited if the model has no feature map, InputError if it has not this one: asks it once."""
    import torch

    if variant not in get_args(Variant):
        raise InputError(f"variant={variant!r} is not known: give {', '.join(map(repr, get_args(Variant)))}")
    with torch.no_grad():
        _asked(game, _maps(game, layer), gradients=False)


def weighted(activations: torch.Tensor, gradients: torch.Tensor, variant: Variant) -> torch.Tensor:
    """Sum activations over channels, by weights from gradients: (n, channels, rows, columns) -> (n, rows, columns)."""
    if variant == "grad_cam":
        gradients = gradients.mean((2, 3), keepdim=True)
    return (activations * (gradients.relu() if variant == "layer" else gradients)).sum(1)


def _maps(game: TensorGame, layer: Any) -> Maps:
    """Watch for one layer, or for all maps."""
    names = {part: name for name, part in game.module.named_modules()}
    if layer is None:
        return Maps(game.module)
    name = layer.removeprefix("_orig_mod.") if isinstance(layer, str) else names.get(layer)
    if name not in names.values():
        said = type(layer).__name__ if hasattr(layer, "forward") else repr(layer)
        raise InputError(f"layer={said} is not in the model: give a module of it or its name; {_candidates(game)}")
    return Maps(game.module, name)


def _asked(game: TensorGame, maps: Maps, gradients: bool = True) -> torch.Tensor:
    """Ask about the input and take down maps: (1, all outputs)."""
    import torch

    leaf = game.x.detach().clone().requires_grad_()
    with game.open(), maps.watching(), torch.set_grad_enabled(gradients), as_model_errors("grad_cam"):
        outputs = game(leaf.clone())
    if not maps.met and maps.wanted is None:
        raise Unsuited(f"grad_cam needs a convolutional layer{_of_torch(game)}: this model has none",
                       "integrated_gradients")
    if not maps.met:
        raise InputError(f"layer={maps.wanted!r} gives {maps.other or 'nothing here'}, and grad_cam needs a map of "
                         f"shape (n, channels, rows, columns) or tokens of patches: {_candidates(game)}")
    check_gradient(outputs if gradients else leaf)
    return outputs


def _of_torch(game: TensorGame) -> str:
    """Keras's own layers, which work on channels last, are not among those that are known."""
    keras = any(base.__module__.partition(".")[0] == "keras" for base in type(game.module).__mro__)
    return " of torch itself, and not of Keras" if keras else ""


def _last(met: list[Met], output: torch.Tensor) -> tuple[Met, torch.Tensor, bool]:
    """The last map on whose cells the output depends, its gradient there, and whether there is one."""
    import torch

    for found in reversed(met):
        (gradient,) = torch.autograd.grad(output, found.output, retain_graph=True, allow_unused=True,
                                          materialize_grads=True)
        if found.cells(gradient).any():
            return found, gradient, True
    return met[-1], torch.zeros_like(met[-1].output), False


def _candidates(game: TensorGame) -> str:
    """Name the layers that can be given: the default, then blocks from the last, then what they are made of."""
    import torch

    maps, parts = Maps(game.module), dict(game.module.named_modules())
    with torch.enable_grad():
        default = _last(maps.met, _asked(game, maps)[0, 0])[0].name
    met = [found.name for found in reversed(maps.met) if not _passes_on(parts[found.name])]
    blocks = [name for name in met if any(parts[name].children())]
    _, *others = dict.fromkeys([default, *blocks, *met])
    return f"there is {', '.join([f'{default} (the default)', *others[:MOST_NAMES - 1]])}"


def _passes_on(part: torch.nn.Module) -> bool:
    """Tell modules that give what they are given, but for a border."""
    return any(said in type(part).__name__ for said in ("Identity", "Pad", "Drop"))
