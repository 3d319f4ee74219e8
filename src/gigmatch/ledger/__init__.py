"""The ledger of days, and what a day leaves behind for the next."""

from gigmatch.ledger.carrying import Promise, carry_over
from gigmatch.ledger.ledger import Ledger
from gigmatch.ledger.line import Line, LineDay
from gigmatch.ledger.measures import Measures, Spread
from gigmatch.ledger.rows import LedgerDay
from gigmatch.ledger.turns import Turns
from gigmatch.ledger.waiting import Totals

__all__ = [
    "Ledger",
    "LedgerDay",
    "Line",
    "LineDay",
    "Measures",
    "Promise",
    "Spread",
    "Totals",
    "Turns",
    "carry_over",
]
