"""Take the README's screenshot: the quickstart's first view, in a real JupyterLab.

Run by `make figures`. Writes quickstart.png beside this file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
CELLS = [
    "import limelight as ll\nfrom assets.models import sentiment",
    'll.live(sentiment(), "An utterly gripping story, beautifully shot, even if the first half is slow and dull.", '
    "n_samples=1_000)",
]


def take(lab) -> None:
    """Run the cells, wait for the end, and take a picture of the view."""
    lab.page.set_viewport_size({"width": 1180, "height": 900})
    lab.open(*CELLS).run_all()
    view = lab.views.first
    view.locator(".ll-state", has_text="done").wait_for(timeout=300_000)
    view.locator(".ll-token", has_text="gripping").hover()
    lab.page.wait_for_timeout(500)
    view.screenshot(path=str(HERE / "quickstart.png"))


def main() -> None:
    """Let pytest bring up JupyterLab and the browser, as the browser tests do."""
    with tempfile.TemporaryDirectory(dir=REPOSITORY / "tests" / "browser") as folder:
        test = Path(folder) / "test_screenshot.py"
        test.write_text("from assets.screenshot import take\n\n\ndef test_screenshot(lab):\n    take(lab)\n")
        subprocess.run([sys.executable, "-m", "pytest", "-q", str(test)], cwd=REPOSITORY, check=True,
                       env={**os.environ, "HF_HUB_OFFLINE": "1"})


if __name__ == "__main__":
    main()
