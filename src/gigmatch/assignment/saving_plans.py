"""An answer of plans and teams as plain data, and back, with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gigmatch.errors import InvalidFileError
from gigmatch.problem.plans import Branching, LevelClaim, PlanCertificate, PlanSolution, Split

__all__ = ["plan_solution_data", "plan_solution_of"]

_PLACED: Final = ("worker", "shift")
_SAID: Final = ("status", "stopped", "solver")
_TREE: Final = ("kind", "what")
_PRICES: Final = ("shift_price", "pair", "pair_price")


def plan_solution_data(solution: PlanSolution) -> dict[str, Any]:
    """Turn an answer of plans and teams into what is saved."""
    return {
        **{name: getattr(solution, name) for name in _SAID},
        **_lists(solution, _PLACED),
        "claims": [[claim.level, claim.value, claim.bound] for claim in solution.claims],
        "certificates": [
            {
                "level": proof.level,
                "tree": _lists(proof.branching, _TREE),
                "splits": [
                    {
                        "scale": split.scale,
                        "multipliers": list(split.multipliers),
                        **_lists(split, _PRICES),
                    }
                    for split in proof.splits
                ],
            }
            for proof in solution.certificates
        ],
    }


def plan_solution_of(data: Mapping[str, Any]) -> PlanSolution:
    """Read it back; raises InvalidFileError, or an error of Python's own, for what was not made so."""
    certificates = tuple(_certificate_of(**proof) for proof in data["certificates"])
    claims = tuple(LevelClaim(*claim) for claim in data["claims"])
    names = [data["solver"], *(each.level for each in claims), *(each.level for each in certificates)]
    if "statistics" in data or not all(isinstance(name, str) for name in names):
        raise InvalidFileError("saved_solution_malformed")
    return PlanSolution(**{**data, "claims": claims, "certificates": certificates})


def _certificate_of(level: Any, tree: Mapping[str, Any], splits: Any) -> PlanCertificate:
    read = tuple(Split(**split) for split in splits)
    return PlanCertificate(level=level, branching=Branching(**tree), splits=read)


def _lists(record: Any, names: tuple[str, ...]) -> dict[str, list[int]]:
    return {name: getattr(record, name).tolist() for name in names}
