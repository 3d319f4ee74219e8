# ruff: noqa: E402
"""The service example: rows in, matched, stored, explained, matched again; its event loop never stalls."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm

for name in ("fastapi", "httpx", "sqlalchemy", "pyarrow"):
    pytest.importorskip(name, reason=f"the service needs {name}: pip install '.[service]'")

import httpx
from pydantic import TypeAdapter
from sqlalchemy import create_engine, text

from gigmatch.tables import schema
from service import answer_routes, row_routes
from service import app as application
from service.app import create_app
from service.district import District
from service.problems import RefusedError
from service.rows import read, written
from service.settings import Settings
from service.shapes import Failure, Rows
from tests.conftest import examples

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("plain_live_kernels")]

DOCS = Path(__file__).parents[1] / "docs"
LONGEST_GAP_S = 0.05
MORNING = gm.samples.jingshi(seed=7, workers=300)
ROWS = "\n".join(written(MORNING))
PAGE = TypeAdapter(Rows)

Client = httpx.AsyncClient
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def sqlite(tmp_path: Path) -> Settings:
    return Settings(
        database=f"sqlite:///{tmp_path}/{{district}}.db", journal=f"{tmp_path}/{{district}}.journal"
    )


def programs() -> Path | None:
    """Where PostgreSQL's own programs are, the newest first."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3])
    return installed[-1].parent if installed else None


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Settings]:
    """A server of its own in a folder of its own, reached by a socket there; skipped where there is none."""
    pytest.importorskip("psycopg", reason="PostgreSQL needs psycopg: pip install '.[service]'")
    if (bin := programs()) is None:
        pytest.skip("no PostgreSQL is installed (initdb was not found)")
    folder = Path(tempfile.mkdtemp(prefix="gigmatch-"))
    as_user = {}
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        import pwd

        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        command = [bin / program, "-D", folder / "data", *arguments]
        with (folder / "errors").open("w") as errors:
            done = subprocess.run(command, **as_user, cwd=folder, stdout=errors, stderr=errors, timeout=120)
        if done.returncode:
            told = (folder / "errors").read_text(encoding="utf-8").strip()
            pytest.skip(f"PostgreSQL does not start: {program} says {told[-300:]}")

    try:
        run("initdb", "--username=gigmatch", "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k '{folder}'"
        run("pg_ctl", "start", "--wait", f"--log={folder / 'log'}", f"--options={options}")
        try:
            url = f"postgresql+psycopg://gigmatch@/postgres?host={folder}&options=-csearch_path={{district}}"
            yield Settings(database=url)
        finally:
            run("pg_ctl", "stop", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return request.getfixturevalue(request.param)


def serve(settings: Settings, talk: Talk, *, warm: bool = True) -> Any:
    """Start the service in this process and talk to it."""

    async def conversation() -> Any:
        app = create_app(settings)
        transport = httpx.ASGITransport(app)
        url = "http://service/shijingshan"
        async with app.router.lifespan_context(app), Client(transport=transport, base_url=url) as client:
            if warm:
                await app.state.warming
            client.app = app
            return await talk(client)

    try:
        return asyncio.run(conversation())
    finally:
        gc.unfreeze()


def failure_of(response: httpx.Response) -> Failure:
    """What is said of an error, in the documented shape and in no other."""
    failure = Failure.model_validate_json(response.content, strict=True)
    assert failure.model_dump() == response.json()
    return failure


async def ok(answer: Awaitable[httpx.Response]) -> Any:
    response = await answer
    assert response.is_success, response.text
    return response.json()


def test_a_morning_from_rows_to_reasons(settings: Settings) -> None:
    """Load, match, ask, and match again with the promises kept; the figures are those of the library."""
    columns = gm.columns_of(MORNING)
    expected = gm.match(columns)
    explainer = gm.explain(columns, expected)
    left_over = next(worker.worker_id for worker in expected.unplaced if worker.eligible_shifts)
    worker, shift = expected.pairs[0]

    async def talk(client: Client) -> None:
        counts = await ok(client.put("/rows", content=ROWS))
        assert (counts["workers"], counts["shifts"]) == (len(MORNING.workers), len(MORNING.shifts))

        made = await ok(client.post("/answers", json={}))
        assert (made["status"], made["difference"]) == ("optimal", None)
        url = f"/answers/{made['answer']}"
        answer = await ok(client.get(url))
        placed = [(line["worker_id"], line["shift_id"]) for line in answer["placements"]]
        assert placed == list(expected.pairs)
        assert len(answer["open_shifts"]) == len(expected.open_shifts)
        saved = gm.Assignment.from_dict(await ok(client.get(f"{url}/file")))
        assert gm.check(columns, saved)

        told = await ok(client.get(f"{url}/why", params={"worker": worker}))
        reason = explainer.why(worker)
        assert told == {"words": gm.in_words(reason), "reason": reason.model_dump(mode="json")}
        assert told["reason"]["points_by_scorer"] == expected.breakdown()[worker, shift]
        eyes = {"audience": "worker", "lang": "zh"}
        told = await ok(client.get(f"{url}/why", params={"worker": left_over, **eyes}))
        assert told["words"] == gm.in_words(explainer.why(left_over).seen_by("worker"), lang="zh")
        told = await ok(client.get(f"{url}/why-not", params={"worker": left_over, "shift": shift}))
        assert told["words"] == gm.in_words(explainer.why_not(left_over, shift))
        told = await ok(client.get(f"{url}/why-empty", params={"shift": "chimney-repair"}))
        assert told["reason"]["kind"] == "no_eligible_worker"

        walks_in = {"table": "workers", "id": 7, "station_id": "hall", "arrived_at_min": 400}
        skill = {"table": "worker_skills", "worker_id": "7", "skill": "helper", "level": 4}
        await ok(client.post("/rows", content=f"{json.dumps(walks_in)}\n{json.dumps(skill)}"))
        again = await ok(client.post("/answers", json={"keep": placed[:-1], "since": made["answer"]}))
        assert again["summary"]["workers"] == len(MORNING.workers) + 1
        assert again["difference"]["unchanged"] >= len(placed) - 1
        since = {"since": made["answer"]}
        difference = await ok(client.get(f"/answers/{again['answer']}/difference", params=since))
        assert difference == again["difference"]

        told = await ok(client.get(f"{url}/why", params={"worker": worker}))  # of the rows as they were
        assert told["words"] == gm.in_words(reason)

    serve(settings, talk)


def test_postgresql_runs_the_published_script(postgresql: Settings) -> None:
    """``docs/schema-postgresql.sql``, as it is, on a server; and it refuses what the model refuses."""
    engine = create_engine(postgresql.url("published"))
    with engine.begin() as connection:
        connection.execute(text("create schema published"))
        connection.exec_driver_sql((DOCS / "schema-postgresql.sql").read_text(encoding="utf-8"))
    station = text("insert into stations (id, name, lat, lon, datum) values ('h', 'Hall', 91, 0, 'WGS-84')")
    with pytest.raises(Exception, match="violates check constraint"), engine.begin() as connection:
        connection.execute(station)
    engine.dispose()


def test_databases_give_one_answer(sqlite: Settings, postgresql: Settings) -> None:
    """Loaded, selected, matched and stored: the same digest and the same bytes, whichever database."""

    async def talk(client: Client) -> tuple[str, bytes]:
        await ok(client.put("/rows", content=ROWS))
        made = await ok(client.post("/answers", json={}))
        file = (await client.get(f"/answers/{made['answer']}/file")).content
        return json.loads(file)["morning_digest"], file

    assert serve(sqlite, talk) == serve(postgresql, talk)


UNSOUND = [
    ('{"table": "workers", "id": "x", "station_id": "hall", "rating": 9}', "workers[0].rating", "equal to 5"),
    ('{"table": "workers", "id": "x", "station_id": "nowhere"}', "workers[0].station_id", "nowhere"),
    (
        '{"table": "workers", "id": "x", "station_id": "hall", "hue": 1}',
        "workers[0].hue",
        "is no column",
    ),
    ('{"table": "wrokers", "id": "x"}', "line 1", "must be an object whose"),
    ("workers,x", "line 1", "is not JSON"),
    ('{"table": "workers", "id": "li-shifu", "station_id": "hall"}', "workers[", "li-shifu"),
    (
        '{"table": "windows", "worker_id": "li-shifu", "start_min": "8:00", "end_min": 900}',
        "windows[0].start_min",
        "8:00",
    ),
    ('{"table": ["workers"], "id": "x"}', "line 1", "must be an object whose"),
    ('{"table": "workers", "id": ["x"], "station_id": "hall"}', "workers[0].id", "valid string"),
    ('{"table": "workers", "id": true, "station_id": "hall"}', "workers[0].id", "valid string"),
    ('{"table": "workers", "id": "\\ud800", "station_id": "hall"}', "line 1", "half of a character"),
    ('{"table": "workers", "id": "x", "id": "y", "station_id": "hall"}', "line 1", "stands twice"),
    ('{"table": "workers", "id": 1' + 30 * "0" + ', "station_id": "hall"}', "line 1", "64 bits"),
    ('{"table": "workers", "id": "x", "station_id": "hall", "rating": NaN}', "line 1", "NaN"),
    ('{"table": "workers", "id": "x", "station_id": "hall", "rating": 1e999}', "line 1", "64 bits"),
    ("[" * 50_000, "line 1", "too deeply"),
    ('"' + "x" * 70_000 + '"', "line 1", "longer than 65,536 bytes"),
]


def test_unsound_rows_are_listed_and_none_is_kept(settings: Settings) -> None:
    """What is sent with one is refused as a whole; the answer says which row, and why."""

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        sound = '{"table": "workers", "id": "sound", "station_id": "hall"}'
        for line, path, message in UNSOUND:
            response = await client.post("/rows", content=f"{line}\n{sound}")
            assert response.status_code == 422, response.text
            [problem] = failure_of(response).problems
            assert problem.path.startswith(path), problem
            assert message in problem.message, problem
        answer = await ok(client.post("/answers", json={"time_limit_s": 0.001}))
        assert answer["summary"]["workers"] == len(MORNING.workers)

    serve(settings, talk)


def test_errors_say_what_to_do(sqlite: Settings) -> None:
    """Not found, not sensible, not loaded yet: a status and a list of problems each, no traceback."""

    async def talk(client: Client) -> None:
        async def refused(status: int, words: str, *request: Any, **more: Any) -> None:
            response = await client.request(*request, **more)
            failure = failure_of(response)
            told = " ".join(f"{problem.path} {problem.message}" for problem in failure.problems)
            assert (response.status_code, words in told) == (status, True), response.text

        await refused(422, "morning must have exactly one row", "POST", "/answers", json={})
        await ok(client.put("/rows", content=ROWS))
        keep = {"keep": [["nobody", "x"]]}
        await refused(422, "body.keep[0] keep[0] names worker 'nobody'", "POST", "/answers", json=keep)
        await refused(422, "body.since", "POST", "/answers", json={"since": "first"})
        await refused(422, "body.seed", "POST", "/answers", json={"seed": 1})
        await refused(404, "there is no answer 5", "POST", "/answers", json={"since": 5})
        await refused(404, "there is no answer 5", "GET", "/answers/5/why", params={"worker": "x"})
        await refused(404, "path.district there is no district", "GET", "http://service/nowhere/answers/1")
        await refused(404, "there is no /nowhere", "GET", "http://service/nowhere")
        await refused(405, "does not take PUT", "PUT", "/answers")
        await refused(422, "body is not JSON", "POST", "/answers", content=b"[" * 50_000)
        await refused(422, "path.number", "GET", f"/answers/{10**30}")
        await ok(client.post("/answers", json={}))
        await refused(422, "query.worker", "GET", "/answers/1/why", params={"worker": "nobody"})

    serve(sqlite, talk)


def test_rows_are_listed_changed_and_deleted(settings: Settings) -> None:
    """What is changed counts from then on; what is deleted is gone, with all that belonged to it."""

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        for table in schema():
            page = await ok(client.get(f"/rows/{table}", params={"limit": 1000}))
            given = [row for row in map(json.loads, ROWS.splitlines()) if row["table"] == table]
            assert (page["total"], known(page["rows"])) == (len(given), known(given)), table
            PAGE.validate_python(page)

        older = await ok(client.post("/answers", json={}))
        li = {"id": "li-shifu"}
        changes = {"rating": 2.5, "age_years": None, "birth_date": "1990-01-01"}
        changed = await ok(client.patch("/rows/workers", params=li, json=changes))
        assert changed == {"rows": 1, "with_them": {}}
        which = {**li, "rating": 2.5, "age_years": "", "birth_date": "1990-01-01", "pay_floor_per_day": 180}
        found = await ok(client.get("/rows/workers", params={**which, "insurance_required": "false"}))
        [row] = found["rows"]
        assert (row["birth_date"], row["age_years"], row["station_id"]) == ("1990-01-01", None, "hall")

        deleted = await ok(client.delete("/rows/windows", params={"worker_id": "li-shifu", "start_min": 330}))
        assert deleted["rows"] == 1
        deleted = await ok(client.delete("/rows/workers", params=li))
        assert deleted["with_them"].keys() >= {"windows", "worker_skills"}
        made = await ok(client.post("/answers", json={"since": older["answer"]}))
        answer = await client.get(f"/answers/{made['answer']}/file")
        assert ("w-000077" in answer.text, "li-shifu" in answer.text) == (True, False)
        assert (await ok(client.get("/rows")))["workers"] == len(MORNING.workers) - 1
        assert (await client.delete("/rows")).status_code == 204
        assert await ok(client.get("/rows")) == {}

    serve(settings, talk)


def known(rows: list[dict[str, Any]]) -> list[list[tuple[str, Any]]]:
    """Rows in some one order, without what is unknown."""
    return sorted((sorted((k, v) for k, v in row.items() if v is not None) for row in rows), key=repr)


REFUSED = [
    ("PATCH", "workers?id=li-shifu", {"rating": 9}, 422, "workers[0].rating"),
    ("PATCH", "workers?id=li-shifu", {"station_id": "nowhere"}, 422, "workers[0].station_id"),
    ("PATCH", "workers?id=li-shifu", {"colour": "red"}, 422, "workers[0].colour"),
    ("PATCH", "workers?id=li-shifu", {"station_id": ["hall"]}, 422, "workers[0].station_id"),
    ("PATCH", "workers?id=li-shifu", {"id": "chen"}, 422, "worker_skills["),
    ("PATCH", "workers?id=li-shifu", {}, 422, "body"),
    ("PATCH", "workers?id=li-shifu", [], 422, "workers[0]"),
    ("PATCH", "workers?id=li-shifu", {"home_label": "\0"}, 422, "workers[0].home_label"),
    ("PATCH", "workers?id=li-shifu", {"home_label": "x" * 1_001}, 422, "workers[0].home_label"),
    ("PATCH", "workers?id=li-shifu", {"home_label": "x" * 66_000}, 413, ""),
    ("PATCH", "workers", {"rating": 1}, 422, "query"),
    ("PATCH", "workers?id=nobody", {"rating": 1}, 404, "query"),
    ("PATCH", "wrokers?id=nobody", {"rating": 1}, 404, "path.table"),
    ("DELETE", "workers", None, 422, "query"),
    ("DELETE", "workers?colour=red", None, 422, "query.colour"),
    ("DELETE", "workers?rating=high", None, 422, "query.rating"),
    ("DELETE", "workers?birth_date=1990", None, 422, "query.birth_date"),
    ("DELETE", "workers?id=a&id=b", None, 422, "query.id"),
    ("DELETE", "stations?id=hall", None, 422, "morning[0].market_id"),
    ("GET", "workers?limit=0", None, 422, "query.limit"),
]


def test_a_change_that_is_unsound_is_refused(sqlite: Settings) -> None:
    """By row and column; nothing of it is kept."""

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        before = await ok(client.get("/rows/workers"))
        for method, which, changes, status, path in REFUSED:
            response = await client.request(method, f"/rows/{which}", json=changes)
            failure = failure_of(response)
            assert (response.status_code, failure.problems[0].path[: len(path)]) == (status, path), failure
        assert await ok(client.get("/rows/workers")) == before

    serve(sqlite, talk)


def test_a_deleted_answer_is_gone(sqlite: Settings) -> None:
    """Its rows and reasons too, and its number is not given again; the list has nobody's name."""

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        first, last = [(await ok(client.post("/answers", json={})))["answer"] for _ in range(2)]
        await ok(client.get(f"/answers/{last}/why", params={"worker": "li-shifu"}))
        assert (await client.delete(f"/answers/{last}")).status_code == 204
        for path in ("", "/file", "/why?worker=li-shifu"):
            response = await client.get(f"/answers/{last}{path}")
            assert (response.status_code, failure_of(response).code) == (404, "no_answer")
        listed = await ok(client.get("/answers", params={"limit": 1}))
        assert [{**line, "morning_digest": ""} for line in listed["answers"]] == [
            {"answer": first, "status": "optimal", "morning_digest": ""}
        ]
        assert (await ok(client.post("/answers", json={})))["answer"] == last + 1

    serve(sqlite, talk)


def test_what_is_said_is_as_documented(sqlite: Settings) -> None:
    """Every route's answer is of its documented shape, and the description leaves none open."""
    routes = [route for part in (row_routes, answer_routes) for route in part.router.routes]
    asked = {"worker": "li-shifu", "shift": "chimney-repair", "since": 1}

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        await ok(client.post("/answers", json={}))
        for route in routes:
            if route.methods == {"GET"}:
                path = route.path.format(district="shijingshan", table="workers", number=1)
                names = {field.alias for field in route.dependant.query_params} & asked.keys()
                params = {name: asked[name] for name in names}
                if "why-not" in path:
                    params["worker"] = "w-000035"
                said = await client.get(f"http://service{path}", params=params)
                shape = TypeAdapter(route.response_model)
                seen = shape.validate_json(said.content)
                assert shape.dump_python(seen, mode="json") == said.json(), path
        described = await ok(client.get("http://service/openapi.json"))
        assert not list(left_open(described))

    serve(sqlite, talk)


def left_open(part: Any, path: str = "") -> Iterator[str]:
    """Where a description is ``{}``, which anything meets."""
    if part == {}:
        yield path
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, value in inner:
        yield from left_open(value, f"{path}/{name}")


def test_too_much_is_refused_in_few_words(sqlite: Settings) -> None:
    """A body too long or too slow is not read to its end; of many problems some are listed, all counted.

    What programs would read differently is refused as what it is, and nothing is kept of it.
    """

    async def talk(client: Client) -> None:
        response = await client.post("/rows", content=b"{}\n" * 5_000)
        failure = failure_of(response)
        assert (response.status_code, len(failure.problems), failure.more) == (422, 100, 4_900)
        assert len(response.content) < 100_000
        for name, body in WAYS_IN.items():
            response = await client.post("/rows", content=body)
            assert (response.status_code, len(response.content) < 2_000) == (422, True), (name, response.text)
            failure_of(response)
        line = '{{"table": "worker_skills", "worker_id": "{}", "skill": "x"}}\n'
        lines = "".join(map(line.format, range(300)))
        failure = failure_of(await client.put("/rows", content=lines))  # found by the library
        assert (len(failure.problems), failure.more) == (100, failure.parameters["n"] - 100)
        response = await client.post("/rows", content=b"{}\n" * 40_000)
        assert (response.status_code, failure_of(response).code) == (413, "long_body")
        response = await client.post("/rows", content=parts(b"\n" * 90_000, b"\n" * 90_000, pytest.fail))
        assert (response.status_code, failure_of(response).code) == (413, "long_body")
        response = await client.post("/answers", content=parts(b"{", asyncio.Event().wait))
        assert (response.status_code, failure_of(response).code) == (408, "slow_body")

    serve(replace(sqlite, largest_upload_mb=0.1, longest_upload_s=0.1), talk)
    with pytest.raises(RefusedError) as refused:
        read(b"{}\n" * 150_001)
    assert (refused.value.status_code, refused.value.problems[0].code) == (413, "many_rows")


WAYS_IN = {
    "a number beyond 64 bits": b'{"table": "workers", "id": "x", "rating": ' + b"9" * 30 + b"}",
    "an id beyond 64 bits": b'{"table": "workers", "id": 99999999999999999999}',
    "a number that is none": b'{"table": "workers", "id": "x", "rating": 1e999}',
    "deep": b'{"table": "workers", "id": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "half a character": b'{"table": "workers", "id": "\\ud800"}',
    "half a character in a name": b'{"table": "workers", "\\ud800": 1}',
    "half a character in bytes": b'{"table": "workers", "id": "\xed\xa0\x80"}',
    "a table that is a list": b'{"table": ["workers"], "id": "x"}',
    "a table that is an object": b'{"table": {"a": 1}}',
    "an id that is a list": b'{"table": "workers", "id": ["a"], "station_id": "hall"}',
    "an id that is true": b'{"table": "workers", "id": true, "station_id": "hall"}',
    "an escape": b'{"table": "workers", "id": "a\\u001b", "station_id": "hall"}',
    "an escape of one character": b'{"table": "workers", "id": "a\\u009b", "station_id": "hall"}',
    "a name twice": b'{"table": "workers", "id": "a", "id": "b"}',
    "very many names": b"{" + b",".join(b'"a%d":1' % at for at in range(5_000)) + b"}",
}


@pytest.mark.nightly
def test_a_name_is_no_command_of_the_database(settings: Settings) -> None:
    """It is stored and found as it is written."""
    row = {"table": "workers", "id": "x'); drop table workers;--", "station_id": "hall"}

    async def talk(client: Client) -> None:
        before = await ok(client.put("/rows", content=ROWS))
        await ok(client.post("/rows", content=json.dumps(row)))
        found = await ok(client.get("/rows/workers", params={"id": row["id"]}))
        assert [each["id"] for each in found["rows"]] == [row["id"]]
        assert (await ok(client.get("/rows")))["workers"] == before["workers"] + 1

    serve(settings, talk)


async def parts(*given: Any) -> AsyncIterator[bytes]:
    """A body that comes in parts; a function among them is called and waited for."""
    for part in given:
        yield part if isinstance(part, bytes) else await part()


def test_a_district_is_matched_once_at_a_time(sqlite: Settings) -> None:
    """The second of two at once is told to come again."""

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        both = await asyncio.gather(*(client.post("/answers", json={}) for _ in range(2)))
        assert sorted(response.status_code for response in both) == [201, 409]
        assert next(r for r in both if r.status_code == 409).headers["Retry-After"] == "1"
        assert (await ok(client.post("/answers", json={})))["answer"] == 2

    serve(sqlite, talk)


def test_a_time_limit_ends_a_match(sqlite: Settings) -> None:
    """With what was found by then, which does not claim to be the best."""

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        made = await ok(client.post("/answers", json={"time_limit_s": 1e-6}))
        assert made["status"] == "feasible"
        told = await ok(client.get("/answers/1/why", params={"worker": "li-shifu"}))
        assert told["reason"]["kind"] == "not_proved"

    serve(sqlite, talk)


def test_hanging_up_ends_a_match(sqlite: Settings) -> None:
    """The solver is told to stop, nothing is stored, and the district is free again."""
    cancelled = []

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        await hang_up(client.app, "/shijingshan/answers")
        assert cancelled == [True]
        assert (await ok(client.post("/answers", json={})))["answer"] == 1

    def match(self: District, terms: Any, cancel: Any) -> Any:
        if not cancelled:
            cancelled.append(cancel.wait(timeout=30))
        return real(self, terms, cancel)

    real = District.match
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(District, "match", match)
        serve(sqlite, talk)


async def hang_up(app: Any, path: str) -> None:
    """Ask for a match, and go away before it is done."""
    messages = iter([{"type": "http.request", "body": b"{}"}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    async def send(_: Any) -> None:
        pass

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    await app(scope, receive, send)


class Heartbeat:
    """A task that would like to be called every millisecond, and the longest it was kept waiting.

    A gap counts as far as this process was computing in it: what keeps a loop from its turn takes the time of
    a CPU, while in a gap that other programs make nothing runs here.
    """

    def __init__(self) -> None:
        self.gaps: list[float] = []

    async def beat(self) -> None:
        wall, busy = time.perf_counter(), time.process_time()
        while True:
            await asyncio.sleep(0.001)
            last = wall, busy
            wall, busy = time.perf_counter(), time.process_time()
            self.gaps.append(min(wall - last[0], busy - last[1]))

    async def during(self, work: Awaitable[Any]) -> float:
        """The longest gap in seconds while the work is done."""
        self.gaps.clear()
        await ok(work)
        await asyncio.sleep(0.002)
        return max(self.gaps)

    async def at_best(self, work: Callable[[], Awaitable[Any]], tries: int = 5) -> float:
        """The same, of some tries the shortest: other programs stall a loop at times, its own work always."""
        gap = float("inf")
        for _ in range(tries):
            if gap > LONGEST_GAP_S:
                gap = min(gap, await self.during(work()))
        return gap


@cache
def busy_morning() -> bytes:
    return "\n".join(written(gm.samples.jingshi(seed=7, workers=4_000))).encode()


async def gaps_of(client: Client, tries: int = 5) -> dict[str, float]:
    """The longest gap of the loop for each thing asked of the service, a busy morning of 4,000 workers."""
    rows = busy_morning()
    heart = Heartbeat()
    task = asyncio.ensure_future(heart.beat())
    asked = {
        "load": lambda: client.put("/rows", content=rows),
        "match": lambda: client.post("/answers", json={}),
        "answer": lambda: client.get("/answers/1"),
        "why": lambda: client.get("/answers/1/why", params={"worker": "li-shifu"}),
    }
    gaps = {name: await heart.at_best(work, tries) for name, work in asked.items()}
    task.cancel()
    return gaps


@pytest.mark.timing
def test_the_event_loop_never_stalls(sqlite: Settings) -> None:
    """No gap above 50 ms while 4,000 workers are loaded, matched and explained to."""
    gaps = serve(sqlite, gaps_of)
    assert max(gaps.values()) <= LONGEST_GAP_S, gaps


@pytest.mark.nightly
@pytest.mark.timing
def test_a_stall_would_be_seen(sqlite: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with the work on the loop instead of in threads: every gap is far too long."""

    async def on_the_loop(work: Any, *arguments: Any, **named: Any) -> Any:
        return work(*arguments, **named)

    monkeypatch.setattr(application.asyncio, "to_thread", on_the_loop)
    gaps = serve(sqlite, lambda client: gaps_of(client, tries=1))
    assert min(gaps["load"], gaps["match"]) > LONGEST_GAP_S, gaps


def test_rows_are_read_as_they_are_written() -> None:
    """The sample's lines are the morning."""
    assert gm.morning_from_frames(**frames_of(read(ROWS.encode()))) == MORNING


def frames_of(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    names = {table: dict.fromkeys(key for row in found for key in row) for table, found in rows.items()}
    return {table: {key: [row.get(key) for row in rows[table]] for key in names[table]} for table in rows}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A district that could not name a schema or a file is refused."""
    monkeypatch.setenv("GIGMATCH_DISTRICTS", "daxing, tongzhou")
    monkeypatch.setenv("GIGMATCH_DATABASE", "sqlite:///data/{district}.db")
    settings = Settings.from_environment()
    assert (settings.districts, settings.url("daxing")) == (
        ("daxing", "tongzhou"),
        "sqlite:///data/daxing.db",
    )
    with pytest.raises(ValueError, match="small letters"):
        settings.url("../etc")


def test_it_answers_while_it_compiles(sqlite: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, that it does; and says so where that failed."""
    compiled = threading.Event()

    async def talk(client: Client) -> None:
        assert (await ok(client.get("http://service/health"))) == {"status": "compiling"}
        response = await client.get("http://service/ready")
        assert (response.status_code, response.json()) == (503, {"status": "compiling"})
        response = await client.post("/answers", json={})
        assert (response.status_code, failure_of(response).code) == (503, "not_ready")
        compiled.set()
        await asyncio.wait({client.app.state.warming})
        assert (await ok(client.get("http://service/ready"))) == {"status": "ready"}

    async def talk_of_failure(client: Client) -> None:
        await asyncio.wait({client.app.state.warming})
        response = await client.get("http://service/ready")
        assert (response.status_code, response.json()) == (503, {"status": "failed"})

    monkeypatch.setattr(application, "warm_up", lambda: compiled.wait(timeout=30))
    serve(sqlite, talk, warm=False)
    monkeypatch.setattr(application, "warm_up", lambda: 1 / 0)
    serve(sqlite, talk_of_failure, warm=False)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats()
    | st.text(st.characters(), max_size=5)
    | st.sampled_from(["workers", "li-shifu", "hall", "8:00", "\ud800", "\0"])
)
NAMES = st.sampled_from(["table", "id", "worker_id", "rating", "keep", "since", "time_limit_s"])


def objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(NAMES | st.text(max_size=3), values, max_size=4)


ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=6)
VALUE = re.compile(r'(?<=: )("[^"]*"|[\d.]+|null|true|false)')


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Anything, or a row of which a value became anything; now and then no JSON at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=20))
    value = json.dumps(draw(ANYTHING | objects(ANYTHING)))
    if draw(st.booleans()):
        line = draw(st.sampled_from(ROWS.splitlines()))
        first, last = draw(st.sampled_from([match.span() for match in VALUE.finditer(line)]))
        value = line[:first] + value + line[last:]
    return value.encode()


PATHS = st.sampled_from(
    ["/rows", "/rows/workers", "/rows/windows", "/rows/{}", "/answers", "/answers/1", "/answers/{}", "/{}"]
    + [f"/answers/1/{about}" for about in ("file", "difference", "why", "why-not", "why-empty")]
)
QUERIES = st.dictionaries(
    st.sampled_from(["id", "worker_id", "rating", "start_min", "limit", "worker", "shift", "since"]),
    SCALARS.map(str),
    max_size=2,
)


@pytest.fixture
def open_service(sqlite: Settings) -> Iterator[Callable[..., httpx.Response]]:
    """Ask of a service that has a morning and an answer, and stays open."""
    with asyncio.Runner() as runner:
        app = create_app(sqlite)
        opened = app.router.lifespan_context(app)
        runner.run(opened.__aenter__())
        client = Client(transport=httpx.ASGITransport(app), base_url="http://service/shijingshan")

        async def filled() -> None:
            await app.state.warming
            await ok(client.put("/rows", content=ROWS))
            await ok(client.post("/answers", json={}))

        runner.run(filled())
        yield lambda *request, **more: runner.run(client.request(*request, **more))
        runner.run(client.aclose())
        runner.run(opened.__aexit__(None, None, None))
    gc.unfreeze()


def test_nothing_makes_it_stumble(open_service: Callable[..., httpx.Response]) -> None:
    """Whatever is sent, to whatever there is: done, or refused in the documented shape; never a 500."""
    methods = st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE"])

    @examples(25)
    @given(methods, PATHS, st.text(max_size=5), QUERIES, bodies())
    def ask(method: str, path: str, name: str, query: dict[str, str], body: bytes) -> None:
        url = path.format(quote(name, safe="", errors="replace"))
        params = {key: value.encode(errors="replace").decode() for key, value in query.items()}
        response = open_service(method, url, params=params, content=body)
        assert response.status_code < 500, response.text
        if response.is_error:
            failure_of(response)

    ask()


def test_many_clients_let_things_happen_in_a_hall(sqlite: Settings) -> None:
    """Each event once, however often it is sent and by however many; the hall goes on after a restart."""
    live = gm.Live(gm.samples.jingshi(seed=7, workers=50))
    leaving = [worker.id for worker in live.morning.workers[::3]]
    events = [{"event": {"event": "worker_left", "worker_id": one}, "key": f"desk-{one}"} for one in leaving]

    async def talk(client: Client) -> list[Any]:
        refused = failure_of(await client.post("/events", json=events[0]))
        assert refused.code == "no_hall"
        await ok(client.put("/rows", content="\n".join(written(live.morning))))
        assert await ok(client.put("/hall")) == {"placed": len(live.pairs)}
        assert failure_of(await client.put("/hall")).code == "hall_is_open"
        told = await asyncio.gather(*(ok(client.post("/events", json=event)) for event in events * 2))
        assert told[: len(events)] == told[len(events) :]
        assert sorted(outcome["number"] for outcome in told) == sorted([*range(1, len(events) + 1)] * 2)
        first, *others = await ok(client.get("/offers"))
        await ok(client.post("/events", json={"event": first}))
        assert [offer["worker_id"] for offer in await ok(client.get("/offers"))] == [
            o["worker_id"] for o in others
        ]
        (message,) = await ok(client.get("/outbox"))
        assert (message["says"], message["worker_id"]) == ("offer", first["worker_id"])
        await ok(client.post("/events", json={"event": {"event": "message_said", "message": message}}))
        assert await ok(client.get("/outbox")) == []
        unknown = {"event": {"event": "worker_left", "worker_id": "nobody"}}
        assert failure_of(await client.post("/events", json=unknown)).code == "unknown_id"
        assert (await client.post("/events", json={"event": {"event": "rain"}})).status_code == 422
        assert (await client.post("/events", json={"event": {}, "worker": "w"})).status_code == 422
        return told

    async def again(client: Client) -> Any:
        return await ok(client.post("/events", json=events[0]))

    told = serve(sqlite, talk)
    assert serve(sqlite, again) == told[0]
    live.apply([event["event"] for event in events])
    with gm.live.History(sqlite.journal_of("shijingshan")) as history:
        assert history.at().placements == dict(sorted(live.pairs))


def test_offers_are_made_and_said(sqlite: Settings) -> None:
    """Whom to ask, what to say, who stands by: each by the library's own answers, and each said once."""
    hall = gm.samples.jingshi(seed=7, workers=50)

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content="\n".join(written(hall))))
        await ok(client.put("/hall"))
        (offer, *_) = await ok(client.get("/offers", params={"minute": "5:00"}))
        assert offer["until"] == 315
        await ok(client.post("/events", json={"event": offer}))
        (message,) = await ok(client.get("/outbox"))
        assert (message["says"], message["worker_id"]) == ("offer", offer["worker_id"])
        await ok(client.post("/events", json={"event": {"event": "message_said", "message": message}}))
        assert await ok(client.get("/outbox")) == []
        live = gm.Live(hall)
        live.apply(offer)
        due = [each.worker_id for each in live.stand_bys(offer["shift_id"])]
        found = await ok(client.get(f"/stand-bys/{offer['shift_id']}"))
        assert [each["worker_id"] for each in found] == due
        assert failure_of(await client.get("/stand-bys/nowhere")).code == "unknown_id"
        assert failure_of(await client.get("/offers", params={"minute": "soon"})).code == "live_no_minute"

    serve(sqlite, talk)


@pytest.mark.browser
def test_a_seat_taken_is_gone_from_the_board_within_a_second(sqlite: Settings, tmp_path: Path) -> None:
    """In a real browser, by server-sent events: promise after promise, until the shift is gone, too."""
    browsers = pytest.importorskip("tests.pages.test_browser")
    if not (browsers.BROWSER and browsers.DRIVER):
        pytest.skip("no chromium with its chromedriver is installed")
    import uvicorn

    live = gm.Live(gm.samples.jingshi(seed=7, workers=50))
    driver = browsers.opened(tmp_path / "profile")
    config = uvicorn.Config(create_app(sqlite), port=0, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            wait_until(lambda: client.get("/ready").is_success)
            client.put("/shijingshan/rows", content="\n".join(written(live.morning))).raise_for_status()
            client.put("/shijingshan/hall").raise_for_status()
            driver.get(f"http://127.0.0.1:{port}/shijingshan/board")
            free = "return Object.fromEntries([...document.getElementById('shifts').rows]"
            free += ".map(row => [row.id, row.cells[3].textContent]))"
            seats = {shift.id: str(shift.headcount) for shift in live.morning.shifts}
            wait_until(lambda: driver.execute_script(free) == seats)
            shift_id = min(dict(live.pairs).values(), key=lambda shift: int(seats[shift]))
            takers = [worker for worker, shift in live.pairs if shift == shift_id]
            for taken, worker_id in enumerate(takers, 1):
                event = {"event": "promise_pinned", "worker_id": worker_id, "shift_id": shift_id}
                client.post("/shijingshan/events", json={"event": event}).raise_for_status()
                left = int(seats[shift_id]) - taken
                now = (
                    seats | {shift_id: str(left)}
                    if left
                    else {k: v for k, v in seats.items() if k != shift_id}
                )
                wait_until(lambda now=now: driver.execute_script(free) == now, most_s=1.0)
    finally:
        server.should_exit = True
        thread.join(30)
        driver.quit()


def wait_until(holds: Callable[[], Any], most_s: float = 30.0) -> None:
    """Look again and again until something holds."""
    end = time.monotonic() + most_s
    while not holds():
        assert time.monotonic() < end, f"not within {most_s} s"
        time.sleep(0.02)
