"""Sphinx: `make docs` builds the site from the Markdown here and what scripts/make_docs.py takes out of the code."""

import runpy
from pathlib import Path

from fromlint import __version__

project = "fromlint"
author = "The fromlint developers"
release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "fromlint"
html_show_copyright = False
exclude_patterns = ["made", "site"]
myst_heading_anchors = 3
# A link that leads nowhere is an error, with -W.
nitpicky = True


def setup(app: object) -> None:
    """Make the generated pages before any is read."""
    runpy.run_path(str(Path(__file__).parent.parent / "scripts" / "make_docs.py"))["write"]()
