"""What is wrong with a field: as pydantic reports it, and as a text that can be told in any language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from gigmatch.i18n import Joined, Told, joined
from gigmatch.i18n.foreign import said_by

__all__ = ["broken", "broken_rules", "said_by_pydantic", "said_of", "said_of_json"]


def broken(problem: Told) -> PydanticCustomError:
    """Return an error of pydantic's whose type is the code of a text, and whose context its parameters."""
    values = {**problem.values, "message": problem}
    return PydanticCustomError(problem.key.removeprefix("errors."), "{message}", values)


def broken_rules(rules: Iterable[tuple[bool, Callable[[], Told]]]) -> None:
    """Raise one error that lists every broken rule, so that one look shows all of them."""
    if found := [said() for is_broken, said in rules if is_broken]:
        raise broken(joined("errors.and", found))


def every_rule(said: Told) -> Sequence[Told]:
    """Take apart what `broken_rules` raised: each broken rule, with its own code."""
    parts: Sequence[Told] = said.values["parts"] if isinstance(said, Joined) else [said]
    return parts


def said_of(line: Any) -> Told:
    """Return what an entry of ``ValidationError.errors()`` says: our own text, or pydantic's."""
    context = line.get("ctx", {})
    if isinstance(told := context.get("message"), Told):
        return told
    return Told(line["msg"], f"pydantic.{line['type']}", {k: _plain(v) for k, v in context.items()})


def said_by_pydantic(error: ValidationError, data: bytes | str | None = None) -> Told:
    """Return the first thing that pydantic says, of JSON if it is given."""
    first = error.errors()[0]
    if data is not None and first["type"] == "json_invalid":
        return Told(first["msg"], "pydantic.json_invalid", {"error": said_of_json(error, data)})
    return said_of(first)


def said_of_json(error: ValidationError, data: bytes | str) -> str:
    """Return where JSON ends being JSON: in English by pydantic, else by Python, which says it in parts."""
    english = str(error.errors()[0]["ctx"]["error"])
    try:
        json.loads(data)
    except (ValueError, RecursionError) as same:
        told = said_by(same)
        return Told(english, told.key, told.values)
    return english


def _plain(value: Any) -> Any:
    """A bound as it is written: 0 for 0.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
