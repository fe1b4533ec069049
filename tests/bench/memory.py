"""How much memory an explanation takes above what the model itself takes."""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
from pathlib import Path

from timing import Figure

MB = 1_000_000
EVALUATIONS = 5_000


def figures(quick: bool) -> list[Figure]:
    """Peak memory of a process that explains, less that of one that only asks the model."""
    n = 1_000 if quick else EVALUATIONS
    return [above_the_model(kind, what, n) for kind, what in
            (("text", "22-word text, MiniLM"), ("image", "224 x 224 image, small network"))]


def above_the_model(kind: str, what: str, n: int) -> Figure:
    """Compare processes that differ in what they do last."""
    alone, few, many = (peak(kind, evaluations) for evaluations in (0, n // 10, n))
    return Figure(f"memory above the model's own, {n:,} evaluations, {what}", (many - alone) / MB,
                  "at most", 150, " MB",
                  f"{alone / MB:.0f} MB alone; {(few - alone) / MB:.0f} MB above it at {n // 10:,} evaluations")


def peak(kind: str, evaluations: int) -> int:
    """Bytes at the peak of a process of its own: 0 evaluations are forward passes alone."""
    return int(subprocess.check_output([sys.executable, __file__, kind, str(evaluations)]))


def main() -> None:
    """Do the work of one process and print its peak."""
    import torch

    torch.set_num_threads(1)
    parser = argparse.ArgumentParser()
    parser.add_argument("kind")
    parser.add_argument("evaluations", type=int)
    asked = parser.parse_args()
    {"text": text, "image": image}[asked.kind](asked.evaluations)
    print(own_peak())


def own_peak() -> int:
    """Bytes. On Linux `getrusage` tells the peak of the process that started this one, if that was higher."""
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def text(evaluations: int) -> None:
    """The sentence of text.py; alone, in a batch as `explain` asks it."""
    import torch

    from assets.models import sentiment

    sentence = ("The plot is thin and the jokes are old yet her honest performance makes this small film moving "
                "from start to finish")
    pipeline = sentiment()
    with torch.no_grad():
        for _ in range(20):
            pipeline.model(**pipeline.tokenizer([sentence] * 32, return_tensors="pt"))
    if evaluations:
        import limelight as ll

        ll.explain(pipeline, sentence, n_samples=evaluations, progress=False)


def image(evaluations: int) -> None:
    """A small network: what it needs itself is taken off anyway."""
    import torch
    from skimage.data import chelsea

    net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 7, stride=4), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1),
                              torch.nn.Flatten(), torch.nn.Linear(8, 5)).eval()
    photo = torch.from_numpy(chelsea()[:224, :224]).permute(2, 0, 1) / 255
    with torch.no_grad():
        for _ in range(20):
            net(photo[None].repeat(4, 1, 1, 1))
    if evaluations:
        import limelight as ll

        ll.explain(net, photo, n_samples=evaluations, progress=False)


if __name__ == "__main__":
    main()
