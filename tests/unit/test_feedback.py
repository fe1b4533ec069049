"""A reader's objection is kept, shown, counted, and trained on."""

import copy
import json
import pickle
import re

import hostile
import numpy as np
import pytest
import torch
from explained import different
from stubs import D, running

import limelight as ll
from limelight.export import documents
from limelight.export._leaves import as_json, digest, filled, from_json, mapped
from limelight.feedback import MARKS
from limelight.widgets.messages import marks_of
from limelight.widgets.text import TextView

NOT, SHOULD = MARKS
COUNTS = ll.text_model(lambda texts: [text.count("bad") + 3 * text.count("dull") for text in texts])


@pytest.fixture(scope="module")
def found():
    """Attributions of 0, 1, 3, 0, 1: "bad" stands there twice."""
    return ll.explain(COUNTS, "so bad dull a bad", method="shapley", progress=False)


def test_a_mark_is_of_a_new_explanation_and_found_by_index_and_name(found):
    marked = found.mark("dull", NOT).mark(np.int64(0), SHOULD)
    assert dict(marked.feedback) == {0: SHOULD, 2: NOT} and list(marked.feedback) == [0, 2]
    assert marked.feedback["dull"] == marked.feedback[2] == NOT and "bad" not in marked.feedback
    assert not found.feedback and len(different(found, marked)) == 1
    assert eval(repr(dict(marked.feedback))) == marked.feedback != {} and "2 'dull': 'should not matter'" in repr(
        marked.feedback)
    with pytest.raises(TypeError):
        marked.feedback[1] = NOT


def test_of_a_word_that_stands_twice_the_first_is_marked_unless_every_one_is_asked_for(found):
    assert dict(found.mark("bad", NOT).feedback) == {1: NOT}
    assert dict(found.mark(4, NOT, every=True).feedback) == {1: NOT, 4: NOT}
    last = found.mark(4, SHOULD)
    assert last.feedback["bad"] == SHOULD and not last.mark("bad", None, every=True).feedback
    assert dict(last.mark(4, NOT).feedback) == {4: NOT}


@pytest.mark.parametrize(("feature", "mark", "said"), [
    ("good", NOT, "'good' is no feature of this explanation: give one of 'so', 'bad', .* from 0 to 4"),
    (5, NOT, "feature=5 is no feature"), (True, NOT, "feature=True"), (-1, NOT, "feature=-1"),
    ("bad", "bad", "can be marked 'should not matter' or 'should matter', or None .*'bad' came")])
def test_what_can_not_be_marked_says_why(found, feature, mark, said):
    with pytest.raises(ll.InputError, match=said):
        found.mark(feature, mark)


def test_marks_go_along_with_readings_copies_and_views(found):
    marked = found.mark("bad", NOT, every=True)
    for same in [marked.refit("lime"), marked.refit(n_samples=7), copy.deepcopy(marked),
                 pickle.loads(pickle.dumps(marked)), marked.view.explanation]:
        assert same.feedback == marked.feedback
    assert list(marked.to_frame().set_index("feature")["mark"]) == ["", NOT, NOT, "", ""]
    assert not found.view.explanation.feedback


class Browser(TextView):
    """A view whose states are kept, as a page would get them."""

    def __init__(self, *given):
        self.told = []
        super().__init__(*given)

    def send_state(self, key=None):
        self.told.append(key)


def test_a_page_marks_and_what_it_can_not_mark_it_is_told():
    view = Browser(running())
    view.set_state({"marks": [[3, NOT], [1, SHOULD]]})
    assert view.marks == [[1, SHOULD], [3, NOT]] and "marks" not in view.told
    for wrong in [[[3, "bad"]], [[D, NOT]], [[3, NOT], [3, NOT]], [[3]], [[True, NOT]], {"3": NOT}, "marks", None,
                  [[0, [NOT]]], [[float("nan"), NOT]], [[i, NOT] for i in range(D + 1)]]:
        view.set_state({"marks": wrong})
        assert view.marks == [[1, SHOULD], [3, NOT]] and view.told.pop() == "marks"
        if isinstance(wrong, list):
            view.marks = wrong
    assert view.marks == [[1, SHOULD], [3, NOT]] and marks_of([], D) == []


def test_a_view_goes_on_with_what_its_reader_marked():
    live = ll.live(COUNTS, "so bad dull a bad", n_samples=8)
    live.widget.set_state({"marks": [[2, NOT]]})
    live.stop()
    live.resume(20)
    live.widget.settings = {**live.widget.settings, "method": "banzhaf"}
    assert dict(live.wait().explanation.feedback) == {2: NOT}


@pytest.mark.parametrize("suffix", [".json", ".npz", ".csv", ".svg", ".png"])
def test_files_keep_marks(found, tmp_path, suffix):
    marked = found.mark("dull", NOT).mark("so", SHOULD)
    again = ll.load(marked.save(tmp_path / f"x{suffix}"))
    assert again.feedback == marked.feedback and again.feedback["dull"] == NOT
    assert again.view.explanation.feedback == marked.feedback


def resealed(explanation, without="", **changes):
    """Its document with some fields changed, or one taken out."""
    document = filled(json.loads(documents.dumps(explanation)), from_json) | changes
    document.pop(without, None)
    return json.dumps(mapped(document | {"checksum": digest(document)}, as_json)).encode()


def test_files_of_the_first_version_had_no_marks_and_can_be_read(found):
    assert not documents.loads(resealed(found.mark(0, NOT), without="feedback", version=1)).feedback


@pytest.mark.parametrize(("pairs", "said"), [
    ([[5, NOT]], "feedback.0 should be a feature of 5"), ([[0, "no"]], "feedback.0 should be one of"),
    ([[0, NOT], [0, NOT]], "marks a feature twice"), ([[True, NOT]], "feedback.0"),
    (None, "feedback should be a list")])
def test_marks_in_a_file_that_can_not_be_are_refused(found, pairs, said):
    with pytest.raises(ll.InputError, match=said):
        documents.loads(resealed(found, feedback=pairs))


def test_pictures_and_texts_say_what_was_marked(found, tmp_path):
    marked = found.mark("dull", NOT).mark("bad", SHOULD, every=True)
    said = ["Marked by a reader, should not matter: dull", "Marked by a reader, should matter: bad, bad"]
    svg = marked.save(tmp_path / "x.svg").read_text()
    shown = [repr(marked), marked._repr_mimebundle_()[0]["image/svg+xml"],
             "\n".join(text.get_text() for text in marked.plot().texts)]
    assert all(sentence in text for sentence in said for text in shown) and "limelight-explanation" in svg
    assert not any("Marked by" in repr(each) for each in [found, ll.compare(found, found.refit("lime"))])


def test_comparisons_show_the_marks_of_each(found):
    both = ll.compare(found.mark("dull", NOT), found.refit("lime"), names=["one", "two"])
    assert [column["marks"] for column in both.view.columns] == [[[2, NOT]], []]
    assert "one: Marked by a reader, should not matter: dull" in repr(both)


def test_names_that_mean_harm_are_marked_as_text(tmp_path):
    names = list(hostile.TEXTS.values())
    given = ll.show(np.linspace(1, 2, len(names)), np.zeros(len(names)), feature_names=names)
    for i in range(len(names)):
        given = given.mark(i, (NOT, SHOULD)[i % 2])
    page = given.save(tmp_path / "x.html").read_text("utf-8", "replace")
    assert len(re.findall("<script", page)) == len(re.findall("<script", given.mark(0, None).save(
        tmp_path / "y.html").read_text("utf-8", "replace")))
    for suffix in (".json", ".npz"):
        assert ll.load(given.save(tmp_path / f"x{suffix}")).feedback == given.feedback


def test_the_share_on_what_is_marked_is_measured_where_something_is(found):
    assert not [name for name in ll.evaluate(found, "all").index if name.startswith("marked")]
    table = ll.evaluate(found.mark("dull", NOT).mark("bad", SHOULD, every=True))
    shares = table.loc[["marked_share_should_not", "marked_share_should"]]
    assert shares.value.tolist() == shares.exact.tolist() == pytest.approx([3 / 5, 2 / 5])
    assert shares.random.tolist() == pytest.approx([1 / 5, 2 / 5])
    assert shares.better.tolist() == ["lower", "higher"] and shares.n_evals.sum() == 0
    with pytest.raises(ll.InputError, match=r"no feature is marked 'should matter': ex.mark\("):
        ll.evaluate(found.mark("dull", NOT), "marked_share_should")


def test_marked_trained_and_looked_at_again():
    rng = np.random.default_rng(0)
    truth = rng.choice([-1.0, 1.0], 200)
    rows = np.stack([truth + rng.normal(size=200), truth + 0.1 * rng.normal(size=200)], 1)  # the second is a shortcut
    x, y = torch.tensor(rows, dtype=torch.float32), torch.tensor(truth > 0).long()

    def trained(marks=None):
        torch.manual_seed(0)
        net = torch.nn.Linear(2, 2)
        optimizer = torch.optim.Adam(net.parameters(), 0.05)
        for _ in range(200):
            loss = torch.nn.functional.cross_entropy(net(x), y)
            loss = loss if marks is None else loss + 10 * ll.losses.right_reasons(net, x, marks=marks)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return ll.explain(ll.tabular_model(net, rows[:50], feature_names=["size", "logo"]), rows[0], method="shapley",
                          progress=False)

    marked = trained().mark("logo", NOT)
    again = trained(marked).mark("logo", NOT)
    before, after = (ll.evaluate(each, "marked_share_should_not").value.item() for each in (marked, again))
    assert before > 0.5 > 0.1 > after


def test_right_reasons_takes_masks_or_marks(found):
    layer, x = torch.nn.Linear(2, 2), torch.zeros(3, 2)
    row = ll.show([1.0, 2.0], [0.0, 0.0], feature_names=["size", "logo"]).mark("logo", NOT)
    mask = torch.tensor([False, True])
    assert ll.losses.right_reasons(layer, x, marks=[row]) == ll.losses.right_reasons(layer, x, mask)
    with pytest.raises(ll.InputError, match="takes masks or marked explanations, and both came"):
        ll.losses.right_reasons(layer, x, mask, marks=row)
