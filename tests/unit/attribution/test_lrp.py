"""Relevance where it is conserved, where it is known in closed form, and through transformers of all kinds."""

import numpy as np
import pytest
import torch
import transformers
from left import state
from nets import explained, of_target, relu_net
from torch import nn
from torch.nn import functional as F

import limelight as ll
from limelight.attribution._watch import asked_by
from limelight.attribution.lrp import Relevance
from limelight.errors import InputError, ModelError, Unsuited

RNG = np.random.default_rng(0)
N_TOKENS, WIDTH = 4, 6
X = RNG.normal(size=N_TOKENS * WIDTH)
TINY = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def relevance(net, x=X, target=0, **options):
    return explained(net.double(), x, "lrp", output="logit", target=target, **options)


class Head(nn.Module):
    """One attention head without biases, read by the mean of its values."""

    def __init__(self, attend):
        super().__init__()
        torch.manual_seed(0)
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(3))
        self.last, self.attend = nn.Linear(WIDTH, 2, bias=False), attend

    def forward(self, rows):
        tokens = rows.unflatten(1, (N_TOKENS, WIDTH))
        return self.last(self.attend(self.query(tokens), self.key(tokens), self.value(tokens)).mean(1))


def written_out(query, key, value):
    return (query @ key.transpose(1, 2) / WIDTH ** 0.5).softmax(-1) @ value


ATTENDING = [written_out, F.scaled_dot_product_attention,
             lambda q, k, v: torch.bmm(torch.softmax(torch.einsum("nid,njd->nij", q, k) / WIDTH ** 0.5, dim=2), v),
             lambda q, k, v: F.scaled_dot_product_attention(query=q, key=k, value=v)]


@pytest.mark.parametrize("seed", range(3))
def test_without_biases_a_relu_network_has_gradient_times_input_which_adds_up(seed):
    net, x = relu_net(n_out=3, bias=False, seed=seed), RNG.normal(size=6)
    found = relevance(net, x, target=1, epsilon=0)
    expected = of_target(explained(net, x, "input_x_gradient", output="logit", target=1))
    assert of_target(found) == pytest.approx(expected, abs=1e-12)
    assert of_target(found).sum() == pytest.approx(found.prediction[1])
    assert not found.params["warning"] and found.quality["completeness_gap"] is None


@pytest.mark.parametrize("attend", ATTENDING)
def test_one_head_conserves_relevance_when_its_weights_are_constants(attend):
    found = relevance(Head(attend), attention="cp_lrp")
    assert of_target(found).sum() == pytest.approx(found.prediction[0], rel=1e-5)


@pytest.mark.parametrize("attend", ATTENDING)
def test_of_one_head_half_goes_through_the_values_and_half_as_the_softmax_lets_it(attend):
    # AttnLRP's softmax passes on scores times gradient, which is not all that came: so the sum is known, but not f.
    net = Head(attend).double()
    tokens = torch.tensor(X).view(1, N_TOKENS, WIDTH)
    scores = (net.query(tokens) @ net.key(tokens).transpose(1, 2) / WIDTH ** 0.5).detach().requires_grad_()
    output = net.last((scores.softmax(-1) @ net.value(tokens)).mean(1))[0, 0]
    (gradient,) = torch.autograd.grad(output, scores)
    found = relevance(net)
    assert of_target(found).sum() == pytest.approx((output + (scores * gradient).sum()).item() / 2, abs=1e-6)


@pytest.mark.parametrize("attention", ["attn_lrp", "cp_lrp"])
def test_heads_of_torch_are_heads_written_out(attention):
    torch.manual_seed(0)
    module = nn.MultiheadAttention(WIDTH, 2, batch_first=True)

    def heads(rows, own):
        tokens = rows.unflatten(1, (N_TOKENS, WIDTH))
        if own:
            return module(tokens, tokens, tokens)[0].sum(1)
        q, k, v = (part.unflatten(2, (2, -1)).transpose(1, 2) for part in
                   F.linear(tokens, module.in_proj_weight, module.in_proj_bias).chunk(3, -1))
        mixed = (q @ k.transpose(2, 3) / (WIDTH / 2) ** 0.5).softmax(-1) @ v
        return module.out_proj(mixed.transpose(1, 2).flatten(2)).sum(1)

    class Net(nn.Module):
        def __init__(self, own):
            super().__init__()
            self.module, self.own = module, own

        def forward(self, rows):
            return heads(rows, self.own)

    first, second = (of_target(relevance(Net(own), attention=attention, epsilon=0)) for own in (True, False))
    assert first == pytest.approx(second, abs=1e-9)


@pytest.mark.parametrize("activation", [nn.GELU(), nn.Tanh(), nn.SiLU(), nn.ReLU(), nn.ELU(),
                                        transformers.activations.NewGELUActivation()])
def test_a_function_that_is_nothing_at_nothing_gives_on_all_it_gets(activation):
    net = nn.Sequential(nn.Linear(24, 8, bias=False), activation, nn.Linear(8, 3, bias=False)).double()
    w, v = (net[i].weight.detach().numpy() for i in (0, 2))
    z = w @ X
    slope = activation(torch.tensor(z)).numpy() / z
    found = relevance(net, target=2)
    assert of_target(found) == pytest.approx(X * ((v[2] * slope) @ w), abs=1e-7)
    assert of_target(found).sum() == pytest.approx(found.prediction[2], abs=1e-7)


@pytest.mark.parametrize("norm", [nn.LayerNorm(24, bias=False), nn.RMSNorm(24), nn.GroupNorm(4, 24),
                                  nn.LayerNorm(24, elementwise_affine=False),
                                  lambda z: z * torch.rsqrt(z.pow(2).mean(-1, keepdim=True) + 1e-6)])
def test_norms_conserve_relevance(norm):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.last = norm, nn.Linear(24, 3, bias=False)

        def forward(self, rows):
            return self.last(self.norm(rows))

    net = Net()
    with torch.no_grad():
        for weight in net.parameters():
            weight.copy_(torch.randn_like(weight)) if weight.ndim == 2 or not isinstance(norm, nn.GroupNorm) else None
    found = relevance(net)
    assert of_target(found).sum() == pytest.approx(found.prediction[0], abs=1e-7)


def test_factors_share_relevance_alike():
    a, b = RNG.normal(size=(2, 24))
    found = explained(lambda rows: (rows @ torch.tensor(a)) * (rows @ torch.tensor(b)), X, "lrp")
    assert of_target(found) == pytest.approx((a * X * (b @ X) + b * X * (a @ X)) / 2)
    assert of_target(found).sum() == pytest.approx(found.prediction[0])


def test_epsilon_takes_its_share():
    w = torch.tensor(RNG.normal(size=(1, 24)))
    found = explained(lambda rows: F.linear(rows, w), X, "lrp", epsilon=0.5)
    y = (w.numpy() @ X).item()
    assert of_target(found) == pytest.approx(w.numpy()[0] * X * y / (y + 0.5 * np.sign(y)))


def test_probabilities_are_explained_from_none_to_what_they_are():
    net = relu_net(n_in=24, n_out=4, bias=False)
    found = explained(net, X, "lrp")
    assert of_target(found).sum() == pytest.approx(found.prediction[found.target] - 1 / 4, abs=1e-7)
    own = explained(nn.Sequential(net, nn.Softmax(1)), X, "lrp")
    assert of_target(own) == pytest.approx(of_target(found), abs=1e-12)
    odds = explained(nn.Sequential(net, nn.Softmax(1)), X, "lrp", output="logit")
    none = np.log((1 / 4) / (3 / 4))
    assert of_target(odds).sum() == pytest.approx(odds.prediction[odds.target] - none, abs=1e-7)
    single = relu_net(n_in=24, bias=False)
    found = explained(nn.Sequential(single, nn.Sigmoid()), X, "lrp")
    assert of_target(found).sum() == pytest.approx(found.prediction[0] - 1 / 2, abs=1e-7)
    odds = explained(nn.Sequential(single, nn.Sigmoid()), X, "lrp", output="logit")
    assert of_target(odds) == pytest.approx(of_target(explained(single, X, "lrp")), abs=1e-6)


def test_a_gated_linear_unit_is_a_product():
    net = nn.Linear(24, 6).double()
    written = explained(lambda rows: (net(rows)[:, :3] * net(rows)[:, 3:].sigmoid()).sum(1), X, "lrp")
    assert of_target(explained(lambda rows: F.glu(net(rows)).sum(1), X, "lrp")) == pytest.approx(of_target(written))


def ungraded(z):
    with torch.no_grad():
        return z.relu()


@pytest.mark.parametrize("hidden", [lambda z: z.relu().detach(), lambda z: z.relu().data, ungraded])
def test_what_is_detached_is_told(hidden):
    with pytest.warns(UserWarning, match="no relevance passes there"):
        explained(lambda rows: (rows + hidden(rows)).sum(1), X, "lrp")


def texts():
    tokens = {"vocab_size": 50, "pad_token_id": 0}
    small = {"n_embd": 16, "n_layer": 2, "n_head": 2, "bos_token_id": 1, "eos_token_id": 1}
    return [transformers.BertForSequenceClassification(transformers.BertConfig(**TINY, **tokens)),
            transformers.DistilBertForSequenceClassification(
                transformers.DistilBertConfig(dim=16, n_layers=2, n_heads=2, hidden_dim=32, **tokens)),
            transformers.RobertaForSequenceClassification(transformers.RobertaConfig(**TINY, **tokens)),
            transformers.GPT2ForSequenceClassification(transformers.GPT2Config(**small, **tokens)),
            transformers.LlamaForSequenceClassification(transformers.LlamaConfig(**TINY, **tokens))]


def pictures():
    size = {"image_size": 32, "patch_size": 8}
    return [transformers.ViTForImageClassification(transformers.ViTConfig(**TINY, **size)),
            transformers.DeiTForImageClassification(transformers.DeiTConfig(**TINY, **size)),
            transformers.SwinForImageClassification(transformers.SwinConfig(
                embed_dim=8, depths=[1, 1], num_heads=[2, 2], window_size=4, image_size=32, patch_size=4)),
            transformers.ConvNextForImageClassification(transformers.ConvNextConfig(
                hidden_sizes=[8, 16], depths=[1, 1], num_stages=2, patch_size=2)),
            transformers.ResNetForImageClassification(transformers.ResNetConfig(
                embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic"))]


class Game:
    """A transformer asked with its own kind of inputs."""

    def __init__(self, module, x, name):
        self.module, self.x, self._name = module.eval(), x, name

    def open(self):
        return torch.enable_grad()

    def __call__(self, inputs):
        return self.module(**{self._name: inputs}).logits


def relevances(module, x, name, **options):
    game = Game(module, x, name)
    leaf, outputs = asked_by(Relevance(options.get("epsilon", 1e-9), options.get("attention", "attn_lrp")), "lrp",
                             game, x)
    (gradient,) = torch.autograd.grad(outputs[0, 0], leaf)
    return (leaf.detach() * gradient)[0], outputs.detach()


@pytest.mark.parametrize("attention", ["attn_lrp", "cp_lrp"])
@pytest.mark.parametrize("kind", ["text", "picture"])
@pytest.mark.parametrize("number", range(5))
def test_transformers_are_passed_through_whichever_way_they_compute_attention(kind, number, attention):
    torch.manual_seed(0)
    module, name = (texts()[number], "inputs_embeds") if kind == "text" else (pictures()[number], "pixel_values")
    x = torch.randn(1, 5, 16) if kind == "text" else torch.randn(1, 3, 32, 32)
    before = state(module.eval())
    found, outputs = relevances(module, x, name, attention=attention)
    with torch.no_grad():
        torch.testing.assert_close(outputs, module(**{name: x}).logits)
    assert state(module) == before
    assert found.isfinite().all() and found.abs().max() > 0
    if number < 3 and "attn" in str(getattr(module, "_attn_implementation", "attn")):
        module.set_attn_implementation("eager")
        eager, _ = relevances(module, x, name, attention=attention)
        torch.testing.assert_close(eager, found, atol=1e-6, rtol=1e-4)


def test_an_encoder_of_torch():
    torch.manual_seed(0)

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            layer = nn.TransformerEncoderLayer(WIDTH, 2, 12, batch_first=True)
            self.encoder, self.last = nn.TransformerEncoder(layer, 2), nn.Linear(WIDTH, 2)

        def forward(self, rows):
            return self.last(self.encoder(rows.unflatten(1, (N_TOKENS, WIDTH))).mean(1))

    net = Net()
    assert np.abs(of_target(relevance(net))).min() > 0
    with pytest.raises(Unsuited, match=r"multi_head_attention_forward, in encoder\.layers\.0\.self_attn"):
        explained(net, X, "deep_lift")


def test_words_of_a_real_model(sentiment):
    found = ll.explain(sentiment, "a dull film, saved by a wonderful ending", method="lrp", output="logit",
                       target="positive", progress=False)
    values = dict(found.as_list())
    assert values["wonderful"] == max(values.values()) and values["dull"] == min(values.values())


@pytest.mark.parametrize(("module", "words"), [
    (nn.LSTM(24, 3), "lstm, in 0"), (nn.Sequential(nn.Softmax(1), nn.Linear(24, 3)), "linear after a softmax"),
    (nn.Sequential(nn.Unflatten(1, (3, 8)), nn.LPPool1d(2, 2), nn.Flatten()), "lp_pool1d|no rule for .*LPPool1d")])
def test_what_has_no_rule_is_refused_by_name(module, words):
    class First(nn.Sequential):
        def forward(self, rows):
            found = self[0](rows)
            return found[0] if isinstance(found, tuple) else found

    with pytest.raises(Unsuited, match=words):
        relevance(First(module))


@pytest.mark.parametrize("options", [{"epsilon": -1}, {"epsilon": "small"}, {"attention": "attn"}])
def test_options_that_mean_nothing_are_refused(options):
    with pytest.raises(InputError, match="give"):
        relevance(relu_net(n_in=24), **options)


@pytest.mark.parametrize("case", ["well", "wrong target", "refused", "crash"])
def test_the_network_is_left_as_it_was(case):
    def attend(query, key, value):
        if case == "crash" and torch.is_grad_enabled():
            raise RuntimeError("out of order")
        return query.logcumsumexp(1) if case == "refused" else written_out(query, key, value)

    net = Head(attend).double()
    net.value.train()
    net.last.weight.requires_grad_(False)
    before = state(net)
    if case == "well":
        relevance(net)
    else:
        with pytest.raises((InputError, ModelError, RuntimeError)):
            relevance(net, target=17 if case == "wrong target" else 0)
    assert state(net) == before


def test_compiled_and_in_half_precision():
    net = Head(written_out)
    expected = of_target(relevance(net))
    assert of_target(relevance(torch.compile(net, backend="eager"))) == pytest.approx(expected)
    half = of_target(explained(net.bfloat16(), X, "lrp", output="logit", target=0))
    assert half == pytest.approx(expected, abs=0.05 * np.abs(expected).max())


def test_one_number_without_change_takes_its_derivative():
    net = nn.Sequential(nn.Linear(2, 1, bias=False), nn.GELU()).double()
    with torch.no_grad():
        net[0].weight.copy_(torch.tensor([[3.0, -6.0]]))
    assert of_target(explained(net, [2.0, 1.0], "lrp", epsilon=0)) == pytest.approx([3.0, -3.0])
    assert of_target(explained(net, [2.0, 1.0], "lrp")) == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("output", ["probability", "logit"])
def test_what_biases_take_is_told(output):
    rows = np.random.default_rng(0).normal(size=(20, 6))
    without, biased = (ll.explain(ll.tabular_model(relu_net(n_out=3, bias=bias), rows), rows[0], method="lrp",
                                  output=output, progress=False) for bias in (False, True))
    assert without.params["relative_gap"] == pytest.approx(0, abs=1e-6)
    values = biased.values[:, biased.target]
    zero = 1 / 3 if output == "probability" else 0
    lost = biased.prediction[biased.target] - zero - values.sum()
    assert biased.params["relative_gap"] == pytest.approx(abs(lost) / np.abs(values).sum(), abs=1e-9)
    assert biased.params["relative_gap"] > 0.01
