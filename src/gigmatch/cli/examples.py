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
        "gigmatch solve country/ --local 2 --out answer/",
    ),
    "lottery": (
        "gigmatch lottery morning.json --out lottery.json",
        "gigmatch lottery morning.json --draw 20250919 --answer assignment.json --lang zh",
        "gigmatch lottery tables/ --worker w-000012",
    ),
    "terms": (
        "gigmatch terms morning.json --policy policy.json --out terms.json",
        "gigmatch terms tables/ --open kept --open barred --out terms.json",
        "gigmatch terms morning.json --mechanism lottery --open seed --out terms.json",
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
        "gigmatch check tables/ answer/assignment.json",
        "gigmatch check morning.json assignment.json --terms terms.json --reasons reasons.json",
        "gigmatch check morning.json assignment.json --lottery lottery.json",
        "gigmatch check monday.json monday/ tuesday.json tuesday/ --programme programme.json",
    ),
    "explain": (
        "gigmatch explain morning.json assignment.json --worker w-000012 --lang zh",
        "gigmatch explain morning.json assignment.json --shift s-00031 --recommend",
        "gigmatch explain morning.json assignment.json --newcomer walk-in.json",
        "gigmatch explain morning.json assignment.json --skills",
        "gigmatch explain tables/ assignment.json --out reasons.json",
    ),
    "advise": (
        "gigmatch advise morning.json assignment.json --shift s-00031",
        "gigmatch advise morning.json assignment.json --train 10 --lang zh",
        "gigmatch advise monday.json monday/ tuesday.json tuesday/ --train 10 --out programme.json",
    ),
    "ledger": (
        "gigmatch ledger ledger.json morning.json assignment.json --no-show w-000012",
        "gigmatch ledger ledger.json --line w-000034 --lang zh",
        "gigmatch ledger ledger.json --erase w-000034",
        "gigmatch ledger ledger.json --into tomorrow.json --out carried.json",
    ),
    "live": (
        "gigmatch live tables/ --journal morning.db",
        "gigmatch live morning.json --journal morning.db --policy policy.json --lang zh",
    ),
    "replay": (
        "gigmatch replay morning.db",
        "gigmatch replay morning.db --at 06:12",
        "gigmatch replay morning.db --worker w-000012 --lang zh",
    ),
    "compare": (
        "gigmatch compare morning.json --mechanism points --mechanism people --mechanism raffle",
        "gigmatch compare --sample majuqiao --size 300 --days 7 --seeds 3 --out compared.html",
    ),
    "schema": ("gigmatch schema > morning.schema.json",),
    "warmup": ("gigmatch warmup",),
    "report": ("gigmatch report morning.json assignment.json --out morning.html --lang zh",),
    "board": (
        "gigmatch board morning.json assignment.json --out board.html --reload --lang zh",
        "gigmatch board morning.json assignment.json --text",
    ),
    "slips": (
        "gigmatch slips morning.json assignment.json --paper 80mm --lang zh",
        "gigmatch slips morning.json assignment.json --calls --out calls.html",
    ),
}
"""By command; ``app`` is the whole."""
