"""A log that outlives crashes."""

import os
import signal
import subprocess
import sys
import zlib
from platform import node

import numpy as np
import pytest

from limelight.errors import InputError
from limelight.training.log import MAGIC, Log, frames, path_of, whole

ENTRIES = [{"kind": "row", "n": i, "values": np.arange(i) / 3} for i in range(4)]


def same(found, expected):
    return len(found) == len(expected) and all(
        a["n"] == b["n"] and np.array_equal(a["values"], b["values"]) for a, b in zip(found, expected, strict=True))


def entries_of(path):
    return whole(path.read_bytes(), "it").entries


def framed(payload):
    """A payload with its length and checksums, as it stands in a log."""
    length = len(payload).to_bytes(4, "little")
    sums = (zlib.crc32(each).to_bytes(4, "little") for each in (length, payload))
    return b"".join([length, *sums, payload])


@pytest.fixture
def path(tmp_path):
    log = Log(tmp_path / "a.track")
    for entry in ENTRIES:
        log.add(entry)
    log.settle()
    log.close()
    return log.path


def test_what_was_written_is_read_and_goes_on(path):
    again = Log(path)
    assert same(again.entries, ENTRIES) and not again.remarks
    again.add(ENTRIES[2])
    assert same(entries_of(path), [*ENTRIES, ENTRIES[2]])


def test_wherever_it_is_cut_only_the_last_record_is_lost(path):
    content = path.read_bytes()
    payloads = [payload for payload, _ in frames(content)]
    ends = np.cumsum([len(MAGIC), *(12 + len(payload) for payload in payloads)])
    assert ends[-1] == len(content) and MAGIC + b"".join(map(framed, payloads)) == content
    for n in range(len(content) + 1):
        found, known = whole(content[:n], "it"), ends[ends <= n]
        assert same(found.entries, ENTRIES[:max(len(known) - 1, 0)])
        assert (found.end, found.torn) == ((known[-1], n > known[-1]) if len(known) else (0, n > 0))
    path.write_bytes(content[:-3])
    log = Log(path)
    assert log.remarks == ["The log's last record was cut off, and is left out."] and same(log.entries, ENTRIES[:-1])
    log.add(ENTRIES[1])
    assert same(entries_of(path), [*ENTRIES[:-1], ENTRIES[1]])


def test_pages_that_were_never_written_after_a_loss_of_power_are_cut_off(path):
    path.write_bytes(path.read_bytes() + bytes(100))
    assert same(Log(path).entries, ENTRIES)


def test_only_one_writes_at_a_time_and_each_goes_on_only_where_it_left_off(path):
    first = Log(path)
    with pytest.raises(InputError, match=rf"has another tracker \(process {os.getpid()} of .*If there is none, delete"):
        Log(path)
    first.close()
    second = Log(path)
    with pytest.raises(OSError, match="has another tracker"):
        first.add(ENTRIES[0])
    second.add(ENTRIES[1])
    second.close()
    with pytest.raises(OSError, match="another tracker has gone on in it"):
        first.add(ENTRIES[0])
    assert same(entries_of(path), [*ENTRIES, ENTRIES[1]])
    second.add(ENTRIES[2])
    second.close()
    assert same(entries_of(path), [*ENTRIES, ENTRIES[1], ENTRIES[2]])
    assert [each.name for each in path.parent.iterdir()] == ["a.track"]


def test_what_another_program_writes_to_it_is_not_written_over(path):
    log = Log(path)
    with path.open("ab") as file:
        file.write(b"a remark")
    with pytest.raises(OSError, match="gone on in it"):
        log.add(ENTRIES[0])
    assert path.read_bytes().endswith(b"a remark")


@pytest.mark.parametrize("holder", ["{ended} of {here}", "{us} of {here}", ""])
def test_a_lock_that_a_crash_left_is_taken_over(path, holder):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    # In a container the next process often has the number of the one before.
    path.with_name("a.track.lock").write_text(holder.format(ended=ended.pid, us=os.getpid(), here=node()))
    assert same(Log(path).entries, ENTRIES)


def test_a_file_that_is_refused_is_left_to_others(path):
    path.write_text("a diary, longer than a few bytes")
    for _ in range(2):
        with pytest.raises(InputError, match="no log of limelight's"):
            Log(path)
    assert not path.with_name("a.track.lock").exists()


def test_half_characters_are_kept_as_json_has_them(path):
    log = Log(path)
    log.add({"name": "half \ud83d", "whole": "字 😀"})
    assert entries_of(path)[-1] == {"name": "half \ud83d", "whole": "字 😀"}


@pytest.mark.parametrize("payload", [b"{", b'"\xff"', b"[" * 100_000, b'{"type":"array"}', b'{"type":"bytes"}'])
def test_an_entry_that_is_whole_and_no_json_of_ours_is_said_to_be_none(path, payload):
    path.write_bytes(path.read_bytes() + framed(payload))
    with pytest.raises(InputError, match="can't be read"):
        Log(path)


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
    found = [entry["n"] for entry in Log(path).entries]  # its lock is no hindrance
    assert found == list(range(len(found))) and len(found) >= seen[-1]
