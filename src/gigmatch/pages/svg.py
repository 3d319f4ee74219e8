"""Pictures for a page: histograms by the plotting library, and how large the map's kilometres are.

By hand, what matplotlib has no option for: no styles, which the page's policy forbids, and its own colours.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import escape
from typing import Any

from gigmatch.errors import UnsupportedError
from gigmatch.pages.figures import Sketch
from gigmatch.pages.plot import FILLED, INK, OPEN

__all__ = ["scale_bar", "svg_of"]

_STYLE = re.compile(r' style="([^"]*)"')
_ID = re.compile(r' id="([^"]+)"')
_STAND_INS = ("across", "upward")
# What the plots are drawn in, and what stands in the page for it, light or dark.
_COLOURS = {
    FILLED: "var(--accent)",
    OPEN: "var(--line)",
    INK: "currentColor",
    "#000000": "currentColor",
    "black": "currentColor",
    "#ffffff": "none",
}


def svg_of(name: str, draw: Callable[[Any], None], label: str, axes: tuple[str, str]) -> str:
    """What a plot draws, as SVG to stand inside a page: text stays text, colours follow the page's scheme.

    Parameters
    ----------
    name : str
        Distinguishes the picture from others of the page.
    draw : callable
        Draws on the axes that it is given.
    label : str
        What a screen reader says.
    axes : (str, str)
        What stands beside the axes. Put in afterwards: the browser has the fonts to write it, the plotting
        library may not.

    Returns
    -------
    str
        The same bytes for the same picture; no style attributes, which the page's policy would not apply.
    """
    try:
        from matplotlib import rc_context, rcdefaults, rcParams
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ModuleNotFoundError as missing:
        raise UnsupportedError.without("report", str(missing.name), "report") from None
    file = io.StringIO()
    with rc_context():
        rcdefaults()  # whatever the user likes in plots, the page looks as pages do
        rcParams.update({"svg.fonttype": "none", "svg.hashsalt": name})
        figure = Figure(figsize=(4.6, 2.7), layout="constrained")
        drawn = figure.subplots()
        draw(drawn)
        drawn.set_title("")
        if legend := drawn.get_legend():  # the page says it in its own words
            legend.remove()
        drawn.set_xlabel(_STAND_INS[0])
        drawn.set_ylabel(_STAND_INS[1])
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None})  # type: ignore[no-untyped-call]
    svg = _for_page(file.getvalue(), label)
    for stand_in, text in zip(_STAND_INS, axes, strict=True):
        svg = svg.replace(f">{stand_in}<", f">{escape(text)}<")
    return svg


def _for_page(svg: str, label: str) -> str:
    box = re.search(r'viewBox="[^"]*"', svg)
    body = svg[svg.index("<g ") : svg.rindex("</svg>")]
    body = re.sub(r"<defs>\s*<style.*?</defs>", "", body, flags=re.S)
    body = _STYLE.sub(lambda found: _attributes(found.group(1)), body)
    used = set(re.findall(r"#([\w-]+)", body))
    body = _ID.sub(lambda found: found.group(0) if found.group(1) in used else "", body)
    body = body.replace("xlink:href", "href")
    head = f'class="plot" {box.group(0) if box else ""} role="img" aria-label="{escape(label)}"'
    return f"<svg {head}>{body}</svg>"


def _attributes(style: str) -> str:
    """Style declarations as presentation attributes, colours as the page's own."""
    found = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            name, value = "font-size", value.split("px")[0].split()[-1]
        if name:
            found.append(f' {name}="{_COLOURS.get(value, value)}"')
    return "".join(found)


def scale_bar(drawn: Sketch) -> tuple[float, float]:
    """A round number of kilometres of at most a quarter of the width, and its length in the drawing."""
    most = drawn.km / 4
    ten = 10.0 ** (len(f"{most:.0f}") - 1) if most >= 1 else 0.1
    km = max(step * ten for step in (0.5, 1, 2, 5) if step * ten <= most or step == 0.5)
    return km, km * drawn.width / drawn.km
