"""Match gig workers to shifts: the best morning assignment, proved optimal.

>>> import gigmatch as gm
>>> morning = gm.samples.jingshi(seed=7)
>>> assignment = gm.match(morning)
>>> assignment.status
'optimal'

Names load their module on first use, so that importing the library is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gigmatch import evidence, live, pages, tables
    from gigmatch import scenarios as samples
    from gigmatch.assignment import (
        Assignment,
        Chance,
        Change,
        Comparison,
        Difference,
        Estimate,
        FairLottery,
        FairnessCurve,
        FairnessPoint,
        OpenShift,
        Outcome,
        Placement,
        RequestOutcome,
        SoftViolation,
        Summary,
        Unplaced,
        WaitingCount,
    )
    from gigmatch.columns import (
        Columns,
        HeldCredentials,
        LabelColumn,
        Labels,
        LimitColumn,
        OfferedPay,
        Relation,
        ShiftColumns,
        Spans,
        StationLabels,
        WorkerColumns,
        columns_of,
    )
    from gigmatch.core.limits import Limits
    from gigmatch.core.saved import FileFormat, Saved
    from gigmatch.core.statistics import Statistics
    from gigmatch.errors import (
        CertificateError,
        GigmatchError,
        InvalidFileError,
        InvalidInputError,
        InvalidMorningError,
        InvalidPairsError,
        InvalidPolicyError,
        InvalidProblemError,
        JournalError,
        MorningProblem,
        PluginError,
        SolveInterrupted,
        SolverError,
        StoppedError,
        TooLargeError,
        UnsupportedError,
        WeightOverflowError,
    )
    from gigmatch.evidence import Advice, Reasons, Terms, TrainingPlan, TrainingProgramme
    from gigmatch.evidence.checking import check, check_programme, check_reasons
    from gigmatch.evidence.fair_lottery import check_lottery
    from gigmatch.explaining import Adviser, Explainer, explain, lost_to_optimum, plan_training
    from gigmatch.i18n import Told
    from gigmatch.ledger import (
        Ledger,
        LedgerDay,
        Line,
        LineDay,
        Measures,
        Promise,
        Spread,
        Totals,
        Turns,
        carry_over,
    )
    from gigmatch.live import Live
    from gigmatch.live.warmup import warmup
    from gigmatch.matching import (
        BlockingPairs,
        blocking_pairs,
        compare,
        fair_lottery,
        fairness_curve,
        match,
        match_many,
        mechanisms,
        stable,
    )
    from gigmatch.matching.cluster.on_dask import dask_client
    from gigmatch.messages import in_words, rule_in_words
    from gigmatch.model import (
        Broker,
        Companions,
        Credential,
        CredentialRequirement,
        Crew,
        Employer,
        EmployerHours,
        Jurisdiction,
        LegalLimit,
        Location,
        Market,
        Morning,
        PastEmployer,
        Pay,
        Period,
        ReferenceWage,
        Request,
        Shift,
        Skill,
        SkillRequirement,
        Station,
        TimeSpan,
        WallClock,
        Worker,
        WorkerSkill,
    )
    from gigmatch.pages import plot
    from gigmatch.pairing import rules, scoring, succession
    from gigmatch.pairing.candidates import estimate_pairs, feasible_pairs
    from gigmatch.pairing.given_scores import GivenScores
    from gigmatch.pairing.levels import PolicyLevel
    from gigmatch.pairing.pairs import Pairs
    from gigmatch.pairing.people import People
    from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
    from gigmatch.pairing.rules import DEFAULT_RULES, Rule
    from gigmatch.pairing.scoring import Scorer
    from gigmatch.pairing.travel import StraightLine, Travel, ZoneMatrix
    from gigmatch.problem import (
        LOTTERY,
        POINTS,
        SEATS,
        Certificate,
        DrawnLevel,
        Level,
        Problem,
        Solution,
        ToldAs,
        WeightedLevel,
        Weights,
    )
    from gigmatch.problem.fair import BlockPrices, FairBlock, FairShares
    from gigmatch.problem.plans import (
        Branching,
        LevelClaim,
        PlanCertificate,
        PlanLevel,
        PlanProblem,
        PlanSolution,
        Split,
        verify_plans,
    )
    from gigmatch.problem.verify import verify
    from gigmatch.solvers import (
        CancelToken,
        Control,
        PlainAnswer,
        Prices,
        Solver,
        greatest_prices,
        least_prices,
        solve,
    )
    from gigmatch.solvers.plans import solve_plans
    from gigmatch.tables import (
        assignment_frame,
        assignment_to_files,
        columns_from_files,
        columns_from_frames,
        morning_from_files,
        morning_from_frames,
        morning_to_frames,
        read_csv,
        read_parquet,
        write_csv,
        write_parquet,
        write_xlsx,
    )
    from gigmatch.tables.partitioned import Partitioned

__version__ = "0.1.0"

__all__ = [
    "DEFAULT_POLICY",
    "DEFAULT_RULES",
    "LOTTERY",
    "POINTS",
    "SEATS",
    "Advice",
    "Adviser",
    "Assignment",
    "BlockPrices",
    "BlockingPairs",
    "Branching",
    "Broker",
    "CancelToken",
    "Certificate",
    "CertificateError",
    "Chance",
    "Change",
    "Columns",
    "Companions",
    "Comparison",
    "Control",
    "Credential",
    "CredentialRequirement",
    "Crew",
    "Difference",
    "DrawnLevel",
    "Employer",
    "EmployerHours",
    "Estimate",
    "Explainer",
    "FairBlock",
    "FairLottery",
    "FairShares",
    "FairnessCurve",
    "FairnessPoint",
    "FileFormat",
    "GigmatchError",
    "GivenScores",
    "HeldCredentials",
    "InvalidFileError",
    "InvalidInputError",
    "InvalidMorningError",
    "InvalidPairsError",
    "InvalidPolicyError",
    "InvalidProblemError",
    "JournalError",
    "Jurisdiction",
    "LabelColumn",
    "Labels",
    "Ledger",
    "LedgerDay",
    "LegalLimit",
    "Level",
    "LevelClaim",
    "LimitColumn",
    "Limits",
    "Line",
    "LineDay",
    "Live",
    "Location",
    "Market",
    "Measures",
    "Morning",
    "MorningProblem",
    "OfferedPay",
    "OpenShift",
    "Outcome",
    "Pairs",
    "Partitioned",
    "PastEmployer",
    "Pay",
    "People",
    "Period",
    "Placement",
    "PlainAnswer",
    "PlanCertificate",
    "PlanLevel",
    "PlanProblem",
    "PlanSolution",
    "PluginError",
    "Policy",
    "PolicyLevel",
    "Prices",
    "Problem",
    "Promise",
    "Reasons",
    "ReferenceWage",
    "Relation",
    "Request",
    "RequestOutcome",
    "Rule",
    "Saved",
    "Scorer",
    "Shift",
    "ShiftColumns",
    "Skill",
    "SkillRequirement",
    "SoftViolation",
    "Solution",
    "SolveInterrupted",
    "Solver",
    "SolverError",
    "Spans",
    "Split",
    "Spread",
    "Station",
    "StationLabels",
    "Statistics",
    "StoppedError",
    "StraightLine",
    "Summary",
    "Terms",
    "TimeSpan",
    "Told",
    "ToldAs",
    "TooLargeError",
    "Totals",
    "TrainingPlan",
    "TrainingProgramme",
    "Travel",
    "Turns",
    "Unplaced",
    "UnsupportedError",
    "WaitingCount",
    "WallClock",
    "WeightOverflowError",
    "WeightedLevel",
    "Weights",
    "Worker",
    "WorkerColumns",
    "WorkerSkill",
    "ZoneMatrix",
    "assignment_frame",
    "assignment_to_files",
    "blocking_pairs",
    "carry_over",
    "check",
    "check_lottery",
    "check_programme",
    "check_reasons",
    "columns_from_files",
    "columns_from_frames",
    "columns_of",
    "compare",
    "dask_client",
    "estimate_pairs",
    "evidence",
    "explain",
    "fair_lottery",
    "fairness_curve",
    "feasible_pairs",
    "greatest_prices",
    "in_words",
    "least_prices",
    "live",
    "lost_to_optimum",
    "match",
    "match_many",
    "mechanisms",
    "morning_from_files",
    "morning_from_frames",
    "morning_to_frames",
    "pages",
    "plan_training",
    "plot",
    "read_csv",
    "read_parquet",
    "rule_in_words",
    "rules",
    "samples",
    "scoring",
    "solve",
    "solve_plans",
    "stable",
    "succession",
    "tables",
    "verify",
    "verify_plans",
    "warmup",
    "write_csv",
    "write_parquet",
    "write_xlsx",
]

_HOME = {
    name: module
    for module, names in {
        "assignment": (
            "Assignment Chance Change Comparison Difference Estimate FairLottery FairnessCurve FairnessPoint "
            "OpenShift Outcome Placement RequestOutcome SoftViolation Summary Unplaced WaitingCount "
        ),
        "pairing.candidates": "estimate_pairs feasible_pairs",
        "evidence.checking": "check check_programme check_reasons",
        "evidence.fair_lottery": "check_lottery",
        "columns": (
            "Columns HeldCredentials LabelColumn Labels LimitColumn OfferedPay Relation ShiftColumns Spans "
            "StationLabels WorkerColumns columns_of "
        ),
        "core.limits": "Limits",
        "core.saved": "FileFormat Saved",
        "core.statistics": "Statistics",
        "errors": (
            "CertificateError GigmatchError InvalidFileError InvalidInputError "
            "InvalidMorningError InvalidPairsError InvalidPolicyError InvalidProblemError JournalError "
            "MorningProblem PluginError SolveInterrupted SolverError StoppedError TooLargeError "
            "UnsupportedError WeightOverflowError "
        ),
        "evidence": "Advice Reasons Terms TrainingPlan TrainingProgramme",
        "explaining": "Adviser Explainer explain lost_to_optimum plan_training",
        "i18n": "Told",
        "ledger": "Ledger LedgerDay Line LineDay Measures Promise Spread Totals Turns carry_over",
        "live": "Live",
        "matching": (
            "BlockingPairs blocking_pairs compare fair_lottery fairness_curve match match_many stable"
        ),
        "matching.cluster.on_dask": "dask_client",
        "model": (
            "Broker Companions Credential CredentialRequirement Crew Employer EmployerHours Jurisdiction "
            "LegalLimit Location Market Morning PastEmployer Pay Period ReferenceWage Request Shift "
            "Skill SkillRequirement Station TimeSpan WallClock Worker WorkerSkill "
        ),
        "pairing.given_scores": "GivenScores",
        "pairing.levels": "PolicyLevel",
        "pairing.pairs": "Pairs",
        "pairing.people": "People",
        "pairing.policy": "DEFAULT_POLICY Policy",
        "problem": (
            "LOTTERY POINTS SEATS Certificate DrawnLevel Level Problem Solution ToldAs WeightedLevel Weights "
        ),
        "problem.fair": "BlockPrices FairBlock FairShares",
        "problem.plans": (
            "Branching LevelClaim PlanCertificate PlanLevel PlanProblem PlanSolution Split verify_plans"
        ),
        "problem.verify": "verify",
        "pairing.rules": "DEFAULT_RULES Rule",
        "pairing.scoring": "Scorer",
        "solvers": "CancelToken Control PlainAnswer Prices Solver greatest_prices least_prices solve",
        "solvers.plans": "solve_plans",
        "tables": (
            "assignment_frame assignment_to_files columns_from_files columns_from_frames morning_from_files "
            "morning_from_frames morning_to_frames read_csv read_parquet write_csv write_parquet write_xlsx"
        ),
        "tables.partitioned": "Partitioned",
        "pairing.travel": "StraightLine Travel ZoneMatrix",
        "live.warmup": "warmup",
        "messages": "in_words rule_in_words",
    }.items()
    for name in names.split()
}
_MODULES = {
    "evidence": "evidence",
    "mechanisms": "matching.mechanisms",
    "live": "live",
    "pages": "pages",
    "plot": "pages.plot",
    "rules": "pairing.rules",
    "succession": "pairing.succession",
    "samples": "scenarios",
    "scoring": "pairing.scoring",
    "tables": "tables",
}


def __getattr__(name: str) -> Any:
    """Load the module that a public name lives in, once."""
    if name in _HOME:
        value = getattr(import_module(f"gigmatch.{_HOME[name]}"), name)
    elif name in _MODULES:
        value = import_module(f"gigmatch.{_MODULES[name]}")
    else:
        raise AttributeError(f"module 'gigmatch' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
