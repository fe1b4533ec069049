"""What the tests of all hosts do with a view of one text, and what it must show then."""

import re
from functools import cache

from browser import models
from playwright.sync_api import expect

import limelight as ll

N = 1500
OUT = ("lovely", "thin", "plot")


def cell(pause):
    """Code that shows a view whose evaluations take so many seconds each, until `pause` is set to something else."""
    return f"""import time
import limelight as ll
from browser import models
pause, quick = {pause}, models.sentiment()
def classify(texts):
    time.sleep(pause * len(texts))
    return quick(texts)
view = ll.live(ll.text_model(classify, output_names=["bad", "good"]), models.TEXT, n_samples={N})
view"""


@cache
def answer():
    """What such a cell's view shows in the end: the same rows, as the seed is the same."""
    model = ll.text_model(models.sentiment(), output_names=["bad", "good"])
    return ll.explain(model, models.TEXT, n_samples=N, progress=False)


def assert_alive(card):
    """Numbers are Python's: as they are, of another method and class, without three words, at another kernel width."""
    assert_shows(card, answer())
    card.turn_to("Shapley")
    card.chip("bad").click()
    assert_shows(card, answer().refit(method="shapley", target="bad"))
    for word in OUT:
        card.token(word).click()
    left = " ".join(word for word in models.TEXT.split() if word not in OUT)
    expect(card.root.locator(".ll-whatif")).to_contain_text(f"3 out: bad 0.19 → {models.sentiment()([left])[0, 0]:.2f}")
    card.button("put all back").click()
    assert_narrowed(card)


def assert_narrowed(card):
    """A narrow kernel, by the slider: the view refits by itself, to Python's numbers."""
    card.turn_to("LIME")
    card.drag("Kernel width", 0.1)
    card.drop()
    width = float(re.match(r"[\d.]+", card.slider("Kernel width").get_attribute("aria-valuetext"))[0])
    assert width < 0.1
    assert_shows(card, answer().refit(kernel_width=width, target="bad"))


def assert_shows(card, explanation):
    """The bars are the explanation's values, but for the width's rounding; they may take a moment."""
    card.shows(explanation.values[:, explanation.target], tolerance=0.01, rows=10)
