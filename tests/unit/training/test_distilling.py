"""Distillation has the value and the gradient of its formula, in its direction."""

import math

import pytest
import torch
from torch.autograd import gradcheck

import limelight as ll
from limelight.errors import InputError

TEACHER = torch.tensor([[2.0, 0.0, -1.0], [0.5, 0.5, 3.0]], dtype=torch.float64)
STUDENT = torch.tensor([[0.0, 1.0, 0.5], [1.0, -2.0, 0.0]], dtype=torch.float64)
LABELS = torch.tensor([0, 2])


def soft(logits, temperature):
    found = [[math.exp(z / temperature) for z in row] for row in logits.tolist()]
    return [[e / sum(row) for e in row] for row in found]


def kl(p, q):
    return sum(a * math.log(a / b) for row, other in zip(p, q, strict=True) for a, b in zip(row, other, strict=True))


@pytest.mark.parametrize("temperature", [1.0, 3.0])
def test_it_is_the_divergence_of_the_student_from_the_teacher_and_not_the_other_way_round(temperature):
    teacher, student = soft(TEACHER, temperature), soft(STUDENT, temperature)
    found = ll.losses.distillation(STUDENT, TEACHER, alpha=1.0, temperature=temperature).item()
    assert found == pytest.approx(temperature**2 * kl(teacher, student) / 2)
    assert found != pytest.approx(temperature**2 * kl(student, teacher) / 2, rel=0.01)


def test_its_gradient_is_the_difference_of_the_probabilities():
    student = STUDENT.clone().requires_grad_()
    ll.losses.distillation(student, TEACHER, alpha=1.0, temperature=3.0).backward()
    expected = 3.0 * (torch.tensor(soft(STUDENT, 3.0)) - torch.tensor(soft(TEACHER, 3.0))) / 2
    torch.testing.assert_close(student.grad, expected.double(), rtol=1e-6, atol=1e-7)


def test_alpha_is_the_teachers_share():
    labels = -math.log(soft(STUDENT, 1)[0][0] * soft(STUDENT, 1)[1][2]) / 2
    told = ll.losses.distillation(STUDENT, TEACHER, alpha=1.0).item()
    assert ll.losses.distillation(STUDENT, TEACHER, LABELS, alpha=0.0).item() == pytest.approx(labels)
    assert ll.losses.distillation(STUDENT, TEACHER, LABELS, alpha=0.3).item() == pytest.approx(
        0.7 * labels + 0.3 * told)


def test_a_hard_teacher_tells_its_class():
    found = ll.losses.distillation(STUDENT, TEACHER, alpha=1.0, hard=True)
    expected = ll.losses.distillation(STUDENT, TEACHER, TEACHER.argmax(1), alpha=0.0)
    assert found.item() == pytest.approx(expected.item())


def test_classes_of_their_own_are_two_valued_distributions():
    both = [torch.stack([logits, torch.zeros_like(logits)], -1).flatten(0, 1) for logits in (STUDENT, TEACHER)]
    found = ll.losses.distillation(STUDENT, TEACHER, alpha=1.0, multi_label=True)
    assert found.item() == pytest.approx(3 * ll.losses.distillation(*both, alpha=1.0).item())
    labels = (TEACHER > 0).double()
    assert ll.losses.distillation(STUDENT, TEACHER, labels, alpha=0.0, multi_label=True).item() == pytest.approx(
        ll.losses.distillation(STUDENT, TEACHER, alpha=1.0, multi_label=True, hard=True).item())


def test_places_without_a_label_do_not_count():
    student, teacher = (torch.stack([logits, 7 * logits]) for logits in (STUDENT, TEACHER))
    labels = torch.stack([LABELS, torch.tensor([-100, -100])])
    found = ll.losses.distillation(student, teacher, labels, alpha=0.4)
    assert found.item() == pytest.approx(ll.losses.distillation(STUDENT, TEACHER, LABELS, alpha=0.4).item())
    nothing = ll.losses.distillation(student, teacher, torch.full((2, 2), -100), alpha=0.4)
    assert nothing.item() == 0


@pytest.mark.parametrize("options", [{}, {"hard": True}, {"multi_label": True}])
def test_gradients_are_right(options):
    labels = (TEACHER > 0).double() if options.get("multi_label") else LABELS
    assert gradcheck(lambda student: ll.losses.distillation(student, TEACHER, labels, alpha=0.6, **options),
                     STUDENT.clone().requires_grad_())


def test_half_precision_is_summed_in_single():
    found = ll.losses.distillation(STUDENT.bfloat16(), TEACHER.bfloat16(), alpha=1.0)
    assert found.dtype == torch.float32


@pytest.mark.parametrize(("call", "said"), [
    (lambda: ll.losses.distillation(STUDENT[:, :1], TEACHER[:, :1], alpha=1.0), "for regression"),
    (lambda: ll.losses.distillation(STUDENT, TEACHER[:, :2], alpha=1.0), r"shape \(2, 3\) and the teacher's \(2, 2\)"),
    (lambda: ll.losses.distillation(STUDENT, TEACHER), "leaves a share to labels, and none came"),
    (lambda: ll.losses.distillation(STUDENT, TEACHER, LABELS, temperature=0), "the temperature should be above 0"),
    (lambda: ll.losses.distillation(STUDENT, TEACHER, LABELS[:1]), r"labels have shape \(1,\)"),
])
def test_what_has_no_distribution_is_refused(call, said):
    with pytest.raises(ll.InputError, match=said):
        call()


@pytest.mark.parametrize("masked", [STUDENT, STUDENT.masked_fill(TEACHER == -1.0, -math.inf)])
def test_a_class_that_the_teacher_rules_out_is_as_one_with_no_probability(masked):
    teacher = TEACHER.masked_fill(TEACHER == -1.0, -math.inf)
    student = masked.clone().requires_grad_()
    loss = ll.losses.distillation(student, teacher, alpha=1.0, temperature=3.0)
    loss.backward()
    nearly = ll.losses.distillation(masked.clamp(-300), TEACHER.masked_fill(TEACHER == -1.0, -300.0), alpha=1.0,
                                    temperature=3.0)
    assert loss.item() == pytest.approx(nearly.item())
    expected = 3.0 * (torch.softmax(masked / 3, 1) - torch.softmax(teacher / 3, 1)) / 2
    torch.testing.assert_close(student.grad, expected)


def test_an_answer_that_the_teacher_rules_out_costs_what_the_student_gives_it():
    student = torch.tensor([[0.4, -1.0]], dtype=torch.float64, requires_grad=True)
    loss = ll.losses.distillation(student, torch.tensor([[-math.inf, math.inf]]), alpha=1.0, temperature=1.0,
                                  multi_label=True)
    loss.backward()
    assert loss.item() == pytest.approx(math.log(1 + math.exp(0.4)) + math.log(1 + math.exp(1.0)))
    torch.testing.assert_close(student.grad, torch.tensor([[1 / (1 + math.exp(-0.4)), -1 / (1 + math.exp(-1.0))]],
                                                          dtype=torch.float64))


def test_what_a_model_returns_is_read_and_what_holds_no_logits_is_refused():
    output = {"loss": torch.tensor(0.0), "logits": STUDENT}
    assert ll.losses.distillation(output, TEACHER, alpha=1.0) == ll.losses.distillation(STUDENT, TEACHER, alpha=1.0)
    for student, teacher, labels, said in ((STUDENT, TEACHER.numpy(), None, "the teacher's came as ndarray"),
                                           (STUDENT.numpy(), TEACHER, None, "the student's came as ndarray"),
                                           (STUDENT, TEACHER, [0, 2], "labels should be a torch tensor; list came")):
        with pytest.raises(InputError, match=said):
            ll.losses.distillation(student, teacher, labels)
