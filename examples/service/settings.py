"""What differs from one installation to the next, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from re import fullmatch

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """Where the data are, how long a match may take, and how much may be sent."""

    database: str = "sqlite:///{district}.db"
    """URL of SQLAlchemy's with ``{district}`` in it: every district has tables of its own, in a file of
    SQLite or, with ``?options=-csearch_path={district}``, in a schema of PostgreSQL."""
    journal: str = "{district}.journal"
    """File that keeps the live morning of a district; another one for every morning."""
    districts: tuple[str, ...] = ("shijingshan",)
    longest_match_s: float = 30.0
    """A match that takes longer is stopped, and answers with the best found and a bound."""
    largest_upload_mb: float = 24.0
    """Of rows, in one request; 4,000 workers and their shifts are 4 MB."""
    longest_upload_s: float = 60.0
    """A body that has not come by then is not waited for."""

    @classmethod
    def from_environment(cls) -> Settings:
        """``GIGMATCH_DISTRICTS`` (with commas), and each of the others as ``GIGMATCH_`` and its name."""
        names = os.environ.get("GIGMATCH_DISTRICTS", ",".join(cls.districts))
        numbers = ("longest_match_s", "largest_upload_mb", "longest_upload_s")
        return cls(
            database=os.environ.get("GIGMATCH_DATABASE", cls.database),
            journal=os.environ.get("GIGMATCH_JOURNAL", cls.journal),
            districts=tuple(name.strip() for name in names.split(",") if name.strip()),
            **{
                name: float(os.environ.get(f"GIGMATCH_{name.upper()}", getattr(cls, name)))
                for name in numbers
            },
        )

    def url(self, district: str) -> str:
        """Where the tables of a district are."""
        return _named(self.database, district)

    def journal_of(self, district: str) -> Path:
        """Where the live morning of a district is kept."""
        return Path(_named(self.journal, district))


def _named(template: str, district: str) -> str:
    if not fullmatch("[a-z][a-z0-9_]*", district):
        raise ValueError(f"a district's name must be small letters, digits and _; got {district!r}")
    return template.format(district=district)
