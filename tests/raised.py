"""Which errors the tests raise: a run of all of them fails if there is one that no test does.

Where ``GIGMATCH_EVERY_ERROR`` is set, as by ``.ci/run``: elsewhere tests may be skipped. Every test process
notes the codes of the errors that are made in it, of those told within others, too. Those that the tests of
the catalogue make of every text do not count.
"""

from __future__ import annotations

import os
from functools import wraps
from typing import Any

import pytest

from gigmatch import errors
from gigmatch.i18n import Told

seen: set[str] = set()
"""Keys of the catalogue."""
noting = True
CATALOGUE = ("test_every_error_is_told_in_both_languages", "test_every_code_has_its_texts")
GUARDS = {
    "errors.added_worker_not_eligible",
    "errors.effect_not_proved",
    "errors.first_move_not_of_added_worker",
    "errors.flow_missed_optimum",
    "errors.interrupted",
    "errors.left_out_without_cost",
    "errors.level_weights_too_large",
    "errors.live_another_as_good",
    "errors.live_not_proved",
    "errors.no_csv",
    "errors.no_reasons_with_several_shifts",
    "errors.option_places_nobody",
    "errors.profile_missing",
    "errors.vain_change_places",
    "errors.worker_may_bring_more",
}
"""What no test comes to yet: guards behind others, and what `SolveInterrupted` looks up by itself."""


def pytest_configure(config: pytest.Config) -> None:
    """Note from now on what is raised."""
    _noting(errors.GigmatchError, "__init__", lambda self, code, /, **_: _note(f"errors.{code}"))
    _noting(Told, "__new__", lambda cls, english, key, values=None: _note(key))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Stop noting while the catalogue is gone through."""
    global noting
    noting = item.originalname not in CATALOGUE if isinstance(item, pytest.Function) else True


def _note(key: str) -> None:
    if noting:
        seen.add(key)


def _noting(cls: type, method: str, note: Any) -> None:
    original = getattr(cls, method)

    @wraps(original)
    def noted(*args: Any, **named: Any) -> Any:
        note(*args, **named)
        return original(*args, **named)

    setattr(cls, method, noted)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Hand on what was raised, or look whether it is all."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["raised"] = sorted(seen)
    elif _is_whole(session.config) and not exitstatus and (missing := never_raised()):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        session.config.get_terminal_writer().line(f"\nno test raises {', '.join(missing)}", red=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a process hands on."""
    seen.update(getattr(node, "workeroutput", {}).get("raised", ()))


def _is_whole(config: pytest.Config) -> bool:
    """Whether all tests are run, under the profile that they are run under before a commit."""
    option = config.option
    if not os.environ.get("GIGMATCH_EVERY_ERROR"):
        return False
    chosen = option.keyword or option.markexpr or option.slice > 1 or option.hypothesis_profile
    return not chosen and config.args == config.getini("testpaths")


def never_raised() -> list[str]:
    """Codes of the catalogue that no test raised."""
    from catalogues import TEXTS

    codes = {key for key in TEXTS["en"] if key.startswith("errors.")}
    return sorted(codes - seen - GUARDS)
