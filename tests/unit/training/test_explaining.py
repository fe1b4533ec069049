"""Explanations to train by: right as numbers, right as gradients, and the model is left as found."""

import pytest
import torch
from nets import relu_net, smooth_net
from torch.autograd import gradcheck
from torch.utils.checkpoint import checkpoint
from training_nets import Bound, bert, reviews

import limelight as ll
from limelight.training.losses.agreement import cosine
from limelight.training.losses.asking import ask
from limelight.training.losses.explaining import attributions

X = torch.tensor([[0.5, -1.0, 2.0, 0.0, 1.0, -0.3], [1.0, 1.0, -1.0, 0.2, 0.0, 0.7]], dtype=torch.float64)


@pytest.mark.parametrize("method", ["input_x_gradient", "integrated_gradients"])
def test_a_linear_model_is_explained_by_its_terms(method):
    layer = torch.nn.Linear(6, 3).double()
    targets = torch.tensor([2, 0])
    values, _ = attributions(layer, X, targets, method=method)
    torch.testing.assert_close(values, layer.weight[targets] * X)


def test_integrated_gradients_add_up_to_the_change_of_the_logit():
    net = smooth_net(n_out=2)
    values, asked = attributions(net, X, torch.tensor([0, 1]), method="integrated_gradients", steps=24, baseline=0.5)
    at = [net(X).diagonal(), net(torch.full_like(X, 0.5)).diagonal()]
    torch.testing.assert_close(values.sum(1), at[0] - at[1], atol=1e-6, rtol=0)
    assert asked.kind == "numbers"


def test_tokens_are_explained_as_the_view_explains_them():
    model = bert()
    batch = reviews()
    values, asked = attributions(model, batch, torch.tensor([1, 1]))
    assert values.shape == batch["input_ids"].shape
    assert (values[batch["attention_mask"] == 0] == 0).all()
    layer = model.get_input_embeddings()
    vectors = layer(batch["input_ids"]).detach().requires_grad_()
    logits = model(inputs_embeds=vectors, attention_mask=batch["attention_mask"]).logits
    (gradient,) = torch.autograd.grad(logits[:, 1].sum(), vectors)
    torch.testing.assert_close(values, (vectors * gradient).sum(2) * batch["attention_mask"], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(asked.logits, logits)


def test_the_embeddings_of_words_learn_too_unless_they_are_frozen():
    model = bert()
    weight = model.get_input_embeddings().weight
    attributions(model, reviews())[0].abs().sum().backward()
    assert weight.grad.abs().sum() > 0
    weight.requires_grad_(False)
    assert torch.isfinite(attributions(model, reviews())[0]).all()


@pytest.mark.parametrize("method", ["input_x_gradient", "integrated_gradients"])
@pytest.mark.parametrize("loss", ["l1", "entropy", "gini", "reasons", "agreement"])
def test_gradients_by_the_weights_are_right(loss, method):
    torch.manual_seed(0)
    first, second = torch.randn(4, 6).double(), torch.randn(3, 4).double()
    x, targets = X[:, :6], torch.tensor([0, 2])
    teacher = torch.nn.Linear(6, 3).double()

    def asked(first, second):
        net = Bound(first, second)
        if loss == "reasons":
            mask = torch.tensor([True, False, True, False, False, False])
            return ll.losses.right_reasons(net, x, mask, ~mask)
        if loss == "agreement":
            return ll.losses.attribution_distillation(net, teacher, x, targets, method=method, steps=3)
        return ll.losses.sparse_attributions(net, x, targets, measure=loss, method=method, steps=3)

    assert gradcheck(asked, (first.requires_grad_(), second.requires_grad_()))


def test_a_bias_before_a_relu_learns_with_softplus_only():
    net = relu_net(n_out=2)
    for beta in (None, 5.0):
        net.zero_grad()
        ll.losses.sparse_attributions(net, X, softplus=beta).backward()
        bias = net[0].bias.grad
        assert (bias is None or not bias.any()) == (beta is None)
        assert net[0].weight.grad.any()
    sharp, _ = attributions(net, X, softplus=1e7)
    torch.testing.assert_close(sharp, attributions(net, X)[0])


def test_the_model_is_left_as_it_was_found():
    model = bert().train()
    model.bert.encoder.layer[0].eval()
    modes = [part.training for part in model.modules()]
    ll.losses.sparse_attributions(model, reviews())
    with pytest.raises(ll.InputError):
        ll.losses.sparse_attributions(model, reviews(), torch.tensor([5, 0]))
    assert [part.training for part in model.modules()] == modes
    assert not any(part._forward_hooks for part in model.modules())
    assert all(weight.grad is None for weight in model.parameters())


def test_dropout_and_autocast_have_no_part_in_it():
    model = bert().train()
    with torch.autocast("cpu", torch.bfloat16):
        under, again = (attributions(model, reviews())[0] for _ in range(2))
    torch.testing.assert_close(under, attributions(model.eval(), reviews())[0], atol=0, rtol=0)
    assert torch.equal(under, again) and under.dtype == torch.float32


def test_a_part_that_would_be_computed_again_in_training_mode_is_refused():
    class Checkpointing(torch.nn.Module):
        def __init__(self, always):
            super().__init__()
            self.always, self.first = always, torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Dropout(0.5))
            self.second = torch.nn.Linear(8, 2)

        def forward(self, rows):
            again = self.always or self.training
            found = checkpoint(self.first, rows, use_reentrant=False) if again else self.first(rows)
            return self.second(found.tanh())

    x, mask = X.float(), torch.tensor([True, False, False, False, False, False])
    careful, careless = Checkpointing(False).train(), Checkpointing(True).train()
    found = [ll.losses.right_reasons(careful, x, mask) for _ in range(2)]
    found[0].backward()
    assert found[0] == found[1] == ll.losses.right_reasons(careful.eval(), x, mask) > 0
    assert careful.first[0].weight.grad.any()
    with pytest.raises(ll.InputError, match="Checkpointing checkpoints a part of itself also in evaluation mode"):
        ll.losses.right_reasons(careless, x, mask)
    assert careless.training and careless.first[1].training
    with torch.autograd.graph.save_on_cpu():  # a training may keep its own tensors elsewhere
        assert ll.losses.right_reasons(careful, x, mask) == found[0]


def test_zeros_make_no_nan():
    net = torch.nn.Linear(6, 2, bias=False).double()
    torch.nn.init.zeros_(net.weight)
    other = torch.nn.Linear(6, 2).double()
    losses = [*(ll.losses.sparse_attributions(net, X, measure=measure) for measure in ("l1", "gini", "entropy")),
              ll.losses.attribution_distillation(net, other, X), ll.losses.attribution_distillation(other, net, X),
              ll.losses.right_reasons(net, X, torch.ones(6), torch.ones(6))]
    sum(losses).backward()
    assert [loss.item() for loss in losses] == pytest.approx([0, 0, 0, 1, 1, 0])
    assert torch.isfinite(net.weight.grad).all() and torch.isfinite(other.weight.grad).all()


def test_small_numbers_keep_their_direction():
    a = torch.tensor([[1e-15, 0.0], [1e-30, 1e-30]])
    assert cosine(a, torch.tensor([[1e-15, 0.0], [1.0, 1.0]])).tolist()[0] == pytest.approx(1)


@pytest.mark.parametrize(("call", "said"), [
    (lambda: attributions(torch.nn.Linear(6, 2).double(), X, method="lime"), "can't be trained by"),
    (lambda: attributions(torch.nn.Linear(6, 2).double(), X, method="integrated_gradients", steps=0), "steps=0"),
    (lambda: attributions(torch.nn.Linear(6, 2).double(), X, torch.tensor([0])), "one index below 2"),
    (lambda: attributions(torch.nn.Linear(6, 2).double(), X, softplus=-1.0), "a number above 0"),
    (lambda: ask("a pipeline", X), "trains a torch.nn.Module, and str came"),
    (lambda: ask(torch.nn.Linear(6, 2), {"labels": X}), "give one tensor of floating-point numbers"),
    (lambda: ask(torch.nn.Identity(), X[None]), "one row of outputs an example"),
    (lambda: attributions(Bound(torch.ones(1, 6), torch.ones(2, 1), detach=True), X.float()), "no gradient by its"),
])
def test_what_can_not_be_explained_is_refused(call, said):
    with pytest.raises(ll.InputError, match=said):
        call()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU, and there is none here")
def test_a_gpu_gives_the_same_losses_and_gradients():
    found = []
    for device in ("cpu", "cuda"):
        model, teacher = (bert(seed, initializer_range=0.3).to(device) for seed in (0, 1))
        batch = {name: value.to(device) for name, value in reviews().items()}
        mask = batch["attention_mask"].bool().cpu()  # a reader's masks may be elsewhere
        with torch.autocast(device, torch.bfloat16):
            loss = (ll.losses.sparse_attributions(model, batch) + ll.losses.right_reasons(model, batch, mask)
                    + ll.losses.attribution_distillation(model, teacher, batch, method="integrated_gradients"))
        loss.backward()
        found.append([loss.item(), *(weight.grad.norm().item() for weight in model.parameters()
                                     if weight.grad is not None)])
    assert found[1] == pytest.approx(found[0], rel=1e-3, abs=1e-5)
