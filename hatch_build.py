"""Compile the catalogues of texts into the wheel."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = Path(__file__).parent / "src" / "gigmatch" / "i18n"


class CatalogueHook(BuildHookInterface):
    """Writes ``en.mo`` beside ``en.po``, and so on."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue; what is ignored by git goes into the wheel all the same."""
        for source in sorted(CATALOGUES.glob("*.po")):
            with source.open("rb") as lines, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(lines))
        build_data["artifacts"].append("/src/gigmatch/i18n/*.mo")
