"""A Ray cluster of two workers, which this test starts."""

from __future__ import annotations

import os
import signal
import sys
import threading
import types
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import limelight as ll
from limelight.bulk import ray as bulk_ray
from limelight.bulk.chunks import Chunk

TEXTS = [f"number{i} is a good film" for i in range(22)]
QUICK = Path(__file__).parent / "quick"
NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


@pytest.fixture(scope="module")
def cluster():
    """Two workers, without a dashboard, a password or a report to anybody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(QUICK), str(NOTEBOOKS)]))
        patch.syspath_prepend(str(QUICK))
        import ray

        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
        yield ray
        ray.shutdown()


def many(model, X=TEXTS, **more):
    return ll.explain_many(model, X, **{"chunk_rows": 2, "progress": False, **more})


def watched(folder, kills=()):
    """A model that tells which process was asked; at some texts the first one that is asked is killed."""
    def lengths(texts):
        (folder / f"by-{os.getpid()}").touch()
        for name in kills:
            if any(name in text for text in texts) and not (folder / f"killed-at-{name}").exists():
                (folder / f"killed-at-{name}").touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return np.array([[len(text) / 100] for text in texts])

    return lengths


def test_workers_that_are_killed_are_replaced_and_every_chunk_is_there_once(cluster, tmp_path):
    kills = ["number5 ", "number9 ", "number13 "]
    path = many(watched(tmp_path, kills), on="ray", out=tmp_path / "out.parquet")
    assert len(list(tmp_path.glob("killed-at-*"))) == 3, "one more than there were workers"
    assert len(list(tmp_path.glob("by-*"))) >= 4, "this process, which asks first, and those three"
    found = pd.read_parquet(path)
    pd.testing.assert_frame_equal(found, many(watched(tmp_path)), check_exact=True)
    assert not found.duplicated(["row", "output", "position"]).any() and set(found["row"]) == set(range(22))


def test_rows_of_a_network_have_the_bits_that_they_have_here(cluster, tmp_path):
    import torch

    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    rows = np.random.default_rng(0).normal(size=(600, 4))
    model = ll.tabular_model(net, rows[:3])
    there = many(model, rows, on="ray", out=tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(there), many(model, rows), check_exact=True)
    assert pq.ParquetFile(there).num_row_groups == 3, "a chunk is at least a block of 256 rows"


def test_what_a_model_raises_there_is_raised_here(cluster, tmp_path):
    def picky(texts):
        if any("number9 " in text for text in texts):
            raise ValueError("the disk is full")
        return np.array([[len(text) / 100] for text in texts])

    with pytest.raises(ll.ModelError, match="ValueError: the disk is full") as failed:
        many(picky, on="ray", out=tmp_path / "out.parquet")
    assert failed.value.__notes__[0] == "This was text 9 of X, counted from 0."
    assert "chunks are done and kept" in failed.value.__notes__[1]


def test_a_chunk_that_kills_its_workers_is_named(cluster, monkeypatch):
    def deadly(texts):
        if any("number2 " in text for text in texts) and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return np.array([[len(text) / 100] for text in texts])

    here = os.getpid()
    monkeypatch.setattr(bulk_ray, "TRIES", 1)
    with pytest.raises(ll.ModelError, match="1 workers died over rows 2 to 3: most often they run out of memory"):
        many(deadly, on="ray")


def test_what_workers_can_not_have_is_refused_with_advice(cluster, monkeypatch):
    lock = threading.Lock()
    with pytest.raises(ll.InputError, match=r"can't be sent to workers .*: give a function of a module"):
        many(lambda texts: [[len(text) + lock.locked()] for text in texts], on="ray")
    module = types.ModuleType("only_here")
    exec("def lengths(texts): return [[float(len(text))] for text in texts]", module.__dict__)
    monkeypatch.setitem(sys.modules, "only_here", module)
    with pytest.raises(ll.InputError, match=r"can't make the model ready: .* must be installed on all machines"):
        many(module.lengths, on="ray")


class Rayless:
    """What a cluster with two GPUs would be asked for."""

    def __init__(self):
        self.asked, self.put, self.remote = [], lambda sent: sent, lambda _: self

    def cluster_resources(self):
        return {"CPU": 16.0, "GPU": 2.0}

    def options(self, **needs):
        def made(*sent):
            self.asked.append((needs, sent[1:]))
            return types.SimpleNamespace(__ray_ready__=types.SimpleNamespace(remote=object))

        return types.SimpleNamespace(remote=made)


class ActorDied(Exception):
    actor_init_failed = False


class Ref:
    """What is awaited of a worker: a chunk, or None that it is ready."""

    def __init__(self, worker, chunk=None):
        self.worker, self.chunk = worker, chunk


class Made:
    """A worker, and the chunks that it was given."""

    def __init__(self):
        self.given = []
        self.__ray_ready__ = types.SimpleNamespace(remote=lambda: Ref(self))
        self.explain = types.SimpleNamespace(remote=self._asked)

    def _asked(self, chunk):
        self.given.append(chunk)
        return Ref(self, chunk)


class Forgetful(Rayless):
    """A cluster of one processor, whose workers die at some rows and take answers along that were on their way."""

    exceptions = types.SimpleNamespace(RayTaskError=ZeroDivisionError, RayActorError=ActorDied)

    def __init__(self, deadly):
        super().__init__()
        self.deadly, self.done, self.kill = deadly, [], lambda worker: None

    def cluster_resources(self):
        return {"CPU": 1.0}

    def options(self, **needs):
        return types.SimpleNamespace(remote=lambda *sent: Made())

    def wait(self, refs, num_returns):
        return refs[:1], refs[1:]

    def get(self, ref):
        if any(given.start == self.deadly for given in ref.worker.given):
            raise ActorDied("a worker died")
        if ref.chunk is not None:
            ref.worker.given.remove(ref.chunk)
            self.done.append(ref.chunk.start)
        return ref.chunk


def test_rows_that_were_done_when_their_answer_was_lost_are_not_blamed_and_done_again():
    ray = Forgetful(deadly=2)
    fleet = bulk_ray._Fleet(ray, b"", False)
    chunks = [Chunk(start, TEXTS[start:start + 2]) for start in (0, 2, 4)]
    with pytest.raises(ll.ModelError, match="3 workers died over rows 2 to 3"):
        for chunk in chunks:
            while not fleet.free:
                list(fleet.wait())
            fleet.ask(chunk)
        while fleet.busy:
            list(fleet.wait())
    assert ray.done[0] == 0 and 2 not in ray.done


def test_a_torch_model_has_a_worker_on_each_gpu_and_others_on_each_processor():
    networks, others = Rayless(), Rayless()
    bulk_ray._Fleet(networks, b"", True)
    bulk_ray._Fleet(others, b"", False)
    assert networks.asked == [({"num_gpus": 1}, (True, "cuda"))] * 2
    assert others.asked == [({"num_cpus": 1}, (False, "cpu"))] * 16
