"""Real JupyterLab and Notebook 7 in Debian's Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser.card import FRAMES, RESTS
from browser.notebook import Notebook, end_kernels
from playwright.sync_api import expect

from assets.chromium import LAUNCH

TESTS = Path(__file__).parents[1]
OPEN_TO_TESTS = ["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"]
# What a view in a notebook never meets, of JupyterLab and of its server: each makes every page slower to load.
UNUSED = [*(f"@jupyterlab/{name}-extension" for name in (
    "audio", "console", "csvviewer", "debugger", "extensionmanager", "fileeditor", "help", "htmlviewer", "hub",
    "imageviewer", "inspector", "json", "launcher", "logconsole", "lsp", "markdownviewer", "mermaid", "pdf", "running",
    "terminal", "vega5", "video", "workspaces"))]
UNUSED_SERVERS = ["jupyter_lsp", "jupyter_server_terminals", "voila.server_extension"]
# What it does meet of other packages. Of those that are only disabled a page loads the scripts all the same.
EXTENSIONS = ["anywidget", "@jupyter-widgets/jupyterlab-manager"]
KERNELS = TESTS.parent / "build/kernels"
# Files that take longest, the longest first, so that none of them is left alone at the end.
LONGEST = ["test_streaming", "test_access", "test_turning", "test_training", "test_kernels", "test_marimo",
           "test_fallbacks", "test_views", "test_docs", "test_pages", "test_nbconvert", "test_hostile", "test_layout",
           "test_quality", "test_overview", "test_voila", "test_notebook7", "test_words", "test_colab", "test_compare",
           "test_links", "test_saved"]
# All of axe's rules of WCAG 2.2 at AA, some of which it leaves out unless they are named; and good habits.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Those of them that another theme can break: all others read the same page.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return LAUNCH


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A Jupyter server of its own: (folder of its notebooks, address)."""
    root, home = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("jupyter")
    settings = {"@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
                "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True}}
    files = {f"settings/{name}.jupyterlab-settings": chosen for name, chosen in settings.items()} | {
        "config/labconfig/page_config.json": {"disabledExtensions": dict.fromkeys(UNUSED, True)},
        "config/jupyter_server_config.d/unused.json": {
            "ServerApp": {"jpserver_extensions": dict.fromkeys(UNUSED_SERVERS, False)}}}
    for name, chosen in files.items():
        path = home / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(chosen))
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
               "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings",
               "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    env = {**os.environ, **{name: str(home / folder) for name, folder in folders.items()},
           "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent / "notebooks")]), "HF_HUB_OFFLINE": "1",
           "OMP_NUM_THREADS": "1"}
    for name in EXTENSIONS:
        path = home / "labextensions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(Path(sys.prefix, "share/jupyter/labextensions", name))
    for folder in KERNELS.glob("*"):
        write_kernel(home / "data", folder)
    port = free_port()
    command = [sys.executable, "-m", "jupyter", "lab", "--allow-root", "--no-browser", "--ServerApp.ip=127.0.0.1",
               f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
               "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={root}",
               f"--ServerApp.extra_static_paths={Path(__file__).parent / 'hosts'}",
               "--LabApp.extension_manager=readonly", *OPEN_TO_TESTS,
               *(f"--{app}.labextensions_path={home / 'labextensions'}" for app in ("LabApp", "JupyterNotebookApp"))]
    with open(home / "log", "w") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(address + "/api/status")
            break
        except OSError:
            assert process.poll() is None, (home / "log").read_text()
            time.sleep(0.1)
    yield root, address
    process.terminate()
    process.wait(15)


def write_kernel(data, folder):
    """Offer a kernel whose ipykernel is that of the folder: its name is the folder's."""
    path = data / f"kernels/{folder.name}/kernel.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"ipykernel {folder.name}", "language": "python",
        "env": {"PYTHONPATH": os.pathsep.join(map(str, [folder, TESTS, TESTS.parent / "notebooks"]))}}))


@pytest.fixture(scope="session")
def handed_on(browser):
    """The JupyterLab that one test left for the next: starting one, and its kernel's imports, take seconds."""
    left = []
    yield left
    for one in left:
        one.page.context.close()


@contextmanager
def seat(request, browser, server, left, size):
    """A page of JupyterLab of that size with a kernel as good as new; handed on where all went well."""
    one = left.pop() if left else Notebook(browser.new_context().new_page(), *server)
    one.page.set_viewport_size(size)
    one.page.mouse.move(0, 0)  # bars under the pointer keep their order
    one.errors.clear()
    one.sent.clear()
    failed = request.session.testsfailed
    yield one
    if request.session.testsfailed == failed and one.clear():
        left.append(one)
    else:
        end_kernels(server[1])
        one.page.context.close()


@pytest.fixture
def lab(request, browser, server, handed_on):
    """A page of JupyterLab."""
    with seat(request, browser, server, handed_on, {"width": 1280, "height": 720}) as one:
        yield one


@pytest.fixture
def alone(browser, server):
    """A page of JupyterLab that no other test has seen, nor will."""
    context = browser.new_context()
    yield Notebook(context.new_page(), *server)
    context.close()
    end_kernels(server[1])


@pytest.fixture(scope="module")
def desk(request, browser, server, handed_on):
    """A page of JupyterLab that a file's tests share; so tall that no cell is left undrawn."""
    with seat(request, browser, server, handed_on, {"width": 1400, "height": 2600}) as one:
        yield one


@pytest.fixture(params=["lab", "notebook7"])
def notebook(request, page, server):
    return Notebook(page, *server, request.param)


@pytest.fixture(scope="session")
def axe():
    """axe(page, where): what axe-core finds there, by all rules or by some of them, as sentences."""
    source = (TESTS.parent / "js/node_modules/axe-core/axe.min.js").read_text()

    def find(page, where, only=RULES):
        page.evaluate(source)
        found = page.evaluate("""([where, runOnly]) =>
            axe.run(where, { runOnly, resultTypes: ["violations"] }).then(({ violations }) => violations)""",
                              [where, only])
        return [f"{fault['id']}: {fault['help']}: {node['html'][:200]}: {node['failureSummary']}"
                for fault in found for node in fault["nodes"]]

    return find


class Gallery:
    """Views over kernels that are made up, without Jupyter, all in one page: the cases of tests/js/gallery.js."""

    def __init__(self, page, folder):
        self.page, self.folder, self.errors = page, folder, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        subprocess.run([shutil.which("node"), TESTS / "js/harness.mjs", folder], check=True)

    def show(self, *cases, theme="light", width=1000, lang="en", rests=True, **media):
        """Show these cases only, once they are at rest if ever; `media` is what a page is told of its reader."""
        page = self.page
        page.mouse.move(0, 0)
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(**{"media": "null", "forced_colors": "null", "reduced_motion": "null", **media})
        self.errors.clear()
        colours = "" if media.get("forced_colors") else "&host=lab"
        page.goto(f"file://{self.folder}/index.html?only={','.join(cases)}&theme={theme}&lang={lang}{colours}")
        page.add_script_tag(path=TESTS / "js/access.js")
        page.wait_for_function("n => document.querySelectorAll('.ll-view[data-ll-theme]').length === n", arg=len(cases))
        if rests:
            page.locator("body").evaluate(RESTS, [FRAMES, 40])  # some never are: they show a run that goes on
        assert self.errors == []
        return page


@pytest.fixture(scope="session")
def views(browser, tmp_path_factory):
    page = browser.new_page()
    yield Gallery(page, tmp_path_factory.mktemp("gallery"))
    page.close()
