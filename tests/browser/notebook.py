"""One open notebook in a real JupyterLab or Notebook 7, and what a reader does with it."""

import json
import time
import urllib.request

import nbformat
from browser.card import Card
from playwright.sync_api import Error, TimeoutError

SESSION = "window.jupyterapp?.shell?.currentWidget?.sessionContext"
# A kernel as it was after its imports, but for those of the tests' own models.
FORGET = """
import sys, ipywidgets
ipywidgets.Widget.close_all()
for name in [name for name in sys.modules if name.split(".")[0] == "browser"]:
    del sys.modules[name]
get_ipython().run_line_magic("reset", "-f")
print("forgotten")"""


class Notebook:
    """One open notebook."""

    def __init__(self, page, root, address, host="lab"):
        self.page, self.root, self.address, self.host = page, root, address, host
        self.errors, self.sent, self.kernel = [], [], None
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", self._listen)

    def _listen(self, socket):
        socket.on("framesent", lambda frame: self.sent.append(frame if isinstance(frame, bytes) else frame.encode()))

    def sent_after(self, mark):
        """Messages that the page has sent after the first so many."""
        self.page.evaluate("0")  # what happened meanwhile is heard with an answer
        return self.sent[mark:]

    def open(self, *cells, kernel="python3"):
        """Write a notebook of these cells and open it: on the kernel that was handed on, or on one of that name."""
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {
            "name": kernel, "display_name": kernel, "language": "python"}})
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        self.path = self.root / f"test-{time.time_ns()}.ipynb"
        nbformat.write(notebook, self.path)
        if self.kernel is None:
            return self.visit()
        wanted = {"id": self.kernel} if kernel == "python3" else {"name": kernel}
        self.command("docmanager:open", {"path": self.path.name, "factory": "Notebook", "kernel": wanted})
        return self.await_kernel()

    def await_kernel(self, page=None):
        page = page or self.page
        page.wait_for_function(f"() => {SESSION}?.isReady", timeout=90_000)
        page.wait_for_function(f"() => {SESSION}.session?.kernel?.status === 'idle'", timeout=90_000)
        return self

    def clear(self):
        """Make page and kernel ready for another test; True where they are."""
        try:
            self.page.wait_for_function(f"() => {SESSION}.session.kernel.status === 'idle'", timeout=30_000)
            name, kernel = self.page.evaluate(f"(({{ name, id }}) => [name, id])({SESSION}.session.kernel)")
            forgotten = name != "python3" or self.python(FORGET) == "forgotten"
            if name == "python3":
                self.kernel = kernel
            else:
                self.page.evaluate(f"{SESSION}.shutdown()")
            self.page.evaluate("""() => Promise.all([...window.jupyterapp.shell.widgets("main")].map(
                one => one.context?.save().then(() => one.close())))""")
            return forgotten and self.kernel is not None
        except Error:
            return False

    def visit(self, page=None):
        """Go to the notebook's address, also again; wait for its kernel."""
        page = page or self.page
        where = {"lab": "lab/tree", "notebook7": "notebooks"}[self.host]
        page.goto(f"{self.address}/{where}/{self.path.name}" + ("?reset" if self.host == "lab" else ""),
                  wait_until="domcontentloaded")
        return self.await_kernel(page)

    def reopen(self):
        """Go to the notebook that was saved, its kernel ended: once more where ipywidgets had not read it in time."""
        end_kernels(self.address)
        self.visit()
        lost = self.page.get_by_text("Error displaying widget: model not found")
        self.views.or_(lost).first.wait_for(timeout=90_000)
        return self.visit() if lost.first.is_visible() else self

    def twin(self):
        """The same notebook in a page that this page opens: they share a process, which is what loads soonest."""
        with self.page.expect_popup() as popup:
            self.page.evaluate("window.open('about:blank', '', 'popup')")
        other = Notebook(popup.value, self.root, self.address)
        other.path = self.path
        return other.visit()

    def command(self, name, arguments=None, *, wait=True):
        """Execute one of JupyterLab's commands."""
        run = "window.jupyterapp.commands.execute(name, args)"
        body = f"async ([name, args]) => {{ await {run} }}" if wait else f"([name, args]) => {{ {run} }}"
        self.page.evaluate(body, [name, arguments or {}])

    def run_all(self):
        self.command("runmenu:run-all", wait=False)
        return self

    def save(self):
        self.command("docmanager:save")

    def python(self, code, *, wait=True):
        """Run code in the kernel, outside of the notebook's cells, and return what it printed."""
        return self.page.evaluate(f"""async ([code, wait]) => {{
            const future = {SESSION}.session.kernel.requestExecute({{ code, store_history: false }});
            const said = [];
            future.onIOPub = ({{ header, content }}) => {{
                if (header.msg_type === "stream") said.push(content.text);
                if (header.msg_type === "error") said.push(content.ename + ": " + content.evalue);
            }};
            if (wait) await future.done;
            return said.join("").trim();
        }}""", [code, wait])

    @property
    def views(self):
        return self.page.locator(".ll-view")

    def card(self, place=0, page=None):
        """The view in that place of the page, once it is there."""
        view = (page or self.page).locator(".ll-view").nth(place)
        try:
            view.wait_for(timeout=90_000)
        except TimeoutError as error:
            said = (page or self.page).locator(".jp-OutputArea-output").all_inner_texts()
            raise AssertionError(f"there is no view at place {place}: {said}") from error
        return Card(view)


def end_kernels(address):
    for kernel in json.load(urllib.request.urlopen(f"{address}/api/kernels")):
        urllib.request.urlopen(urllib.request.Request(f"{address}/api/kernels/{kernel['id']}", method="DELETE"))
