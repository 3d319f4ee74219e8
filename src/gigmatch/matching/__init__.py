"""The mechanisms: from a morning to its assignment."""

from gigmatch.matching.blocking import BlockingPairs, blocking_pairs
from gigmatch.matching.comparing import compare
from gigmatch.matching.fairness import fairness_curve
from gigmatch.matching.lottery import fair_lottery
from gigmatch.matching.many import match_many
from gigmatch.matching.optimal import match, match_one_each
from gigmatch.matching.stability import stable

__all__ = [
    "BlockingPairs",
    "blocking_pairs",
    "compare",
    "fair_lottery",
    "fairness_curve",
    "match",
    "match_many",
    "match_one_each",
    "stable",
]
