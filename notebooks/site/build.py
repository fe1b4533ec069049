"""Build the documentation: gather its pages, let Sphinx run and write them, and take the gallery's pictures.

    python notebooks/site/build.py build/docs [page ...]

With pages named, only these are built, the first one as their root, and no gallery: for the tests.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

SITE = Path(__file__).resolve().parent
REPOSITORY = SITE.parents[1]
NOTEBOOKS = ("quickstart", "text", "images", "tables", "overview", "finetuning", "embedding")
ELSEWHERE = {
    "changelog.md": "CHANGELOG.md",
    "results/accuracy.md": "tests/figures/RESULTS.md",
    "results/speed.md": "tests/bench/RESULTS.md",
    **{f"{name}.ipynb": f"notebooks/{name}.ipynb" for name in NOTEBOOKS},
}
"""Pages that are written where they are used: where they go, and where they are."""
RUN = ("src/limelight/**/*.py", "src/limelight/static/**/*.*", "notebooks/assets/*.py")
"""What pages come from besides their own text."""

ALONE = ("toc.not_readable", "toc.not_included", "myst.xref_missing", "ref.doc", "ref.func", "ref.class")
"""What is no fault where other pages are left out."""


def pages() -> Iterator[tuple[str, Path]]:
    """Each file of the site's source: where it goes, and where it is."""
    for path in sorted(SITE.rglob("*")):
        if path.suffix in (".md", ".css") or path.name == "conf.py":
            yield path.relative_to(SITE).as_posix(), path
    for name, place in ELSEWHERE.items():
        if (REPOSITORY / place).exists():
            yield name, REPOSITORY / place


def gather(source: Path, only: Sequence[str] = ()) -> None:
    """Bring the source's folder up to date; what did not change keeps its time, so that Sphinx leaves it alone."""
    wanted = {name: path for name, path in pages() if not only or wanted_by(name, only)}
    for path in source.rglob("*"):
        if path.is_file() and path.relative_to(source).as_posix() not in wanted:
            path.unlink()
    for name, path in wanted.items():
        place = source / name
        if not place.exists() or place.read_bytes() != path.read_bytes():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


def wanted_by(name: str, only: Sequence[str]) -> bool:
    """Whether a build of some pages needs this file."""
    return not name.endswith((".md", ".ipynb")) or name.rpartition(".")[0] in only


def sources() -> str:
    """What the library is now, as a short word."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in RUN for path in REPOSITORY.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def build(out: Path, only: Sequence[str] = ()) -> int:
    """Build into a folder; beside it lie the source, and what is kept of it. Returns the exit status."""
    source, kept = (out.parent / f"{out.name}-{part}" for part in ("source", "kept"))
    gather(source, only)
    now = sources()
    for old in kept.glob("run-*"):
        if old.name != f"run-{now}":
            shutil.rmtree(old)  # what an older limelight answered
    os.environ |= {"LIMELIGHT_SITE": str(SITE), "LIMELIGHT_SITE_SOURCES": now,
                   "LIMELIGHT_SITE_CACHE": str(kept / f"run-{now}")}
    from sphinx.cmd.build import main

    alone = ["-D", f"root_doc={only[0]}", "-D", f"suppress_warnings={','.join(ALONE)}"] if only else []
    status = main(["-W", "--keep-going", "-q", *alone, "-d", str(kept / "pages"), str(source), str(out)])
    if not status and not only:
        from gallery import take

        take(out)
    return status


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)
    sys.exit(build(Path(sys.argv[1]).resolve(), sys.argv[2:]))
