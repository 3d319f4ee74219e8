"""Every page and script that is made from the code: python docs/generate.py writes them beside this file.

The tests hold what lies there against what this makes.
"""

from __future__ import annotations

from pathlib import Path

import arrays
import privacy
import reference_pages
import schema

GENERATORS = (arrays, privacy, reference_pages, schema)


def documents() -> dict[str, str]:
    """Every generated document, by its path in this folder."""
    return {name: text for generator in GENERATORS for name, text in generator.documents().items()}


if __name__ == "__main__":
    for name, text in documents().items():
        (Path(__file__).parent / name).write_text(text, encoding="utf-8")
