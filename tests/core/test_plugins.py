"""Names, parameters and the contract of arrays, the same for rules, scorers and travels."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field

import numpy as np
import pytest

from gigmatch.core.plugins import checked_array, parameters_of, plugin_name
from gigmatch.errors import PluginError


@dataclass(frozen=True)
class Plugin:
    limits: tuple[tuple[str, float], ...] = (("a", 1.0),)
    table: dict = field(default_factory=lambda: {"x": (1, 2)})


class Named:
    name = "own name"


@pytest.mark.parametrize(
    ("plugin", "name"),
    [
        (Named(), "own name"),
        (plugin_name, "plugin_name"),
        (Plugin(), "Plugin"),
        (functools.partial(len), "partial"),
    ],
)
def test_names(plugin, name):
    """A name of its own, else the function's, else the class's."""
    assert plugin_name(plugin) == name


def test_parameters_as_json_gives_them_back():
    """Tuples are lists however deep; functions, classes and plain objects have none."""
    assert parameters_of(Plugin()) == {"limits": [["a", 1.0]], "table": {"x": [1, 2]}}
    assert json.loads(json.dumps(parameters_of(Plugin()))) == parameters_of(Plugin())
    assert [parameters_of(plugin) for plugin in (len, Plugin, Named())] == [{}, {}, {}]


def test_arrays_of_the_kind_asked_for():
    """The very array passes; another dtype, length, dimension or type is named."""
    good = np.zeros(2)
    assert checked_array("it", good, np.float64, 2) is good
    for bad, got in (
        (np.zeros(2, np.float32), r"float32\[2\]"),
        (np.zeros((2, 1)), r"float64\[2, 1\]"),
        (0.0, "float"),
    ):
        with pytest.raises(PluginError, match=rf"^it must return float64\[2\], an array; got {got}$"):
            checked_array("it", bad, np.float64, 2)
