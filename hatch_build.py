"""Builds the JavaScript views into the package, so that nobody who installs it needs Node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NO_NODE = """\
limelight's views are not built, and building them takes Node.js 20 or newer, whose `npm` is not on the PATH.
Either install Node.js (https://nodejs.org) and try again, or install a release, which has them built in:
    pip install limelight"""


class ViewsBuildHook(BuildHookInterface):
    """Runs before a wheel, an sdist or an editable install is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the views unless they are there and newer than their sources."""
        root = Path(self.root)
        if not stale(root):
            return
        npm = shutil.which("npm")
        if npm is None:
            self.app.abort(NO_NODE)
            return
        for arguments in (["ci"], ["run", "build"]):
            subprocess.run([npm, *arguments], cwd=root / "js", check=True)
        for view in built(root):
            view.touch()  # also those that came out as they were


def stale(root: Path) -> bool:
    """Tell whether a view is missing from `root`, or older than what it is built from.

    An sdist (it has a PKG-INFO) holds the built views: there, being present is enough.
    """
    views = built(root)
    if not all(view.exists() for view in views):
        return True
    if (root / "PKG-INFO").exists():
        return False
    return max(map(modified, sources(root))) > min(map(modified, views))


def built(root: Path) -> list[Path]:
    """List the files that the build makes: one a view for notebooks, and one for pages."""
    static = root / "src/limelight/static"
    views = [static / view.name for view in (root / "js/views").glob("*.js")]
    return views + [static / "page" / part.name for part in (root / "js/pages").iterdir()]


def sources(root: Path) -> list[Path]:
    """List the files that the views are built from."""
    js = root / "js"
    inside = [path for folder in ("lib", "parts", "views", "pages") for path in (js / folder).rglob("*")]
    return [path for path in (*inside, js / "build.mjs", js / "package-lock.json") if path.is_file()]


def modified(path: Path) -> float:
    """When a file was last written, in seconds."""
    return path.stat().st_mtime
