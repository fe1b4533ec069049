"""The browser of tests, benchmarks and the documentation's pictures: Chromium without a window, as Debian packages it.

Its headless shell takes less of the processor than the whole browser, which is taken where there is no shell.
"""

from __future__ import annotations

import shutil

LAUNCH = {
    "executable_path": shutil.which("chromium-headless-shell") or shutil.which("chromium"),
    "args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"],
}
"""What Playwright's `launch` is given."""
