"""A log that outlives crashes."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from limelight.errors import InputError
from limelight.training.log import MAGIC, Log, path_of, whole

ENTRIES = [{"kind": "row", "n": i, "values": np.arange(i) / 3} for i in range(4)]


def same(found, expected):
    return len(found) == len(expected) and all(
        a["n"] == b["n"] and np.array_equal(a["values"], b["values"]) for a, b in zip(found, expected, strict=True))


@pytest.fixture
def path(tmp_path):
    log = Log(tmp_path / "a.track")
    for entry in ENTRIES:
        log.add(entry)
    log.settle()
    return log.path


def test_what_was_written_is_read_and_goes_on(path):
    again = Log(path)
    assert same(again.entries, ENTRIES) and not again.torn
    again.add(ENTRIES[2])
    assert same(Log(path).entries, [*ENTRIES, ENTRIES[2]])


def test_wherever_it_is_cut_only_the_last_record_is_lost(path):
    content = path.read_bytes()
    ends = [len(MAGIC)]
    for n in range(len(content) + 1):
        found, end = whole(content[:n], "it")
        if n in ends or (n > ends[-1] and len(found) == len(ends)):
            ends = sorted({*ends, n})
        assert len(found) == sum(each <= n for each in ends[1:]) and end <= n
    assert len(ends) == len(ENTRIES) + 1
    path.write_bytes(content[:-3])
    log = Log(path)
    assert log.torn and same(log.entries, ENTRIES[:-1])
    log.add(ENTRIES[1])
    assert same(Log(path).entries, [*ENTRIES[:-1], ENTRIES[1]])


def test_pages_that_were_never_written_after_a_loss_of_power_are_cut_off(path):
    path.write_bytes(path.read_bytes() + bytes(100))
    assert same(Log(path).entries, ENTRIES)


def test_damage_before_the_end_is_said_and_nothing_is_cut_off(path):
    content = bytearray(path.read_bytes())
    for at in (len(MAGIC) + 1, len(MAGIC) + 5, len(MAGIC) + 20):  # a length, its checksum, a payload
        changed = content.copy()
        changed[at] ^= 1
        path.write_bytes(changed)
        with pytest.raises(InputError, match="damaged at byte 16, before its end"):
            Log(path)
        assert path.read_bytes() == changed


def test_other_files_and_folders_are_refused(tmp_path):
    (tmp_path / "b.track").write_text("a diary, longer than a few bytes")
    with pytest.raises(InputError, match="no log of limelight's"):
        Log(tmp_path / "b.track")
    with pytest.raises(InputError, match="can't be opened: No such file or directory"):
        Log(tmp_path / "none" / "b.track")
    with pytest.raises(InputError, match=r"should end in \.track"):
        path_of("diary.txt")


def test_a_process_that_is_killed_while_it_writes_loses_the_last_at_most(tmp_path):
    code = ("import sys; from pathlib import Path; from limelight.training.log import Log\n"
            "log = Log(Path(sys.argv[1])); n = 0\n"
            "while True:\n    log.add({'n': n, 'values': [0.5] * 300}); print(n, flush=True); n += 1\n")
    path = tmp_path / "a.track"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as process:
        seen = [int(process.stdout.readline()) for _ in range(200)]
        os.kill(process.pid, signal.SIGKILL)
        seen += [int(line) for line in process.stdout.read().split() if line]
    found = [entry["n"] for entry in Log(path).entries]
    assert found == list(range(len(found))) and len(found) >= seen[-1]
