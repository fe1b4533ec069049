"""A student that gives its teacher's reasons costs nothing."""

import pytest
import torch
from nets import smooth_net
from training_nets import bert, reviews

import limelight as ll

X = torch.tensor([[0.5, -1.0, 2.0], [1.0, 1.0, -1.0]], dtype=torch.float64)


def linear(*weights):
    layer = torch.nn.Linear(3, len(weights), bias=False).double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weights))
    return layer


def of(student, teacher, x=X, targets=None, **options):
    return ll.losses.attribution_distillation(student, teacher, x, targets, **options).item()


@pytest.mark.parametrize("method", ["input_x_gradient", "integrated_gradients"])
def test_the_same_model_agrees_with_itself(method):
    net = smooth_net(n_in=3, n_out=2)
    assert of(net, smooth_net(n_in=3, n_out=2), method=method) == pytest.approx(0, abs=1e-12)
    assert of(bert(), bert(), reviews(), method=method) == pytest.approx(0, abs=1e-6)


def test_linear_models_differ_by_the_angle_of_their_terms():
    a, b = torch.tensor([1.0, 2.0, -1.0]).double(), torch.tensor([0.5, -1.0, 3.0]).double()
    cosines = torch.cosine_similarity(X * a, X * b)
    assert of(linear(b.tolist()), linear(a.tolist())) == pytest.approx(1 - cosines.mean().item())
    assert of(linear((7 * a).tolist()), linear(a.tolist())) == pytest.approx(0)
    assert of(linear((-a).tolist()), linear(a.tolist())) == pytest.approx(2)


def test_the_teacher_says_which_output_is_explained():
    teacher, student = linear([1.0, 0, 0], [0, 5.0, 0]), linear([0, 0, 1.0], [0, 1.0, 0])
    assert teacher(X).argmax(1).tolist() == [0, 1]
    assert of(student, teacher) == pytest.approx(0.5)
    assert of(student, teacher, targets=torch.tensor([1, 1])) == pytest.approx(0)


def test_a_student_learns_its_teachers_reasons_and_leaves_the_teacher_alone():
    teacher, student = linear([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]), linear([0.0, 1.0, 0.3], [0.3, 1.0, 0.0])
    optimizer = torch.optim.SGD(student.parameters(), lr=0.5)
    for _ in range(200):
        optimizer.zero_grad()
        ll.losses.attribution_distillation(student, teacher, X).backward()
        optimizer.step()
    assert of(student, teacher) < 1e-3
    assert teacher.weight.grad is None and teacher.weight.requires_grad


def test_embeddings_of_another_width_are_compared_by_tokens():
    student = bert(hidden_size=8)
    loss = ll.losses.attribution_distillation(student, bert(seed=1), reviews())
    loss.backward()
    assert 0 < loss.item() < 2
    assert student.bert.encoder.layer[0].output.dense.weight.grad.any()


def test_models_that_mean_other_things_are_refused():
    with pytest.raises(ll.InputError, match=r"knows 13 token ids and the teacher 20.*need one tokenizer"):
        of(bert(), bert(vocab_size=20), reviews())
    with pytest.raises(ll.InputError, match="the student has 2 outputs and the teacher 1"):
        of(linear([1.0, 0, 0], [0, 1.0, 0]), linear([1.0, 0, 0]))


@pytest.mark.parametrize("options", [{}, {"softplus": 0.1}])
def test_explained_is_what_the_teacher_predicts_and_not_what_is_ahead_on_the_way_from_the_baseline(options):
    class Crossing(torch.nn.Module):
        """Each class goes by a feature of its own."""

        def forward(self, rows):
            return torch.stack([torch.relu(rows[:, 0]), torch.relu(rows[:, 1]) ** 3], 1)

    class Alike(torch.nn.Module):
        """Goes by the same feature for the second class alone."""

        def forward(self, rows):
            return torch.stack([rows.sum(1), rows[:, 1]], 1)

    x = torch.tensor([[1.0, 1.005]])
    assert Crossing()(x).argmax() == 1 and Crossing()(0.98 * x).argmax() == 0
    asked = {"method": "integrated_gradients", **options}
    assert of(Crossing(), Crossing(), x, **asked) == pytest.approx(0, abs=1e-6)
    assert of(Alike(), Crossing(), x, **asked) == pytest.approx(0, abs=1e-6)
    assert of(Alike(), Crossing(), x, torch.tensor([0]), **asked) > 0.2
