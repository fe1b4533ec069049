"""The documentation: nothing public is left out, nothing leads nowhere, and what looks like code is."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

import limelight as ll
from limelight.estimators import READINGS
from limelight.registry import STREAMED, WINDOWS
from limelight.training.known import Known
from limelight.training.tracker import Tracker

REPOSITORY = Path(__file__).parents[2]
NOTEBOOKS = REPOSITORY / "notebooks"
SITE = NOTEBOOKS / "site"
READMES = sorted(REPOSITORY.glob("README*.md"))
PAGES = sorted(SITE.glob("*.md"))
TUTORIALS = sorted(path for path in NOTEBOOKS.glob("*.ipynb") if path.name != "demo.ipynb")


def loaded(name):
    """A script of the site, which is no package: "site" is one of Python's own."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", SITE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = loaded("build")
gathered = dict(build.pages())


def written(path):
    """What a page or a notebook says in words."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def outline(path):
    """Its headings, as the ends of links to them."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", written(path), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def codes(path):
    """Each piece of Python in a page."""
    return re.findall(r"^```(?:python|\{code-cell\} python)\n(?::tags:[^\n]*\n)?(.*?)^```", written(path),
                      re.DOTALL | re.MULTILINE)


def test_every_public_name_is_in_the_reference():
    told = re.findall(r"^\.\. (?:auto\w+|py:data):: (?:limelight\.)?(\w+)$", written(SITE / "api.md"), re.MULTILINE)

    assert sorted(told) == sorted(ll.__all__)


def test_every_method_is_in_the_reference():
    told = set(re.findall(r"^\.\. autofunction:: (\S+)$", written(SITE / "methods.md"), re.MULTILINE))
    functions = [*READINGS.values(), *(method.function for method in [*STREAMED.values(), *WINDOWS.values()])]

    assert told == {f"{function.__module__}.{function.__name__}" for function in functions}


def test_what_a_tracker_can_be_asked_is_in_the_reference():
    told = re.search(r"Tracker\n +:members: (.*)", written(SITE / "api.md"))[1].split(", ")
    asked = {name for name in vars(Known) if not name.startswith("_")}

    assert asked | {"step", "stop", "finish", "to", "callback", "save"} <= set(told)
    assert all(hasattr(Tracker, name) for name in told)


def test_every_page_and_notebook_is_in_a_table_of_contents():
    trees = re.findall(r"^```\{toctree\}\n(.*?)^```", "\n".join(map(written, PAGES)), re.DOTALL | re.MULTILINE)
    listed = set(re.findall(r"^[\w/*]+$", "\n".join(trees), re.MULTILINE))
    names = {Path(name).with_suffix("").as_posix() for name in gathered if name.endswith((".md", ".ipynb"))}

    assert listed - {"results/*"} == names - {"index"} - {name for name in names if name.startswith("results/")}
    assert {path.stem for path in TUTORIALS} == set(build.NOTEBOOKS)


@pytest.mark.parametrize("path", [*PAGES, *TUTORIALS], ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:)([^)\s]*)\)", written(path))
    for page, _, heading in (link.partition("#") for link in links):
        to = gathered.get(page) if page else path

        assert to is not None, f"{path.name} leads to {page}, which is no page: there are {', '.join(gathered)}"
        assert not heading or heading in outline(to), f"{to.name} has no heading #{heading}"


def test_every_picture_of_the_gallery_is_taken():
    shown = set(re.findall(r'src="gallery/([\w-]+)-(light|dark)\.png"', written(SITE / "index.md")))

    assert shown == {(name, theme) for name in loaded("gallery").SHOTS for theme in ("light", "dark")}


@pytest.mark.parametrize("path", [*READMES, *(page for page in PAGES if codes(page))], ids=lambda path: path.name)
def test_code_in_pages_compiles(path):
    found = codes(path)

    assert found, f"{path.name} has no code"
    for code in found:
        compile(code, path.name, "exec")
