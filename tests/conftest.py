"""What all tests share: one thread, no hub, no screen, and the real models, loaded once."""

from __future__ import annotations

import gc
import os

# Before anything imports torch, and inherited by the kernels that tests start. With more
# threads than idle cores a forward pass can take forty times as long.
os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", HF_HUB_OFFLINE="1", MPLBACKEND="agg",
                  TOKENIZERS_PARALLELISM="false", JUPYTER_PLATFORM_DIRS="1", KERAS_BACKEND="torch")

import hypothesis
import pytest

# A busy machine is slow, not wrong; and the same examples every time make failures repeatable.
hypothesis.settings.register_profile("limelight", deadline=None, derandomize=True)
hypothesis.settings.load_profile("limelight")
# What is imported stays: to look through all of it for garbage, again and again, takes seconds of each process.
gc.disable()


def pytest_collection_finish():
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def sentiment():
    """The MiniLM sentiment model, a Hugging Face pipeline: negative, positive."""
    from assets.models import sentiment

    return sentiment()


@pytest.fixture(scope="session")
def efficientnet():
    """EfficientNet-Lite0: (net, preprocess, names of the 1,000 classes)."""
    from assets.models import efficientnet

    return efficientnet()
