"""What a rule is, and what can be asked of one.

A rule is a plain callable ``(columns, pairs) -> bool[n_pairs]``, True where the pair may stand. Everything
else is optional and read off the callable if it is there:

=============  ============================================================  ==========================
attribute      what it says                                                  where it is missing
=============  ============================================================  ==========================
``name``       identifier, unique within a list of rules                     ``__name__``
``sentence``   what the rule demands, in one sentence, or in one a language  first line of the docstring
``version``    raised whenever the rule's meaning changes                    1
``severity``   ``"block"`` or ``"warn"``; None: as the law's ``limit`` says  ``"block"``
``limit``      kind of legal limit that the severity is taken from           none
``prunes``     what an index may prune with, see below                       nothing is pruned
``table``      ``(columns, workers, shifts) -> bool[n, m]``, a method: each  the rule itself is asked
               worker with each shift, where the rule is asked so
``explain``    ``(columns, pair) -> Finding`` for one pair                   values and remedies unknown
=============  ============================================================  ==========================

``prunes`` spares the rule from looking at every pair. It declares what the verdict depends on:

* ``"worker"`` or ``"shift"``: on that side alone;
* ``"requirement"``: on the worker and on ``ShiftColumns.requirement``, the shift's skills and credentials;
* ``"reach"``: the rule refuses, at least, every pair whose travel takes longer than the worker's
  ``travel_limit_min``.

What comes along has ``_compiled`` besides (``gigmatch.pairing.compiled``). Both count only where the class of
the rule itself has them: whoever inherits may decide otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args, runtime_checkable

import numpy as np

from gigmatch import i18n
from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray
from gigmatch.core.plugins import (
    asked,
    check_own_text,
    checked_array,
    is_of_version,
    not_built_in,
    parameters_of,
    plugin_name,
)
from gigmatch.errors import InvalidPolicyError, PluginError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import shown
from gigmatch.i18n.texts import own_text
from gigmatch.model import LimitKind
from gigmatch.pairing.pairs import Pairs

__all__ = [
    "CatalogueSentence",
    "Finding",
    "Remedy",
    "Rule",
    "Severity",
    "apply_rule",
    "check_rules",
    "describe_rule",
    "explain_rule",
    "known",
    "restore_rule",
    "rule_name",
    "rule_parameters",
    "rule_sentence",
    "rule_severity",
    "severity_under",
    "told_by",
    "told_sentence",
]

Severity = Literal["block", "warn"]
PRUNES = ("worker", "shift", "requirement", "reach")


@runtime_checkable
class Rule(Protocol):
    """Says which pairs may stand; called on blocks, from several threads at once, so it keeps no state."""

    def __call__(self, columns: Columns, pairs: Pairs, /) -> BoolArray:
        """True where the pair may stand: bool[n_pairs]."""
        ...


@dataclass(frozen=True)
class Remedy:
    """One change that would satisfy a rule for a pair, all else unchanged."""

    side: Literal["worker", "shift", "market"]
    """Whose datum would change."""
    field: str
    """Which datum: a field of the model, or of the columns where it follows from several."""
    needed: Any
    """The nearest value that satisfies the rule."""


@dataclass(frozen=True)
class Finding:
    """What a rule saw in one pair: the values it looked at, and what would satisfy it."""

    values: dict[str, Any]
    """By name, None where unknown."""
    remedies: tuple[Remedy, ...] = ()
    """Alternatives; each alone suffices. Empty where the rule is satisfied or nothing could be changed."""


def known(value: float) -> float | None:
    """A number of the columns as a finding's value: None for NaN."""
    return None if np.isnan(value) else float(value)


def rule_name(rule: Rule) -> str:
    """The rule's name."""
    return plugin_name(rule)


class CatalogueSentence:
    """The ``sentence`` of a built-in rule, which stands in the catalogue; as an attribute, in English."""

    def __get__(self, rule: Any, kind: Any) -> str:
        return self.text(kind.name)

    def text(self, name: str, lang: str = "en") -> str:
        """Look it up in a language."""
        return i18n.text(f"rules.{name}.sentence", lang)


def told_by(rule: Rule) -> str | dict[str, str]:
    """What the rule demands as it brings it: one sentence, or one for each of its languages."""
    text = getattr(rule, "sentence", None) or (rule.__doc__ or "").strip().partition("\n")[0]
    return dict(text) if isinstance(text, Mapping) else text or rule_name(rule)


def rule_sentence(rule: Rule, *, lang: str = "en") -> str:
    """What the rule demands, in one sentence.

    Examples
    --------
    >>> from gigmatch.pairing.rules import EmployerInStanding
    >>> rule_sentence(EmployerInStanding()), rule_sentence(EmployerInStanding(), lang="zh")
    ('The employer owes no wages and is not suspended.', '雇主没有欠薪，也未被暂停。')
    """
    if _is_in_catalogue(rule):
        return CatalogueSentence().text(rule_name(rule), lang)
    return own_text(told_by(rule), lang)


def told_sentence(rule: Rule) -> Told:
    """What the rule demands, to be told in other languages, too, if it is built in."""
    return Told(rule_sentence(rule), f"rules.{rule_name(rule)}.sentence" if _is_in_catalogue(rule) else "")


def _is_in_catalogue(rule: Rule) -> bool:
    declared = (vars(kind)["sentence"] for kind in type(rule).__mro__ if "sentence" in vars(kind))
    return isinstance(next(declared, None), CatalogueSentence)


def rule_severity(rule: Rule, columns: Columns) -> Severity:
    """``"block"`` or ``"warn"``: the rule's own, or that of the legal limit it stands for."""
    return severity_under(rule, columns.limits)


def severity_under(rule: Rule, limits: Mapping[LimitKind, Any]) -> Severity:
    """``"block"`` or ``"warn"``, as `rule_severity` does, where only the ``severity`` of limits is known."""
    severity = getattr(rule, "severity", "block")
    if severity is None:
        limit = limits.get(getattr(rule, "limit", None))  # type: ignore[arg-type]
        severity = limit.severity if limit else "warn"
    return "warn" if severity == "warn" else "block"


def apply_rule(rule: Rule, columns: Columns, pairs: Pairs) -> BoolArray:
    """Call a rule and hold it to its contract.

    Raises
    ------
    PluginError
        It returned something other than bool[n_pairs].
    """
    what = Told.of("errors.of_rule", name=rule_name(rule))
    ok: BoolArray = checked_array(what, asked(what, rule, columns.unlabelled, pairs), np.bool_, len(pairs))
    return ok


def explain_rule(rule: Rule, columns: Columns, pair: Pairs) -> Finding:
    """What a rule saw in one pair; remedies only where it refuses.

    Raises
    ------
    InvalidPolicyError
        ``pair`` does not hold exactly one pair.
    PluginError
        The rule explains with something other than a `Finding`.
    """
    if len(pair) != 1:
        raise InvalidPolicyError("several_pairs", n=len(pair))
    explain = getattr(rule, "explain", None)
    finding = explain(columns.unlabelled, pair) if explain else Finding({})
    if not isinstance(finding, Finding):
        raise PluginError("rule_without_finding", name=rule_name(rule), value=finding)
    return Finding(finding.values) if apply_rule(rule, columns, pair)[0] else finding


def describe_rule(rule: Rule, columns: Columns) -> dict[str, Any]:
    """Name, version, severity and parameters of a rule: what a saved answer holds of it."""
    return {
        "name": rule_name(rule),
        "version": getattr(rule, "version", 1),
        "severity": rule_severity(rule, columns),
        "parameters": rule_parameters(rule),
    }


def rule_parameters(rule: Rule) -> dict[str, Any]:
    """Parameters of a rule, the severity apart, which the law may give."""
    return {name: value for name, value in parameters_of(rule).items() if name != "severity"}


def restore_rule(entry: Mapping[str, Any], own: Sequence[Rule], built_in: Sequence[type[Any]]) -> Rule:
    """The rule that `describe_rule` described: the user's own of that name, or a built-in one.

    Raises
    ------
    InvalidPolicyError
        It is neither, or of another version, or the user's own has other parameters or another severity.
    """
    try:
        name = entry["name"]
        found = next((rule for rule in own if rule_name(rule) == name), None)
        if found is None:
            kind = next((kind for kind in built_in if kind.name == name), None)
            if kind is None:
                raise not_built_in(Told.of("errors.of_rule", name=name), "rules=[...]")
            found = kind(severity=entry["severity"], **entry["parameters"])
        _refuse_another(found, entry)
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidPolicyError("not_a_saved_rule", error=shown(error)) from None
    return found


def _refuse_another(rule: Rule, entry: Mapping[str, Any]) -> None:
    """What decides otherwise than the saved rule did is not that rule, whatever its name."""
    name, severity = rule_name(rule), getattr(rule, "severity", "block")
    if not is_of_version(rule, entry["version"]):
        raise InvalidPolicyError("rule_other_version", name=name, version=entry["version"])
    if rule_parameters(rule) != entry["parameters"]:
        raise InvalidPolicyError(
            "rule_other_parameters", name=name, said=entry["parameters"], found=rule_parameters(rule)
        )
    if severity not in (None, entry["severity"]):
        raise InvalidPolicyError("rule_other_severity", name=name, said=entry["severity"], found=severity)


def check_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, if they can be told apart and called.

    Raises
    ------
    InvalidPolicyError
        They come in no order or not in a row at all, a rule is not callable, two have one name, or a severity
        is neither of the two and no law's.
    PluginError
        A rule declares to prune what no index knows.
    """
    names: dict[str, int] = {}
    listed = _in_order(rules)
    for at, rule in enumerate(listed):
        if not callable(rule) or isinstance(rule, type):
            raise InvalidPolicyError("no_rule", at=at, value=rule)
        name = rule_name(rule)
        if name in names:
            raise InvalidPolicyError("rules_same_name", at=at, name=name, other=names[name])
        names[name] = at
        if not _is_in_catalogue(rule):
            check_own_text("sentence", Told.of("errors.of_rule", name=name), told_by(rule))
        _check_severity(rule)
        check_prunes(rule)
    return listed


def _in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """All of them at once, since a generator gives each only once."""
    if isinstance(rules, set | frozenset):
        raise InvalidPolicyError("rules_are_a_set")
    if not isinstance(rules, Iterable):
        raise InvalidPolicyError("rules_no_list", value=rules)
    return tuple(rules)


def _check_severity(rule: Rule) -> None:
    name, severity = rule_name(rule), getattr(rule, "severity", "block")
    if severity not in ("block", "warn", None):
        raise InvalidPolicyError("rule_unknown_severity", name=name, value=severity)
    limit = getattr(rule, "limit", None)
    if severity is None and limit not in get_args(LimitKind):
        raise InvalidPolicyError(
            "rule_without_legal_limit", name=name, value=limit, names=", ".join(get_args(LimitKind))
        )


def check_prunes(rule: Rule) -> None:
    """Raise PluginError unless what the rule declares it prunes by is one of `PRUNES`, or nothing."""
    kind = getattr(rule, "prunes", None)
    if kind is not None and kind not in PRUNES:
        raise PluginError("rule_unknown_prunes", name=rule_name(rule), value=kind, names=", ".join(PRUNES))
