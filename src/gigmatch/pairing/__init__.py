"""Which pairs of worker and shift may stand, and how good they are.

In the order in which a morning goes through them: `travel` (minutes and metres of a way), `pairs` (a block of
pairs), `rules` (which may stand), `candidates` (those that may, found without visiting the others), `scoring`
(how good a pair is), `policy` (weights, objective, seed), `eligible` (the pairs that may stand, with points).
"""
