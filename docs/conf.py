"""The documentation site: ``sphinx-build -W --keep-going -n docs results/site``."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # a clone needs no installation to be documented

_project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = _project["name"]
release = version = _project["version"]
author = "The post-soviet-scenarios contributors"
project_copyright = "the post-soviet-scenarios contributors"

extensions = [
    "myst_nb",  # pages in Markdown, and the notebooks as they were run
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",  # docstrings in NumPy's style
    "sphinx_click",  # commands from their own help
    "docs.site.pages",  # tables from the schema, the registries and the code
]
exclude_patterns = ["templates", "remake", "site", "numbers", "schema", "forecasts", "figures", "_build"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".rst": "restructuredtext"}

myst_enable_extensions = ["colon_fence", "attrs_inline"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # `python -m docs.remake notebooks` runs them and keeps what they show
nb_merge_streams = True

smartquotes = False  # two hyphens are an option's
default_role = "literal"  # docstrings put code between single backticks
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "none"  # the docstrings say the types in words
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_param = False  # as a list; types in words are no cross-references
napoleon_use_rtype = False
python_use_unqualified_type_names = True
nitpick_ignore_regex = [("py:.*", r"(?!sim\.).*")]  # names of Python and of packages have no page here

html_theme = "furo"
html_title = f"post-soviet-scenarios {release}"
html_static_path = ["site/static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = True
html_permalinks_icon = "#"
html_last_updated_fmt = None
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {"font-stack": "system-ui, sans-serif"},  # no font is loaded from elsewhere
    "dark_css_variables": {"font-stack": "system-ui, sans-serif"},
}
suppress_warnings = ["config.cache"]
linkcheck_ignore = [re.escape("http://localhost")]
