"""What a rule must offer, what is read off it, and how it is saved and made again."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from gigmatch.errors import InvalidPolicyError, PluginError
from gigmatch.pairing.rules import (
    DEFAULT_RULES,
    IsFree,
    Rested,
    Rule,
    apply_rule,
    check_rules,
    describe_rule,
    restore_rule,
    rule_name,
    rule_sentence,
)
from tests.conftest import a_morning, a_shift, a_worker, all_pairs


def pairs_of(n=2):
    return all_pairs(a_morning(*(a_worker(f"w{i}") for i in range(n)), a_shift()))


def keep_all(columns, pairs):
    """Everybody may.

    Always.
    """
    return np.ones(len(pairs), dtype=bool)


@dataclass(frozen=True)
class NoNights:
    """Nobody works at night."""

    latest_min: int = 1320
    places: tuple[str, ...] = ("a", "b")
    name: ClassVar[str] = "no_nights"
    version: ClassVar[int] = 2

    def __call__(self, columns, pairs):
        return columns.shifts.end_min[pairs.shift] <= self.latest_min


@pytest.mark.parametrize(
    ("returned", "got"),
    [
        (np.ones(2), r"float64\[2\]"),
        (np.ones(3, bool), r"bool\[3\]"),
        (np.ones((2, 1), bool), r"bool\[2, 1\]"),
        ([True, True], "list"),
        (None, "NoneType"),
        (True, "bool"),
    ],
)
def test_verdicts_are_held_to_the_contract(returned, got):
    """Wrong dtype, wrong shape and no array at all are errors that name the rule."""
    pairs = pairs_of()

    def odd(columns, pairs):
        return returned

    with pytest.raises(PluginError, match=rf"rule 'odd' must return bool\[2\].*got {got}$"):
        apply_rule(odd, pairs.columns, pairs)


def test_what_is_read_off_a_rule():
    """Name and sentence are the rule's own, else of the function or class."""
    assert (rule_name(keep_all), rule_sentence(keep_all)) == ("keep_all", "Everybody may.")
    assert (rule_name(NoNights()), rule_sentence(NoNights())) == ("no_nights", "Nobody works at night.")
    assert rule_sentence(Rested()) == Rested.sentence
    nameless = functools.partial(keep_all)
    nameless.__doc__ = None
    assert (rule_name(nameless), rule_sentence(nameless)) == ("partial", "partial")


def test_default_rules_are_proper_rules():
    """Distinct names, a sentence that ends, a version, and the protocol."""
    assert check_rules(DEFAULT_RULES) == DEFAULT_RULES
    for rule in DEFAULT_RULES:
        assert isinstance(rule, Rule)
        assert rule_sentence(rule).endswith(".")
        assert rule.version == 1


def test_rules_get_read_only_pairs():
    """A rule that writes into what it was given is stopped, not heard."""
    pairs = pairs_of()
    for name in ("worker", "shift", "minutes", "metres"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(pairs, name)[:] = 0


class BadSeverity:
    severity = "maybe"
    name = "bad"
    __call__ = staticmethod(keep_all)


class Lawless(BadSeverity):
    severity = None


class Unlawful(Lawless):
    limit = "max_luck"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([keep_all, "skill"], r"rules\[1\] is 'skill': a rule is a callable"),
        ([IsFree], r"rules\[0\] is <class .*: a rule is a callable"),
        ([IsFree(), keep_all, IsFree("warn")], r"rules\[2\] is named 'availability' like rules\[0\]"),
        ([BadSeverity()], "rule 'bad' has severity 'maybe'; use 'block' or 'warn'"),
        ([Lawless()], "rule 'bad' leaves its severity to the law but has limit None, no kind"),
        ([Unlawful()], "rule 'bad' leaves its severity to the law but has limit 'max_luck', no kind"),
        (IsFree(), r"rules are IsFree\(.*\): pass a list of rules"),
        (keep_all, "rules are <function keep_all.*: pass a list of rules"),
        (None, "rules are None: pass a list of rules"),
        ({IsFree(), keep_all}, "rules are a set, which has no order: pass a list"),
        (frozenset({IsFree()}), "rules are a set, which has no order: pass a list"),
    ],
)
def test_rules_that_make_no_sense(rules, message):
    """Each mistake is named with its place in the list."""
    with pytest.raises(InvalidPolicyError, match=message):
        check_rules(rules)


def test_a_generator_of_rules_is_as_good_as_a_list():
    """Every rule of it is checked and kept, though it gives each only once."""
    assert check_rules(rule for rule in DEFAULT_RULES) == DEFAULT_RULES
    assert check_rules(iter([])) == ()
    with pytest.raises(InvalidPolicyError, match=r"rules\[1\] is 'skill'"):
        check_rules(rule for rule in (keep_all, "skill"))


@pytest.mark.parametrize("severity", ["block", "warn"])
def test_what_a_rule_prunes_is_known(severity):
    """Also of a rule that only warns, which no index asks."""

    def guess(columns, pairs):
        return keep_all(columns, pairs)

    guess.severity, guess.prunes = severity, "moon"
    with pytest.raises(PluginError, match="rule 'guess' declares prunes='moon'; use one of worker, shift"):
        check_rules([guess])
    for kind in ("worker", "shift", "requirement", "reach", None):
        guess.prunes = kind
        assert check_rules([guess]) == (guess,)


def test_a_law_may_give_a_rule_of_ones_own_its_severity():
    """If it names the limit."""

    def mine(columns, pairs):
        return keep_all(columns, pairs)

    mine.severity, mine.limit = None, "min_rest_hours"
    assert check_rules([mine]) == (mine,)


@pytest.mark.parametrize("rule", DEFAULT_RULES, ids=rule_name)
def test_default_rules_are_made_again(rule):
    """From JSON, with the severity that the law gave them."""
    columns = pairs_of().columns
    entry = json.loads(json.dumps(describe_rule(rule, columns)))
    again = restore_rule(entry)
    assert type(again) is type(rule)
    assert describe_rule(again, columns) == entry


def test_own_rules_are_made_again():
    """They are found by name, and described with their parameters."""
    columns = pairs_of().columns
    entry = json.loads(json.dumps(describe_rule(NoNights(1200), columns)))
    assert entry == {
        "name": "no_nights",
        "version": 2,
        "severity": "block",
        "parameters": {"latest_min": 1200, "places": ["a", "b"]},
    }
    mine = NoNights(1200)
    assert restore_rule(entry, [keep_all, mine]) is mine
    assert restore_rule(describe_rule(keep_all, columns), [keep_all]) is keep_all


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (
            NoNights(1260),
            r"'no_nights' was saved with parameters {'latest_min': 1200, .*; this one has .* 1260",
        ),
        (NoNights(1200, ("a",)), r"'no_nights' was saved with parameters .*; this one has .*\['a'\]"),
    ],
)
def test_own_rules_with_other_parameters_are_other_rules(own, message):
    """A name is not enough."""
    entry = describe_rule(NoNights(1200), pairs_of().columns)
    with pytest.raises(InvalidPolicyError, match=message):
        restore_rule(json.loads(json.dumps(entry)), [own])


def test_own_rules_of_another_severity_are_other_rules():
    """What blocked must block, what warned warn; None leaves it to the law as before."""
    columns = pairs_of().columns
    entry = describe_rule(Rested("block"), columns)
    assert restore_rule(entry, [Rested("block")]) == Rested("block")
    assert restore_rule(entry, [Rested()]) == Rested()
    with pytest.raises(
        InvalidPolicyError, match="'rest' was saved with severity 'block'; this one has 'warn'"
    ):
        restore_rule(entry, [Rested("warn")])
    entry = describe_rule(keep_all, columns) | {"severity": "warn"}
    with pytest.raises(
        InvalidPolicyError, match="'keep_all' was saved with severity 'warn'; this one has 'bl"
    ):
        restore_rule(entry, [keep_all])


REST = {"name": "rest", "version": 1, "severity": "warn", "parameters": {}}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (REST | {"name": "luck"}, r"rule 'luck' is not built in: pass it in Python, with rules="),
        (REST | {"version": 2}, "rule 'rest' was saved in version 2"),
        (REST | {"parameters": {"hours": 8}}, "not a saved rule"),
        (REST | {"parameters": None}, "not a saved rule"),
        ({"name": "rest"}, "not a saved rule"),
        (None, "not a saved rule"),
        ("rest", "not a saved rule"),
    ],
)
def test_entries_that_are_no_rule(entry, message):
    """Unknown names, other versions and garbage are told apart."""
    with pytest.raises(InvalidPolicyError, match=message):
        restore_rule(entry)
