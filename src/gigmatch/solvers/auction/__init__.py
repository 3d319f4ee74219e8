"""The auction: plain problems at city scale, solved exactly and proved with integer prices.

The algorithm
-------------
Maximise the sum of weights over chosen (worker, shift) pairs, at most one shift a worker and ``capacity[j]``
workers a shift. Dual prices ``u >= 0`` per worker and ``p >= 0`` per shift with ``u[i] + p[j] >= w[i, j]``
everywhere and equality where somebody sits (complementary slackness) prove an assignment optimal. An auction
keeps slackness up to ``epsilon``, and lets epsilon fall (Bertsekas 1979, 1988; for several seats a shift
Bertsekas and Castanon 1989). All of it is integers: weights are multiplied by n + 1 while bidding.

1. *Short lists* (``shortlists``). Rows are long, but few of their pairs ever matter. Every worker looks at
   its best 16 to 31 pairs at today's prices, and at a bound on everything left out, which holds as long as
   prices only rise. A worker whose best falls below the bound waits for a new list; those are made some
   thousands at a time, side by side.
2. *Forward auction* (``forward``). A worker without a seat bids for its best shift what makes it nearly
   indifferent to its second best, less epsilon; a full shift drops its lowest bid, and its price is the
   lowest bid it holds.
3. *Reverse auction* (``reverse``; Bertsekas, Castanon and Tsaknakis 1993). A shift with an empty seat must
   end at price 0. It lowers its price to what just fills its seats and takes workers from elsewhere. It sees
   the lists only; if that makes many workers unhappy, the step is undone and done on all pairs.
4. *Epsilon scaling*. The next phase begins with prices and pairs of the last one, as far as they still fit.
5. *Exact integers* (``duals``). The auction's prices, rounded down, are raised until the assignment is in
   equilibrium on the lists, then complementary slackness is repaired: whoever is not at its best is unseated.
6. *Shortest augmenting paths* (``augment``; Edmonds and Karp 1972, Jonker and Volgenant 1987) place those
   workers again and fill empty seats that have a price. Now the answer is optimal on the lists.
7. *Pricing all pairs*. A worker with a better pair outside its list gets it added, and 6 is repeated; where
   that goes through too many pairs, all get more pairs and bid once more.
   Where nobody has one, the prices prove the answer optimal over all pairs. So exactness rests on this last
   look alone: epsilon, bounds, thresholds and the start change only how long it takes.

Why it ends: every bid raises a price, and every seat taken in a reverse step a worker's profit, by epsilon
or more, and both are bounded; augmenting paths are as many as workers and seats; in step 7 lists only grow,
for a bounded number of rounds.

Where it is slow: prices rise in steps of epsilon, so where they have far to go along chains of pairs (a
street of shifts on which everybody reaches two, a band around the diagonal) they take very many steps. A run
that exceeds those rounds, or an allowance of work in proportion to the problem, is given up, and paths do all
of it, from prices of 0 and on all pairs (Jonker and Volgenant 1987):

8. *Exact bids* (``forward.bid_exactly``). Some rounds of bids at an epsilon of 0 seat nearly everybody.
9. *Shortest augmenting paths* as in 6, one worker at a time; where rows are dense, without a heap. Where that
   goes through too many pairs, since much is tied, everybody who waits searches at once (``together``), and
   as many as can are placed by paths that share no shift.

Each path places somebody for good, or finds that nobody gains by it, so this ends as well.

Where all pairs of a worker are worth the same, as in the first round of the lottery, nobody need bid: workers
are placed in order of rank (``ranks``).

What it took is in ``Control.counts`` afterwards: phases, bids, reverse auctions and those undone, lists
made anew, augmentations, looks at all pairs, and the pairs that each of them went through; whether the
auction was given up, and searches from all who wait. Where few lists are stale they are made within the
bidding, and counted with the bids; exact bids are not counted.

Sequential steps run in this thread, the steps that are independent per row in some threads; the answer is
the same bytes with any number of them.

Sources
-------
D. P. Bertsekas: A distributed algorithm for the assignment problem (1979); The auction algorithm: a
distributed relaxation method for the assignment problem, Annals of Operations Research 14 (1988).
D. P. Bertsekas, D. A. Castanon: The auction algorithm for the transportation problem, Annals of Operations
Research 20 (1989).
D. P. Bertsekas, D. A. Castanon, H. Tsaknakis: Reverse auction and the solution of inequality constrained
assignment problems, SIAM Journal on Optimization 3 (1993).
H. W. Kuhn: The Hungarian method for the assignment problem, Naval Research Logistics Quarterly 2 (1955).
J. E. Hopcroft, R. M. Karp: An n^(5/2) algorithm for maximum matchings in bipartite graphs, SIAM Journal on
Computing 2 (1973).
J. Edmonds, R. M. Karp: Theoretical improvements in algorithmic efficiency for network flow problems, Journal
of the ACM 19 (1972).
J. Edmonds, D. R. Fulkerson: Transversals and matroid partition, Journal of Research of the National Bureau of
Standards 69B (1965).
R. Jonker, A. Volgenant: A shortest augmenting path algorithm for dense and sparse linear assignment problems,
Computing 38 (1987).
"""

from gigmatch.solvers.auction.solver import Auction

__all__ = ["Auction"]
