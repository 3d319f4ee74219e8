"""Those against whom newcomers are asked about are compiled in layers, each a few times in all."""

from math import log2
from random import Random
from types import SimpleNamespace

from gigmatch.live.newcomers import _Layers


def test_everybody_here_is_asked_about_once_and_compiled_a_few_times():
    """Whoever comes, changes and goes between questions: each here once, in few layers, seldom compiled."""
    random, compiled = Random(5), []

    def compile_them(rows):
        compiled.append(len(rows))
        return rows

    layers = _Layers([SimpleNamespace(id=f"early-{k}") for k in range(50)], "early", compile_them)
    here = {f"early-{k}" for k in range(50)}
    for number in range(2_000):
        name = random.choice(sorted(here)) if number % 5 == 0 else f"late-{number}"
        layers.add(SimpleNamespace(id=name))
        here.add(name)
        if number % 3 == 0:
            gone = random.choice(sorted(here))
            layers.drop(gone)
            here.discard(gone)
        if number % 7 == 0:
            asked = list(layers.each())
            assert sorted(key for _, rows in asked for key in rows) == sorted(here)
            assert all(
                rows.items() <= {row.id: row for row in of}.items() for of, rows in asked if of != "early"
            )
            assert len(asked) <= 2 + log2(number + 1)
    assert len(layers) == len(here)
    assert all((name in layers) == (name in here) for name in [*here, "late-1", "early-1"])
    assert sum(compiled) <= 2_000 * log2(2_000)
