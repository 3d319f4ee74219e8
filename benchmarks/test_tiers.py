"""Whether something got worse: the comparison on made-up results, and a tiny tier measured for real."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

import tiers
from peers import CONTENDERS, PEERS
from tiers import Case, compared

pytest.importorskip("numba")


def results(**cases) -> dict:
    """Made-up results of a tier: ratios and counts by case."""
    return {
        "format": tiers.FORMAT,
        "tier": "commit",
        "cases": {
            name: {"ratios": ratios, "counts": counts, "left_out": {}}
            for name, (ratios, counts) in cases.items()
        },
    }


BEFORE = results(
    city=({"auction/ortools": 0.2, "auction/scipy": 0.02}, {"bids": 50_000, "augmentations": 4}),
    tied=({"auction/ortools": 0.1}, {"bids": 9_000}),
)


def changed(case: str, kind: str, key: str, value: float | None) -> dict:
    now = copy.deepcopy(BEFORE)
    if value is None:
        del now["cases"][case][kind][key]
    else:
        now["cases"][case][kind][key] = value
    return now


def test_the_same_is_neither_worse_nor_better():
    """Nothing to say."""
    assert compared(BEFORE, BEFORE, 1.15) == ((), (), ())


@pytest.mark.parametrize(("seconds", "n_worse"), [(0.005, 0), (0.05, 1)])
def test_ratios_of_brief_cases_are_noted(seconds, n_worse):
    """They are not measured well; their counts decide all the same."""
    before = copy.deepcopy(BEFORE)
    before["cases"]["tied"]["seconds"] = {"ortools": seconds}
    slow, busy = (
        changed("tied", *change) for change in (("ratios", "auction/ortools", 1), ("counts", "bids", 90_000))
    )
    told = compared(slow, before, 2)
    assert (len(told.worse), len(told.notes)) == (n_worse, 1 - n_worse)
    assert len(compared(busy, before, 2).worse) == 1


@pytest.mark.parametrize(
    ("case", "kind", "key", "value", "worse"),
    [
        ("city", "ratios", "auction/ortools", 0.2 * 1.14, False),
        ("city", "ratios", "auction/ortools", 0.2 * 1.16, True),
        ("tied", "ratios", "auction/ortools", 0.3, True),
        ("city", "counts", "bids", 57_400, False),
        ("city", "counts", "bids", 57_600, True),
        ("city", "counts", "augmentations", 900, False),
        ("city", "counts", "augmentations", 1_200, True),
    ],
)
def test_worse_is_beyond_the_factor(case, kind, key, value, worse):
    """Ratios and counts alike; a handful of anything is no work."""
    verdict = compared(changed(case, kind, key, value), BEFORE, 1.15)
    assert bool(verdict.worse) == worse
    assert all(line.startswith(f"{case}, {key}: ") for line in verdict.worse)


def test_other_peers_are_noted():
    """Only the quickest decides."""
    verdict = compared(changed("city", "ratios", "auction/scipy", 0.04), BEFORE, 1.15)
    assert (verdict.worse, verdict.notes) == ((), ("city, auction/scipy: 0.04, it was 0.02 (2.00 times)",))


def test_better_is_told():
    """So that the baseline can follow."""
    verdict = compared(changed("city", "ratios", "auction/ortools", 0.1), BEFORE, 1.15)
    assert (verdict.worse, verdict.better) == ((), ("city, auction/ortools: 0.1, it was 0.2",))


def test_what_is_gone_is_not_passed_over():
    """A case or a count that is measured no more is worse; a missing peer is shown, and why."""
    assert compared(results(city=({}, {})), BEFORE, 1.15).worse[-1] == "tied: is measured no more"
    verdict = compared(changed("city", "counts", "bids", None), BEFORE, 1.15)
    assert verdict.worse == ("city, bids: is counted no more; it was 50,000",)
    now = changed("city", "ratios", "auction/scipy", None)
    now["cases"]["city"]["left_out"] = {"scipy": "not installed"}
    verdict = compared(now, BEFORE, 1.15)
    assert (verdict.worse, verdict.notes) == ((), ("city, auction/scipy: not installed; it was 0.02",))


def test_what_is_new_is_noted():
    """Nothing to compare it with."""
    now = changed("tied", "ratios", "auction/highs", 0.01)
    now["cases"]["giant"] = now["cases"]["tied"]
    assert compared(now, BEFORE, 1.15).notes == ("tied, auction/highs: is new", "giant: is new")


@pytest.fixture
def tiny(monkeypatch):
    """A tier of a second, with a peer that is not installed."""
    cases = (
        Case("city", 300, rounds=2, peer_rounds=1, peers=("ortools", "lapx", "greedy"), memory=True),
        Case(tiers.MATCH, 300, rounds=1, peer_rounds=1),
    )
    monkeypatch.setitem(tiers.TIERS, "commit", cases)
    lapx = replace(PEERS["lapx"], package="no such package")
    monkeypatch.setitem(PEERS, "lapx", lapx)
    monkeypatch.setitem(CONTENDERS, "lapx", lapx)
    monkeypatch.setenv("GIGMATCH_THREADS", "1")
    monkeypatch.setattr(tiers, "BRIEF", 0)  # so that what takes next to nothing is compared, too


def test_a_tier_is_measured_and_compared(tiny, tmp_path, capsys):
    """Ratios, counts, memory and who is missing are written; the same counts come again; worse is exit 1."""
    path = tmp_path / "results.json"
    assert tiers.main(["--out", str(path)]) == 0
    now = json.loads(path.read_bytes())
    city, match = now["cases"]["city 300"], now["cases"]["match 300"]
    assert city["ratios"].keys() == {"auction/ortools", "levels/ortools"}
    assert city["points"]["auction"] == city["points"]["ortools"]
    assert city["counts"]["bids"] >= 200
    assert city["left_out"] == {"lapx": "not installed"}
    assert all(peak > own >= 0 for peak, own in city["memory"].values())
    assert match["ratios"]["match/ortools"] > 0
    text = path.with_suffix(".md").read_text(encoding="utf-8")
    assert "- city 300: lapx not installed" in text
    assert path.with_suffix(".svg").is_file()
    assert "lapx: not installed, not compared" in capsys.readouterr().out
    assert tiers.main(["--against", str(path), "--fail-over", "1000"]) == 0
    for name in ("auction/ortools", "levels/ortools"):
        city["ratios"][name] = 1e-9
    city["counts"]["lists"] = 1
    path.write_text(json.dumps(now))
    capsys.readouterr()
    assert tiers.main(["--against", str(path), "--fail-over", "1000"]) == 1
    told = capsys.readouterr().out
    assert told.count("city 300: worse, measured again") == tiers.RETRIES
    assert "worse: city 300, auction/ortools: " in told
    assert "2 got worse by more than 1000 times" in told


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": "gigmatch benchmark 1", "tier": "full", "cases": {}}', None]
)
def test_nothing_to_compare_with(tmp_path, capsys, text):
    """Exit code 2 and one line, before anything is measured."""
    path = tmp_path / "baseline.json"
    if text is not None:
        path.write_text(text)
    assert tiers.main(["--against", str(path)]) == 2
    assert "is no result of the tier commit" in capsys.readouterr().err


def test_every_tier_measures_the_whole():
    """Every family, the solver's levels and match; no case twice."""
    for name, cases in tiers.TIERS.items():
        names = [case.name for case in cases]
        assert len(set(names)) == len(names), name
        assert {case.family for case in cases} == {*tiers.EVERY, tiers.MATCH}, name
        assert any(case.memory for case in cases)
