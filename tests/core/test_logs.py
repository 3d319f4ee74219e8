"""The library's logger: lines for who listens, nothing for who does not."""

from __future__ import annotations

import logging

from gigmatch.core.logs import log_stage, logger


def test_a_stage_is_a_line(caplog):
    """Its name, then every figure with its own, at level DEBUG of the logger ``gigmatch``."""
    with caplog.at_level(logging.DEBUG, "gigmatch"):
        log_stage("eligible", pairs=9_600, shifts=95)
    assert caplog.record_tuples == [("gigmatch", logging.DEBUG, "eligible: pairs=9600 shifts=95")]


def test_nothing_is_printed_unless_asked_for(capfd, caplog):
    """One handler that drops everything, however often it is asked for, and no level of its own."""
    log_stage("eligible", pairs=9_600)
    found = logger()
    assert [type(handler) for handler in found.handlers].count(logging.NullHandler) == 1
    assert found is logger() is logging.getLogger("gigmatch")
    assert found.level == logging.NOTSET
    assert found.propagate
    assert capfd.readouterr() == ("", "")
