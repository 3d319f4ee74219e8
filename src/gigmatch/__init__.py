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
    from gigmatch import plot, reporting, rules, samples, scoring, tables
    from gigmatch.assignment import Assignment
    from gigmatch.candidates import estimate_pairs, feasible_pairs
    from gigmatch.checking import check, check_programme, check_reasons
    from gigmatch.columns import Columns
    from gigmatch.compiling import columns_of
    from gigmatch.errors import (
        CertificateError,
        GigmatchError,
        InvalidFileError,
        InvalidInputError,
        InvalidMorningError,
        InvalidPairsError,
        InvalidPolicyError,
        InvalidProblemError,
        PluginError,
        SolveInterrupted,
        SolverError,
        TooLargeError,
        UnsupportedError,
        WeightOverflowError,
    )
    from gigmatch.evidence import Advice, Reasons, TrainingPlan, TrainingProgramme
    from gigmatch.explaining import Adviser, Explainer, explain, plan_training
    from gigmatch.matching import match
    from gigmatch.model import (
        Broker,
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
        Shift,
        Skill,
        SkillRequirement,
        Station,
        TimeSpan,
        Worker,
        WorkerSkill,
    )
    from gigmatch.pairs import Pairs
    from gigmatch.policy import DEFAULT_POLICY, Policy
    from gigmatch.problem import Certificate, Problem, Solution, verify
    from gigmatch.rules import DEFAULT_RULES, Rule
    from gigmatch.scoring import Scorer
    from gigmatch.solvers import Control, PlainAnswer, Solver, greatest_prices, least_prices, solve
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
    )
    from gigmatch.travel import StraightLine, Travel, ZoneMatrix
    from gigmatch.warming import warmup
    from gigmatch.wording import in_words, rule_name

__version__ = "0.1.0"

__all__ = [
    "DEFAULT_POLICY",
    "DEFAULT_RULES",
    "Advice",
    "Adviser",
    "Assignment",
    "Broker",
    "Certificate",
    "CertificateError",
    "Columns",
    "Control",
    "Credential",
    "CredentialRequirement",
    "Crew",
    "Employer",
    "EmployerHours",
    "Explainer",
    "GigmatchError",
    "InvalidFileError",
    "InvalidInputError",
    "InvalidMorningError",
    "InvalidPairsError",
    "InvalidPolicyError",
    "InvalidProblemError",
    "Jurisdiction",
    "LegalLimit",
    "Location",
    "Market",
    "Morning",
    "Pairs",
    "PastEmployer",
    "Pay",
    "Period",
    "PlainAnswer",
    "PluginError",
    "Policy",
    "Problem",
    "Reasons",
    "ReferenceWage",
    "Rule",
    "Scorer",
    "Shift",
    "Skill",
    "SkillRequirement",
    "Solution",
    "SolveInterrupted",
    "Solver",
    "SolverError",
    "Station",
    "StraightLine",
    "TimeSpan",
    "TooLargeError",
    "TrainingPlan",
    "TrainingProgramme",
    "Travel",
    "UnsupportedError",
    "WeightOverflowError",
    "Worker",
    "WorkerSkill",
    "ZoneMatrix",
    "assignment_frame",
    "assignment_to_files",
    "check",
    "check_programme",
    "check_reasons",
    "columns_from_files",
    "columns_from_frames",
    "columns_of",
    "estimate_pairs",
    "explain",
    "feasible_pairs",
    "greatest_prices",
    "in_words",
    "least_prices",
    "match",
    "morning_from_files",
    "morning_from_frames",
    "morning_to_frames",
    "plan_training",
    "plot",
    "read_csv",
    "read_parquet",
    "reporting",
    "rule_name",
    "rules",
    "samples",
    "scoring",
    "solve",
    "tables",
    "verify",
    "warmup",
    "write_csv",
    "write_parquet",
]

_HOME = {
    name: module
    for module, names in {
        "assignment": "Assignment",
        "candidates": "estimate_pairs feasible_pairs",
        "checking": "check check_programme check_reasons",
        "columns": "Columns",
        "compiling": "columns_of",
        "errors": (
            "CertificateError GigmatchError InvalidFileError InvalidInputError "
            "InvalidMorningError InvalidPairsError InvalidPolicyError InvalidProblemError "
            "PluginError SolveInterrupted SolverError TooLargeError UnsupportedError WeightOverflowError "
        ),
        "evidence": "Advice Reasons TrainingPlan TrainingProgramme",
        "explaining": "Adviser Explainer explain plan_training",
        "matching": "match",
        "model": (
            "Broker Credential CredentialRequirement Crew Employer EmployerHours Jurisdiction "
            "LegalLimit Location Market Morning PastEmployer Pay Period ReferenceWage Shift "
            "Skill SkillRequirement Station TimeSpan Worker WorkerSkill "
        ),
        "pairs": "Pairs",
        "policy": "DEFAULT_POLICY Policy",
        "problem": "Certificate Problem Solution verify",
        "rules": "DEFAULT_RULES Rule",
        "scoring": "Scorer",
        "solvers": "Control PlainAnswer Solver greatest_prices least_prices solve",
        "tables": (
            "assignment_frame assignment_to_files columns_from_files columns_from_frames morning_from_files "
            "morning_from_frames morning_to_frames read_csv read_parquet write_csv write_parquet "
        ),
        "travel": "StraightLine Travel ZoneMatrix",
        "warming": "warmup",
        "wording": "in_words rule_name",
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> Any:
    """Load the module that a public name lives in, once."""
    if name in _HOME:
        value = getattr(import_module(f"gigmatch.{_HOME[name]}"), name)
    elif name in __all__:
        value = import_module(f"gigmatch.{name}")
    else:
        raise AttributeError(f"module 'gigmatch' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
