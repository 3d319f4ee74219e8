"""The mechanisms: from a morning to its assignment."""

from gigmatch.matching.optimal import match

__all__ = ["match"]
