"""The record of growth: small sizes measured for real, and gone on with."""

from __future__ import annotations

import json

import pytest

import growth

pytest.importorskip("numba")


def test_what_was_measured_is_kept(tmp_path):
    """Table, plot and figures are there; a second run adds the other size alone, by both ways."""
    options = ["--out", str(tmp_path), "--sizes"]
    growth.main([*options, "200", "--ways", "all"])
    first = json.loads((tmp_path / "growth.json").read_text())["grown"]
    growth.main([*options, "200", "300"])
    grown = json.loads((tmp_path / "growth.json").read_text())["grown"]
    assert [(one["workers"], one["way"]) for one in grown] == [
        (workers, way) for workers in (200, 300) for way in ("all", "some")
    ]
    assert grown[0] == first[0]
    assert sum(grown[0]["stages"].values()) == pytest.approx(grown[0]["seconds"], rel=0.5)
    rows = (tmp_path / "growth.md").read_text().splitlines()
    assert sum(row.startswith("| 300 |") for row in rows) == 2
