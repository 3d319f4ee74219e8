"""Compile the catalogues of texts into the wheel."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
CATALOGUES = Path(__file__).parent / "src" / "gigmatch" / "i18n"


class CatalogueHook(BuildHookInterface):
    """Writes ``en.mo`` beside ``en.po``, and so on."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue; what is ignored by git goes into the wheel all the same."""
        for source in sorted(CATALOGUES.glob("*.po")):
            with source.open("rb") as lines, source.with_suffix(".mo").open("wb") as compiled:
                catalogue = read_po(lines)
                catalogue.creation_date = catalogue.revision_date = EPOCH  # same texts, same bytes
                write_mo(compiled, catalogue)
        build_data["artifacts"].append("/src/gigmatch/i18n/*.mo")
