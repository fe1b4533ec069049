"""`import limelight` is quick because it loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "shap", "lime", "matplotlib", "pandas", "anywidget", "ipywidgets", "captum",
         "sklearn", "skimage", "scipy", "PIL", "IPython")


def loaded_by(code: str) -> set[str]:
    """Top-level modules in a fresh interpreter after it ran `code`."""
    code += "\nimport sys; print('\\n'.join({name.partition('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_import_loads_nothing_heavy():
    assert loaded_by("import limelight").isdisjoint(HEAVY)


def test_listing_the_public_names_loads_nothing_heavy():
    assert loaded_by("import limelight; dir(limelight); limelight.__all__").isdisjoint(HEAVY)


def test_the_check_itself_sees_what_is_loaded():
    assert {"numpy", "PIL"} <= loaded_by("import numpy, PIL.Image")


def test_an_unknown_name_is_an_attribute_error():
    import limelight

    with pytest.raises(AttributeError, match="explian"):
        limelight.explian  # noqa: B018


@pytest.mark.parametrize("first", ["limelight.live", "import limelight.api", "limelight.text_model"])
def test_a_function_is_never_hidden_by_a_module_of_its_name(first):
    code = f"import limelight\n{first}\nassert callable(limelight.explain), limelight.explain"
    assert "limelight" in loaded_by(code)
