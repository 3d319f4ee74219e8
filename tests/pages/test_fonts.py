"""The font for Chinese: as small as it can be, the same every time, and a glyph for whatever a name holds."""

from __future__ import annotations

import io
import random
import sys
import time
import warnings

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

import gigmatch as gm
from gigmatch.pages import fonts
from page_reader import chinese, glyphs_of, read_page
from tests.conftest import matched, sample

RARE = "𠀋𪛖\ue123\U000323af"  # of extension B twice, of private use, of extension H


@pytest.fixture
def unknown(monkeypatch):
    """A machine without the package; nothing known of its fonts from before."""
    fonts.source_font.cache_clear()
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    yield monkeypatch
    fonts.source_font.cache_clear()


def opened(face: fonts.FontFace) -> TTFont:
    return TTFont(io.BytesIO(face.woff))


def contours(font: TTFont, name: str) -> list:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    return [points for command, points in pen.value if command == "closePath"]


def test_what_needs_a_font():
    """By name every character of the blocks that Chinese is written in, and nothing of other scripts."""
    every = {chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000}
    wanted = chinese(every)
    assert wanted <= set(fonts.han("".join(every)))
    assert fonts.han("Wang-1 “é” … – Ω Привет 한 🙂\u202e") == ""
    assert fonts.han("（小王）王") == "小王（）"


def test_a_subset_has_the_outlines_of_its_font():
    """For what is asked and no more; the licence goes along."""
    source = fonts.source_font()
    [face] = fonts.faces("工零，")
    font = opened(face)
    assert face.family == fonts.HAN
    assert set(glyphs_of(font)) == set("工零，")
    assert len(font.getGlyphOrder()) == 4
    with TTFont(source.path, fontNumber=source.number, lazy=True) as whole:
        for code, name in font.getBestCmap().items():
            ours, theirs = DecomposingRecordingPen(None), DecomposingRecordingPen(whole.getGlyphSet())
            font.getGlyphSet()[name].draw(ours)
            whole.getGlyphSet()[whole.getBestCmap()[code]].draw(theirs)
            assert ours.value == theirs.value != []
    assert "Open Font License" in font["name"].getDebugName(13)


def test_what_the_font_has_not_is_shown_by_its_code_point():
    """A glyph each, no two alike, as wide as its digits need; beside those that it has."""
    han, codes = fonts.faces(fonts.han(f"王{RARE}"))
    assert (han.family, codes.family) == (fonts.HAN, fonts.CODES)
    assert set(glyphs_of(opened(han))) == {"王"}
    font = opened(codes)
    glyphs = glyphs_of(font)
    with TTFont(fonts.source_font().path, lazy=True) as whole:
        contours_of = {
            digit: contours(whole, whole.getBestCmap()[ord(digit)]) for digit in "0123456789ABCDEF"
        }
    assert set(glyphs) == set(RARE)
    assert len(set(glyphs.values())) == len(RARE)
    for code, name in font.getBestCmap().items():
        pen = BoundsPen(None)
        font.getGlyphSet()[name].draw(pen)
        left, low, right, high = pen.bounds
        advance = font["hmtx"][name][0]
        assert 0 < left < right < advance
        assert font["hhea"].descent <= low < high <= font["hhea"].ascent
        assert advance == 430 * len(f"{code:X}") + 300
        assert len(contours(font, name)) == 2 + sum(len(contours_of[digit]) for digit in f"{code:X}")
    assert "Open Font License" in font["name"].getDebugName(13)


def test_the_same_characters_give_the_same_bytes(monkeypatch):
    """On another day as well."""
    characters = fonts.han(f"工零，{RARE}")
    first = fonts.faces(characters)
    monkeypatch.setattr(time, "time", lambda: 1.9e9)
    assert fonts.faces(characters) == first


def test_no_chinese_needs_no_font():
    """Nothing is opened."""
    assert fonts.faces(fonts.han("Market hall")) == ()


@pytest.mark.timing
def test_many_characters_take_little_time_and_room():
    """A thousand different ones: far more than a page has."""
    drawn = random.Random(1).sample(range(0x4E00, 0x9000), 1000)
    start = time.perf_counter()
    [face] = fonts.faces("".join(map(chr, sorted(drawn))))
    assert time.perf_counter() - start < 5  # 0.4 s on a quiet machine
    assert len(face.woff) < 300_000


def test_without_the_package_a_font_of_the_machine_serves(unknown):
    """Outlines of both kinds, collections too, as far as this machine has them."""
    every = [family for family in fonts.FAMILIES if fonts.installed(family)]
    for family in every:
        unknown.setattr(fonts, "FAMILIES", (family,))
        fonts.source_font.cache_clear()
        if fonts.source_font() is None:  # may not be embedded
            continue
        han, codes = fonts.faces(fonts.han("王小\ue123"))
        font = opened(han)
        assert {chr(code) for code in font.getBestCmap()} == set("王小")
        for name in font.getBestCmap().values():
            pen = BoundsPen(font.getGlyphSet())
            font.getGlyphSet()[name].draw(pen)
            assert pen.bounds
        assert set(glyphs_of(opened(codes))) == {"\ue123"}
    if not every:
        pytest.skip("no Chinese font is installed")


def made_font(path, restricted: int) -> None:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 800))
    pen.lineTo((900, 0))
    pen.closePath()
    made = FontBuilder(1000)
    made.setupGlyphOrder([".notdef", "one"])
    made.setupCharacterMap({ord("王"): "one"})
    made.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "one": pen.glyph()})
    made.setupHorizontalMetrics({".notdef": (1000, 0), "one": (1000, 0)})
    made.setupHorizontalHeader()
    made.setupNameTable({"familyName": "made"})
    made.setupOS2(fsType=restricted)
    made.setupPost()
    made.save(path)


@pytest.mark.parametrize(("restricted", "serves"), [(0, True), (8, True), (2, False), (0x100, False)])
def test_a_font_that_may_not_be_embedded_is_not(unknown, tmp_path, restricted, serves):
    """By its own flags."""
    made_font(tmp_path / "made.ttf", restricted)
    unknown.setattr(fonts, "installed", lambda family: fonts.Source(str(tmp_path / "made.ttf"), 0))
    assert (fonts.source_font() is not None) == serves


def test_without_any_font_a_page_says_so(unknown, tmp_path):
    """It is written nevertheless: whoever reads it may have one. In plots names become codes."""
    unknown.setattr(fonts, "installed", lambda family: None)
    answer = matched("jingshi", seed=7, workers=60)
    with pytest.warns(UserWarning, match=r"no Chinese font.*pip install zhplot"):
        answer.board(tmp_path / "board.html")
    text = (tmp_path / "board.html").read_text(encoding="utf-8")
    assert "@font-face" not in text
    assert "京石零工市场" in text


def test_without_matplotlib_it_says_the_same(unknown):
    """Pages alone need none of it."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        unknown.setitem(sys.modules, name, None)
    with pytest.warns(UserWarning, match="no Chinese font"):
        assert fonts.faces("王") == ()


def test_nothing_else_of_the_package_is_used():
    """Importing it would change the settings of matplotlib."""
    assert fonts.source_font().path.endswith(".ttf")
    assert "zhplot" not in sys.modules


def latin(morning: gm.Morning) -> gm.Morning:
    """The same morning with codes for names."""
    data = morning.model_dump(mode="json", exclude_defaults=True)
    data["market"]["name"] = "Market hall"
    for at, station in enumerate(data["market"]["stations"]):
        station["name"] = f"Station {at}"
    for skill in data["skills"]:
        skill["name"] = skill["code"]
    for party in data["employers"] + data["brokers"]:
        party["name"] = party["id"]
    for shift in data["shifts"]:
        shift["location"]["label"] = "Yard"
    return gm.Morning.model_validate(data)


@pytest.mark.parametrize("kind", ["report", "board", "slips", "call_lists"])
def test_an_english_page_without_chinese_takes_nothing_along(tmp_path, kind):
    """And is as small as it was; the same page in Chinese does."""
    answer = gm.match(latin(sample("jingshi", seed=7, workers=60)))
    write, path = getattr(answer, kind), tmp_path / "page.html"
    options = {"advice": 1} if kind == "report" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write(path, **options)
    assert "@font-face" not in path.read_text(encoding="utf-8")
    read_page(path.read_text(encoding="utf-8"))
    write(path, lang="zh", **options)
    assert path.read_text(encoding="utf-8").count("@font-face") == 3
    read_page(path.read_text(encoding="utf-8"))
    first = path.read_bytes()
    write(path, lang="zh", **options)
    assert path.read_bytes() == first
