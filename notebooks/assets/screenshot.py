"""Take the README's screenshots: the quickstart's first view, and an overview, in a real JupyterLab.

Run by `make figures`. Writes quickstart.png and overview.png beside this file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
QUICKSTART = [
    "import limelight as ll\nfrom assets.models import sentiment",
    'll.live(sentiment(), "An utterly gripping story, beautifully shot, even if the first half is slow and dull.", '
    "n_samples=1_000)",
]
OVERVIEW = """
import limelight as ll
from assets.adult import CATEGORIES, adult
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

columns = make_column_transformer((OrdinalEncoder(), CATEGORIES), remainder="passthrough")
model = make_pipeline(columns, HistGradientBoostingClassifier(random_state=0)).fit(*adult("data"))
ll.overview(model, *adult("test"), progress=False)
"""
PERSON = "3605"
COLOURS = 255


def quickstart(lab) -> None:
    """Run the cells, wait for the end, and take a picture of the view."""
    view = shown(lab, *QUICKSTART)
    view.locator(".ll-token", has_text="gripping").hover()
    shoot(view, "quickstart")


def overview(lab) -> None:
    """Open one person of an overview, and take a picture."""
    view = shown(lab, OVERVIEW, width=1280)
    number = view.get_by_label("Position of a row")
    number.fill(PERSON)
    number.press("Enter")
    number.blur()
    view.get_by_text(f"Row {int(PERSON):,}", exact=True).wait_for()
    shoot(view, "overview")


def shown(lab, *cells, width=1180):
    """The view of the last of these cells, when it is done."""
    lab.page.set_viewport_size({"width": width, "height": 1600})
    lab.open(*cells).run_all()
    view = lab.views.first
    view.locator(".ll-state", has_text="done").wait_for(timeout=300_000)
    return view


def shoot(view, name: str) -> None:
    """Write the picture when nothing moves any more."""
    view.page.wait_for_timeout(500)
    picture = Image.open(BytesIO(view.screenshot()))
    picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(HERE / f"{name}.png", optimize=True)


def main() -> None:
    """Let pytest bring up JupyterLab and the browser, as the browser tests do."""
    with tempfile.TemporaryDirectory(dir=REPOSITORY / "tests" / "browser") as folder:
        test = Path(folder) / "test_screenshot.py"
        test.write_text("from assets import screenshot\n\n\n"
                        "def test_quickstart(lab):\n    screenshot.quickstart(lab)\n\n\n"
                        "def test_overview(lab):\n    screenshot.overview(lab)\n")
        subprocess.run([sys.executable, "-m", "pytest", "-q", str(test)], cwd=REPOSITORY, check=True,
                       env={**os.environ, "HF_HUB_OFFLINE": "1"})


if __name__ == "__main__":
    main()
