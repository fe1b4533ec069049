"""What a tracker writes to Weights & Biases, whose runs stay on this machine: its offline mode."""

import json
import struct
from pathlib import Path

import pytest
from training_nets import bert, tokenizer, trainer_of

from limelight.training.track import track

TEXTS = ["a good film .", "a bad film ."]


@pytest.fixture
def offline(tmp_path, monkeypatch):
    """W&B without a network, in a folder of its own."""
    for name, value in (("MODE", "offline"), ("DIR", str(tmp_path)), ("SILENT", "true"), ("PROJECT", "films"),
                        ("ERROR_REPORTING", "false"), ("CONSOLE", "off")):
        monkeypatch.setenv(f"WANDB_{name}", value)
    return tmp_path


def logged(folder):
    """Every row of the history of the one run in a folder.

    Its file holds chunks as LevelDB's logs do, in blocks of 32 KiB after seven bytes: checksum, length, kind, and a
    protobuf record or a part of one.
    """
    import wandb
    from wandb.proto.wandb_internal_pb2 import Record

    wandb.teardown()  # what has not been written yet is; and the next run reads its settings anew
    [path] = folder.glob("wandb/offline-run-*/*.wandb")
    content, at, parts, rows = path.read_bytes(), 7, b"", []
    while at + 7 <= len(content):
        if 2**15 - at % 2**15 < 7:
            at += 2**15 - at % 2**15
            continue
        _, length, kind = struct.unpack("<IHB", content[at:at + 7])
        parts += content[at + 7:at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # whole, or the last part
            record, parts = Record.FromString(parts), b""
            if record.HasField("history"):
                rows.append({"/".join(item.nested_key): json.loads(item.value_json) for item in record.history.item})
    return rows


def test_a_run_of_a_plain_loop_has_its_scalars_at_our_steps_and_its_picture(offline):
    import wandb

    with wandb.init() as run:
        tracker = track((bert(), tokenizer()), TEXTS, every=2).to(run)
        for step in range(1, 5):
            tracker.step(step, loss=1 / step)
        tracker.finish()
    rows = logged(offline)
    moved = {row["limelight/step"]: row["limelight/drift_from_first"] for row in rows
             if "limelight/drift_from_first" in row}
    table = tracker.drift.set_index(["step", "against", "measure"])
    assert moved == {step: pytest.approx(table.loc[(step, "first", "l1"), "value"]) for step in (2, 4)}
    [path] = [row["limelight/training/path"] for row in rows if "limelight/training/path" in row]
    assert (Path(run.dir) / path).read_bytes().startswith(b"\x89PNG")


def test_a_trainers_run_has_them_among_its_own(offline):
    trainer = trainer_of(offline / "trained", report_to="wandb", max_steps=4, logging_steps=2)
    tracker = track(trainer, TEXTS, every=2)
    trainer.train()
    rows = logged(offline)
    moved = {row["train/global_step"]: row["train/limelight/drift_from_first"] for row in rows
             if "train/limelight/drift_from_first" in row}
    assert list(moved) == [2, 4] and any("train/loss" in row for row in rows)
    assert [row["train/global_step"] for row in rows if "limelight/training/path" in row] == [4]
    assert tracker.state == "done" and not [note for note in tracker.notes if "can't be written to" in note]
