"""Attributions that know nothing of the model."""

from io import BytesIO
from math import comb

import numpy as np
import pytest
from PIL import Image

from limelight.quality.nulls import PER_SIZE, SizeMeans, normals, of_input, shuffles


def test_shuffles_hold_the_same_values_each():
    values = np.array([3.0, -1.0, 0.5, 0.0])
    found = shuffles(values, np.random.default_rng(0))
    assert (np.sort(found, axis=0) == np.sort(values)[:, None]).all() and len(np.unique(found, axis=1).T) > 20


def test_normal_numbers_have_the_same_root_mean_square():
    values = np.array([3.0, -1.0, 0.5, 0.0])
    found = normals(values, np.random.default_rng(0))
    assert np.sqrt((found**2).mean()) == pytest.approx(np.sqrt((values**2).mean()), rel=0.1)


def test_rows_that_are_known_are_read_and_no_more_than_needed_are_asked():
    asked = []

    def game(rows):
        asked.extend(map(tuple, rows))
        return rows.sum(1) ** 2.0

    known = np.eye(9, dtype=bool)
    mean, error = SizeMeans(game, known, np.random.default_rng(0))(np.array([0, 1, 4, 9]))
    assert np.array_equal(mean, [0, 1, 16, 81]) and (error == 0).all()
    assert len(asked) == len(set(asked)) == 1 + comb(9, 1) + PER_SIZE + 1


def test_of_a_text_what_looks_at_the_input_is_the_length_of_words():
    subject = {"kind": "text", "features": ["a", "long"], "pieces": [["a", 0], [" ", -1], ["long ", 1], ["rest", -1]]}
    assert np.array_equal(of_input(subject, ("a", "long")), [1, 4])


def test_of_a_row_it_is_the_size_of_its_numbers():
    assert np.array_equal(of_input({"kind": "table"}, [-2.5, "red", 4, np.nan]), [2.5, 0, 4, 0])
    assert of_input({"kind": "table"}, [1.0, -1.0]) is None


def test_of_a_picture_it_is_the_edges_in_each_segment():
    pixels = np.zeros((8, 12), np.uint8)
    pixels[:, 2] = 200
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    segments = np.array([[0, 6], [1, 6]] * 8, "<u2").tobytes()
    found = of_input({"kind": "image", "features": ["0", "1"], "picture": file.getvalue(), "segments": segments}, None)
    assert found[0] > 0 and found[1] == 0


def test_of_anything_else_there_is_none():
    assert of_input({}, None) is None
