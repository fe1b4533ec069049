"""Trackers in files."""

import json

import numpy as np
import pytest
import torch
from training_nets import bert, tokenizer

import limelight as ll
from limelight.errors import InputError
from limelight.export._leaves import digest, filled, from_json
from limelight.training.track import track

TEXTS = ["a good film .", "dull film ."]


@pytest.fixture(scope="module")
def tracker():
    net = bert()
    found = track((net, tokenizer()), TEXTS, every=1, target=[1, 0])
    for step in (1, 2):
        with torch.no_grad():
            net.classifier.weight.add_(0.1)
        found.step(step, loss=1 / step, eval_accuracy=float("nan") if step == 1 else 0.5)
    found.notes.append("A sentence.")
    found.finish()
    return found


def same(a, b):
    assert (a.state, a.notes, a.overhead) == (b.state, b.notes, b.overhead)
    for name in ("records", "drift", "parted", "figures", "flips", "alarms"):
        assert getattr(a, name).equals(getattr(b, name)), name
    assert list(a.explanations) == list(b.explanations) and repr(a) == repr(b)
    for first, second in zip(a.explanations[2], b.explanations[2], strict=True):
        assert np.array_equal(first.values, second.values, equal_nan=True) and first.subject == second.subject
        assert second.view.explanation.feature_names == first.feature_names
    return True


@pytest.mark.parametrize("suffix", [".json", ".npz", ".png", ".svg"])
def test_what_is_saved_is_the_same_when_it_is_loaded(tracker, tmp_path, suffix):
    assert same(tracker, ll.load(tracker.save(tmp_path / f"a{suffix}")))


def test_what_was_saved_while_it_ran_does_not_run_where_it_is_loaded(tmp_path):
    running = track((bert(), tokenizer()), TEXTS, every=1, target=[1, 0])
    loaded = ll.load(running.save(tmp_path / "a.json"))
    assert (running.state, loaded.state) == ("running", "not ended")
    assert loaded.explanations.keys() == running.explanations.keys()


def test_a_loaded_tracker_has_no_model_and_says_so(tracker, tmp_path):
    loaded = ll.load(tracker.save(tmp_path / "a.json"))
    with pytest.raises(InputError, match="came from a file"):
        loaded.step(3)
    assert [x for x, *_ in loaded.examples] == [("a", "good", "film"), ("dull", "film")]


def test_a_spreadsheet_has_a_row_a_step(tracker, tmp_path):
    rows = tracker.save(tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert rows[0] == "step,loss,eval_accuracy,drift_value,drift_floor,drift_detectable"
    assert [row.split(",")[0] for row in rows[1:]] == ["1", "2"]


def test_changed_files_are_refused(tracker, tmp_path):
    path = tracker.save(tmp_path / "a.json")
    for change in (lambda found: found["records"].pop(), lambda found: found.update(state="?"),
                   lambda found: found["pinned"][0].update(method="lime")):
        changed = json.loads(path.read_text())
        change(changed)
        (tmp_path / "b.json").write_text(json.dumps(changed))
        with pytest.raises(InputError, match="can't be read"):
            ll.load(tmp_path / "b.json")


@pytest.mark.parametrize(("change", "said"), [
    (lambda found: found["records"].reverse(), "its steps should ascend"),
    (lambda found: found["records"].append({"kind": "begun", "step": 9}), "one of 'row', 'found'"),
    (lambda found: found["records"].append(dict(found["records"][0], step=2**53)), "its steps should be below"),
    (lambda found: found["records"][-1]["examples"][0]["std_error"]["values"].__setitem__(0, -1.0), "errors from 0"),
    (lambda found: found.update(overhead=-1.0), "overhead should be a number, 0 or more"),
    (lambda found: found.update(records=found["records"][:2]), "it holds no record")])
def test_a_document_that_no_training_leaves_is_refused(tracker, tmp_path, change, said):
    found = json.loads(tracker.save(tmp_path / "a.json").read_text())
    change(found)
    found["checksum"] = digest(filled(found, from_json))
    (tmp_path / "b.json").write_text(json.dumps(found))
    with pytest.raises(InputError, match=said):
        ll.load(tmp_path / "b.json")


def test_a_log_without_a_header_or_with_other_records_is_refused(tmp_path):
    from limelight.training.log import Log

    log = Log(tmp_path / "a.track")
    with pytest.raises(InputError, match="holds no record yet"):
        ll.load(tmp_path / "a.track")
    log.add({"kind": "row", "step": 1, "metrics": {}})
    with pytest.raises(InputError, match="begin with a header"):
        ll.load(tmp_path / "a.track")
    begun = track((bert(), tokenizer()), TEXTS, log=tmp_path / "b.track")
    begun._watched.log.add({"kind": "found", "step": 3, "examples": []})
    with pytest.raises(InputError, match="of the 2 examples"):
        ll.load(tmp_path / "b.track")


def test_of_a_log_that_is_damaged_what_comes_before_is_opened(tracker, tmp_path):
    whole = tmp_path / "a.track"
    running = track((bert(), tokenizer()), TEXTS, every=1, log=whole)
    for step in (1, 2, 3):
        running.step(step, loss=1 / step)
    running.finish()
    content = whole.read_bytes()
    at = content.index(b'"step":2')
    whole.write_bytes(content[:at] + b'"step":7' + content[at + 8:])
    loaded = ll.load(whole)
    assert list(loaded.records["step"]) == [1] and list(loaded.explanations) == [0, 1] and loaded.state == "not ended"
    assert loaded.notes[-1].startswith("The log is damaged at byte ")
    with pytest.raises(InputError, match=r"ll\.load opens what comes before\. To go on, give another log="):
        track((bert(), tokenizer()), TEXTS, every=1, log=whole)


def test_a_log_that_was_cut_before_its_first_record_holds_none(tmp_path):
    path = tmp_path / "a.track"
    track((bert(), tokenizer()), TEXTS, log=path)
    content = path.read_bytes()
    path.write_bytes(content[:content.index(b'"kind":"found"')])
    with pytest.raises(InputError, match="holds no record yet"):
        ll.load(path)
    assert list(track((bert(), tokenizer()), TEXTS, log=path).explanations) == [0]


@pytest.mark.parametrize("entry", [
    {"kind": "row", "step": 2**53, "metrics": {}}, {"kind": "row", "step": 1}, {"kind": "rows"}, ["row"],
    {"type": "mapping", "items": [["kind", "begun"]]},
    {"kind": "ended", "state": "done", "overhead": -1.0, "notes": []}])
def test_a_log_with_entries_of_no_use_is_refused_by_all_who_read_it(tmp_path, entry):
    path = tmp_path / "a.track"
    begun = track((bert(), tokenizer()), TEXTS, log=path)
    begun._watched.log.add(entry)
    for read in (ll.load, lambda path: track((bert(), tokenizer()), TEXTS, log=path)):
        with pytest.raises(InputError, match="can't be read"):
            begun._watched.log.close()
            read(path)


def test_a_cell_shows_the_figure_of_a_training_without_pyplot(tracker):
    from IPython.core.formatters import PNGFormatter

    shown, size = PNGFormatter()(tracker.plot())
    assert shown.startswith(b"\x89PNG") and size["width"] > size["height"] > 300


def test_a_log_whose_beginning_is_damaged_says_so(tmp_path):
    path = tmp_path / "a.track"
    track((bert(), tokenizer()), TEXTS, log=path, target=[1, 0]).finish()
    content = bytearray(path.read_bytes())
    path.write_bytes(content[:100])
    with pytest.raises(InputError, match="holds no record yet"):
        ll.load(path)
    content[30] ^= 255
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged at byte 16, and nothing whole comes before"):
        ll.load(path)
