"""What is wrong with a field: as pydantic reports it, and as a text that can be told in any language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from gigmatch.core.saved import unknown_key
from gigmatch.i18n import Joined, Told, joined

__all__ = ["broken", "broken_rules", "maybe_exchanged", "place_of", "said_by_pydantic", "said_of"]

_MOST_LAT = 90


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


def said_of(line: Any, model: type[BaseModel] | None = None) -> Told:
    """Return what an entry of ``ValidationError.errors()`` says: our own text, or pydantic's.

    With the model that the data are for, a field that is not known is told with the one most like it.
    """
    if line["type"] == "extra_forbidden" and model is not None:
        key, known = str(line["loc"][-1]), _known_at(model, line["loc"])
        if key == "name" and "title" in known:  # what people call a shift
            return Told.of("errors.unknown_key_like", near="title")
        return unknown_key(key, known)
    if line["loc"] and line["loc"][-1] == "lat" and (exchanged := maybe_exchanged(line["input"])):
        return exchanged
    context = line.get("ctx", {})
    if context.get("discriminator") == "'event'":
        return _no_event(**context)
    if isinstance(told := context.get("message"), Told):
        return told
    return Told(line["msg"], f"pydantic.{line['type']}", {k: _plain(v) for k, v in context.items()})


def place_of(line: Any) -> tuple[int | str, ...]:
    """Return where an entry of ``ValidationError.errors()`` is; of no known kind, the field that tells it."""
    field = line.get("ctx", {}).get("discriminator")
    return line["loc"] if field is None else (*line["loc"], field.strip("'"))


def _no_event(*, tag: str | None = None, expected_tags: str = "", **_: Any) -> Told:
    """What is said of something that is no kind of event, of those quoted."""
    if tag is None:
        return Told.of("errors.event_kind_missing")
    if near := get_close_matches(tag, expected_tags.replace("'", "").split(", "), 1):
        return Told.of("errors.event_kind_like", kind=tag, near=near[0])
    return Told.of("errors.event_kind_unknown", kind=tag, names=expected_tags)


def maybe_exchanged(lat: Any) -> Told | None:
    """Return what is said of a latitude that no latitude is and a longitude could be."""
    if isinstance(lat, int | float) and _MOST_LAT < abs(lat) <= 2 * _MOST_LAT:
        return Told.of("errors.latitude_out_of_bounds")
    return None


def said_by_pydantic(error: ValidationError, model: type[BaseModel] | None = None) -> Told:
    """Return the first thing that pydantic says; see `said_of`."""
    return said_of(error.errors()[0], model)


def _known_at(model: type[BaseModel], path: Sequence[int | str]) -> set[str]:
    """Return the fields that there could have been in the place of the last of a path."""
    models = {model}
    for part in path[:-1]:  # neither places in lists nor tags of unions lead to another model
        fields = [one.model_fields[part] for one in models if part in one.model_fields]
        models = {inner for field in fields for inner in _models_in(field.annotation)} or models
    return {name for one in models for name in one.model_fields}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _plain(value: Any) -> Any:
    """A bound as it is written: 0 for 0.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
