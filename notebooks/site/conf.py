"""How Sphinx makes the documentation. `make docs` gathers the pages and runs it, see build.py."""

import os
import re
import sys
from pathlib import Path

from docutils.nodes import SkipNode, math, math_block
from docutils.utils.math.latex2mathml import tex2mathml

from limelight import __version__

SITE = Path(os.environ["LIMELIGHT_SITE"])
NOTEBOOKS = SITE.parent

project = "limelight"
author = "The limelight authors"
copyright = author
release = version = __version__

extensions = ["myst_nb", "sphinx_design", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "index"
default_role = "code"

# Pages and notebooks. What runs is kept until a cell or the sources change: the key says so, and is part of the place.
nb_execution_mode = "cache"
nb_execution_cache_path = os.environ["LIMELIGHT_SITE_CACHE"]
nb_execution_in_temp = True
nb_execution_timeout = 600
nb_execution_raise_on_error = nb_execution_show_tb = True
nb_merge_streams = True
nb_render_markdown_format = "myst"  # a cell may write what a page may
nb_ipywidgets_js = {}  # a view is a page of its own: no widget manager, and nothing from elsewhere
myst_enable_extensions = ["colon_fence", "dollarmath", "deflist", "attrs_inline"]
myst_heading_anchors = 3
os.environ |= {"LIMELIGHT_DISPLAY": "page", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1",
               "PYTHONPATH": os.pathsep.join([str(NOTEBOOKS), os.environ.get("PYTHONPATH", "")])}
sys.path.insert(0, str(NOTEBOOKS))

# The reference.
autodoc_typehints = "none"  # the docstrings say more
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "of, read, bundle"}
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
python_display_short_literal_types = True
add_module_names = False

html_theme = "furo"
html_title = "limelight"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_math_renderer = "mathml"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#a8430a", "color-brand-content": "#a8430a",
                            "color-brand-visited": "#8a3f76"},
    "dark_css_variables": {"color-brand-primary": "#f0894a", "color-brand-content": "#f0894a",
                           "color-brand-visited": "#d59ac4"},
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def write_inline(translator, node: math) -> None:
    """A formula in a line, as MathML: browsers draw it with no script and no font of ours."""
    translator.body.append(tex2mathml(node.astext()))
    raise SkipNode


def write_block(translator, node: math_block) -> None:
    """A formula of its own."""
    translator.body.append(f'<div class="formula">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise SkipNode


def plain(app, what, name, thing, options, lines: list[str]) -> None:
    """Docstrings are plain text: `code` is code, and a bar between two is a bar."""
    lines[:] = [re.sub(r"`[^`]*`|[|*]", lambda found: found[0] if len(found[0]) > 1 else "\\" + found[0], line)
                for line in lines]


def setup(app) -> None:
    """Add what no extension has."""
    app.connect("autodoc-process-docstring", plain, priority=100)  # before napoleon reads it
    app.add_config_value("sources", os.environ["LIMELIGHT_SITE_SOURCES"], "env")  # all is read anew when they change
    app.add_html_math_renderer("mathml", (write_inline, None), (write_block, None))
