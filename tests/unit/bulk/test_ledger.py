"""What is done is done once, and nothing of it is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from socket import gethostname

import numpy as np
import pandas as pd
import pytest

import limelight as ll

N = 22
TEXTS = [f"number{i} is a good film" for i in range(N)]

KILLED = """
import os, signal, sys
import numpy as np
import limelight as ll

def lengths(texts):
    with open(sys.argv[2], "a") as log:
        log.write("".join(f"{text}\\n" for text in texts))
    if any("number9 is a good film" == text for text in texts):
        os.kill(os.getpid(), signal.SIGKILL)
    return np.array([[len(text) / 100] for text in texts])

ll.explain_many(lengths, [f"number{i} is a good film" for i in range(22)], out=sys.argv[1], chunk_rows=4)
"""


class Lengths:
    """A model that remembers what it was asked, and fails where it is told to."""

    def __init__(self, fails_at="", raises=ValueError, share=0.01):
        self.fails_at, self.raises, self.share, self.asked = fails_at, raises, share, []

    def __call__(self, texts):
        self.asked += texts
        if self.fails_at and any(self.fails_at in text for text in texts):
            raise self.raises("the disk is full")
        return np.array([[len(text) * self.share] for text in texts])

    @property
    def whole(self):
        """How often it was asked about each whole text."""
        return [self.asked.count(text) for text in TEXTS]


def many(model, out, X=TEXTS, **more):
    return ll.explain_many(model, X, **{"out": out, "chunk_rows": 4, "progress": False, **more})


@pytest.fixture
def begun(tmp_path):
    """A file of which two chunks of six are done."""
    with pytest.raises(ll.ModelError):
        many(Lengths("number8 "), tmp_path / "out.parquet")
    return tmp_path / "out.parquet"


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path):
    out, log = tmp_path / "out.parquet", tmp_path / "log"
    found = subprocess.run([sys.executable, "-c", KILLED, str(out), str(log)], check=False, capture_output=True)
    assert found.returncode == -signal.SIGKILL, found.stderr
    assert not out.exists() and len(list((tmp_path / "out.parquet.parts").glob("rows-*.parquet"))) == 2
    model = Lengths()
    many(model, out)
    before = [log.read_text().splitlines().count(text) for text in TEXTS]
    assert before == [2] * 3 + [1] * 7 + [0] * 12, "three texts are asked about to know the model again"
    assert model.whole == [1] * 3 + [0] * 5 + [1] * 14
    pd.testing.assert_frame_equal(pd.read_parquet(out), many(Lengths(), None), check_exact=True)
    assert [path.name for path in tmp_path.glob("out*")] == ["out.parquet"]


def test_what_was_written_halfway_is_done_again(begun):
    part = begun.with_name("out.parquet.parts") / "rows-000000000004.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    model = Lengths()
    many(model, begun)
    assert model.whole == [1] * 3 + [0] * 1 + [1] * 18
    pd.testing.assert_frame_equal(pd.read_parquet(begun), many(Lengths(), None), check_exact=True)


def test_two_runs_do_not_write_one_file(tmp_path):
    out = tmp_path / "out.parquet"

    class Meanwhile(Lengths):
        def __call__(self, texts):
            if any("number9 " in text for text in texts):
                with pytest.raises(ll.InputError, match=f"another run writes .*process {os.getpid()} of"):
                    many(Lengths(), out)
            return super().__call__(texts)

    many(Meanwhile(), out)
    assert os.listdir(tmp_path) == ["out.parquet"]


def test_the_lock_of_a_run_that_failed_or_died_is_no_hindrance(begun):
    lock = begun.with_name("out.parquet.parts") / "lock"
    assert not lock.exists()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    lock.write_text(f"{ended.pid} of {gethostname()}")
    assert many(Lengths(), begun) == begun


def test_a_lock_of_another_machine_is_not_taken_over(begun):
    lock = begun.with_name("out.parquet.parts") / "lock"
    lock.write_text("1 of elsewhere")
    with pytest.raises(ll.InputError, match=r"process 1 of elsewhere.*If there is none, delete"):
        many(Lengths(), begun)
    assert lock.exists()


def test_what_is_finished_is_not_done_again(tmp_path):
    out = tmp_path / "out.parquet"
    many(Lengths(), out)
    written, model = out.read_bytes(), Lengths()
    assert many(model, out) == out
    assert model.whole == [1] * 3 + [0] * 19 and out.read_bytes() == written


def test_a_model_that_fails_is_named_and_what_was_done_stays(tmp_path):
    with pytest.raises(ll.ModelError, match="ValueError: the disk is full") as failed:
        many(Lengths("number9 "), tmp_path / "out.parquet")
    assert failed.value.__notes__[0] == "This was text 9 of X, counted from 0."
    assert "2 chunks are done and kept in" in failed.value.__notes__[1]
    with pytest.raises(ll.ModelError) as failed:
        many(Lengths("number9 "), None)
    assert "8 rows were done. With out=" in failed.value.__notes__[1]


def test_a_run_that_is_interrupted_says_how_to_go_on(tmp_path):
    with pytest.raises(KeyboardInterrupt) as stopped:
        many(Lengths("number9 ", KeyboardInterrupt), tmp_path / "out.parquet")
    assert "2 chunks are done and kept" in stopped.value.__notes__[0]
    with pytest.warns(UserWarning, match="interrupted: 8 rows were done"):
        found = many(Lengths("number9 ", KeyboardInterrupt), None)
    assert sorted(set(found["row"])) == list(range(8))
    with pytest.raises(KeyboardInterrupt):
        many(Lengths("number0 is", KeyboardInterrupt), None)


@pytest.mark.parametrize("other, said", [
    ({"seed": 1}, "seed=0 there, seed=1 here"), ({"chunk_rows": 5}, "chunk_rows=4 there, chunk_rows=5 here"),
    ({"method": "shapley"}, "method='auto' there, method='shapley' here"),
    ({"model_id": "b"}, "model_id=None there, model_id='b' here"),
    ({"model": Lengths(share=0.0101)}, "the model answers the first rows in another way"),
    ({"X": [*TEXTS[:5], "other", *TEXTS[6:]]}, "rows 4 to 7 are not those"),
    ({"X": TEXTS[:3]}, "rows 0 to 3 are not those"), ({"X": TEXTS[:4]}, "more rows than the 4 of X")])
def test_another_run_does_not_mix_with_what_is_done(begun, other, said):
    given = {"model": Lengths(), "out": begun, **other}
    with pytest.raises(ll.InputError, match=said) as refused:
        many(**given)
    assert "give another out=, or delete" in str(refused.value)
    many(Lengths(), begun)
    with pytest.raises(ll.InputError, match="out.parquet is of other rows" if "X" in other else said):
        many(**given)


def test_a_models_name_stands_for_what_it_answers(tmp_path):
    out = tmp_path / "out.parquet"
    with pytest.raises(ll.ModelError):
        many(Lengths("number8 "), out, model_id="a")
    with pytest.raises(ll.InputError, match="model_id='a' there, model_id='b' here"):
        many(Lengths(), out, model_id="b")
    many(Lengths(share=0.0101), out, model_id="a")
    values = pd.read_parquet(out).groupby("row")["prediction"].first()
    assert values[3] == pytest.approx(len(TEXTS[3]) * 0.01) and values[21] == pytest.approx(len(TEXTS[21]) * 0.0101)


def test_what_is_in_the_way_is_left_as_it_is(tmp_path):
    out = tmp_path / "out.parquet"
    pd.DataFrame({"mine": [1]}).to_parquet(out)
    with pytest.raises(ll.InputError, match="exists and holds something else: give another out="):
        many(Lengths(), out)
    assert list(pd.read_parquet(out)) == ["mine"]
    many(Lengths(), tmp_path / "new.parquet")
    older = tmp_path / "old.parquet"
    Path(f"{older}.parts").mkdir()
    Path(f"{older}.parts", "settings.json").write_text(json.dumps({"version": 0}))
    with pytest.raises(ll.InputError, match="by another version of limelight"):
        many(Lengths(), older)


def test_a_note_is_said_again_by_every_call(tmp_path):
    X = ["?", *TEXTS[1:]]
    with pytest.raises(ll.ModelError):
        many(Lengths("number8 "), tmp_path / "out.parquet", X)
    for _ in ("gone on with", "finished"):
        with pytest.warns(UserWarning, match="Rows like that: 1, the first is 0"):
            many(Lengths(), tmp_path / "out.parquet", X)
    assert os.listdir(tmp_path) == ["out.parquet"]
