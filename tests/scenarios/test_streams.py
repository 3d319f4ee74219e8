"""Live mornings of samples: who comes when, what is called in, and what people answer."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

import gigmatch as gm
from gigmatch.errors import InvalidInputError
from gigmatch.scenarios import Stream, stream

pytestmark = pytest.mark.usefixtures("plain_live_kernels")


def played(given: Stream, most: int | None = None) -> tuple[gm.Live, list[tuple[int, gm.live.Event]]]:
    """The morning after all of it, or after so many events, and what happened."""
    live, happened = gm.Live(given.morning), []
    for minute, event in islice(given.happenings(live), most):
        live.apply(event, time=minute)
        happened.append((minute, event))
    return live, happened


@pytest.mark.nightly  # by day the example plays one, and prints what it should
def test_a_morning_is_the_same_again_and_the_best_at_its_end() -> None:
    """The same seed gives the same morning, calls and answers; nothing that happens is refused."""
    live, happened = played(stream("jingshi", seed=13, workers=50))
    assert happened[:60] == played(stream("jingshi", seed=13, workers=50), 60)[1]
    assert stream("jingshi", seed=14, workers=50).calls != stream("jingshi", seed=13, workers=50).calls
    assert [minute for minute, _ in happened] == sorted(minute for minute, _ in happened)
    kinds = Counter(event.event for _, event in happened)
    assert kinds["offer_made"] >= kinds["offer_accepted"] + kinds["offer_declined"] > 10
    assert {"worker_signed_in", "shift_added", "offer_declined", "checked_in"} <= kinds.keys()
    live.verify()


def test_calls_are_those_of_the_sample() -> None:
    """Everybody is there at first or comes once; a shift is known or called in once, before it begins."""
    whole, given = gm.samples.majuqiao(seed=3, workers=300), stream("majuqiao", seed=3, workers=300)
    minutes = [call.minute for call in given.calls]
    assert minutes == sorted(minutes)
    assert minutes[0] >= 4 * 60 + 50
    signed = [each for each in given.calls if isinstance(each.event, gm.live.WorkerSignedIn)]
    assert all(call.minute == call.event.worker.arrived_at_min for call in signed)
    came = [call.event.worker for call in signed]
    assert sorted(w.id for w in (*given.morning.workers, *came)) == sorted(w.id for w in whole.workers)
    added = [call for call in given.calls if isinstance(call.event, gm.live.ShiftAdded)]
    assert all(call.minute < call.event.shift.periods[0].start_min for call in added)
    ids = [shift.id for shift in (*given.morning.shifts, *(call.event.shift for call in added))]
    assert sorted(ids) == sorted(shift.id for shift in whole.shifts)
    assert 0.2 < len(added) / len(ids) < 0.5
    gone = {call.event.shift_id for call in given.calls if isinstance(call.event, gm.live.ShiftCancelled)}
    assert gone < set(ids)


def test_there_is_no_other_sample() -> None:
    """The error names those that there are."""
    with pytest.raises(InvalidInputError, match="'majuqiao'"):
        stream("shenzhen")
