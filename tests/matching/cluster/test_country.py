"""A morning in parts: the answer that the whole in one place has, to the byte, or an error that says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import gigmatch as gm
from gigmatch.errors import (
    CertificateError,
    InvalidFileError,
    InvalidInputError,
    InvalidPairsError,
    PluginError,
    UnsupportedError,
)
from gigmatch.matching.cluster import blocks
from gigmatch.tables.partitioned import Partitioned
from matching.test_optimal import figures
from tests.conftest import sample, seldom


class EvenHours:
    """A rule of one's own."""

    name, version, severity = "even_hours", 1, "block"

    def __call__(self, columns, pairs):
        """Refuse every seventh pair, by what it is and not by its rows."""
        return columns.shifts.pay_total[pairs.shift] % 7 != 0


class Far:
    """A level of one's own about workers."""

    name, words, largest = "far", "far", 3

    def of_workers(self, columns):
        """More for whoever goes far."""
        return np.minimum(np.nan_to_num(columns.workers.travel_limit_min) // 30, 3).astype(np.int64)


def likes(columns, pairs):
    """A scorer of one's own."""
    return (columns.shifts.capacity[pairs.shift] % 3) / 2


def divided(folder: Path, n: int) -> Partitioned:
    """The sample of a morning market, in which people arrive, dealt out into parts."""
    frames = gm.morning_to_frames(sample("jingshi", workers=120, seed=5))
    dealt = pa.array((np.arange(frames["workers"].num_rows) * 7) % n)
    frames["workers"] = frames["workers"].append_column("district", dealt)
    gm.write_parquet(frames, folder, partition_by="district")
    return Partitioned(folder)


@pytest.fixture(scope="module")
def market(tmp_path_factory) -> Partitioned:
    return divided(tmp_path_factory.mktemp("market"), 3)


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Partitioned:
    folder = tmp_path_factory.mktemp("town")
    gm.write_parquet(gm.samples.city_tables(150, 40, seed=3, partitions=4), folder, partition_by="district")
    return Partitioned(folder)


@pytest.fixture(scope="module")
def village(tmp_path_factory) -> Partitioned:
    """Few people in two parts, for what goes wrong."""
    folder = tmp_path_factory.mktemp("village")
    gm.write_parquet(gm.samples.city_tables(30, 8, seed=3, partitions=2), folder, partition_by="district")
    return Partitioned(folder)


@pytest.fixture(scope="module")
def whole(market) -> gm.Columns:
    return gm.read_parquet(market.folder)


DAILY = "a rule and a scorer of one's own"
OPTIONS = {
    "as it is": {},
    "few pairs at first": {"max_pairs": 240},
    "points alone": {"policy": gm.DEFAULT_POLICY.with_objective("points").with_seed(4)},
    "people first": {"policy": gm.DEFAULT_POLICY.with_people()},
    "a level of one's own": {
        "policy": gm.DEFAULT_POLICY.with_levels(gm.SEATS, Far(), gm.POINTS, gm.LOTTERY),
    },
    "a rule and a scorer of one's own": {
        "rules": [*gm.DEFAULT_RULES, EvenHours()],
        "policy": gm.Policy((*gm.DEFAULT_POLICY.scorers, (likes, 20))),
    },
    "no rules": {"rules": [], "policy": gm.Policy(((likes, 1),)), "max_pairs": 240},
}


@pytest.mark.parametrize("name", [name if name == DAILY else seldom(name) for name in OPTIONS])
def test_the_same_answer_from_parts(market, whole, name):
    """Pairs, values, counts, warnings, baseline and the digest of the morning."""
    assert figures(gm.match(market, **OPTIONS[name])) == figures(gm.match(whole, **OPTIONS[name]))


@pytest.mark.nightly
def test_the_same_answer_from_districts(town):
    """Where most shifts are out of reach for most parts; one part alone is the whole."""
    whole = gm.match(gm.read_parquet(town.folder))
    told = []
    found = gm.match(town, progress=lambda *step: told.append(step))
    assert figures(found) == figures(whole)
    assert {stage for stage, _ in told} >= {"candidates", "verify", "answer"}
    assert found.statistics.counts["pairs verified"] > 0
    gm.check(gm.read_parquet(town.folder), found)


@pytest.mark.nightly
def test_one_file_is_one_part(tmp_path, whole):
    """A folder that nobody divided."""
    gm.write_parquet(gm.samples.city_tables(60, 20, seed=3), tmp_path)
    assert Partitioned(tmp_path).parts == ("",)
    assert figures(gm.match(Partitioned(tmp_path))) == figures(gm.match(gm.read_parquet(tmp_path)))


@pytest.mark.nightly
def test_promised_and_barred_pairs(market, whole):
    """Those that stand beforehand, wherever their workers are."""
    first = gm.match(whole)
    keep, forbid = first.pairs[3:6], first.pairs[:2]
    options = {"keep": keep, "forbid": forbid}
    assert figures(gm.match(market, **options)) == figures(gm.match(whole, **options))
    with pytest.raises(InvalidPairsError, match="nobody"):
        gm.match(market, keep=[("nobody", first.pairs[0][1])])


@pytest.mark.nightly
def test_answers_come_back_as_parquet(market, tmp_path):
    """A file for each part, and none of an older answer."""
    stale = tmp_path / "placements.parquet" / "district=9" / "part-0.parquet"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"old")
    found = gm.match(Partitioned(market.folder, tmp_path))
    table = pa.parquet.read_table(tmp_path / "placements.parquet")
    assert sorted(
        zip(*(table[name].to_pylist() for name in ("worker_id", "shift_id")), strict=True)
    ) == sorted(found.pairs)
    assert sum(table["points"].to_pylist()) == pytest.approx(found.summary.points)


def test_a_full_disk_is_told(village, tmp_path, monkeypatch):
    """Nothing half written is left."""

    def full(table, path):
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(InvalidFileError, match="No space left on device") as caught:
        gm.match(Partitioned(village.folder, tmp_path))
    assert "district=0" in str(caught.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


class Fails:
    """A rule that fails."""

    name, version, severity = "fails", 1, "block"

    def __call__(self, columns, pairs):
        """Ask for what is not there."""
        return columns.workers.attributes["nothing"]


def test_what_fails_names_the_rule_and_the_block(village):
    """Whether it raises anything, or answers with what no rule may."""
    with pytest.raises(PluginError, match=r"district=0.*rule 'fails'.*nothing"):
        gm.match(village, rules=[Fails()])
    with pytest.raises(PluginError, match=r"district=0.*short"):
        gm.match(village, policy=gm.Policy(((short, 1),)))


def short(columns, pairs):
    """A scorer that answers for nobody."""
    return np.ones(0)


def test_what_needs_everybody_in_one_place_is_refused(market):
    """Rather than done wrongly."""

    class Near(Far):
        def of_pairs(self, columns, pairs):
            return np.ones(len(pairs), np.int64)

    levels = gm.DEFAULT_POLICY.with_levels(gm.SEATS, Near(), gm.POINTS, gm.LOTTERY)
    with pytest.raises(UnsupportedError, match="far"):
        gm.match(market, policy=levels)
    with pytest.raises(UnsupportedError, match="promise"):
        gm.match(market, policy=gm.DEFAULT_POLICY.with_requests("promise"))
    with pytest.raises(InvalidInputError, match="Partitioned"):
        gm.match(sample("jingshi", workers=50), cluster=object())
    with pytest.raises(InvalidInputError, match="folder"):
        Partitioned(7)


def test_a_pair_that_was_missed_is_found(market, monkeypatch):
    """The last pass over all pairs trusts no look before it."""
    monkeypatch.setattr(blocks, "looked", lambda block, prices, slack: (block, nothing(block)))
    with pytest.raises(CertificateError, match="are not held"):
        gm.match(market, max_pairs=240)


def nothing(block):
    """What a look finds that looks at nothing."""
    from gigmatch.core.statistics import Statistics
    from gigmatch.pairing.eligible import Held

    return Held.joined([]), 0, False, Statistics()


def test_scores_that_change_are_found(village, monkeypatch):
    """Points of the answer are those that it was solved with."""

    def other(block, shift, first_come):
        block, found = answered(block, shift, first_come)
        return block, found._replace(placed=found.placed._replace(points=found.placed.points + 1))

    answered = blocks.answered
    monkeypatch.setattr(blocks, "answered", other)
    with pytest.raises(CertificateError, match="do not answer twice alike"):
        gm.match(village)


def test_files_that_change_are_found(village, tmp_path, monkeypatch):
    """The workers of a part are the same wherever they are read, and nobody's windows lie in no part."""
    monkeypatch.setattr(blocks, "ids_digest", lambda ids: "of others")
    with pytest.raises(InvalidFileError, match="district=0"):
        gm.match(village)
    shutil.copytree(village.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "windows.parquet/district=7").mkdir(parents=True)
    with pytest.raises(InvalidFileError, match="district=7"):
        gm.match(Partitioned(tmp_path))


def test_a_column_that_divides_is_there_for_everybody(tmp_path):
    """Else somebody would be in no part."""
    with pytest.raises(InvalidInputError, match="region"):
        gm.write_parquet(gm.samples.city_tables(20, 5, partitions=2), tmp_path, partition_by="region")


@pytest.mark.parametrize(
    ("folder", "into"),
    [("it", "it"), ("it", "it/answer"), ("it", "other/../it"), ("a/placements.parquet/x", "a")],
)
def test_an_answer_lies_beside_what_is_read(tmp_path, folder, into):
    """Among the tables it would be read as one of them; and what it clears away must not be they."""
    with pytest.raises(InvalidInputError, match="beside") as caught:
        Partitioned(tmp_path / folder, tmp_path / into)
    assert caught.value.code == "answer_in_source"


@pytest.mark.parametrize("into", ["file", "file/answer"])
def test_an_answer_is_no_file(tmp_path, into):
    """Told before any work, with the file that stands there."""
    (tmp_path / "file").touch()
    with pytest.raises(InvalidInputError, match="file' is a file; give a folder"):
        Partitioned(tmp_path / "country", tmp_path / into)
    assert Partitioned(tmp_path / "country", tmp_path / "new" / "answer").into


def test_a_column_that_divides_is_known(village):
    """Read as one morning, nothing is told of it; it may be kept as what rules see of workers."""
    for extra in ("ignore", "refuse", "keep"):
        columns = gm.read_parquet(village.folder, extra=extra)
        assert not columns.reading.notes
        assert ("district" in columns.workers.attributes) == (extra == "keep")
