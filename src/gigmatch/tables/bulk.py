"""From tables to rows to columns, without an object per row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gigmatch.columns import (
    Asked,
    Columns,
    GoTogether,
    Held,
    LabelColumn,
    Labels,
    Links,
    OfferedPay,
    Places,
    Rows,
    ShiftRows,
    Sites,
    StationLabels,
    Times,
    WorkerRows,
    compiled,
    names_by,
    place_notes,
)
from gigmatch.columns.orders import by_number
from gigmatch.core.arrays import BoolArray, Float64Array, Int64Array
from gigmatch.errors import InvalidMorningError
from gigmatch.i18n import Told, joined
from gigmatch.model import LegalLimit
from gigmatch.model.aliases import named
from gigmatch.model.datum import to_wgs84_many
from gigmatch.model.reading import LeftOut, Reading
from gigmatch.model.unmet import MOST_COMPARED, Names, folded, unmet
from gigmatch.model.values import BLANKS
from gigmatch.tables.cells import mask_of, whole
from gigmatch.tables.checked import MOST_DETAILED, Checked, Problem, Tables, attribute_values, plain_rows
from gigmatch.tables.checking import checked
from gigmatch.tables.provenance import ProvenanceByTable
from gigmatch.tables.schema import schema

__all__ = ["columns_of_tables", "sound_tables"]

# What everybody depends on is never left out: a morning without a limit, or a skill, is another morning.
_NEEDED = ("morning", "stations", "limits", "skills", "skill_covers", "reference_wages")


def columns_of_tables(found: Checked) -> Columns:
    """Columns of tables that have been read and have no problems."""
    return compiled(_rows(found))


def sound_tables(
    tables: Tables, source: str, *, collect: bool, provenance: ProvenanceByTable | None = None
) -> tuple[Checked, Reading]:
    """Tables read, and the rows that were left out; none unless they may be.

    A row with a problem takes along what it belongs to and what refers to it: a worker whose window cannot be
    read must not become one who is free all day.
    """
    given = {name: np.arange(table.num_rows) for name, table in tables.items()}
    left_out: dict[str, list[LeftOut]] = {name: [] for name in schema()}
    counts: Counter[str] = Counter()
    while (found := checked(tables, given, provenance)).problems:
        if not collect or any(p.row is None or p.table in _NEEDED for p in found.problems):
            raise _refused(found, source)
        gone, why = _left_out(found)
        for name, rows in why.items():
            told = [
                LeftOut(name, int(given[name][row]), text, found.path(name, row))
                for row, text in rows.items()
            ]
            left_out[name] += told[: MOST_DETAILED - len(left_out[name])]
        counts.update({name: int(mask.sum()) for name, mask in gone.items()})
        given = {name: rows[~gone[name]] if name in gone else rows for name, rows in given.items()}
        tables = {
            name: table.filter(pa.array(~gone[name])) if name in gone else table
            for name, table in tables.items()
        }
    listed = [row for rows in left_out.values() for row in sorted(rows, key=lambda row: row.row)]
    return found, Reading(tuple(listed), counts={name: counts[name] for name in schema() if counts[name]})


def _refused(found: Checked, source: str) -> InvalidMorningError:
    """Everything that is wrong: in detail, and counted by column where that is not all."""
    problems = _once(found)
    in_rows = sum(p.row is not None for p in found.problems)
    if found.counts.total() == in_rows:
        return InvalidMorningError(problems, source)
    counts: dict[str, int] = {
        found.path(table, None, column): n for (table, column), n in found.counts.items()
    }
    more = found.counts.total() - in_rows
    return InvalidMorningError(problems, source, more=more, counts=counts)


def _once(found: Checked) -> list[tuple[Told, Told]]:
    """Where each problem is, and what it is; of a cell that became cells of several tables the first's."""
    first: dict[str, str] = {}
    paths = [found.path(p.table, p.row, p.column) for p in found.problems]
    return [
        (path, p.message)
        for path, p in zip(paths, found.problems, strict=True)
        if not p.column or first.setdefault(path, p.table) == p.table
    ]


class _Gone:
    """Rows that are left out, by table, and why those are that are told of in detail."""

    def __init__(self, found: Checked) -> None:
        self.rows = found.rows
        self.masks: dict[str, BoolArray] = {}
        self.why: dict[str, dict[int, Told]] = {name: {} for name in schema()}

    def add(self, table: str, rows: Int64Array, why: Callable[[int], Told]) -> Int64Array:
        """Leave out rows of a table; returns those that were not left out before."""
        mask = self.masks.setdefault(table, np.zeros(self.rows[table], dtype=bool))
        fresh = np.unique(rows[~mask[rows]])
        mask[fresh] = True
        texts = self.why[table]
        for row in fresh[: MOST_DETAILED - len(texts)].tolist():
            texts[row] = why(row)
        return fresh


def _left_out(found: Checked) -> tuple[dict[str, BoolArray], dict[str, dict[int, Told]]]:
    """By table, the rows to leave out, those with a problem and all that hangs on them, and why."""
    gone, texts = _Gone(found), _by_row(found.problems)
    fresh = [
        (name, gone.add(name, np.flatnonzero(found.wrong[name]), lambda row, name=name: texts[name, row]))  # type: ignore[misc]
        for name in schema()
        if name in found.wrong
    ]
    while fresh:
        fresh = [
            (other, more)
            for name, rows in fresh
            for other, more in _hanging(found, gone, name, rows)
            if len(more)
        ]
    return gone.masks, gone.why


def _by_row(problems: list[Problem]) -> dict[tuple[str, int], Told]:
    """All that is wrong with a row, in one line."""
    texts: dict[tuple[str, int], list[Told]] = {}
    place = cache(named)
    for problem in problems:
        said = problem.message
        if problem.column:
            said = Told.of("errors.in_place", place=place(problem.column), error=said)
        texts.setdefault((problem.table, problem.row or 0), []).append(said)
    return {at: joined("errors.then", lines) for at, lines in texts.items()}


def _hanging(found: Checked, gone: _Gone, name: str, rows: Int64Array) -> Iterator[tuple[str, Int64Array]]:
    """What rows just left out belong to, and what refers to them: left out as well, by table."""
    if schema()[name].owner:
        owner = schema()[name].column(schema()[name].owner).refers
        above = found.owners[name][rows]
        last = dict(zip(above.tolist(), rows.tolist(), strict=True))

        def belongs(row: int) -> Told:
            return Told.of("errors.its_row_left_out", place=found.path(name, last[row]))

        yield owner, gone.add(owner, above[above >= 0], belongs)
    left_out = np.zeros(found.rows[name] + 1, dtype=bool)  # one more for -1, which leads nowhere
    left_out[rows] = True
    for (other, column), target in found.targets.items():
        if schema()[other].column(column).refers == name:

            def refers(row: int, column: str = column, target: Int64Array = target) -> Told:
                place = found.path(name, int(target[row]))
                return Told.of("errors.reference_left_out", column=named(column), place=place)

            yield other, gone.add(other, np.flatnonzero(left_out[target]), refers)


class _Order(NamedTuple):
    """The order of the rows of a table in the columns, and back."""

    rows: Int64Array | slice
    """Row in the table of each row of the columns; a slice of all where they stand in order already."""
    place: Int64Array | None
    """Row of the columns of each row of the table; one more for -1, which stays -1. None likewise."""

    def placed(self, rows: Int64Array) -> Int64Array:
        """Rows of the columns, of rows of the table."""
        return rows if self.place is None else self.place[rows]


def _ordered(found: Checked, table: str, first_by: Float64Array | None = None) -> _Order:
    """By id, or by something else before it, unknown last."""
    n, lookup = found.rows[table], found.lookups[table]
    # Python sorts names by code points, and so does Arrow.
    rows = np.arange(n) if lookup.is_rising else pc.sort_indices(found.values(table, "id")).to_numpy()
    if first_by is not None and not np.isnan(first_by).all():
        soonest, latest = np.nanmin(first_by), np.nanmax(first_by)
        rows = rows[by_number(whole(first_by - soonest, unknown=int(latest - soonest) + 1)[rows])]
    if (rows[1:] > rows[:-1]).all():
        return _Order(slice(None), None)
    place = np.full(n + 1, -1, dtype=np.int64)
    place[rows] = np.arange(n)
    return _Order(rows.astype(np.int64), place)


class _Reader:
    """The columns of tables, in the order of the columns to be."""

    def __init__(self, found: Checked) -> None:
        self.found = found
        self.orders = {
            "workers": _ordered(found, "workers", found.values("workers", "arrived_at_min")),
            **{
                name: _ordered(found, name)
                for name in ("shifts", "employers", "brokers", "crews", "companions")
            },
        }

    def ids(self, table: str) -> tuple[str, ...]:
        names, rows = self.found.values(table, "id"), self.orders[table].rows
        texts = names if isinstance(rows, slice) else names.take(pa.array(rows))
        return tuple(texts.to_numpy(zero_copy_only=False).tolist())

    def texts(self, table: str, name: str) -> LabelColumn:
        """Texts of workers, shifts, employers or brokers, in their order; nothing where no row has one."""
        if not self.found.known(table, name).any():
            return LabelColumn()
        values, rows = self.found.values(table, name), self.orders[table].rows
        return LabelColumn(values if isinstance(rows, slice) else values.take(pa.array(rows)))

    def column(self, table: str, name: str) -> NDArray[Any]:
        """A column of workers, shifts, employers or brokers."""
        return np.ascontiguousarray(self.found.values(table, name)[self.orders[table].rows])

    def whole(self, table: str, name: str) -> Int64Array:
        return whole(self.column(table, name))

    def rows(self, table: str, column: str) -> Int64Array:
        """Where a name leads to, as a row of the columns; -1 for nobody."""
        target = schema()[table].column(column)
        return self.orders[target.refers or target.names].placed(self.found.targets[table, column])

    def own(self, table: str, column: str) -> Int64Array:
        """`rows` of a column of workers or shifts, in their order."""
        return self.rows(table, column)[self.orders[table].rows]

    def times(self, table: str, owner: str) -> Times:
        whole = self.found.whole
        return Times(self.rows(table, owner), whole(table, "start_min"), whole(table, "end_min"))

    def links(self, table: str, other: str, values: Float64Array | float = 1.0) -> Links:
        n = self.found.rows[table]
        return Links(
            self.rows(table, "worker_id"),
            self.rows(table, other),
            np.broadcast_to(values, n).astype(np.float64),
        )

    def places(self, table: str, prefix: str = "") -> Places:
        lat, lon, datum = (self.column(table, f"{prefix}{part}") for part in ("lat", "lon", "datum"))
        return Places(lat, lon, datum)

    def attributes(self, table: str, owner: str, owners: str) -> dict[str, NDArray[np.object_]]:
        """Free attributes by name; they go through objects, one by one."""
        rows, names = self.rows(table, owner).tolist(), self.found.values(table, "name").to_pylist()
        found: dict[str, NDArray[np.object_]] = {
            name: np.full(self.found.rows[owners], None, dtype=object) for name in sorted(set(names))
        }
        for row, name, value in zip(rows, names, attribute_values(self.found, table), strict=True):
            found[name][row] = value
        return found


def _rows(found: Checked) -> Rows:
    read = _Reader(found)
    kinds = tuple(sorted(pc.unique(found.values("shift_credentials", "kind")).to_pylist()))
    wages = np.full(found.rows["skills"], np.nan)
    wages[found.targets["reference_wages", "skill"]] = found.values("reference_wages", "per_hour")
    licence = found.values("brokers", "licence")
    licensed = mask_of(pc.greater(pc.binary_length(licence), 0))
    praise = found.values("past_employers", "praise").astype(np.float64)
    return Rows(
        clock=found.clock,
        currency=found.values("morning", "currency")[0].as_py(),
        market_insurance=bool(found.values("morning", "market_insurance")[0]),
        arrivals_bind=bool(found.values("morning", "arrivals_bind")[0]),
        limits=tuple(LegalLimit.model_validate(row) for row in plain_rows(found, "limits")),
        skill_codes=tuple(found.values("skills", "code").to_pylist()),
        covers=(found.targets["skill_covers", "skill"], found.targets["skill_covers", "covered"]),
        wages=wages,
        kinds=kinds,
        workers=_worker_rows(read, kinds),
        shifts=_shift_rows(read, kinds),
        employer_ids=read.ids("employers"),
        employer_standing=read.column("employers", "standing"),
        employer_punctuality=read.column("employers", "payment_punctuality"),
        broker_ids=read.ids("brokers"),
        broker_standing=read.column("brokers", "standing"),
        broker_licensed=licensed[read.orders["brokers"].rows],
        hours=read.links("employer_hours", "employer_id", found.values("employer_hours", "hours")),
        past=read.links("past_employers", "employer_id", np.where(praise < 0, 2.0, praise)),
        preferred=read.links("worker_preferences", "employer_id"),
        refused_by_worker=read.links("worker_refusals", "employer_id"),
        refused_by_employer=read.links("employer_refusals", "employer_id", 2.0),
        refused_by_broker=read.links("broker_refusals", "broker_id"),
        requested_shifts=read.links("requests", "shift_id"),
        requested_employers=read.links("requests", "employer_id"),
        labels=_labels(read),
        notes=_place_notes(found) + unmet(_names_in(found)),
    )


def _place_notes(found: Checked) -> tuple[Told, ...]:
    """What looks wrong about places, by table and row."""
    hall = _hall(found)
    stations, workers, shifts = (
        _sites(found, table, prefix)
        for table, prefix in (("stations", ""), ("workers", "home_"), ("shifts", ""))
    )
    market = Sites(
        stations.lat[[hall]],
        stations.lon[[hall]],
        lambda _: stations.name(hall),
        lambda _: stations.path(hall),
    )
    return place_notes(market, [stations, workers, shifts])


def _names_in(found: Checked) -> Names:
    """The names that tables have, each once."""

    def each(table: str, column: str) -> frozenset[str]:
        values = found.cells[table][column].values
        codes = values.dictionary if isinstance(values, pa.DictionaryArray) else values
        return frozenset(pc.unique(codes.drop_null()).to_pylist())

    covers: dict[str, set[str]] = {}
    pairs = (found.values("skill_covers", name).to_pylist() for name in ("skill", "covered"))
    for skill, covered in zip(*pairs, strict=True):
        covers.setdefault(skill, set()).add(covered)
    return Names(
        anybody=found.rows["workers"] > 0,
        skills={name: frozenset(codes) for name, codes in covers.items()},
        skills_asked=each("shift_skills", "skill"),
        skills_had=each("worker_skills", "skill"),
        kinds_asked=each("shift_credentials", "kind"),
        kinds_had=each("credentials", "kind"),
        requested=each("requests", "worker_id"),
        here=each("workers", "id") if found.rows["workers"] <= MOST_COMPARED else frozenset(),
        parties=(_alike(found, "employers"), _alike(found, "workers")),
        twins=(_twins(found, "employers"), _twins(found, "skills")),
    )


def _twins(found: Checked, table: str) -> frozenset[str]:
    """The names of a table, where two of them look the same."""
    names = found.values(table, schema()[table].key[0])
    plain = pc.utf8_lower(pc.utf8_normalize(names, "NFKC"))
    plain = pc.replace_substring_regex(plain, f"[{BLANKS}]", "")
    return frozenset(names.to_pylist()) if pc.count_distinct(plain).as_py() < len(names) else frozenset()


def _alike(found: Checked, table: str) -> tuple[frozenset[str], frozenset[str]]:
    """Who is there and called, but for capitals, as one who is named and is not; and those who are not."""
    lost: set[str] = set()
    for (name, column), target in found.targets.items():
        if schema()[name].column(column).names == table:
            gone = pa.array(found.known(name, column) & (target < 0))
            lost.update(pc.unique(found.values(name, column).filter(gone)).to_pylist())
    if not lost:
        return frozenset(), frozenset()
    ids = found.values(table, "id")
    same = pc.is_in(
        pc.utf8_lower(pc.utf8_normalize(ids, "NFKC")),
        value_set=pa.array(sorted(map(folded, lost)), pa.large_string()),
    )
    return frozenset(ids.filter(same).to_pylist()), frozenset(lost)


def _sites(found: Checked, table: str, prefix: str) -> Sites:
    lat, lon = (found.values(table, f"{prefix}{part}") for part in ("lat", "lon"))

    def name(row: int) -> str:
        key: str = found.values(table, "id")[row].as_py()
        return key

    return Sites(lat, lon, name, lambda row: found.path(table, row))


def _labels(read: _Reader) -> Labels:
    """What people read, as Arrow has it."""
    found, hall = read.found, _hall(read.found)
    skills = (found.values("skills", part).to_pylist() for part in ("code", "name"))
    return Labels(
        worker_name=read.texts("workers", "name"),
        worker_contact=read.texts("workers", "contact"),
        shift_title=read.texts("shifts", "title"),
        shift_address=read.texts("shifts", "address"),
        shift_place=read.texts("shifts", "label"),
        shift_crew=_crews(read),
        employer_name=read.texts("employers", "name"),
        employer_contact=read.texts("employers", "contact"),
        broker_name=read.texts("brokers", "name"),
        broker_contact=read.texts("brokers", "contact"),
        broker_licence=read.texts("brokers", "licence"),
        market_name=found.values("stations", "name")[hall].as_py(),
        market_contact=found.values("stations", "contact")[hall].as_py(),
        skill_name=names_by(*skills),
        stations=_stations(read),
        offered_pay=OfferedPay(read.column("shifts", "pay_amount"), read.column("shifts", "pay_unit")),
    )


def _crews(read: _Reader) -> LabelColumn:
    """What people call the crew of every shift, else its id."""
    found = read.found
    ids, names = (found.values("crews", part).to_pylist() for part in ("id", "name"))
    if not ids:
        return LabelColumn()
    told = [*(name or key for key, name in zip(ids, names, strict=True)), ""]  # -1 is the last
    at = found.targets["shifts", "crew_id"][read.orders["shifts"].rows]
    return LabelColumn([told[row] for row in at.tolist()])


def _hall(found: Checked) -> int:
    """Row of the market among the stations."""
    ids: list[str] = found.values("stations", "id").to_pylist()
    return ids.index(found.values("morning", "market_id")[0].as_py())


def _stations(read: _Reader) -> StationLabels:
    """The market first, then the others as the table has them."""
    found, hall = read.found, _hall(read.found)
    rows = [hall, *(row for row in range(found.rows["stations"]) if row != hall)]
    place = np.full(len(rows) + 1, -1, dtype=np.intp)
    place[rows] = np.arange(len(rows))
    lat, lon, datum = (found.values("stations", part)[rows] for part in ("lat", "lon", "datum"))
    ids, names = (found.values("stations", part).take(pa.array(rows)).to_pylist() for part in ("id", "name"))
    return StationLabels(
        tuple(ids),
        tuple(name or "" for name in names),
        np.stack(to_wgs84_many(lat, lon, datum), axis=1),
        place[found.targets["workers", "station_id"][read.orders["workers"].rows]],
    )


def _worker_rows(read: _Reader, kinds: tuple[str, ...]) -> WorkerRows:
    found = read.found
    groups = found.values("worker_groups", "priority_group")
    group_names = tuple(sorted(pc.unique(groups).to_pylist()))

    def column(name: str) -> Any:
        return read.column("workers", name)

    return WorkerRows(
        ids=partial(read.ids, "workers"),
        plain={
            "mode": column("travel_mode"),
            "travel_limit_min": column("travel_limit_min"),
            "floor_per_hour": column("pay_floor_per_hour"),
            "floor_per_day": column("pay_floor_per_day"),
            "settlement": column("wanted_settlement"),
            "insured": column("insured") == 1,
            "insurance_required": column("insurance_required") == 1,
            "arrived_at_min": column("arrived_at_min"),
            "last_shift_end_min": column("last_shift_end_min"),
            "days_waiting": column("days_since_last_placement"),
            "rating": column("rating"),
            "max_shifts": read.whole("workers", "max_shifts").astype(np.int32),
            "max_hours_today": column("max_hours_today"),
            "least_break_min": read.whole("workers", "least_break_min").astype(np.int32),
        },
        places=_homes(read),
        birth_date=column("birth_date"),
        age_years=column("age_years"),
        hours_this_week=column("hours_this_week"),
        windows=read.times("windows", "worker_id"),
        commitments=read.times("commitments", "worker_id"),
        skills=Held(
            read.rows("worker_skills", "worker_id"),
            found.targets["worker_skills", "skill"],
            _levels(found, "worker_skills"),
        ),
        credentials=Held(
            read.rows("credentials", "worker_id"),
            _codes(found.values("credentials", "kind"), kinds),
            _levels(found, "credentials"),
        ),
        level_known=whole(found.values("credentials", "level"), unknown=0) > 0,
        valid_to=found.values("credentials", "valid_to"),
        review_due=found.values("credentials", "review_due"),
        group_names=group_names,
        group_row=read.rows("worker_groups", "worker_id"),
        group=_codes(groups, group_names),
        companions=_companions(read),
        attributes=read.attributes("worker_attributes", "worker_id", "workers"),
    )


def _companions(read: _Reader) -> GoTogether:
    table = "companion_members"
    choices = schema()["companions"].column("together").choices
    return GoTogether(
        read.rows(table, "worker_id"),
        read.rows(table, "companions_id"),
        read.column("companions", "together") == choices.index("crew"),
    )


def _homes(read: _Reader) -> Places:
    """Where workers set out from: home, else the station."""
    homes, stations = read.places("workers", "home_"), read.found.cells["stations"]
    away = np.isnan(homes.lat)
    if not away.any():
        return homes
    at = read.found.targets["workers", "station_id"][read.orders["workers"].rows]

    def where(part: str, home: NDArray[Any]) -> NDArray[Any]:
        return np.where(away, np.append(stations[part].values, 0)[at], home)

    lat, lon = where("lat", homes.lat), where("lon", homes.lon)
    return Places(lat, lon, where("datum", homes.datum).astype(np.int8))


def _levels(found: Checked, table: str) -> Int64Array:
    """Levels; unknown counts as 5."""
    return whole(found.values(table, "level"), unknown=5)


def _codes(names: Any, among: tuple[str, ...]) -> Int64Array:
    """Position of each name, -1 for others."""
    found = pc.index_in(names, value_set=pa.array(among, type=pa.large_string()), skip_nulls=True)
    codes: Int64Array = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _shift_rows(read: _Reader, kinds: tuple[str, ...]) -> ShiftRows:
    found = read.found

    def column(name: str) -> Any:
        return read.column("shifts", name)

    return ShiftRows(
        ids=partial(read.ids, "shifts"),
        plain={
            "employer": read.own("shifts", "employer_id").astype(np.int32),
            "broker": read.own("shifts", "broker_id").astype(np.int32),
            "capacity": read.whole("shifts", "headcount"),
            "tier": read.whole("shifts", "priority_tier"),
            "settlement": column("settlement"),
            "insured": column("insurance") == 1,
            "outdoor": column("outdoor"),
            "meals": column("meals"),
            "lodging": column("lodging"),
            "min_age_years": column("min_age_years"),
            "max_age_years": column("max_age_years"),
        },
        places=read.places("shifts"),
        periods=read.times("periods", "shift_id"),
        break_min=found.whole("periods", "break_min"),
        min_minutes=read.whole("shifts", "min_minutes"),
        pay_amount=column("pay_amount"),
        pay_unit=column("pay_unit"),
        pieces=read.whole("shifts", "pay_expected_pieces"),
        hazard_row=read.rows("shift_hazards", "shift_id"),
        hazard=found.values("shift_hazards", "hazard").astype(np.int64),
        crew=read.own("shifts", "crew_id"),
        minimum_headcount=whole(column("minimum_headcount"), unknown=0),
        all_of=_asked(read, "all_of"),
        any_of=_asked(read, "any_of"),
        credentials=Asked(
            read.rows("shift_credentials", "shift_id"),
            _codes(found.values("shift_credentials", "kind"), kinds),
            found.whole("shift_credentials", "least_level"),
        ),
        attributes=read.attributes("shift_attributes", "shift_id", "shifts"),
    )


def _asked(read: _Reader, which: str) -> Asked:
    """Skills asked for, each shift's in order of position, then of row."""
    found, choices = read.found, schema()["shift_skills"].column("asked").choices
    at = np.flatnonzero(found.values("shift_skills", "asked") == choices.index(which))
    at = at[np.argsort(found.values("shift_skills", "position")[at], kind="stable")]
    return Asked(
        read.rows("shift_skills", "shift_id")[at],
        found.targets["shift_skills", "skill"][at],
        found.whole("shift_skills", "least_level")[at],
    )
