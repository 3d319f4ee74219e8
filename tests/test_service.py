# ruff: noqa: E402
"""The service example: rows in, matched, stored, explained, matched again; its event loop never stalls."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import gigmatch as gm

for name in ("fastapi", "httpx", "sqlalchemy", "pyarrow"):
    pytest.importorskip(name, reason=f"the service needs {name}: pip install 'gigmatch[service]'")

import httpx
from sqlalchemy import create_engine, text

from service import app as application
from service.app import create_app
from service.district import District
from service.rows import read, written
from service.settings import Settings

pytestmark = pytest.mark.service

DOCS = Path(__file__).parents[1] / "docs"
LONGEST_GAP_S = 0.05
MORNING = gm.samples.jingshi(seed=7, workers=300)
ROWS = "\n".join(written(MORNING))

Client = httpx.AsyncClient
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def sqlite(tmp_path: Path) -> Settings:
    return Settings(database=f"sqlite:///{tmp_path}/{{district}}.db")


def programs() -> Path | None:
    """Where PostgreSQL's own programs are, the newest first."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3])
    return installed[-1].parent if installed else None


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Settings]:
    """A server of its own in a folder of its own, reached by a socket there; skipped where there is none."""
    pytest.importorskip("psycopg", reason="PostgreSQL needs psycopg: pip install 'gigmatch[service]'")
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


def serve(settings: Settings, talk: Talk) -> Any:
    """Start the service in this process and talk to it."""

    async def conversation() -> Any:
        app = create_app(settings)
        transport = httpx.ASGITransport(app)
        url = "http://service/shijingshan"
        async with app.router.lifespan_context(app), Client(transport=transport, base_url=url) as client:
            client.app = app
            return await talk(client)

    try:
        return asyncio.run(conversation())
    finally:
        gc.unfreeze()


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
    with pytest.raises(Exception, match="violates check constraint"), engine.begin() as connection:
        connection.execute(
            text("insert into stations (id, name, lat, lon, datum) values ('hall', 'Hall', 91, 0, 'WGS-84')")
        )
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
    ('{"table": "workers", "id": "x", "station_id": "hall", "colour": 1}', "workers.colour", "is no column"),
    ('{"table": "wrokers", "id": "x"}', "line 1", "must be an object whose"),
    ("workers,x", "line 1", "is not JSON"),
    ('{"table": "workers", "id": "li-shifu", "station_id": "hall"}', "workers[", "li-shifu"),
    (
        '{"table": "windows", "worker_id": "li-shifu", "start_min": "8:00", "end_min": 900}',
        "",
        "8:00|start_min",
    ),
]


def test_unsound_rows_are_listed_and_none_is_kept(settings: Settings) -> None:
    """What is sent with one is refused as a whole; the answer says which row, and why."""

    async def talk(client: Client) -> None:
        await ok(client.put("/rows", content=ROWS))
        sound = '{"table": "workers", "id": "sound", "station_id": "hall"}'
        for line, path, message in UNSOUND:
            response = await client.post("/rows", content=f"{line}\n{sound}")
            assert response.status_code == 422, response.text
            [problem] = response.json()["problems"]
            assert problem["path"].startswith(path), problem
            assert any(part in problem["message"] for part in message.split("|")), problem
        answer = await ok(client.post("/answers", json={"time_limit_s": 0.001}))
        assert answer["summary"]["workers"] == len(MORNING.workers)

    serve(settings, talk)


def test_errors_say_what_to_do(sqlite: Settings) -> None:
    """Not found, not sensible, not loaded yet: a status and a list of problems each, no traceback."""

    async def talk(client: Client) -> None:
        async def refused(status: int, words: str, *request: Any, **more: Any) -> None:
            response = await client.request(*request, **more)
            told = " ".join(f"{p['path']} {p['message']}" for p in response.json()["problems"])
            assert (response.status_code, words in told) == (status, True), response.text

        await refused(422, "morning must have exactly one row", "POST", "/answers", json={})
        await ok(client.put("/rows", content=ROWS))
        await refused(
            422, "keep[0] names worker 'nobody'", "POST", "/answers", json={"keep": [["nobody", "x"]]}
        )
        await refused(422, "body.since", "POST", "/answers", json={"since": "first"})
        await refused(422, "body.seed", "POST", "/answers", json={"seed": 1})
        await refused(404, "there is no answer 5", "POST", "/answers", json={"since": 5})
        await refused(404, "there is no answer 5", "GET", "/answers/5/why", params={"worker": "x"})
        await refused(404, "there is no district", "GET", "http://service/nowhere/answers/1")
        await ok(client.post("/answers", json={}))
        await refused(422, "'nobody'", "GET", "/answers/1/why", params={"worker": "nobody"})

    serve(sqlite, talk)


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
