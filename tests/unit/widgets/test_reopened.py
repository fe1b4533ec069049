"""Views in hosts that close what they show: marimo; in Colab, which wants to be asked for third-party widgets; and on
kernels that choose which thread hears them."""

import sys
from types import ModuleType, SimpleNamespace

import anywidget._util
import ipywidgets.comm
import pytest
from ipykernel.comm.comm import BaseComm
from ipykernel.kernelbase import Kernel

import limelight as ll

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def explained():
    model = ll.text_model(lambda texts: [[len(text) / 9] for text in texts], output_names=["length"])
    return ll.explain(model, "a few words", progress=False)


def test_a_view_that_was_closed_opens_anew_with_all_that_it_shows(explained):
    widget = explained.view.widget
    before = explained.view.bundle(explained)[0][VIEW]["model_id"]
    widget.comm.close()
    after = explained.view.bundle(explained)[0][VIEW]["model_id"]
    assert after != before
    assert widget.model_id == after and not widget.comm._closed
    assert explained.view.bundle(explained)[0][VIEW]["model_id"] == after
    widget.comm.handle_msg({"content": {"data": {"method": "update", "state": {"settings": {
        **widget.settings, "method": "occlusion"}}}}, "buffers": []})
    assert explained.view.explanation.method == "occlusion"


def test_a_comparison_opens_anew(explained):
    both = ll.compare(explained, explained.refit(method="shapley"))
    before = both._repr_mimebundle_()[0][VIEW]
    both.view.comm.close()
    assert both._repr_mimebundle_()[0][VIEW] != before


def test_in_colab_the_widget_manager_is_asked_for_and_named(monkeypatch, explained):
    asked = []
    output = ModuleType("google.colab.output")
    output.enable_custom_widget_manager = lambda: asked.append(True)
    output._widgets = SimpleNamespace(_installed_url="https://colab/manager.js")
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    anywidget._util.enable_custom_widget_manager_once.cache_clear()
    _, metadata = explained._repr_mimebundle_()
    assert asked == [True]
    assert metadata == {VIEW: {"colab": {"custom_widget_manager": {"url": "https://colab/manager.js"}}}}


@pytest.fixture
def in_a_cell(monkeypatch):
    """Widgets have the comms of ipykernel, and what they say is said by a cell of the main thread."""
    class Comm(BaseComm):
        kernel = SimpleNamespace(get_parent=lambda: {"header": {"subshell_id": None}}, iopub_socket=None,
                                 session=SimpleNamespace(send=lambda *args, **options: None))

    monkeypatch.setattr(Kernel, "initialized", lambda: True)
    monkeypatch.setattr(ipywidgets.comm, "create_comm", Comm)


def test_a_page_is_heard_on_the_thread_that_it_names_whoever_spoke_last(in_a_cell, explained):
    widget = explained.view.widget

    def heard_by(asked):
        return widget.comm._reply_subshell_for({"content": {"id": asked}}, "the one it names")

    assert heard_by("never asked") == "the one it names"
    widget.send_state("status")
    assert heard_by("never asked") == "the one it names"
    widget.send({"type": "waiting", "id": "asked"})
    assert heard_by("asked") == "the one it names"
