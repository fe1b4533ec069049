"""A page that speaks to an old kernel as Colab does: a frame an output, no update but in an answer, plain buffers."""

import json
import urllib.request

import pytest
from browser.card import Card, until
from browser.conftest import KERNELS
from browser.hosts.alive import N, assert_alive, assert_narrowed, cell
from playwright.sync_api import expect

VERSION = "6.17.1"
# What limelight and anywidget look at to know Colab.
COLAB = """import sys, types
colab, output = types.ModuleType("google.colab"), types.ModuleType("google.colab.output")
output.enabled, output._widgets = [], types.SimpleNamespace(_installed_url=None)
output.enable_custom_widget_manager = lambda: output.enabled.append(True)
sys.modules |= {"google.colab": colab, "google.colab.output": output}
"""
CELLS = [
    f"{COLAB}{cell(0.01)[:-5]}; from IPython.display import display; display(view, view)",
    """image = ll.image_model(models.brightness, segments=models.squares(), hide="black",
                       output_names=["red", "green", "blue"])
picture = ll.explain(image, models.photo(), n_samples=500, progress=False)
display(picture, ll.compare(picture, picture.refit(method="shapley")))""",
]
ONE, OTHER, PICTURE, COMPARED = range(4)


class Colab:
    """The page, and what a reader does with it."""

    def __init__(self, page, address):
        self.page, self.errors = page, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        assert (KERNELS / VERSION).exists(), "make browser installs the kernels of other ages"
        self.kernel = f"{address}/api/kernels"
        self.kernel += "/" + json.load(self.ask("POST", {"name": VERSION}))["id"]
        page.goto(f"{address}/static/colab.html?kernel={self.kernel.rpartition('/')[2]}")
        page.wait_for_function("() => globalThis.colab")

    def ask(self, method, body=None):
        data = None if body is None else json.dumps(body).encode()
        return urllib.request.urlopen(urllib.request.Request(self.kernel, method=method, data=data))

    def python(self, code):
        return self.page.evaluate("code => colab.run(code)", code)

    def card(self, place):
        view = self.page.frame_locator("iframe").nth(place).locator(".ll-view")
        view.wait_for(timeout=60_000)
        return Card(view)


@pytest.fixture
def colab(page, server):
    page.set_viewport_size({"width": 1200, "height": 1900})
    return Colab(page, server[1])


def test_views_live_in_frames_that_hear_only_answers(colab):
    assert colab.python(CELLS[0]) == ""
    assert colab.python("import ipykernel; print(ipykernel.__version__)") == VERSION
    assert colab.python("print(output.enabled)") == "[True]"  # anywidget asks for it: readers need not
    one, other = colab.card(ONE), colab.card(OTHER)
    for card in (one, other):
        card.says("streaming")
    colab.python("import threading; threading.Timer(0.3, view.stop).start()")  # who asks hears of it
    for card in (one, other):
        card.says("stopped")
    until(lambda: one.evaluated() == other.evaluated() < N)
    colab.python("pause = 0")
    one.button("Resume").click()
    one.says("done")
    assert colab.python("print(len(view.explanation.neighborhood), models.asked)") == f"{N} {N}"
    assert_alive(one)
    assert colab.python(CELLS[1]) == ""
    most = float(colab.python("print(picture.values.max())"))
    assert max(colab.card(PICTURE).bars().values()) == pytest.approx(most, abs=0.006)
    expect(colab.card(COMPARED).root).to_contain_text("rank agreement")
    expect(colab.page.locator("iframe")).to_have_count(4)  # no picture beside a view
    colab.ask("DELETE")
    one.turn_to("Shapley")
    assert_narrowed(one)
    assert colab.errors == []
