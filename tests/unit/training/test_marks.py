"""Marks become masks of any batch."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from training_nets import reviews, tokenizer

import limelight as ll

NO, YES = "should not matter", "should matter"


def marked(kind, names, feedback, **subject):
    return SimpleNamespace(feedback=feedback, feature_names=tuple(names), subject={"kind": kind, **subject})


def text(feedback, *words):
    pieces = [piece for i, word in enumerate(words) for piece in ([word, i], [" ", -1])]
    return marked("text", words, feedback, pieces=pieces)


def test_a_column_is_masked_by_name_or_by_number():
    rows = torch.zeros(4, 3)
    batch = {"rows": rows, "labels": rows[:, 0].long()}
    should_not, should = ll.losses.masks(marked("table", "abc", {"b": NO, 2: YES}), batch)
    assert should_not.tolist() == [False, True, False] and should.tolist() == [False, False, True]


def test_marks_of_several_readers_come_together():
    given = [marked("table", "abc", {"b": NO}), marked("table", "abc", {}), marked("table", "abc", {0: NO})]
    assert ll.losses.masks(given, torch.zeros(4, 3))[0].tolist() == [True, True, False]


def test_a_segment_is_masked_at_its_place():
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 8 * 8, 2))
    photo = np.random.default_rng(0).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    model = ll.image_model(net, lambda image: torch.tensor(np.array(image)).permute(2, 0, 1) / 255, segments=4)
    ex = ll.explain(model, photo, n_samples=8, progress=False)
    mark = marked("image", ex.feature_names, {"segment 1": NO}, **{name: ex.subject[name]
                                                                  for name in ("width", "height", "segments")})
    mask = ll.losses.masks(mark, torch.zeros(5, 3, 8, 8))[0]
    assert 0 < mask.sum() < 64 and mask.shape == (8, 8)
    runs = np.frombuffer(ex.subject["segments"], "<u2").reshape(-1, 2)
    assert mask.sum() == runs[runs[:, 0] == 1, 1].sum()
    assert mask.flatten()[0] == (runs[0, 0] == 1)


def test_a_word_is_masked_wherever_it_stands_as_a_whole():
    words = tokenizer()
    batch = words(["a dull film . dull", "dullness", "a mumble dull ."], padding=True, return_tensors="pt")
    should_not, should = ll.losses.masks([text({"dull": NO}, "a", "dull"), text({"dullness": YES}, "dullness")],
                                         batch, words)
    assert [[i for i, on in enumerate(row) if on] for row in should_not.tolist()] == [[2, 5], [], [3]]
    assert [[i for i, on in enumerate(row) if on] for row in should.tolist()] == [[], [1, 2], []]


class BytePairs:
    """As byte-level tokenizers write: a token knows the space before it."""

    VOCABULARY = ("<s>", "bad", "Ġbad", "Ġsin", "(", "ly", "Ġfilm")
    all_special_ids = (0,)

    def convert_ids_to_tokens(self, ids):
        return [self.VOCABULARY[i] for i in ids]

    def __call__(self, text, add_special_tokens):
        return {"input_ids": [self.VOCABULARY.index(text.replace(" ", "Ġ"))]}


def test_a_word_is_found_with_and_without_a_space_and_not_inside_another():
    ids = torch.tensor([[0, 1, 6, 2, 0], [0, 3, 1, 2, 5], [0, 4, 1, 6, 2]])
    mask = ll.losses.masks(text({"bad": NO}, "bad", "film"), ids, BytePairs())[0]
    assert mask.int().tolist() == [[0, 1, 0, 1, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 1]]


@pytest.mark.parametrize(("call", "said"), [
    (lambda: ll.losses.masks(marked("table", "abc", {}), torch.zeros(2, 3)), r"none came: ex.mark\(feature"),
    (lambda: ll.losses.masks(marked("table", "abc", {"a": "bad"}), torch.zeros(2, 3)), "'bad' came"),
    (lambda: ll.losses.masks(marked("table", "abc", {"d": NO}), torch.zeros(2, 3)), "is no feature: there are a, b, c"),
    (lambda: ll.losses.masks(marked("table", "abc", {"a": NO}), torch.zeros(2, 4)), r"marks of 3 columns.*\(2, 4\)"),
    (lambda: ll.losses.masks(marked("table", "abc", {"a": NO}), reviews()), "with one tensor of numbers; 0 came"),
    (lambda: ll.losses.masks(marked(None, "abc", {"a": NO}), torch.zeros(2, 3)), "give masks of your own"),
    (lambda: ll.losses.masks(text({"a": NO}, "a"), reviews()), "give tokenizer="),
    (lambda: ll.losses.masks(text({"b": NO}, "b"), reviews(), tokenizer()), "'b' is marked, and to this tokenizer it"),
    (lambda: ll.losses.masks(marked("image", "a", {0: NO}, width=4, height=4), torch.zeros(1, 3, 5, 5)), "of 4 x 4"),
])
def test_marks_that_can_not_be_found_say_why(call, said):
    with pytest.raises(ll.InputError, match=said):
        call()
