"""Where the names of places stand on a map, so that they lie neither over each other nor over a mark.

By hand: adjustText moves texts of a matplotlib figure once it is drawn, and these stand in HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from gigmatch.pages.figures.sketch import Mark, Sketch

__all__ = ["Label", "labels"]


class Label(NamedTuple):
    """The name of a place on the map, where nothing else is written."""

    text: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]


def labels(drawn: Sketch, names: Sequence[str], size: float) -> list[Label]:
    """Names of the marks in letters of a size, of most people first, as far as there is room."""
    placed: list[Label] = []
    taken = [(m.x - size / 2, m.y - size / 2, m.x + size / 2, m.y + size / 2) for m in drawn.marks]
    order = sorted(range(len(names)), key=lambda k: (-drawn.marks[k].workers, k))
    for k in order:
        text = names[k] if len(names[k]) <= 24 else f"{names[k][:23]}…"
        for label, box in _positions(drawn.marks[k], text, size):
            inside = box[0] >= 4 and box[1] >= 4 and box[2] <= drawn.width - 4 and box[3] <= drawn.height - 4
            others = (other for at, other in enumerate(taken) if at != k)
            if inside and not any(_overlap(box, other) for other in others):
                placed.append(label)
                taken.append(box)
                break
    return placed


Box = tuple[float, float, float, float]


def _positions(mark: Mark, text: str, size: float) -> list[tuple[Label, Box]]:
    """Right of the mark, left, above, below."""
    width = sum(size if ord(character) > 0x2E7F else 0.6 * size for character in text)
    gap, x, y = 0.85 * size, mark.x, mark.y
    return [
        (
            Label(text, x + gap, y + 0.35 * size, "start"),
            (x + gap, y - 0.6 * size, x + gap + width, y + 0.6 * size),
        ),
        (
            Label(text, x - gap, y + 0.35 * size, "end"),
            (x - gap - width, y - 0.6 * size, x - gap, y + 0.6 * size),
        ),
        (
            Label(text, x, y - gap, "middle"),
            (x - width / 2, y - gap - size, x + width / 2, y - gap + 0.2 * size),
        ),
        (
            Label(text, x, y + gap + 0.8 * size, "middle"),
            (x - width / 2, y + gap, x + width / 2, y + gap + 1.1 * size),
        ),
    ]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
