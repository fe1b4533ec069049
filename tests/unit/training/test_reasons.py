"""What a reader marked costs what its formula says, and is unlearned."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from training_nets import bert, reviews, tokenizer

import limelight as ll

MASK = torch.tensor([True, False, True])


def linear(outputs=2, seed=0):
    torch.manual_seed(seed)
    return torch.nn.Linear(3, outputs).double()


def rows(n=5):
    return torch.tensor(np.random.default_rng(0).normal(size=(n, 3)))


def test_a_linear_model_pays_its_formula():
    layer, x = linear(3), rows()
    # d/dx sum_k log p_k = sum_k w_k - K sum_k p_k w_k
    gradient = layer.weight.sum(0) - 3 * layer(x).softmax(1) @ layer.weight
    expected = (gradient.square() * MASK).sum(1).mean()
    assert ll.losses.right_reasons(layer, x, MASK).item() == pytest.approx(expected.item())


def test_one_logit_is_a_yes_or_no():
    one, two = linear(1), linear(2)
    with torch.no_grad():
        two.weight.copy_(torch.cat([one.weight, 0 * one.weight]))
        two.bias.copy_(torch.cat([one.bias, 0 * one.bias]))
    found = [ll.losses.right_reasons(layer, rows(), MASK, ~MASK).item() for layer in (one, two)]
    assert found[0] == pytest.approx(found[1])


def test_what_should_matter_should_have_the_share():
    layer, x = linear(), rows(2)
    squares = (layer.weight[0] - layer.weight[1]).square()
    elsewhere = 1 - (squares[MASK].sum() / squares.sum()).item()
    assert ll.losses.right_reasons(layer, x, None, MASK).item() == pytest.approx(elsewhere)
    one_marked = torch.stack([MASK, torch.zeros(3, dtype=torch.bool)])
    assert ll.losses.right_reasons(layer, x, None, one_marked).item() == pytest.approx(elsewhere / 2)


def test_pictures_are_masked_by_pixels_and_texts_by_tokens():
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 4 * 5, 2))
    pictures = torch.rand(2, 3, 4, 5)
    left, right = torch.zeros(4, 5, dtype=torch.bool), torch.ones(4, 5, dtype=torch.bool)
    left[:, :2], right[:, :2] = True, False
    whole = ll.losses.right_reasons(net, pictures, left | right)
    torch.testing.assert_close(ll.losses.right_reasons(net, pictures, left)
                               + ll.losses.right_reasons(net, pictures, right), whole)
    batch = reviews()
    everything = ll.losses.right_reasons(bert(), batch, torch.ones(2, 6))
    at_words = ll.losses.right_reasons(bert(), batch, batch["attention_mask"])
    assert everything.item() == pytest.approx(at_words.item()) and everything > 0


def test_a_mask_must_fit():
    with pytest.raises(ll.InputError, match=r"needs marks=, .* or a mask of what should not matter"):
        ll.losses.right_reasons(linear(), rows())
    with pytest.raises(ll.InputError, match=r"a mask of shape \(4,\) came.* need \(5, 3\)"):
        ll.losses.right_reasons(linear(), rows(), torch.ones(4))


def shortcut(n, holds, seed):
    """Column 0 tells the class about nine times in ten, column 1 nearly always, while the shortcut holds."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    true, short = 2.0 * y - 1, 2.0 * (y if holds else rng.integers(0, 2, n)) - 1
    rows = np.stack([true, 1.5 * short, 0 * true], 1) + rng.normal(size=(n, 3)) * [0.8, 0.5, 1]
    return torch.tensor(rows).float(), torch.tensor(y)


def trained(strength, mark=None):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 16), torch.nn.Tanh(), torch.nn.Linear(16, 2))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    x, y = shortcut(256, True, 0)
    for _ in range(150):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), y)
        if strength:
            loss = loss + strength * ll.losses.right_reasons(net, x, *ll.losses.masks(mark, x))
        loss.backward()
        optimizer.step()
    x, y = shortcut(2000, False, 1)
    return (net(x).argmax(1) == y).float().mean().item()


def test_a_model_with_a_shortcut_learns_the_right_column_once_it_is_marked():
    mark = SimpleNamespace(feedback={"short": "should not matter"}, feature_names=("true", "short", "noise"),
                           subject={"kind": "table"})
    assert trained(0) < 0.65
    assert trained(100, mark) > 0.85


def test_a_marked_word_loses_its_say():
    words, model, batch = tokenizer(), bert(initializer_range=0.3), reviews()
    mark = SimpleNamespace(feedback={"good": "should not matter"}, feature_names=("good", "film"),
                           subject={"kind": "text", "pieces": [["good", 0], [" ", -1], ["film", 1]]})
    should_not, should = ll.losses.masks([mark], batch, words)
    assert should is None and should_not.nonzero().tolist() == [[0, 2]]
    before = ll.losses.right_reasons(model, batch, should_not)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    for _ in range(60):
        optimizer.zero_grad()
        ll.losses.right_reasons(model, batch, should_not).backward()
        optimizer.step()
    assert ll.losses.right_reasons(model, batch, should_not) < before / 10
