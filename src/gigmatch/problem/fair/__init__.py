"""The fair lottery in integers: who shares which seats, with which chance, and how one answer is drawn.

Chances of being placed that one lottery over assignments with the best seats can give form a polymatroid. Of
all of them one is *leximin*: nobody's chance can be raised without lowering that of somebody who has no
greater one (Fujishige 1980; Bogomolnaia and Moulin 2004). It comes as a chain of Hall sets, one a
`FairBlock`: the people of the first have no seats but its own, those of the second none but its own and those
of the first, and so on; each divides its seats evenly among its people. Everybody else is sure of a seat.
"""

from __future__ import annotations

from gigmatch.problem.fair.blocks import (
    LEVELS,
    BlockPairs,
    BlockPrices,
    FairBlock,
    FairShares,
    block_pairs,
    is_single,
    sure_problem,
)
from gigmatch.problem.fair.drawing import draw
from gigmatch.problem.fair.verify import verify_shares

__all__ = [
    "LEVELS",
    "BlockPairs",
    "BlockPrices",
    "FairBlock",
    "FairShares",
    "block_pairs",
    "draw",
    "is_single",
    "sure_problem",
    "verify_shares",
]
