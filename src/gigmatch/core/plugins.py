"""What rules, scorers and travels have in common: a name, parameters, and arrays held to their contract."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from gigmatch.errors import InvalidPolicyError, PluginError
from gigmatch.i18n import Told

__all__ = [
    "asked",
    "check_own_text",
    "checked_array",
    "is_of_version",
    "not_built_in",
    "parameters_of",
    "plain_parameters",
    "plugin_name",
]

_AS_THEY_ARE = (type(None), bool, str)
"""Kinds of values that JSON gives back as they are; of numbers there are some that it refuses."""


def plugin_name(plugin: Any) -> str:
    """``name`` if the plug-in has one, else the name of the function or of the class."""
    return str(getattr(plugin, "name", None) or getattr(plugin, "__name__", None) or type(plugin).__name__)


def is_of_version(plugin: Any, version: Any) -> bool:
    """Whether a plug-in, of version 1 unless it says so, is of a version that was saved: not 1.0 or True."""
    own = getattr(plugin, "version", 1)
    return type(own) is type(version) and bool(own == version)


def not_built_in(plugin: Told, argument: str) -> InvalidPolicyError:
    """Return the error about a plug-in that an answer was made with, and that has to be given again."""
    return InvalidPolicyError("not_built_in", plugin=plugin, argument=argument)


def parameters_of(plugin: Any) -> dict[str, Any]:
    """Parameters of a plug-in that is a dataclass, in the form JSON gives back; none for a function."""
    if not is_dataclass(plugin) or isinstance(plugin, type):
        return {}
    parameters = {entry.name: getattr(plugin, entry.name) for entry in fields(plugin)}
    return plain_parameters(plugin_name(plugin), parameters)


def plain_parameters(name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters in the form JSON gives back; raises InvalidPolicyError, with the name, if it has none."""
    if all(type(value) in _AS_THEY_ARE for value in parameters.values()):
        return dict(parameters)
    try:
        plain: dict[str, Any] = json.loads(json.dumps(parameters, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidPolicyError("parameters_cannot_be_saved", name=name, error=error) from None
    return plain


def check_own_text(field: str, plugin: Told, words: Any) -> None:
    """Raise PluginError unless one's own words are text, or text by language, English included.

    Parameters
    ----------
    field : str
        What holds the words, such as ``"sentence"``.
    plugin : Told
        Whose they are, such as ``rule 'rest'``.
    words : object
        What it holds.
    """
    told = {"en": words} if isinstance(words, str) else words
    is_told = isinstance(told, Mapping) and "en" in told
    if not is_told or not all(isinstance(text, str) and text for text in (*told, *told.values())):
        raise PluginError("own_words", field=field, plugin=plugin, value=words)


def asked(what: Told, plugin: Callable[..., Any], *given: Any) -> Any:
    """What a plug-in returns; what it raises is noted to be its own."""
    try:
        return plugin(*given)
    except Exception as error:
        error.add_note(str(what))
        raise


def checked_array(what: str, values: Any, dtype: type[np.generic], length: int) -> Any:
    """What a plug-in returned, if it is an array of the dtype and the length.

    Raises
    ------
    PluginError
        It is not; the message begins with ``what``.
    """
    if not isinstance(values, np.ndarray) or (values.dtype, values.shape) != (dtype, (length,)):
        is_array = isinstance(values, np.ndarray)
        got = f"{values.dtype}{list(values.shape)}" if is_array else type(values).__name__
        raise PluginError("wrong_array", what=what, dtype=np.dtype(dtype), n=length, found=got)
    return values
