"""`save`: which file for which suffix, and what can't be saved."""

import os
from pathlib import Path

import numpy as np
import pytest

import limelight as ll
from limelight.export import saving

SUFFIXES = [".html", *saving.WRITERS]


def found(values=(0.5, -0.25, 0.125)):
    return ll.show(np.array(values), "one two three", base_values=0.0, prediction=float(sum(values)),
                   output_space="probability")


@pytest.fixture
def explanation():
    return found()


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".HTML"])
def test_every_suffix_has_its_file_and_save_returns_where_it_is(explanation, suffix, tmp_path):
    path = tmp_path / f"answer{suffix}"
    assert explanation.save(str(path)) == explanation.save(path) == ll.save(explanation, path) == path
    assert path.stat().st_size > 100


def test_a_view_that_runs_is_saved_as_it_is_now(tmp_path):
    live = ll.live(ll.text_model(lambda texts: [[len(text) / 100] for text in texts]), "one two three")
    for suffix in SUFFIXES:
        assert live.save(tmp_path / f"live{suffix}").exists()


def test_a_comparison_is_saved_as_a_page(explanation, tmp_path):
    page = ll.compare(explanation, found((0.25, 1, 0)), names=["here", "there"]).save(tmp_path / "both.html")
    assert "Comparison of here · there" in page.read_text()


def test_several_go_into_one_page_and_no_other_file(explanation, tmp_path):
    assert ll.save([explanation, found((1, 2, 3))], tmp_path / "two.html").exists()
    for suffix in saving.WRITERS:
        with pytest.raises(ll.InputError, match=rf"{suffix} file holds one explanation, and 2 came: save each"):
            ll.save([explanation, found()], tmp_path / f"two{suffix}")
        ll.save([explanation], tmp_path / f"one{suffix}")


@pytest.mark.parametrize(("what", "name", "said"), [
    (found, "answer.pdf", r"doesn't say how to save: let it end in .*\.html"),
    (found, "answer", r"doesn't say how to save"),
    (found, "nowhere/answer.html", r"folder .*nowhere.* is not there: make it first"),
    (found, "folder.html", r"is a folder: give the name of a file"),
    (found, "x" * 300 + ".html", r"can't be written: File name too long"),
    (found, "nul\0.html", "is no path: give a text or a Path"),
    (list, "answer.html", "nothing to save: give an explanation"),
    (lambda: "answer.html", "answer.html",
     "takes what explain, live, compare, show, overview and track return.* and str came"),
    (lambda: [found(), 3], "answer.html", "or a list of them, and int came"),
])
def test_what_cannot_be_saved_is_refused_and_writes_nothing(what, name, said, tmp_path):
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(ll.InputError, match=said):
        ll.save(what(), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]


def test_a_path_that_is_none_is_refused(explanation):
    for path in (3, None, ["answer.npz"], b"answer.npz"):
        for use in (explanation.save, ll.load):
            with pytest.raises(ll.InputError, match="is no path: give a text or a Path"):
                use(path)


def test_a_home_is_found(explanation, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert explanation.save("~/answer.json") == tmp_path / "answer.json"
    assert ll.load("~/answer.json").method == explanation.method


def test_a_generator_is_told_to_become_a_list(explanation, tmp_path):
    with pytest.raises(ll.InputError, match="generator came: make it a list"):
        ll.save((each for each in [explanation]), tmp_path / "answer.html")


@pytest.mark.parametrize("more", [{"title": 5}, {"fragment": "no"}], ids=str)
def test_arguments_of_a_wrong_type_are_refused(explanation, more, tmp_path):
    with pytest.raises(ll.InputError, match="title is a text, and fragment True or False"):
        explanation.save(tmp_path / "answer.html", **more)


@pytest.mark.parametrize("more", [{"title": "Why"}, {"fragment": True}])
def test_what_belongs_to_pages_is_refused_elsewhere(explanation, more, tmp_path):
    with pytest.raises(ll.InputError, match=r"title and fragment belong to a page: leave them out to save \.json"):
        explanation.save(tmp_path / "answer.json", **more)


def test_what_was_there_stays_whole_until_all_is_written(explanation, monkeypatch, tmp_path):
    path = tmp_path / "answer.html"
    path.write_text("before")

    def full(self, content):
        with open(self, "wb") as file:
            file.write(content[:50])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ll.InputError, match=r"answer.html' can't be written: No space left on device"):
        explanation.save(path)
    assert os.listdir(tmp_path) == ["answer.html"] and path.read_text() == "before"


def test_a_link_stays_a_link(explanation, tmp_path):
    (tmp_path / "link.html").symlink_to(tmp_path / "real.html")
    explanation.save(tmp_path / "link.html")
    assert (tmp_path / "link.html").is_symlink() and (tmp_path / "real.html").stat().st_size > 100
