"""What a reader sees of one view, and what they press."""

import re
import time
from math import nan

import pytest
from playwright.sync_api import expect

# Errors are computed, and Python is told, after a rest of 120 ms: what is still for so many frames is at rest.
FRAMES = 15
# Wait until it is, or for `most` frames: is it at rest?
RESTS = """(el, [frames, most]) => new Promise((done) => {
    let [still, seen] = [0, 0];
    const changes = new MutationObserver(() => { still = 0; });
    changes.observe(el, { subtree: true, childList: true, attributes: true, characterData: true });
    const look = () => {
        if (++still < frames && seen++ < most) return requestAnimationFrame(look);
        changes.disconnect();
        done(still >= frames);
    };
    requestAnimationFrame(look);
})"""


def until(holds, seconds=20):
    """Try until it holds, and return its value: what it asserts may fail, or be False, until the time is over."""
    end = time.monotonic() + seconds
    while True:
        try:
            value = holds()
            if value is not False:
                return value
            fault = AssertionError(f"did not become true within {seconds} s")
        except AssertionError as error:
            fault = error
        if time.monotonic() > end:
            raise fault
        time.sleep(0.05)


class Card:
    """One view on a page, by what it says and not by how it is built."""

    def __init__(self, root):
        self.root, self.page = root, root.page

    def says(self, state, seconds=60):
        """Wait until the footer's state says so: a part of it, or a pattern."""
        expect(self.root.locator(".ll-state")).to_contain_text(state, timeout=1000 * seconds)
        return self

    def rests(self):
        """Wait until nothing has changed for some frames."""
        assert self.root.evaluate(RESTS, [FRAMES, 1200]), "it never rests"
        return self

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def turn_to(self, name):
        """Choose a method, from the row or from the list of all."""
        if not self.button(name).is_visible():
            self.root.get_by_role("button", name=re.compile("^All .* methods$")).click()
            self.root.locator(".ll-offer", has=self.page.get_by_text(name, exact=True)).click()
        else:
            self.button(name).click()
        expect(self.button(name)).to_have_attribute("aria-pressed", "true")
        return self

    def chip(self, name):
        return self.root.locator(".ll-chip", has_text=name)

    def token(self, word):
        return self.root.locator(".ll-token").get_by_text(word, exact=True).first

    def slider(self, name):
        return self.root.get_by_role("slider", name=name)

    def bars(self):
        """What the rows say: {feature: value}, of those in sight."""
        rows = self.root.locator(".ll-bars li").evaluate_all(
            "all => all.map(row => [row.dataset.feature, row.querySelector('.ll-number').textContent])")
        return {int(feature): float(number.replace("\u2212", "-")) for feature, number in rows}

    def shows(self, values, tolerance=0.006, rows=5):
        """Wait until so many rows at least say these values, by feature, as far as they are in sight."""
        wanted = values if isinstance(values, dict) else dict(enumerate(values))

        def agrees():
            bars = self.bars()
            assert len(bars) >= rows, (bars, self.root.inner_text())
            assert bars == pytest.approx({feature: wanted.get(feature, nan) for feature in bars}, abs=tolerance)

        until(agrees)
        return self

    def evaluated(self, unit="Perturbations"):
        """How many perturbations there are, or passes, by the slider's words."""
        return number(self.slider(unit).get_attribute("aria-valuetext"), r"of ([\d,]+) evaluated")

    def effective(self):
        """How many perturbations the kernel width leaves in effect."""
        return number(self.root.locator(".ll-deck").inner_text(), r"effective samples ([\d,]+)")

    def drag(self, name, share):
        """Take the slider's knob to this share of its way; returns with the knob still held."""
        slider = self.slider(name)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        at, y = float(slider.evaluate("el => el.value / el.max")), box["y"] + box["height"] / 2
        # The knob is 16 px wide, and its middle stays inside of the slider.
        places = [box["x"] + 8 + s * (box["width"] - 16) for s in (at, share)]
        self.page.mouse.move(places[0], y)
        self.page.mouse.down()
        self.page.mouse.move(places[1], y, steps=20)

    def drop(self):
        self.page.mouse.up()


def number(text, pattern):
    """The number in a text: "1,234 of 2,000 evaluated"."""
    return int(re.search(pattern, text)[1].replace(",", ""))
