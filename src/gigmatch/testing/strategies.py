"""Hypothesis strategies: small mornings that look at every field.

Values come from small pools of round numbers, so that what rarely meets in real data (a refusal and a shift
of that employer, a window ending in the very minute a period ends, an expiry on the last day) meets all the
time. Strategies are built once and kept, since building them takes longer than drawing from them.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from typing import Any, get_args

from hypothesis import strategies as st

from gigmatch.model import (
    Broker,
    Companions,
    Credential,
    CredentialRequirement,
    Crew,
    Employer,
    EmployerHours,
    Hazard,
    Jurisdiction,
    LegalLimit,
    Location,
    Market,
    Mode,
    Morning,
    PastEmployer,
    Pay,
    PayUnit,
    Period,
    ReferenceWage,
    Settlement,
    Shift,
    Skill,
    SkillRequirement,
    Standing,
    Station,
    TimeSpan,
    Worker,
    WorkerSkill,
)

__all__ = ["jurisdictions", "locations", "mornings", "pays", "periods", "shifts", "spans", "workers"]

DATES = (dt.date(2025, 10, 25), dt.date(2024, 2, 29))
"""On the night after the first clocks go back in Berlin; the second is a leap day."""
SKILLS = ("mason", "helper", "electrician", "elder_care")
CREDENTIALS = ("electrician", "health")
WORKERS = ("w1", "w2", "w9", "w10", "W1", "李", "a b", "w-1", "w_1", "z", "0", "00")
SHIFTS = ("s1", "s2", "s10", "S1", "班", "x y", "0", "w1")
EMPLOYERS = ("e1", "e2", "e3")
BROKERS = ("b1", "b2")
STATIONS = ("st1", "st2")
CREWS = ("c1", "c2")
GROUPS = ("zero_employment_household", "low_income_household")
CLOCK = (0, 360, 480, 540, 600, 720, 780, 1020, 1080, 1320, 1440, 1920, 2460, 2880)

NEAR = (39.9, 116.2)
PLACES = (
    *[(*NEAR, datum) for datum in ("WGS-84", "GCJ-02", "BD-09")],
    (39.901, 116.201, "WGS-84"),  # some minutes' walk away
    (39.95, 116.25, "GCJ-02"),  # some kilometres
    (39.745, 116.54, "WGS-84"),  # some 35 km
    (31.23, 121.47, "BD-09"),  # Shanghai
    (0.0, 179.999, "WGS-84"),  # either side of the antimeridian
    (0.0, -179.999, "WGS-84"),
    (89.999, 0.0, "WGS-84"),  # either side of the pole
    (89.999, 180.0, "WGS-84"),
    (-90.0, -180.0, "WGS-84"),
)
LIMITS: dict[str, tuple[float, ...]] = {
    "minimum_wage_per_hour": (0, 14.6, 20),
    "minimum_wage_per_hour_part_time": (15, 27.7),
    "minimum_age_years": (16, 18),
    "youth_age_years": (18,),
    "over_age_years": (60,),
    "max_hours_per_day": (8, 11),
    "min_rest_hours": (0, 2, 8),
    "max_hours_per_week": (20, 44),
    "max_hours_per_week_per_employer": (24,),
    "paid_days_per_month": (1, 21.75, 30),
}


@lru_cache(None, typed=True)  # typed: 1, 1.0 and True are different values here
def _pick(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@cache
def _some(pool: tuple[Any, ...], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(pool), max_size=most, unique=True).map(tuple)


@cache
def _names(pool: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Distinct names in any order; more often many than few, since an empty morning shows little."""
    counts = _pick(most, (most + 1) // 2, min(2, most), min(1, most), 0)
    return st.tuples(st.permutations(pool), counts).map(lambda drawn: tuple(drawn[0][: drawn[1]]))


def _tuples(items: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=most).map(tuple)


def _build(model: Any, required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Models with every required field, and any of the others."""
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: model(**values))


TRI = _pick(None, True, False)


@cache
def locations() -> st.SearchStrategy[Location]:
    """Places in three datums: mostly the same few, some far, some at the edges of the map."""
    near = st.sampled_from(PLACES[:4])
    return st.one_of(near, near, st.sampled_from(PLACES)).map(
        lambda place: Location(lat=place[0], lon=place[1], datum=place[2])
    )


@cache
def spans() -> st.SearchStrategy[TimeSpan]:
    """Intervals between round times of two days."""
    pairs = st.lists(st.sampled_from(CLOCK), min_size=2, max_size=2, unique=True).map(sorted)
    return pairs.map(lambda pair: TimeSpan(start_min=pair[0], end_min=pair[1]))


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, ...]:
    """One to three periods that do not overlap, touching or over two days, in any order."""
    cuts = sorted(draw(st.lists(st.sampled_from(CLOCK), min_size=2, max_size=4, unique=True)))
    kept = draw(st.lists(st.sampled_from(range(len(cuts) - 1)), min_size=1, unique=True))
    rest = draw(_pick(0, 0, 30, 59))
    return tuple(Period(start_min=cuts[i], end_min=cuts[i + 1], break_min=rest) for i in kept)


@st.composite
def pays(draw: st.DrawFn) -> Pay:
    """Every unit, with amounts that meet the floors and limits of the pools."""
    unit = draw(st.sampled_from(get_args(PayUnit)))
    amount = draw(_pick(0, 8, 15, 20.5, 100, 150, 210, 420, 7000))
    pieces = draw(_pick(1, 8, 30)) if unit == "piece" else None
    return Pay(amount=amount, unit=unit, expected_pieces=pieces)


@cache
def _birth(today: dt.date) -> st.SearchStrategy[dt.date]:
    """Birthdays on the day, the day before and the day after, at the ages where something changes."""
    years = _pick(16, 17, 18, 40, 60, 61)
    near = st.builds(
        lambda y, d: dt.date(today.year - y, today.month, 28) + dt.timedelta(d), years, _pick(-1, 0, 1)
    )
    same = years.map(lambda y: today.replace(day=min(today.day, 28)).replace(year=today.year - y))
    return st.one_of(same, same.map(lambda day: day + dt.timedelta(1)), near)


def _days_from(today: dt.date) -> st.SearchStrategy[dt.date]:
    return _pick(-400, -1, 0, 1, 2, 400).map(lambda days: today + dt.timedelta(days))


def workers(identifier: str, today: dt.date, stations: tuple[str, ...]) -> st.SearchStrategy[Worker]:
    """A worker; with a home, a station or both; every other field known or not."""
    return _worker_fields(today, stations).map(lambda fields: Worker(id=identifier, **fields))


@cache
def _worker_fields(today: dt.date, stations: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    level = _pick(None, 1, 3, 4, 5)
    skill = st.builds(WorkerSkill, skill=st.sampled_from(SKILLS), level=level)
    day = st.none() | _days_from(today)
    credential = st.builds(
        Credential, kind=st.sampled_from(CREDENTIALS), level=level, valid_to=day, review_due=day
    )
    employer = st.sampled_from((*EMPLOYERS, "ghost"))
    worked = st.builds(EmployerHours, employer_id=employer, hours=_pick(0, 4, 16, 24))
    past = st.builds(PastEmployer, employer_id=employer, shifts=_pick(None, 0, 1, 12), praise=TRI)
    others = st.fixed_dictionaries(
        {"skills": _tuples(skill, 3)},
        optional={
            "credentials": _tuples(credential),
            "windows": _tuples(spans()),
            "commitments": _tuples(spans(), 1),
            "arrived_at_min": _pick(-60, 290, 330, 330, 420),
            "pay_floor_per_hour": _pick(0, 15, 20, 25.5),
            "pay_floor_per_day": _pick(0, 150, 210, 300),
            "wanted_settlement": st.sampled_from(get_args(Settlement)),
            "travel_limit_min": _pick(0.5, 15, 30, 90, 1440),
            "travel_mode": st.sampled_from(get_args(Mode)),
            "insured": TRI,
            "insurance_required": st.booleans(),
            "last_shift_end_min": _pick(-600, 0, 320, 480, 481),
            "hours_this_week": _pick(0, 12, 36, 44, 60),
            "hours_by_employer": _tuples(worked),
            "past_employers": _tuples(past),
            "days_since_last_placement": _pick(0, 1, 7, 400),
            "rating": _pick(0, 2.5, 4.9, 5),
            "priority_groups": _some(GROUPS),
            "refused_employer_ids": _some((*EMPLOYERS, "ghost")),
            "preferred_employer_ids": _some((*EMPLOYERS, "ghost")),
            "attributes": _attributes(),
        },
    )
    together = st.tuples(_where_from(stations), _how_old(today), others)
    return together.map(lambda parts: parts[0] | parts[1] | parts[2])


def _where_from(stations: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """A home, a station or both."""
    return st.one_of(
        locations().map(lambda home: {"home": home}),
        st.sampled_from(stations).map(lambda station: {"station_id": station}),
        st.builds(
            lambda home, station: {"home": home, "station_id": station},
            locations(),
            st.sampled_from(stations),
        ),
    )


def _how_old(today: dt.date) -> st.SearchStrategy[dict[str, Any]]:
    """An age, a date of birth or neither."""
    return st.one_of(
        st.just({}),
        _pick(15, 16, 17, 18, 59, 60, 61).map(lambda years: {"age_years": years}),
        _birth(today).map(lambda birth: {"birth_date": birth}),
    )


@cache
def _attributes() -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(_pick("tools", "远近"), _pick("own", True, False, 0, 1, 1.0, -2.5), max_size=2)


@st.composite
def shifts(
    draw: st.DrawFn,
    identifier: str,
    *,
    employers: tuple[str, ...] = EMPLOYERS,
    brokers: tuple[str, ...] = BROKERS,
    crews: tuple[str, ...] = (),
) -> Shift:
    """A shift; fixed or flexible, of any length, pay and need."""
    times = draw(periods())
    length = sum(period.minutes - period.break_min for period in times)
    least = draw(_pick(1, min(60, length), -(-length // 2), length))
    flexible = {"attendance": "flexible", "min_minutes": least}
    headcount = draw(_pick(1, 1, 2, 3))
    crew = (
        {"minimum_headcount": draw(_pick(None, 1, headcount)), "crew_id": draw(_pick(None, *crews))}
        if crews
        else {}
    )
    ages = draw(_pick((), ("min_age_years", 18), ("max_age_years", 60), ("min_age_years", 40)))
    return Shift(
        id=identifier,
        employer_id=draw(st.sampled_from(employers)),
        location=draw(locations()),
        periods=times,
        pay=draw(pays()),
        headcount=headcount,
        **({ages[0]: ages[1]} if ages else {}),
        **(flexible if draw(_pick(False, False, True)) else {}),
        **draw(_shift_fields(brokers)),
        **crew,
    )


@cache
def _shift_fields(brokers: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    requirement = st.builds(SkillRequirement, skill=st.sampled_from(SKILLS), least_level=_pick(5, 5, 4, 1))
    papers = st.builds(CredentialRequirement, kind=st.sampled_from(CREDENTIALS), least_level=_pick(5, 5, 3))
    optional = {
        "broker_id": st.sampled_from((None, *brokers)),
        "all_of": _tuples(requirement),
        "any_of": _tuples(requirement),
        "credentials": _tuples(papers, 1),
        "settlement": st.sampled_from(get_args(Settlement)),
        "meals": TRI,
        "lodging": TRI,
        "insurance": TRI,
        "outdoor": TRI,
        "hazards": _some(get_args(Hazard)),
        "priority_tier": _pick(1, 2, 5, 9),
        "attributes": _attributes(),
    }
    return st.fixed_dictionaries({}, optional=optional)


@cache
def _parties(model: Any, identifiers: tuple[str, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    optional = {
        "name": _pick("", "某公司"),
        "licence": _pick(None, "京-1", "x"),
        "standing": st.sampled_from(get_args(Standing)),
        "payment_punctuality": _pick(0, 0.5, 1),
        "refused_worker_ids": _some((*WORKERS[:4], "ghost")),
    }
    return st.tuples(*(_build(model, {"id": st.just(identifier)}, optional) for identifier in identifiers))


@cache
def _skills() -> st.SearchStrategy[tuple[Skill, ...]]:
    """Skills that cover each other in chains, rings and not at all."""
    return st.tuples(
        *(st.builds(Skill, code=st.just(code), name=st.just(code), covers=_some(SKILLS)) for code in SKILLS)
    )


@st.composite
def _markets(draw: st.DrawFn) -> Market:
    stations = draw(_some(STATIONS))
    return Market(
        id="hall",
        name="Hall",
        location=draw(locations()),
        opening=draw(st.none() | spans()),
        stations=tuple(Station(id=name, name=name, location=draw(locations())) for name in stations),
    )


@st.composite
def jurisdictions(draw: st.DrawFn, today: dt.date) -> Jurisdiction:
    """Any of the limits, in force today, no longer, or not yet; some replaced on the very day."""
    rows: list[LegalLimit] = []
    one = dt.timedelta(1)
    dates = {
        "now": ((today, None),),
        "open": ((today - one, today),),
        "over": ((today - 9 * one, today - one),),
        "next": ((today + one, None),),
        "both": ((today - 9 * one, today - one), (today, today + one)),
    }
    for kind in draw(st.lists(st.sampled_from(list(LIMITS)), unique=True, max_size=len(LIMITS))):
        for since, until in dates[draw(_pick("now", "open", "over", "next", "both"))]:
            value, severity = draw(st.sampled_from(LIMITS[kind])), draw(_pick("warn", "block"))
            if rows and rows[-1].kind == kind:  # limits of one kind are of one severity
                severity = rows[-1].severity
            rows.append(
                LegalLimit(
                    kind=kind, value=value, valid_from=since, valid_to=until, source="s", severity=severity
                )
            )
    return Jurisdiction(name="anywhere", limits=tuple(rows))


@st.composite
def mornings(draw: st.DrawFn, max_workers: int = 8, max_shifts: int = 6, crews: bool = False) -> Morning:
    """Small valid mornings, in which every field is known now and then.

    Parameters
    ----------
    max_workers, max_shifts : int
        How many there are at most; no more than 12 and 8.
    crews : bool
        Whether there are shifts in crews and minimum headcounts, workers who take several shifts, and some
        who go together.
    """
    today = draw(st.sampled_from(DATES))
    market = draw(_markets())
    places = ("hall", *(station.id for station in market.stations))
    employers = EMPLOYERS[: draw(st.integers(1, 3))]
    brokers = BROKERS[: draw(st.integers(0, 2))]
    crew_ids = CREWS if crews else ()
    morning = Morning(
        date=today,
        time_zone=draw(_pick("Asia/Shanghai", "Europe/Berlin")),
        currency=draw(_pick("CNY", "USD")),
        market=market,
        skills=draw(_skills()),
        workers=tuple(draw(workers(name, today, places)) for name in draw(_names(WORKERS, max_workers))),
        employers=draw(_parties(Employer, employers)),
        brokers=draw(_parties(Broker, brokers)),
        shifts=tuple(
            draw(shifts(name, employers=employers, brokers=brokers, crews=crew_ids))
            for name in draw(_names(SHIFTS, max_shifts))
        ),
        crews=tuple(Crew(id=name) for name in crew_ids),
        market_insurance=draw(st.booleans()),
        reference_wages=draw(_wages(today)),
        jurisdiction=draw(jurisdictions(today)),
    )
    return draw(_with_days(morning)) if crews else morning


@st.composite
def _with_days(draw: st.DrawFn, morning: Morning) -> Morning:
    """The morning with nobody, two or three workers who go together, and others who take several shifts."""
    size = draw(_pick(0, 2, 3))
    most = st.fixed_dictionaries(
        {},
        optional={
            "max_shifts": _pick(1, 2, 3, 5),
            "max_hours_today": _pick(4.0, 9.5),
            "least_break_min": _pick(15, 60),
        },
    )
    people = tuple(
        worker.model_copy(update={} if at < size else draw(most)) for at, worker in enumerate(morning.workers)
    )
    names = tuple(worker.id for worker in people[:size])
    together = draw(_pick("shift", "crew"))
    companions = (Companions(id="g", worker_ids=names, together=together),) if len(names) > 1 else ()
    return morning.model_copy(update={"workers": people, "companions": companions})


@cache
def _wages(today: dt.date) -> st.SearchStrategy[tuple[ReferenceWage, ...]]:
    table = st.dictionaries(st.sampled_from(SKILLS), _pick(10, 20, 30.5), max_size=3)
    return table.map(
        lambda wages: tuple(
            ReferenceWage(skill=code, per_hour=wage, as_of=today, source="s") for code, wage in wages.items()
        )
    )
