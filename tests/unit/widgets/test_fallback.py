"""What stands where a view can't run: in its cell's output, and renewed until the last answer."""

import numpy as np
import pytest
from explained import one

import limelight as ll
from limelight.export import documents
from limelight.export.words import say
from limelight.widgets import fallback

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: (bundle, options), as in a notebook's kernel."""
    import IPython.display

    outputs = []
    monkeypatch.setattr(fallback, "_in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", lambda bundle, **how: outputs.append((bundle, how)))
    return outputs


def sentiment(texts):
    return np.array([["good" in text] for text in texts], float)


def live(text="a good film, and one that I liked very much indeed", n_samples=300):
    return ll.live(ll.text_model(sentiment, output_names=["good"]), text, n_samples=n_samples)


def test_the_picture_comes_first_and_the_view_after_it(shown):
    view = live()
    view._ipython_display_()
    (picture, first), (widget, _) = shown
    assert "image/svg+xml" in picture and VIEW not in picture and first["display_id"] == view.widget.fallback
    assert f'id="limelight-{view.widget.fallback}"' in picture["image/svg+xml"]
    assert VIEW in widget and "image/svg+xml" not in widget and widget["text/plain"].startswith("<LiveView: ")


def test_the_picture_is_renewed_when_the_run_ends(shown):
    view = live()
    view._ipython_display_()
    del shown[:]
    view.wait()
    [(picture, how)] = shown
    assert how["update"] and how["display_id"] == view.widget.fallback
    assert "300 evaluations" in picture["image/svg+xml"]


def test_it_is_renewed_when_the_reader_turns_to_another_method(shown):
    view = live().wait()
    view._ipython_display_()
    del shown[:]
    view.widget.settings = {**view.widget.settings, "method": "shapley"}
    [(picture, _)] = shown
    assert "Shapley" in picture["image/svg+xml"]


def test_a_run_that_goes_on_renews_nothing(shown):
    view = live("one good word of thirty " * 6, n_samples=1_000_000)
    view._ipython_display_()
    del shown[:]
    view.widget.sync()
    assert not view.done and shown == []


def test_it_stays_where_the_reader_turns_to_an_output_that_was_not_computed(shown):
    found = documents.loads(documents.dumps(one("picture, saliency")))
    found._ipython_display_()
    del shown[:]
    view, other = found.view, (found.target + 1) % len(found.output_names)
    view.widget.set_state({"settings": {**view.widget.settings, "target": other}})
    view.stop()
    assert shown == [] and "explain again" in view.widget._status()["message"]
    view.widget.set_state({"settings": {**view.widget.settings, "target": found.target}})
    assert len(shown) == 1


def test_it_stays_where_the_kernel_is_too_narrow_for_an_answer(shown):
    view = live().wait()
    view._ipython_display_()
    del shown[:]
    view.widget.set_state({"settings": {**view.widget.settings, "kernel_width": 1e-300}})
    view.resume()
    view.stop()
    assert shown == [] and view.widget.settings["kernel_width"] == 1e-300


def test_explanations_and_comparisons_are_shown_alike(shown):
    found = live().wait().explanation
    del shown[:]
    found._ipython_display_()
    ll.compare(found, found.refit("shapley"))._ipython_display_()
    assert ["image/svg+xml" in bundle for bundle, _ in shown] == [True, False, True, False]
    assert [VIEW in bundle for bundle, _ in shown] == [False, True, False, True]


def test_elsewhere_all_is_one_output():
    view = live()
    with pytest.raises(NotImplementedError):
        view._ipython_display_()
    bundle, _ = view._repr_mimebundle_()
    assert {VIEW, "image/svg+xml", "text/plain"} <= set(bundle) and say("still") in bundle["image/svg+xml"]


def test_who_wants_no_pictures_gets_none(shown, monkeypatch):
    monkeypatch.setattr(ll.options, "picture", False)
    view = live()
    both = ll.compare(view.wait().explanation, view.explanation.refit("shapley"))
    for each in (view, view.explanation, both):
        with pytest.raises(NotImplementedError):
            each._ipython_display_()
        bundle, _ = each._repr_mimebundle_()
        assert VIEW in bundle and "image/svg+xml" not in bundle


def test_an_explanation_without_its_run_is_a_picture_and_a_table():
    import pickle

    found = pickle.loads(pickle.dumps(live().wait().explanation))
    with pytest.raises(NotImplementedError):
        found._ipython_display_()
    assert set(found._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}


def test_a_live_view_prints_what_there_is():
    lines = repr(live().wait()).splitlines()
    assert lines[0] == "<LiveView: done, 300 of 300 evaluations>"
    assert lines[2].strip().startswith("good")
