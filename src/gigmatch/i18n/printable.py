"""Text for a terminal: what would move its cursor, change its colours or turn lines around is shown."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["printable"]

# Controls but for tab and line feed; what ends lines or turns them around; halves of characters.
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Return a text with every character that a terminal would obey as JSON escapes it.

    Examples
    --------
    >>> print(printable("li\x1b[2J"), printable("名额"))
    li\u001b[2J 名额
    """
    return _UNFIT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
