"""A host that runs on a server of its own."""

import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parents[2]


@contextmanager
def served(home, port, path, *command):
    """Start `python -m command`, wait until `path` answers, and end it: yields (address, process).

    Its settings are read from `home`, and from nowhere else.
    """
    folders = {name: str(home / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
                                                           "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR",
                                                           "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    env = {**os.environ, **folders, "PYTHONPATH": str(TESTS), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    address, log = f"http://127.0.0.1:{port}", home / "log"
    with open(log, "w") as said:
        process = subprocess.Popen([sys.executable, "-m", *command], env=env, cwd=home, stdout=said,
                                   stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(address + path)
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait(15)
