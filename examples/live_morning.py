"""A morning that moves: people come, are asked and answer; shifts are called in and cancelled."""

from __future__ import annotations

from collections import Counter

import gigmatch as gm

stream = gm.samples.stream("jingshi", seed=13, workers=60)
live = gm.Live(stream.morning, asking=gm.live.Asking(answer_min=10, move_price=5))
print(
    f"04:50  {len(stream.morning.workers)} people are here, {len(stream.morning.shifts)} shifts are known\n"
)

kinds = Counter[str]()
for minute, event in stream.happenings(live):
    outcome = live.apply(event, time=minute)
    kinds[event.event] += 1
    if isinstance(event, gm.live.ShiftCancelled | gm.live.OfferDeclined | gm.live.NoShow):
        changed = [*outcome.placed, *outcome.moved, *outcome.dropped]
        print(
            f"{minute // 60:02}:{minute % 60:02}  {event.event}, {event.shift_id}: changes for {len(changed)}"
        )

print()
for kind, n in sorted(kinds.items()):
    print(f"{n:5} {kind}")

live.verify()  # the answer is the best one, as if all had been solved anew
print(
    f"\n{len(live.keep)} have said yes, {len(live.at_work)} of them are at work; {len(live.pairs)} are placed"
)
