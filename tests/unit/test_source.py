"""What the library never does, whatever it is given: run what it reads, start a program, ask the network."""

import ast
from pathlib import Path

import pytest

import limelight

ROOT = Path(limelight.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

NEVER_IMPORTED = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "yaml", "subprocess",
                  "pty", "socket", "ssl", "http", "urllib", "requests", "httpx", "aiohttp", "ftplib", "smtplib",
                  "telnetlib", "webbrowser", "code", "codeop", "runpy", "ctypes", "jinja2"}
NEVER_CALLED = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.startfile", "torch.load",
                "pandas.read_pickle", "pandas.eval", "tempfile.mktemp", "logging.config.fileConfig"}
NEVER_ENDING = (".read_pickle", ".to_pickle", ".spawnv", ".execv", ".load_module", ".query")
HOLDS_NO_OBJECTS = {"np.load", "numpy.load", "np.save", "numpy.save"}
"""These must be told allow_pickle=False."""
ALLOWED = {"bulk/ray.py": ["torch.load()"]}
"""Workers open what their own driver packed a moment before, and no file."""


def called(node):
    return ast.unparse(node.func)


def forbidden(source):
    """Say what of it the library never does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            yield from (f"import {name}" for name in names if name.partition(".")[0] in NEVER_IMPORTED)
        if isinstance(node, ast.Call):
            name = called(node)
            if name in NEVER_CALLED or name.endswith(NEVER_ENDING):
                yield f"{name}()"
            told = {each.arg: ast.unparse(each.value) for each in node.keywords}
            if name in HOLDS_NO_OBJECTS and told.get("allow_pickle") != "False":
                yield f"{name}() without allow_pickle=False"
            if told.get("allow_pickle") == "True" or told.get("shell") == "True" or "trust_remote_code" in told:
                yield f"{name}() that trusts what it reads"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_runs_nothing_that_it_reads(path):
    allowed = ALLOWED.get(str(path.relative_to(ROOT)), [])
    assert list(forbidden(path.read_text(encoding="utf-8"))) == allowed


def test_the_check_finds_what_it_should():
    source = """
import pickle, numpy as np
from urllib.request import urlopen
def load(path):
    eval("1"); os.system(path); frame.to_pickle(path)
    np.load(path); np.load(path, allow_pickle=False); np.load(path, allow_pickle=True)
"""
    assert list(forbidden(source)) == [
        "import pickle", "import urllib.request", "eval()", "os.system()", "frame.to_pickle()",
        "np.load() without allow_pickle=False", "np.load() without allow_pickle=False",
        "np.load() that trusts what it reads"]
