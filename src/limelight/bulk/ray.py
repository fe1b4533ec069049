"""Chunks explained by the workers of a Ray cluster."""

from __future__ import annotations

import io
import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from limelight.bulk.chunks import Chunk
from limelight.bulk.work import Part, Work
from limelight.errors import InputError, ModelError

AHEAD = 2
"""Chunks that a worker has: the one it is at, and the next one, so that it need not wait."""

TRIES = 3
"""So many workers may die over one chunk: what kills them all is the chunk."""


def on_ray(work: Work, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Part]]:
    """Do the work on all processors of a cluster, or on all its GPUs for a torch model where it has any.

    The model is sent once to each machine, and made ready once by each worker.
    One that dies is replaced, and its chunks begun again, each by itself. No
    more chunks are read than workers ask for.

    Raises
    ------
    InputError
        If Ray is not installed, or the model can't be sent.
    ModelError
        If the model raised, or a chunk kills the workers.
    """
    ray = _ray()
    packed = _packed(work)  # before a cluster is started: it may be what can't be done
    with _cluster(ray):
        fleet = _Fleet(ray, packed, work.module is not None)
        try:
            for chunk in chunks:
                while not fleet.free:
                    yield from fleet.wait()
                fleet.ask(chunk)
            while fleet.busy:
                yield from fleet.wait()
        finally:
            fleet.end()


class Worker:
    """A process with the model, ready for chunks."""

    def __init__(self, packed: bytes, has_torch: bool, device: str):
        self._work = _unpacked(packed, has_torch, device)

    def explain(self, chunk: Chunk) -> Part:
        """Explain the rows of a chunk."""
        found: Part = self._work(chunk)
        return found


class _Fleet:
    """As many workers as the cluster has processors or GPUs. Those that it has no room for yet come in when it has.

    Attributes
    ----------
    free : deque
        Workers that can be given a chunk, once for each.
    """

    def __init__(self, ray: Any, packed: bytes, has_torch: bool):
        room = ray.cluster_resources()
        gpus = int(room.get("GPU", 0)) if has_torch else 0
        self._ray, self._sent = ray, (ray.put(packed), has_torch, "cuda" if gpus else "cpu")
        self._made = ray.remote(Worker).options(**{"num_gpus": 1} if gpus else {"num_cpus": 1})
        # What is awaited: chunks, and, as None, that a worker is ready; of which worker, and how often it is free then.
        self._asked: dict[Any, tuple[Chunk | None, Any, int]] = {}
        self._lost: deque[Chunk] = deque()
        self._deaths: Counter[int] = Counter()
        self.free: deque[Any] = deque()
        self._workers = [self._new() for _ in range(max(1, gpus or int(room.get("CPU", 1))))]

    @property
    def busy(self) -> bool:
        """Whether there are chunks that were asked about and not answered."""
        return bool(self._lost) or any(chunk is not None for chunk, _, _ in self._asked.values())

    def ask(self, chunk: Chunk) -> None:
        """Give a chunk to a worker that is free."""
        self._give(chunk, self.free.popleft(), 1)

    def wait(self) -> Iterator[tuple[Chunk, Part]]:
        """Wait for something to happen; where a chunk is done, yield it.

        Raises
        ------
        LimelightError
            What a model raised at a worker, or that the workers die.
        """
        ref = self._ray.wait(list(self._asked), num_returns=1)[0][0]
        chunk, worker, slots = self._asked[ref]
        try:
            found = self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except self._ray.exceptions.RayActorError as error:
            self._replace(worker, error)
            return
        del self._asked[ref]
        self.free.extend([worker] * slots)
        self._again()
        if chunk is not None:
            yield chunk, found

    def end(self) -> None:
        """Let all workers go."""
        for worker in self._workers:
            self._ray.kill(worker)

    def _new(self) -> Any:
        worker = self._made.remote(*self._sent)
        self._asked[worker.__ray_ready__.remote()] = None, worker, AHEAD
        return worker

    def _give(self, chunk: Chunk, worker: Any, slots: int) -> None:
        self._asked[worker.explain.remote(chunk)] = chunk, worker, slots

    def _again(self) -> None:
        """Give each chunk that was lost to a worker that has no other, and gets none meanwhile."""
        for worker in self._workers:
            if self._lost and sum(each is worker for each in self.free) == AHEAD:
                self._take(worker)
                self._give(self._lost.popleft(), worker, AHEAD)

    def _take(self, worker: Any) -> None:
        """No longer count a worker among those that are free."""
        self.free = deque(each for each in self.free if each is not worker)

    def _replace(self, dead: Any, error: Any) -> None:
        """Begin the chunks of a worker that died again, and another worker.

        Where it had several it is not known at which it died: the answer to
        the first may have been on its way. So these count as lost, and only one
        that is alone with a worker, when it is tried again, is named.
        """
        if error.actor_init_failed:
            raise InputError("workers can't make the model ready: what its functions import must be installed on all "
                             f"machines of the cluster. Ray says: {error}") from error
        given = [self._asked.pop(ref)[0] for ref, (_, worker, _) in list(self._asked.items()) if worker is dead]
        chunks = [chunk for chunk in given if chunk is not None]
        first = chunks[0].start if chunks else -1
        self._deaths[first] += len(chunks) < 2
        if self._deaths[first] == TRIES:
            at = f"rows {first:,} to {chunks[0].stop - 1:,}" if chunks else "the model, before any rows"
            raise ModelError(f"{TRIES} workers died over {at}: most often they run out of memory, so give chunk_rows= "
                             f"a smaller number, or the cluster fewer processors. Ray says: {error}") from error
        self._lost.extend(chunks)
        self._take(dead)
        self._workers = [self._new() if worker is dead else worker for worker in self._workers]
        self._again()


@contextmanager
def _cluster(ray: Any) -> Iterator[None]:
    """The cluster that is connected; or else one that ends with the work."""
    if ray.is_initialized():
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray.init(include_dashboard=False, log_to_driver=False)
    except Exception as error:  # Ray raises errors of many types
        ray.shutdown()
        raise InputError(f"no Ray cluster could be started here ({type(error).__name__}: {error}): start one first by "
                         "`ray start --head` and connect by ray.init('auto'), or give on='local'") from error
    try:
        yield
    finally:
        ray.shutdown()


def _packed(work: Work) -> bytes:
    """The work as bytes: tensors are packed in a way that lets the worker say where they go."""
    from ray import cloudpickle

    try:
        if work.module is None:
            return bytes(cloudpickle.dumps(work))
        import torch

        buffer = io.BytesIO()
        torch.save(work, buffer, pickle_module=cloudpickle)
        return buffer.getvalue()
    except Exception as error:
        raise InputError(f"the model can't be sent to workers ({type(error).__name__}: {error}): give a function of a "
                         "module that opens what it needs when it is called, such as files and connections, or "
                         "on='local'") from error


def _unpacked(packed: bytes, has_torch: bool, device: str) -> Any:
    from ray import cloudpickle

    if not has_torch:
        return cloudpickle.loads(packed)
    import torch

    return torch.load(io.BytesIO(packed), map_location=device, weights_only=False)


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise InputError("on='ray' needs Ray: pip install 'limelight[ray]'") from error
    return ray
