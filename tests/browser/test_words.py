"""The language and the theme of views in JupyterLab: its own, or those that were chosen."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import expect

CELLS = [
    """import limelight as ll
from browser import models
background, row = models.table()
model = ll.tabular_model(models.risk, background, feature_names=models.FEATURES, output_names=["low", "high"])
ll.live(model, row)""",
    """ll.options.language, ll.options.theme = "en", "dark"
ll.live(model, row)""",
]
TRANSLATION = "lab/api/settings/@jupyterlab/translation-extension:plugin"


@pytest.fixture
def chinese(server):
    """JupyterLab in Chinese: its setting is enough, the language pack only translates its menus."""
    def choose(settings):
        urllib.request.urlopen(urllib.request.Request(
            f"{server[1]}/{TRANSLATION}", json.dumps({"raw": json.dumps(settings)}).encode(), method="PUT"))

    choose({"locale": "zh_CN"})
    yield
    choose({})


def colour(view, name):
    return [int(part) for part in re.findall(r"\d+", view.evaluate(f"el => getComputedStyle(el).{name}"))][:3]


def test_a_view_speaks_the_hosts_language_and_wears_its_theme_unless_others_were_chosen(chinese, alone):
    alone.open(*CELLS).run_all()
    assert alone.page.evaluate("document.documentElement.lang") == "zh-CN"

    view = alone.card(0).says("精确：所有组合均已评估").root
    expect(view.locator("article")).to_have_attribute("lang", "zh-CN")
    expect(view.locator(".ll-notes")).to_contain_text("个背景样本")
    expect(view.get_by_role("slider", name="扰动次数")).to_be_visible()
    expect(view).to_have_attribute("data-ll-theme", "light")

    other = alone.card(1).says("exact: every combination was tried").root
    expect(other.locator("article")).to_have_attribute("lang", "en")
    expect(other).to_have_attribute("data-ll-theme", "dark")
    expect(view).to_have_css("background-color", "rgb(255, 255, 255)")
    assert max(colour(other, "backgroundColor")) < 50 < 200 < min(colour(other, "color"))
    assert alone.errors == []
