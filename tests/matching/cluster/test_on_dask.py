"""On a real cluster of two processes: the same answer, whoever is lost on the way, or what happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gigmatch as gm
from gigmatch.cli.commands import app
from gigmatch.errors import InvalidFileError, InvalidInputError, PluginError, SolverError, StoppedError
from gigmatch.matching.cluster import on_dask
from gigmatch.tables.partitioned import Partitioned
from matching.test_optimal import figures
from tests.conftest import sample

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
TWO_GB = 2 * 10**9


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit=TWO_GB, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as found,
    ):
        yield found


def in_parts(folder: Path, n: int) -> Partitioned:
    gm.write_parquet(
        gm.samples.city_tables(2_000, 400, seed=1, partitions=n), folder, partition_by="district"
    )
    return Partitioned(folder)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Partitioned:
    return in_parts(tmp_path_factory.mktemp("country"), 5)


@pytest.fixture(scope="module")
def whole(source) -> dict[str, object]:
    return figures(gm.match(gm.read_parquet(source.folder)))


def pids(client) -> list[int]:
    return sorted(client.run(os.getpid).values())


class Once:
    """Progress that does something once, at the first news of a stage."""

    def __init__(self, stage: str, do) -> None:
        self.stage, self.do, self.is_done = stage, do, False

    def __call__(self, stage: str, share: float) -> None:
        if stage == self.stage and not self.is_done:
            self.is_done = True
            self.do()


@pytest.mark.parametrize("parts", [1, 3])
def test_the_same_answer_whatever_the_parts(client, whole, tmp_path, parts):
    """Byte for byte, but for the prices."""
    assert figures(gm.match(in_parts(tmp_path, parts), cluster=client)) == whole


def test_rules_and_scorers_travel_along(client, source):
    """Those that are nowhere in a module, too; and where one fails it is said which, and where."""

    def likes(columns, pairs):
        return (columns.shifts.capacity[pairs.shift] % 3) / 2

    class Fails:
        name, version, severity = "fails", 1, "block"

        def __call__(self, columns, pairs):
            raise ZeroDivisionError("no sums today")

    policy = gm.Policy(((likes, 10),))
    found = gm.match(source, policy=policy, cluster=client)
    assert figures(found) == figures(gm.match(gm.read_parquet(source.folder), policy=policy))
    with pytest.raises(PluginError, match=r"district=\d.*rule 'fails'.*no sums today"):
        gm.match(source, rules=[Fails()], cluster=client)


@pytest.mark.parametrize("stage", ["candidates", "pricing", "answer"])
def test_a_lost_process_changes_nothing(client, source, whole, stage):
    """It is killed in the middle, and what it had is made again."""
    before = pids(client)
    once = Once(stage, lambda: os.kill(before[0], signal.SIGKILL))
    assert figures(gm.match(source, cluster=client, progress=once)) == whole
    assert once.is_done
    client.wait_for_workers(2, timeout=60)
    assert pids(client) != before


@pytest.mark.parametrize("failures", [0, 3])
def test_a_block_that_kills_its_workers_is_named(client, source, monkeypatch, failures):
    """Whoever takes it on is lost: that ends the match, and not the cluster."""

    class Ends:
        name, version, severity = "ends", 1, "block"

        def __call__(self, columns, pairs):
            os._exit(1)

    monkeypatch.setattr(on_dask, "LOST_S", 3)  # where all are lost at once
    client.cluster.scheduler.allowed_failures = failures
    try:
        with pytest.raises(SolverError, match="district="):
            gm.match(source, rules=[Ends()], cluster=client)
    finally:
        client.cluster.scheduler.allowed_failures = 3
    client.wait_for_workers(2, timeout=60)


def test_interrupting_lets_go(client, source, monkeypatch):
    """Ctrl-C ends it at once, and leaves no work behind; so does a token or a time limit."""

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gm.match(source, cluster=client, progress=Once("candidates", interrupt))
    until = time.monotonic() + 20
    while any(client.processing().values()) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(client.processing().values())
    monkeypatch.setattr("gigmatch.matching.optimal.SECONDS_FOR_PAIRS", 0)  # else quick processes are in time
    with pytest.raises(StoppedError, match="time limit"):
        gm.match(source, cluster=client, time_limit_s=0)


def test_a_full_disk_is_named(client, source, tmp_path):
    """A worker that cannot write its part says so."""
    import resource

    def limited(size):
        return resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    client.run(limited, 1_000)
    try:
        with pytest.raises(InvalidFileError, match=r"district=.*could not be written"):
            gm.match(Partitioned(source.folder, tmp_path), cluster=client)
    finally:
        client.run(limited, resource.RLIM_INFINITY)
    assert not list(tmp_path.rglob("*.parquet.*"))


def test_a_lost_scheduler_is_an_error(source, tmp_path, monkeypatch):
    """It says where it was; nothing waits for ever."""
    monkeypatch.setattr(on_dask, "LOST_S", 3)
    told = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path, "env": known}
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)], **quiet
    )
    worker = subprocess.Popen(
        [*dask, "worker", "--no-dashboard", "--nthreads", "1", "--scheduler-file", str(told)], **quiet
    )
    try:
        client = distributed.Client(scheduler_file=str(told), timeout=60)
        client.wait_for_workers(1, timeout=60)
        with pytest.raises(SolverError, match="tcp://"):
            gm.match(source, cluster=client, progress=Once("candidates", scheduler.kill))
        client.close(timeout=1)
    finally:
        for process in (scheduler, worker):
            process.kill()
            process.wait()


def test_many_mornings_on_its_executor(client):
    """A Dask client's executor is one like any other."""
    mornings = [sample("jingshi", workers=50, seed=seed) for seed in range(4)]
    broken = mornings[1].model_copy(update={"workers": mornings[1].workers[:1] * 2})
    found = list(gm.match_many([*mornings, broken], executor=client.get_executor()))
    assert [each.pairs for each in found[:4]] == [gm.match(morning).pairs for morning in mornings]
    assert isinstance(found[4], gm.InvalidMorningError)


def test_on_the_shell(source, tmp_path):
    """On processes of its own: the answer in files of its parts, and what `check` reads."""
    result = CliRunner().invoke(app, ["solve", source.folder, "--local", "2", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "http" in result.stderr
    assert "proved optimal" in result.stdout
    saved = gm.Assignment.load(tmp_path / "assignment.json")
    gm.check(gm.read_parquet(source.folder), saved)
    assert len(list((tmp_path / "placements.parquet").glob("district=*/part-0.parquet"))) == 5


def test_nobody_at_the_address(monkeypatch):
    """Is told so, after a while."""
    monkeypatch.setattr(on_dask, "ANSWER_S", 1)
    with pytest.raises(SolverError, match=r"tcp://127\.0\.0\.1:9"), gm.dask_client("tcp://127.0.0.1:9"):
        pass


def test_what_is_no_client_is_refused(source):
    """Before anything is read."""
    with pytest.raises(InvalidInputError, match=r"distributed\.Client"):
        gm.match(source, cluster="tcp://somewhere:8786")
