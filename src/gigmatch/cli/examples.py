"""Commands that the help shows, in every language the same."""

from __future__ import annotations

__all__ = ["EXAMPLES"]

EXAMPLES: dict[str, tuple[str, ...]] = {
    "app": (
        "gigmatch solve --sample jingshi",
        "gigmatch solve tables/ --out answer/ --lang zh",
    ),
    "solve": (
        "gigmatch solve tables/ --out answer/",
        "gigmatch solve tables/ --out answer/ --on-error collect",
        "gigmatch solve morning.json --out assignment.json",
        "gigmatch solve --sample jingshi --seed 7",
    ),
    "convert": (
        "gigmatch convert morning.json tables/",
        "gigmatch convert tables/ morning.json",
        "gigmatch convert tables/ parquet/ --to parquet",
    ),
    "sample": (
        "gigmatch sample jingshi --seed 7 --out morning.json",
        "gigmatch sample --name jingshi --size 5000 --out tables/",
        "gigmatch sample --name city --size 100000 --out city/ --to parquet",
    ),
    "check": (
        "gigmatch check answer/assignment.json tables/",
        "gigmatch check assignment.json morning.json --policy published.json --reasons reasons.json",
        "gigmatch check monday/ monday.json tuesday/ tuesday.json --programme programme.json",
    ),
    "explain": (
        "gigmatch explain assignment.json morning.json --worker w-000012 --lang zh",
        "gigmatch explain assignment.json morning.json --shift s-00031 --recommend",
        "gigmatch explain assignment.json morning.json --newcomer walk-in.json",
        "gigmatch explain assignment.json morning.json --skills",
        "gigmatch explain assignment.json tables/ --out reasons.json",
    ),
    "advise": (
        "gigmatch advise assignment.json morning.json --shift s-00031",
        "gigmatch advise assignment.json morning.json --train 10 --lang zh",
        "gigmatch advise monday/ monday.json tuesday/ tuesday.json --train 10 --out programme.json",
    ),
    "schema": ("gigmatch schema > morning.schema.json",),
    "warmup": ("gigmatch warmup",),
    "report": ("gigmatch report assignment.json morning.json --out morning.html --lang zh",),
    "board": (
        "gigmatch board assignment.json morning.json --out board.html --reload --lang zh",
        "gigmatch board assignment.json morning.json --text",
    ),
    "slips": (
        "gigmatch slips assignment.json morning.json --paper 80mm --lang zh",
        "gigmatch slips assignment.json morning.json --calls --out calls.html",
    ),
}
"""By command; ``app`` is the whole."""
