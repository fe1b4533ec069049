"""What tests against shap share."""

import sys

import pytest
from numba.core.dispatcher import Dispatcher


@pytest.fixture(scope="session", autouse=True)
def shap_in_python():
    """Leave shap's functions as Python: each process takes seconds to compile what is asked for once or twice.

    Links stay as they are: shap compares them.
    """
    compiled = [(module, name, found) for title, module in sys.modules.items() if title.split(".")[0] == "shap"
                for name, found in vars(module).items() if isinstance(found, Dispatcher)
                and found.py_func.__module__ != "shap.links"]
    with pytest.MonkeyPatch.context() as patch:
        for module, name, found in compiled:
            patch.setattr(module, name, found.py_func)
        yield
