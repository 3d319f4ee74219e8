"""How the documentation is built: nothing is fetched, every name is a link, and warnings are errors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sphinx.util.nodes import make_refnode

import gigmatch

project = "gigmatch"
author = "the gigmatch authors"
release = version = gigmatch.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"gigmatch {release}"
html_show_copyright = False
html_show_sphinx = False

myst_heading_anchors = 3

default_role = "py:obj"  # what stands in single backticks in a docstring is a name
nitpicky = True
# pydantic's own, and Python's
nitpick_ignore = [("py:obj", "model_dump_json"), ("py:class", "collections.abc.Mapping")]

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints = "none"  # the docstrings say it, with shapes and units
numpydoc_show_class_members = False


sys.path.insert(0, str(Path(__file__).parent))
from reference_pages import as_sphinx  # noqa: E402, beside this file


def _with_docstrings(app: Any, docname: str, source: list[str]) -> None:
    """The reference is plain lists where it lies, and whole docstrings here."""
    source[0] = as_sphinx(source[0])


def _find_by_its_end(app: Any, env: Any, node: Any, contents: Any) -> Any:
    """What a docstring calls by a short name: the public one, or the only one that ends so."""
    target = node.get("reftarget", "")
    objects = env.domains["py"].objects
    ends = [name for name in objects if name.endswith(f".{target}")]
    found = f"gigmatch.{target}" if f"gigmatch.{target}" in objects else ends[0] if len(ends) == 1 else None
    if node.get("refdomain") != "py" or found is None:
        return None
    entry = objects[found]
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, contents, found)


def _is_skipped(app: Any, what: str, name: str, thing: Any, skip: bool, options: Any) -> bool | None:
    return True if name == "model_config" else None


def _without_fields(app: Any, what: str, name: str, thing: Any, *_: Any) -> Any:
    """A class whose fields are listed below needs no signature that lists them too."""
    listed = what == "class" and (hasattr(thing, "model_fields") or name.endswith(("Assignment", "Columns")))
    return ("", None) if listed else None


def setup(app: Any) -> None:
    app.connect("source-read", _with_docstrings)
    app.connect("missing-reference", _find_by_its_end)
    app.connect("autodoc-skip-member", _is_skipped)
    app.connect("autodoc-process-signature", _without_fields)
