"""Torch modules as people have them: compiled, in half precision, frozen, wrapped, answering with dicts."""

import warnings
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn
from transformers.modeling_outputs import ModelOutput

import limelight as ll

KINDS = ["text", "image", "table"]
ASKING = ["lime", "shapley"]
GRADIENTS = ["saliency", "integrated_gradients"]
ROWS = np.random.default_rng(0).normal(size=(20, 3))
PICTURE = torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(0))
QUARTERS = np.arange(8)[:, None] // 4 * 2 + np.arange(8) // 4
TEXT = "films are good"
WORDS = TEXT.split()


def encode(text):
    found = [(i, text.index(word)) for i, word in enumerate(WORDS) if word in text.split()]
    return {"input_ids": [i for i, _ in found],
            "offset_mapping": [(start, start + len(WORDS[i])) for i, start in found]}


class Body(nn.Module):
    """Numbers or ids in, two smooth outputs out."""

    def __init__(self, kind):
        super().__init__()
        torch.manual_seed(0)
        self.embedding = nn.Embedding(5, 4, padding_idx=0) if kind == "text" else None
        if kind == "text":
            nn.init.normal_(self.embedding.weight)
        self.read = nn.Sequential(nn.Linear({"text": 4, "image": 192, "table": 3}[kind], 8), nn.Tanh(), nn.Dropout(0.5))
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        x = x.flatten(1) if self.embedding is None else self.embedding(x).sum(1)
        return self.head(self.read(x))


class Answering(Body):
    def __init__(self, kind, wrap):
        super().__init__(kind)
        self.wrap = wrap

    def forward(self, x):
        return self.wrap(super().forward(x))


@dataclass
class Scores(ModelOutput):
    scores: torch.Tensor = None


FORMS = {
    "compiled": lambda kind: torch.compile(Body(kind), backend="eager", dynamic=True),
    "compiled in place": lambda kind: compiled_in_place(Body(kind)),
    "compiled within": lambda kind: compiled_within(Body(kind)),
    "frozen": lambda kind: Body(kind).requires_grad_(False),
    "data parallel": lambda kind: nn.DataParallel(Body(kind)),
    "both": lambda kind: torch.compile(nn.DataParallel(Body(kind)), backend="eager", dynamic=True),
    "training": lambda kind: Body(kind).train(),
    "double": lambda kind: Body(kind).double(),
    "a dict": lambda kind: Answering(kind, lambda y: {"scores": y, "loss": None}),
    "logits among others": lambda kind: Answering(kind, lambda y: {"hidden": y.sum(), "logits": y}),
    "a tuple": lambda kind: Answering(kind, lambda y: (y, y.sum())),
    "a model output": lambda kind: Answering(kind, lambda y: Scores(scores=y)),
}


def compiled_in_place(net):
    net.compile(backend="eager", dynamic=True)
    return net


def compiled_within(net):
    net.read = torch.compile(net.read, backend="eager", dynamic=True)
    return net


def explained(net, kind, method, **options):
    if kind == "text":
        model, x = ll.text_model(net, encode), TEXT
    elif kind == "image":
        model, x = ll.image_model(net, segments=QUARTERS), PICTURE
    else:
        model, x = ll.tabular_model(net, ROWS), ROWS[3]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "the embedding of the pad token is all zeros")
        return ll.explain(model, x, method=method, target=1, output="logit", progress=False, **options)


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def plain_answers(kind):
    return {method: explained(Body(kind).eval(), kind, method).values[:, 1] for method in ASKING + GRADIENTS}


def state(net):
    parts = list(net.modules())
    return ([part.training for part in parts], [weight.requires_grad for weight in net.parameters()],
            [len(part._forward_hooks) + len(part._forward_pre_hooks) + len(part._backward_hooks) for part in parts])


@pytest.mark.parametrize("form", FORMS)
def test_whatever_its_form_the_answer_is_the_plain_networks(form, kind, plain_answers):
    torch.compiler.reset()
    net = FORMS[form](kind)
    before = state(net)
    for method, values in plain_answers.items():
        assert explained(net, kind, method).values[:, 1] == pytest.approx(values, abs=1e-5), method
    assert state(net) == before and all(weight.grad is None for weight in net.parameters())


def test_a_wrapped_network_has_its_own_name(kind):
    for form in ("compiled", "data parallel", "both"):
        assert explained(FORMS[form](kind), kind, "occlusion").subject["model"] == "Body"


@pytest.mark.parametrize("method", ASKING)
def test_half_precision_answers_nearly_alike(kind, plain_answers, method):
    found = explained(Body(kind).to(torch.bfloat16), kind, method)
    assert found.values[:, 1] == pytest.approx(plain_answers[method], abs=0.05)


@pytest.mark.parametrize("method", GRADIENTS)
def test_half_precision_has_gradients_and_says_where_it_rounds(kind, plain_answers, method):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = explained(Body(kind).to(torch.bfloat16), kind, method)
    assert found.values[:, 1] == pytest.approx(plain_answers[method], abs=0.05)
    assert found.values.dtype == np.float64
    if found.params.get("relative_gap", 0) > 0.01:
        assert any("half precision rounds" in str(warning.message) for warning in told)


class Quantised(Body):
    """The answers of a network with quantised layers, whose type is all that is looked at."""

    def __init__(self, kind):
        super().__init__(kind)
        part = type("Linear", (nn.Linear,), {"__module__": "torch.ao.nn.quantized.dynamic.modules.linear"})
        self.quantised = part(2, 2)


@pytest.mark.parametrize("method", GRADIENTS)
def test_quantised_networks_are_asked_and_not_differentiated(kind, plain_answers, method):
    net = Quantised(kind)
    assert explained(net, kind, "shapley").values[:, 1] == pytest.approx(plain_answers["shapley"], abs=1e-5)
    with pytest.raises(ll.InputError, match=r"Quantised is quantised \(Linear\), .* use lime or shapley"):
        explained(net, kind, method)


@pytest.mark.filterwarnings("ignore:torch.ao.quantization is deprecated", "ignore:torch.quantize_per_tensor")
def test_torchs_own_quantised_layers_are_known():
    if "x86" not in torch.backends.quantized.supported_engines:
        torch.backends.quantized.engine = torch.backends.quantized.supported_engines[-1]
    net = torch.ao.quantization.quantize_dynamic(Body("table").eval(), {nn.Linear}, dtype=torch.qint8)
    assert explained(net, "table", "shapley").exact
    with pytest.raises(ll.InputError, match="is quantised"):
        explained(net, "table", "saliency")


@pytest.mark.parametrize("method", GRADIENTS)
@pytest.mark.parametrize("wrap", [torch.Tensor.detach, torch.no_grad()(lambda y: y * 1)])
def test_an_answer_without_a_gradient_is_refused(kind, method, wrap):
    with pytest.raises(ll.InputError, match=r"no gradient .* use shapley or lime"):
        explained(Answering(kind, wrap), kind, method)


@pytest.mark.parametrize("form", ["compiled", "data parallel", "frozen", "training"])
@pytest.mark.parametrize("method", ["lime", "integrated_gradients"])
def test_after_a_crash_it_is_as_it_was(kind, form, method):
    torch.compiler.reset()
    net = FORMS[form](kind)
    for part in net.modules():
        if isinstance(part, Body):
            part.head.forward = lambda x: 1 / 0
    before = state(net)
    with pytest.raises(ll.ModelError, match="ZeroDivisionError"):
        explained(net, kind, method)
    assert state(net) == before and torch.is_grad_enabled()
