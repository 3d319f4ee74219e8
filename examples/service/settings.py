"""What differs from one installation to the next, from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from re import fullmatch

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """Where the data are, and how long a match may take."""

    database: str = "sqlite:///{district}.db"
    """URL of SQLAlchemy's with ``{district}`` in it: every district has tables of its own, in a file of
    SQLite or, with ``?options=-csearch_path={district}``, in a schema of PostgreSQL."""
    districts: tuple[str, ...] = ("shijingshan",)
    longest_match_s: float = 30.0
    """A match that takes longer is stopped, and answers with the best found and a bound."""

    @classmethod
    def from_environment(cls) -> Settings:
        """``GIGMATCH_DATABASE``, ``GIGMATCH_DISTRICTS`` (with commas) and ``GIGMATCH_LONGEST_MATCH_S``."""
        names = os.environ.get("GIGMATCH_DISTRICTS", ",".join(cls.districts))
        return cls(
            database=os.environ.get("GIGMATCH_DATABASE", cls.database),
            districts=tuple(name.strip() for name in names.split(",") if name.strip()),
            longest_match_s=float(os.environ.get("GIGMATCH_LONGEST_MATCH_S", cls.longest_match_s)),
        )

    def url(self, district: str) -> str:
        """Where the tables of a district are."""
        if not fullmatch("[a-z][a-z0-9_]*", district):
            raise ValueError(f"a district's name must be small letters, digits and _; got {district!r}")
        return self.database.format(district=district)
