"""The command for fair lotteries: chances in words and as data, draws that are checked."""

from __future__ import annotations

import json

import pytest

import gigmatch as gm
from cli.test_commands import run
from tests.conftest import sample


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small morning as a file."""
    folder = tmp_path_factory.mktemp("lottery")
    sample("jingshi", seed=7, workers=60).save(folder / "morning.json")
    return folder


def test_a_lottery_is_told_drawn_and_checked(folder):
    """From files alone; another seed's draw, told as this one's, is rejected."""
    morning, saved, drawn = (folder / f"{name}.json" for name in ("morning", "lottery", "drawn"))
    lottery = gm.fair_lottery(gm.Morning.load(morning))
    code, text, _ = run("lottery", morning, "--out", saved, "--draw", 5, "--answer", drawn)
    assert (code, text) == (0, f"{lottery}\ndrawn with seed 5, written: {drawn}\n")
    assert saved.read_bytes() == lottery.to_json()
    lottery.best.save(folder / "best.json")
    assert drawn.read_bytes() == lottery.draw(5).to_json()
    code, text, _ = run("check", morning, drawn, "--lottery", saved)
    assert (code, "drawn from the lottery with seed 5" in text) == (0, True)
    assert json.loads(run("check", morning, drawn, "--lottery", saved, "--json")[1])["seed_drawn"] == 5
    terms = folder / "terms.json"
    assert run("terms", morning, "--mechanism", "lottery", "--open", "seed", "--out", terms)[0] == 0
    assert run("check", morning, drawn, "--lottery", saved, "--terms", terms)[0] == 0
    code, text, _ = run("check", morning, drawn, "--terms", terms)
    assert (code, "not drawn once more" in text) == (3, True)
    code, _, error = run("check", morning, folder / "best.json", "--terms", terms)
    assert (code, "the best by its levels, not fair lottery" in error) == (1, True)
    forged = drawn.read_text(encoding="utf-8").replace('"seed":5', '"seed":6')
    drawn.write_text(forged, encoding="utf-8")
    assert run("check", morning, drawn, "--lottery", saved)[0] == 1


def test_what_halls_do_and_what_is_stable_is_published_and_checked(folder):
    """By name, with a side; what a hall did is done once more, and counts as verified."""
    morning, saved, terms = (folder / f"{name}.json" for name in ("morning", "answer", "terms"))
    answers = {
        "raffle": gm.mechanisms.Hall(way="raffle")(gm.Morning.load(morning), 0),
        "stable": gm.stable(gm.Morning.load(morning), side="employer"),
    }
    for name, answer in answers.items():
        answer.save(saved)
        side = ("--side", "employer") if name == "stable" else ()
        assert run("terms", morning, "--mechanism", name, *side, "--out", terms)[0] == 0
        code, text, _ = run("check", morning, saved, "--terms", terms)
        assert (code, {"raffle": "done once more", "stable": "stable"}[name] in text) == (0, True)
    code, _, error = run("terms", morning, "--mechanism", "raffle", "--side", "worker")
    assert (code, "only a stable answer has that" in error) == (2, True)
    assert run("lottery", morning, "--time-limit", 0)[0] != 0


def test_somebody_is_told_their_own_chance(folder):
    """In both languages, and as data."""
    lottery = gm.fair_lottery(gm.Morning.load(folder / "morning.json"))
    one = lottery.best.worker_ids[0]
    for lang in ("en", "zh"):
        text = run("lottery", folder / "morning.json", "--worker", one, "--lang", lang)[1]
        assert text == f"{lottery.chance_text(one, lang=lang)}\n"
    data = json.loads(run("lottery", folder / "morning.json", "--json")[1])
    assert [each["worker_id"] for each in data["chances"]] == list(lottery.best.worker_ids)
    assert data["chances"][0]["chance"] == str(lottery.chance_of(one).chance)
    alone = json.loads(run("lottery", folder / "morning.json", "--json", "--worker", one)[1])
    assert alone["chances"] == data["chances"][:1]


def test_a_seed_and_a_place_go_together(folder):
    """Neither alone."""
    code, _, said = run("lottery", folder / "morning.json", "--draw", 5)
    assert (code, "--draw and --answer go together" in said) == (2, True)
