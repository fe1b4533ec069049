"""Take the gallery's pictures of views in the pages that were just built, in both themes."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assets.chromium import LAUNCH

SHOTS = {
    "text": ("text", 0, 0),
    "image": ("images", 0, 0),
    "table": ("tables", 0, 0),
    "overview": ("overview", 0, 0),
    "training": ("finetuning", 1, 0),
    "compare": ("images", 3, 0),
    "interactions": ("tables", 2, 250),
    "embedding": ("embedding", 0, 0),
}
"""The name of a picture: which page's view it is of, counted from the top, and how far down that is scrolled."""
WIDTH, HEIGHT = 640, 400


def take(site: Path) -> None:
    """Write gallery/<name>-<theme>.png into the site, where it is not newer than its page."""
    folder = site / "gallery"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        for name, (page, place, down) in SHOTS.items():
            for theme in ("light", "dark"):
                picture = folder / f"{name}-{theme}.png"
                if not picture.exists() or picture.stat().st_mtime < (site / f"{page}.html").stat().st_mtime:
                    shoot(browser, site / f"{page}.html", (place, down), theme, picture)
        browser.close()


def shoot(browser: Browser, page: Path, where: tuple[int, int], theme: str, picture: Path) -> None:
    """Open a fragment of a page by itself, at the size of a card, and take its picture."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1.5,
                                  color_scheme=theme)
    tab = context.new_page()
    tab.goto(page.as_uri())
    place, down = where
    content = tab.locator("iframe[srcdoc]").nth(place).get_attribute("srcdoc")
    tab.set_content(content)
    tab.locator(".ll-view").wait_for()
    tab.evaluate("down => scrollTo(0, down)", down)
    tab.screenshot(path=str(picture))
    context.close()
