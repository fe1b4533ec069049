"""Models that answer at once, or as slowly as a test wants; imported by the notebooks' kernels."""

import time

import numpy as np

TEXT = "The plot is thin and the people are flat, but every single scene by the sea is lovely"
WEIGHTS = {"thin": -1.0, "flat,": -1.2, "lovely": 2.5, "but": 0.4, "scene": 0.6, "every": 0.3}
FEATURES = ["radius", "texture", "perimeter", "area", "smoothness"]
HOSTILE = "</script><img src=x onerror=globalThis.hacked=1>"

asked = 0
hurried = False  # set by a test that has seen enough: the slow models answer at once


def counted(rows, pause=0.0):
    global asked
    asked += len(rows)
    if not hurried:
        time.sleep(pause * len(rows))


def sigmoid(score):
    p = 1 / (1 + np.exp(-np.asarray(score, float)))
    return np.column_stack([1 - p, p])


def sentiment(pause=0.0):
    """A function of texts, bad or good, that takes so many seconds a text."""

    def classify(texts):
        counted(texts, pause)
        return sigmoid([sum(WEIGHTS.get(word, 0.02 * (len(word) - 4)) for word in text.split()) for text in texts])

    return classify


def failing(after):
    """The same, until it has answered so often."""
    classify = sentiment()

    def fail(texts):
        if asked + len(texts) > after:
            raise RuntimeError("the disk is full")
        return classify(texts)

    return fail


def brightness(batch):
    """A function of images: is the middle red, green or blue?"""
    counted(batch)
    middle = batch[:, 12:36, 12:36].mean((1, 2)) / 64
    return np.exp(middle) / np.exp(middle).sum(1, keepdims=True)


def photo():
    """A picture of 48 x 48 with a red disc in its middle."""
    y, x = np.mgrid[:48, :48]
    return np.stack([200 * ((x - 24) ** 2 + (y - 24) ** 2 < 200), 3 * x, 4 * y], -1).astype(np.uint8)


def squares():
    """The map of the picture's 16 segments, from the top left to the bottom right."""
    y, x = np.mgrid[:48, :48]
    return (y // 12) * 4 + x // 12


def glance(pause=0.0):
    """A small torch network for the picture: its model for limelight; each pass takes so many seconds."""
    import torch

    import limelight as ll

    class Glance(torch.nn.Module):
        def __init__(self):
            super().__init__()
            torch.manual_seed(0)
            self.look = torch.nn.Conv2d(3, 3, 5, padding=2, groups=3)

        def forward(self, pictures):
            counted(pictures, pause)
            return 8 * torch.tanh(self.look(pictures))[:, :, 12:36, 12:36].mean((2, 3))

    def preprocess(picture):
        return torch.from_numpy(np.asarray(picture, np.float32) / 128 - 1).permute(2, 0, 1)

    return ll.image_model(Glance().eval(), preprocess=preprocess, segments=squares(),
                          output_names=["red", "green", "blue"])


def risk(rows):
    """A function of a table's rows: low or high. The last feature does nothing."""
    counted(rows)
    return sigmoid(np.asarray(rows, float) @ [1.0, -0.5, 0.25, 0.8, 0.0])


def table():
    """Background rows, and one row to explain."""
    return np.random.default_rng(0).normal(size=(20, 5)), np.array([1.5, -0.5, 0.75, 0.25, 1.0])
