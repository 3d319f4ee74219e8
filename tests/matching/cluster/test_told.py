"""What a cluster says went wrong, as people are told it; on a real one: `test_on_dask`."""

from __future__ import annotations

from multiprocessing import current_process
from types import SimpleNamespace

import pytest

from gigmatch.errors import InvalidInputError, PluginError, SolverError
from gigmatch.matching.cluster import on_dask
from gigmatch.matching.cluster.runner import done


class KilledError(Exception):
    """A block whose workers died again and again."""


class ClosedError(Exception):
    """A line to the scheduler that is no more."""


class Client:
    """A client of nothing."""

    asynchronous, status, scheduler = False, "closed", SimpleNamespace(address="tcp://10.0.0.5:8786")

    def __init__(self, *_: object, **__: object) -> None:
        pass


@pytest.fixture
def dask(monkeypatch) -> SimpleNamespace:
    """What `distributed` has of these names."""
    found = SimpleNamespace(
        Client=Client,
        scheduler=SimpleNamespace(KilledWorker=KilledError),
        comm=SimpleNamespace(CommClosedError=ClosedError),
        client=SimpleNamespace(CancelledError=ClosedError),
    )
    monkeypatch.setattr(on_dask, "_distributed", lambda: found)
    return found


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KilledError("out of memory"), "block_kills_workers"),
        (ClosedError("gone"), "scheduler_lost"),
        (ModuleNotFoundError("No module named 'gigmatch'"), "cluster_failed"),
    ],
)
def test_what_befell_a_block_is_told_with_its_name(dask, error, code):
    """Or the scheduler's address, where that is lost; and what was said."""

    class Ended:
        def result(self):
            raise error

    runner = on_dask.OnDask(Client(), ["district=3"], SimpleNamespace(watch=None))
    with pytest.raises(SolverError, match="10.0.0.5" if code == "scheduler_lost" else "district=3") as caught:
        runner._result(0, Ended())
    assert (caught.value.code, str(error) in str(caught.value)) == (code, True)


def test_nobody_at_an_address(dask, monkeypatch):
    """Is told, with it."""

    def refused(*_, **__):
        raise OSError("Connection refused")

    monkeypatch.setattr(dask, "Client", refused)
    with pytest.raises(SolverError, match=r"10\.0\.0\.9.*refused"), on_dask.dask_client("tcp://10.0.0.9:1"):
        pass


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((5, {}), "address must be of type str; got 5"),
        ((None, {"local": 0}), "local must be a whole number from 1 to 1,024; got 0"),
        ((None, {"local": 1, "memory_bytes": -1}), "memory_bytes must be a whole number from 268,435,456"),
        ((None, {"local": 1, "memory_bytes": 0}), "got 0"),
        ((None, {"local": 1, "memory_bytes": "2GB"}), "got '2GB'"),
    ],
)
def test_what_no_cluster_can_be_asked_for(dask, asked, told):
    """Is refused by name, with the value and the rule."""
    with pytest.raises(InvalidInputError, match=told), on_dask.dask_client(asked[0], **asked[1]):
        pass


def test_a_client_that_is_closed(dask):
    """Takes no work: told before it is asked for any."""
    with pytest.raises(SolverError, match="client is closed") as caught:
        on_dask.OnDask(Client(), ["district=3"], SimpleNamespace(watch=None)).run("compile", print, [()])
    assert caught.value.code == "scheduler_lost"


@pytest.mark.parametrize(
    ("status", "code"), [("running", "block_kills_workers"), ("closed", "scheduler_lost")]
)
def test_nobody_is_left_whom_a_block_could_go_to(dask, monkeypatch, status, code):
    """After a while it is told, rather than waited for ever."""

    class Never:
        def done(self):
            return False

    client = Client()
    client.status, client.nthreads = "running", lambda: {"tcp://10.0.0.6:1": 1}
    client.submit = lambda *_, **__: Never()
    monkeypatch.setattr(dask, "wait", lambda *_, **__: None, raising=False)
    monkeypatch.setattr(on_dask, "LOST_S", 0)
    answers = on_dask.OnDask(client, ["district=3"], SimpleNamespace(watch=None)).run("compile", print, [()])
    client.status, client.nthreads = status, lambda: {"tcp://10.0.0.6:2": 1}
    with pytest.raises(SolverError, match="no answer for 0 s") as caught:
        next(answers)
    assert caught.value.code == code


def test_one_cluster_is_asked_for(dask):
    """By its address, or here."""
    with pytest.raises(InvalidInputError, match="not both"), on_dask.dask_client():
        pass


def test_a_script_that_each_process_reads_anew(dask, monkeypatch):
    """Must not begin processes where it is read: told there, and where these are waited for."""

    def failed(**_):
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(dask, "LocalCluster", failed, raising=False)
    with pytest.raises(SolverError, match=r"Nanny.*__main__"), on_dask.dask_client(local=1):
        pass
    monkeypatch.setattr(current_process(), "_inheriting", True, raising=False)
    with pytest.raises(SolverError, match=r"anew.*__main__"), on_dask.dask_client(local=1):
        pass


def test_what_fails_without_a_name_is_told_with_the_block():
    """Code of somebody's own that nobody noted the name of."""
    with pytest.raises(PluginError, match=r"district=4.*modulo by zero"):
        done("district=4", lambda block: (block, 1 // 0), None)
