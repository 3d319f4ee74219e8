"""A morning from tables is told as the same morning from objects: pages, texts and reasons, word for word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import gigmatch as gm
from tests.conftest import sample

LANGS = ("en", "zh")


class Told(NamedTuple):
    """One way into the library, and what came of it."""

    morning: Any
    answer: gm.Assignment
    explainer: gm.Explainer


@pytest.fixture(scope="module")
def whole() -> gm.Morning:
    """With stations, brokers, skills, pay by day, hour and month, several periods, names and contacts."""
    morning = sample("jingshi", seed=7, workers=60)
    workers = [w.model_copy(update={"name": f"N{w.id}", "contact": f"T{w.id}"}) for w in morning.workers]
    shifts = [s.model_copy(update={"title": s.id[-4:] * (at % 2)}) for at, s in enumerate(morning.shifts)]
    brokers = [b.model_copy(update={"name": f"B{b.id}", "contact": "010-1"}) for b in morning.brokers]
    parts = {"workers": tuple(workers), "shifts": tuple(shifts), "brokers": tuple(brokers)}
    return morning.model_copy(update=parts)


@pytest.fixture(scope="module")
def objects(whole: gm.Morning) -> Told:
    """As objects."""
    return told(whole)


@pytest.fixture(scope="module")
def tables(whole: gm.Morning) -> Told:
    """The same through frames, whose rows stand in another order; the market after its stations."""
    frames = gm.morning_to_frames(whole)
    for name in ("workers", "shifts", "skills"):
        frames[name] = frames[name].take([*reversed(range(frames[name].num_rows))])
    frames["stations"] = frames["stations"].take([*range(1, frames["stations"].num_rows), 0])
    return told(gm.columns_from_frames(**frames))


def told(morning: Any) -> Told:
    answer = gm.match(morning)
    return Told(morning, answer, gm.explain(morning, answer))


def test_the_sample_has_what_may_differ(whole: gm.Morning) -> None:
    """Else the tests below would show nothing."""
    assert len(whole.market.stations) > 2
    assert {"day", "hour", "shift", "month"} <= {shift.pay.unit for shift in whole.shifts}
    assert any(len(shift.periods) > 1 for shift in whole.shifts)
    assert any(shift.broker_id for shift in whole.shifts)
    assert all(skill.name for skill in whole.skills)
    assert {worker.station_id for worker in whole.workers} > {whole.market.id}


PAGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("slips", "zh", {}),
    ("board", "en", {}),
    ("call_lists", "zh", {}),
    ("report", "en", {"advice": 0}),
)


@pytest.mark.parametrize(("kind", "lang", "options"), PAGES)
def test_pages_are_the_same(
    objects: Told, tables: Told, tmp_path: Path, kind: str, lang: str, options: dict[str, Any]
) -> None:
    """Byte by byte, but for the digest that the report names; advice alone needs objects."""
    pages = []
    for way in (objects, tables):
        getattr(way.answer, kind)(tmp_path / "page.html", lang=lang, **options)
        page = (tmp_path / "page.html").read_text(encoding="utf-8")
        pages.append(page.replace(way.answer.morning_digest, "DIGEST"))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("lang", LANGS)
def test_the_board_as_text_is_the_same(objects: Told, tables: Told, lang: str) -> None:
    """In a terminal, too."""
    assert objects.answer.board_text(lang=lang) == tables.answer.board_text(lang=lang)


TAKES = {"en": "It would take", "zh": "需要改变："}
NEEDS_OBJECTS = {"en": "What it would take", "zh": "需要改变什么"}


def test_reasons_are_the_same(objects: Told, tables: Told) -> None:
    """Of everybody and every open shift; what it would take is said to need objects where there are none."""
    ways = [(way, list(reasons(way))) for way in (objects, tables)]
    for lang in LANGS:
        texts = [[gm.in_words(each, way.morning, lang=lang) for each in found] for way, found in ways]
        other = [pair for pair in zip(*texts, strict=True) if pair[0] != pair[1]]
        assert any(TAKES[lang] in whole for whole, _ in other)
        for whole, less in other:
            beginning, sign, _ = less.partition(NEEDS_OBJECTS[lang])
            assert sign
            assert whole.partition(TAKES[lang])[0].strip() == beginning.strip()


def reasons(way: Told) -> Iterator[gm.evidence.Explanation]:
    """Why everybody has what they have, what else there is for some, and why seats are empty."""
    explainer, answer = way.explainer, way.answer
    for at, worker in enumerate(answer.worker_ids):
        shift, other = answer.shift_of(worker), answer.shift_ids[at % len(answer.shift_ids)]
        yield explainer.why(worker) if shift else explainer.why_unplaced(worker)
        if at % 4 == 0 and shift != other:
            yield explainer.recommend(worker)
            yield explainer.why_not(worker, other)
    for each in answer.open_shifts:
        yield explainer.why_empty(each.shift_id)
        yield explainer.recommend_workers(each.shift_id)


def test_placements_have_the_same_names(objects: Told, tables: Told) -> None:
    """As a frame, with names from either."""
    first, second = (gm.assignment_frame(w.answer, names_from=w.morning) for w in (objects, tables))
    assert first.equals(second)


def test_files_hold_what_frames_hold(whole: gm.Morning, tables: Told, tmp_path: Path) -> None:
    """Through CSV, too: the same labels, the same digest."""
    gm.write_csv(whole, tmp_path)
    read = gm.read_csv(tmp_path)
    assert read.digest() == tables.morning.digest() == read.unlabelled.digest()
    assert gm.match(read).board_text() == tables.answer.board_text()
    found, expected = read.labels.worker_contact, tables.morning.labels.worker_contact
    assert [found[row] for row in range(read.n_workers)] == [expected[row] for row in range(read.n_workers)]


REFUSED: dict[str, Callable[[Told, Path], Any]] = {
    "write_csv": lambda way, path: gm.write_csv(way.morning, path),
    "write_parquet": lambda way, path: gm.write_parquet(way.morning, path),
    "write_xlsx": lambda way, path: gm.write_xlsx(way.morning, path / "m.xlsx"),
    "morning_to_frames": lambda way, _: gm.morning_to_frames(way.morning),
    "Adviser": lambda way, _: gm.Adviser(way.explainer),
    "plan_training": lambda way, _: gm.plan_training([(way.morning, way.answer)], people=1),
    "skill_values": lambda way, _: way.explainer.skill_values(),
    "recommend_newcomer": lambda way, _: way.explainer.recommend_newcomer({"id": "n", "station_id": "hall"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_needs_objects_says_so(tables: Told, tmp_path: Path, name: str) -> None:
    """With the way to them; nothing is written."""
    with pytest.raises(gm.UnsupportedError, match="morning_from_frames"):
        REFUSED[name](tables, tmp_path)
    assert not list(tmp_path.iterdir())


def test_objects_may_be_given_later(whole: gm.Morning, tables: Told) -> None:
    """What the refusals name as the way out is one: advice for an answer that was made from tables."""
    again = gm.morning_from_frames(**gm.morning_to_frames(whole))
    adviser = gm.Adviser(gm.explain(again, tables.answer))
    shift = next(s.shift_id for s in tables.answer.open_shifts)
    assert gm.in_words(adviser.fill(shift), again)
