"""What is shipped: the views are in the wheel and the sdist, and only a checkout needs Node."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
VIEWS = {path.name for path in (ROOT / "js/views").glob("*.js")}
PAGES = {f"page/{path.name}" for path in (ROOT / "js/pages").iterdir()}
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "__pycache__", ".*_cache", "build", "dist", "notebooks", "tests"
)


def without_node(*command: str, cwd: Path, empty: Path) -> subprocess.CompletedProcess[str]:
    """Run a module of this Python with nothing at all on the PATH."""
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, env={**os.environ, "PATH": str(empty)},
        capture_output=True, text=True,
    )


def built(*command: str, cwd: Path, empty: Path) -> str:
    run = without_node(*command, cwd=cwd, empty=empty)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of this checkout with stand-ins for built views, newer than their sources."""
    folder = tmp_path_factory.mktemp("work") / "checkout"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    static = folder / "src/limelight/static"
    (static / "page").mkdir(parents=True, exist_ok=True)
    for name in VIEWS | PAGES:
        (static / name).write_text(f"// {name}, built\nexport default {{}};\n")
    return folder


@pytest.fixture(scope="module")
def sdist(checkout, empty, tmp_path_factory):
    """The sdist, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    built("hatchling", "build", "-t", "sdist", "-d", str(folder), cwd=checkout, empty=empty)
    (archive,) = folder.glob("limelight-*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)  # which Python 3.11.2 has not
        tar.extractall(folder)
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def wheel(sdist, empty, tmp_path_factory):
    """The wheel, made from the sdist where there is no Node."""
    folder = tmp_path_factory.mktemp("wheel")
    built("hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=sdist, empty=empty)
    (archive,) = folder.glob("limelight-*.whl")
    return archive


def test_there_are_views_to_ship():
    assert {"text.js", "image.js", "table.js"} <= VIEWS
    assert {f"page/{name}" for name in VIEWS} | {"page/boot.js", "page/page.css"} == PAGES


def test_the_sdist_holds_the_views_and_what_they_are_built_from(sdist):
    static = sdist / "src/limelight/static"
    assert {str(path.relative_to(static)) for path in static.rglob("*.*")} == VIEWS | PAGES
    assert {path.name for path in (sdist / "js/views").glob("*.js")} == VIEWS
    assert not (sdist / "js/node_modules").exists()


def test_the_wheel_holds_the_package_with_its_views_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name for name in names if "/static/" in name} == {f"limelight/static/{name}" for name in VIEWS | PAGES}
    assert {name.split("/")[0].split("-")[0] for name in names} == {"limelight"}


def test_an_install_from_the_wheel_needs_no_node(wheel, empty, tmp_path):
    built("pip", "install", "--no-deps", "--no-index", "--target", str(tmp_path), str(wheel),
          cwd=tmp_path, empty=empty)
    code = "import limelight; print(limelight.__file__, limelight.__version__)"
    file, version = subprocess.check_output([sys.executable, "-c", code], cwd=tmp_path, text=True).split()
    assert Path(file).is_relative_to(tmp_path)
    assert wheel.name.startswith(f"limelight-{version}-")
    assert (Path(file).parent / "static/text.js").read_text().startswith("// text.js, built")


@pytest.mark.parametrize("trouble", ["missing", "older"])
def test_a_checkout_without_node_says_what_to_do(checkout, empty, tmp_path, trouble):
    copy = tmp_path / "checkout"
    shutil.copytree(checkout, copy)
    view = copy / "src/limelight/static/text.js"
    if trouble == "missing":
        view.unlink()
    else:
        os.utime(view, (0, 0))
    run = without_node("hatchling", "build", "-t", "wheel", cwd=copy, empty=empty)
    assert run.returncode != 0
    assert "takes Node.js 20 or newer" in run.stdout + run.stderr
    assert "pip install limelight" in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_what_is_tested_with_can_be_installed_by_every_python_of_this_series():
    first = f"{sys.version_info.major}.{sys.version_info.minor}.0"
    asks = {each.name: each.metadata["Requires-Python"] or "" for each in distributions()}
    assert "soupsieve" in asks
    assert [name for name, wanted in asks.items() if not SpecifierSet(wanted).contains(first)] == []
