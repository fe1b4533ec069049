"""Answers joined as they come."""

import pytest
import torch

from limelight import ModelError
from limelight.models._gathered import gathered


@pytest.mark.parametrize("sizes", [[3], [2, 5, 1], [1] * 40, [1, 200]])
def test_answers_are_joined_in_order_and_in_their_type(sizes):
    answers = [torch.randn(n, 2, dtype=torch.float64) for n in sizes]
    joined = gathered(iter(answers))
    assert joined.dtype == torch.float64
    assert torch.equal(joined, torch.cat(answers))


def test_answers_of_other_widths_are_refused():
    with pytest.raises(ModelError, match="gave 2 outputs before, and 1 now"):
        gathered([torch.zeros(3, 2), torch.zeros(3, 1)])
