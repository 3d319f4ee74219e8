"""A hall on disk: what a journal begins with, and the hall that is so after its last entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from gigmatch.core.garbage import uncollected
from gigmatch.live.asking import Asking
from gigmatch.live.hall import Hall
from gigmatch.live.journal import Journal
from gigmatch.live.log import JournalLog
from gigmatch.live.past import last_state, morning_of
from gigmatch.live.state import row_key
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule, restore_rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel, describe_travel, restore_travel

__all__ = ["begin", "resume"]


def begin(hall: Hall, path: str | Path, time: int | None) -> None:
    """Make a journal of what is so now, which is the hall's log from then on; errors as of `Journal.make`."""
    base = hall.base.model_copy(update={"workers": (), "shifts": ()})
    opening = {
        "morning": base.model_dump(mode="json", exclude_defaults=True),
        "rules": hall.described(hall.rules),
        "travel": describe_travel(hall.travel),
    }
    rows = {
        name: {row_key(key): value for key, value in table.items()} for name, table in hall.tables.items()
    }
    rows["policy"] = {"": hall.policy.describe()}
    hall.log = JournalLog.make(path, opening, rows, hall.pairs, hall.hint, time)


@uncollected()
def resume(
    journal: Journal, rules: Sequence[Rule], scorers: Sequence[Scorer], travel: Travel | None
) -> tuple[Hall, dict[str, str]]:
    """Return the hall after the last entry, and who had which shift there; errors as of `Live.open`."""
    past = last_state(journal)
    settings = past.state.of("settings")
    hall = Hall(
        morning_of(journal, past),
        [restore_rule(entry, tuple(rules)) for entry in settings.get("rules", past.opening["rules"])],
        Policy.restore(past.state.of("policy")[""], scorers),
        restore_travel(past.opening["travel"], travel),
        Asking.model_validate(settings.get("asking", {})),
    )
    for name, table in {"asked": hall.asked, "settings": hall.settings, **hall.notes}.items():
        table.update(past.state.of(name))
    hall.pins.update(past.state.of("promised"))
    hall.told.update(past.state.of("told"))
    hall.barred.update((tuple(json.loads(pair)), True) for pair in past.state.of("barred"))
    hall.log = JournalLog(journal, past.state, hall.hint)
    placements = past.state.of("placements")
    hall.open(past.hint and {**past.hint, "placements": placements})
    return hall, placements
