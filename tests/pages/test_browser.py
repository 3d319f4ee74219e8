"""The pages in a real browser: at a desk, on a phone, on paper; by keyboard; alone, without any request."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

import gigmatch as gm
from page_reader import chinese, hostile_morning
from tests.conftest import is_nightly, matched, sample, seldom

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
WebDriverException = pytest.importorskip("selenium.common").WebDriverException
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="no chromium with its chromedriver is installed"),
]

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)
DESK, PHONE, SCREEN = (1280, 900), (390, 844), (1920, 1080)
PAGES = [
    *(f"report-{lang}" for lang in ("en", "zh")),
    *(f"board-{lang}" for lang in ("en", "zh")),
    *("slips-en-80mm", "slips-zh-a4"),
    *("calls-zh-a4", "calls-en-80mm", "report-hostile", "board-hostile", "slips-hostile", "calls-hostile"),
]

LIKE_OTHERS = {"report-en", "board-zh", "calls-zh-a4", "calls-hostile"}  # as they are printed


@pytest.fixture(scope="module")
def answer() -> gm.Assignment:
    return matched("jingshi", seed=7, workers=80)


@pytest.fixture(scope="module")
def folder(answer, tmp_path_factory) -> Path:
    """Every page, written once."""
    place = tmp_path_factory.mktemp("pages")
    hostile = gm.match(hostile_morning())
    for lang in ("en", "zh"):
        answer.report(place / f"report-{lang}.html", lang=lang, advice=1)
        answer.board(place / f"board-{lang}.html", lang=lang)
    answer.slips(place / "slips-en-80mm.html", lang="en", paper="80mm")
    answer.slips(place / "slips-zh-a4.html", lang="zh")
    answer.call_lists(place / "calls-zh-a4.html", lang="zh")
    answer.call_lists(place / "calls-en-80mm.html", lang="en", paper="80mm")
    hostile.report(place / "report-hostile.html", advice=1)
    hostile.board(place / "board-hostile.html")
    hostile.slips(place / "slips-hostile.html", lang="en", paper="80mm")
    hostile.call_lists(place / "calls-hostile.html", lang="en")
    return place


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A new browser, with a profile of its own."""
    driver = opened(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


def opened(profile: Path, **environment: str):
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=DRIVER, env={**os.environ, **environment})
    return webdriver.Chrome(options=options, service=service)


# A page is laid out anew once its fonts are there: what is printed or measured before is neither.
AT_REST = """const [done] = arguments;
    document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())));"""


def shown(browser, path: Path, size=DESK, *, media: str = "", **features: str) -> None:
    """Open a page at a size, in a medium, with what the user prefers."""
    screen = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    wishes = {"prefers-color-scheme": "light", "prefers-reduced-motion": "reduce"}
    wishes |= {name.replace("_", "-"): value for name, value in features.items()}
    wanted = [{"name": name, "value": value} for name, value in wishes.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": wanted})
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(path.as_uri())
    browser.execute_async_script(AT_REST)


def requests(browser) -> list[str]:
    """Addresses that were asked for; what is read as data is in the page itself."""
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    return [address for address in asked if not address.startswith("data:font/woff;")]


def printed(browser) -> PdfReader:
    """The page on the paper that its style asks for; a busy browser may have to be asked again."""
    asked = {"preferCSSPageSize": True, "printBackground": True}
    for is_last in (False, False, True):
        try:
            data = browser.execute_cdp_cmd("Page.printToPDF", asked)["data"]
            return PdfReader(io.BytesIO(base64.b64decode(data)))
        except WebDriverException as error:
            if is_last or "Printing failed" not in str(error):
                raise
            time.sleep(1)
    raise AssertionError("unreachable")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_laid_out(browser, folder, name):
    """At a desk, on a phone and in the dark: nothing overlaps or is cut off, no error, no request."""
    path = folder / f"{name}.html"
    crossed = ((DESK, "dark"), (PHONE, "light")) if is_nightly() else ()
    for size, scheme in ((DESK, "light"), (PHONE, "dark"), *crossed):
        shown(browser, path, size, prefers_color_scheme=scheme)
        found = browser.execute_script(AUDIT)
        if name == "board-hostile":  # names as long as these end in an ellipsis
            found = [wrong for wrong in found if " cuts off " not in wrong]
        assert found == [], (size, scheme)
        assert requests(browser) == [path.as_uri()]
        assert browser.get_log("browser") == []


def test_the_audit_finds_what_is_wrong(browser, tmp_path):
    """Each of what it looks for, in a page that has all of it."""
    bad = """<!doctype html><body style="margin:0"><p style="width:2000px">wide</p>
        <p style="position:absolute;top:90px;margin:0">under</p>
        <p style="position:absolute;top:90px;margin:0">over</p>
        <p style="position:absolute;top:200px;width:40px;overflow:hidden;white-space:nowrap">cut here</p>
        <p style="position:absolute;top:300px;color:#bbb">pale</p>"""
    (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
    shown(browser, tmp_path / "bad.html")
    found = "; ".join(browser.execute_script(AUDIT))
    for wrong in ("the page is 2000 wide", 'hangs over the edge: "wide"', '"under" lies over "over"'):
        assert wrong in found
    assert 'cuts off "cut here"' in found
    assert '"pale" is hard to read' in found


@pytest.mark.parametrize("name", [seldom(name) if name in LIKE_OTHERS else name for name in PAGES])
def test_pages_print(browser, folder, name):
    """On their paper, with nothing lost; as wide as that paper, nothing overlaps."""
    path = folder / f"{name}.html"
    roll = "80mm" in name or name == "slips-hostile"
    shown(browser, path, (272 if roll else 700, 1000), media="print")
    assert browser.execute_script(AUDIT) == []
    letters = (
        "return [...new Set([...document.querySelectorAll('.rest')].map(e => getComputedStyle(e).fontSize))]"
    )
    assert len(browser.execute_script(letters)) == name.startswith("board")
    shown(browser, path)
    pages = printed(browser).pages
    assert all(abs(float(page.mediabox.width) - (227 if roll else 595)) < 2 for page in pages)
    assert roll or all(abs(float(page.mediabox.height) - 842) < 2 for page in pages)
    if name == "report-en":  # heads stand over the rows of every page
        assert sum("Way, minutes" in page.extract_text() for page in pages) > 1


def test_every_slip_is_on_paper(browser, folder, answer):
    """A slip a page on the roll, as long as its text; two columns on A4, several to a page; all ids."""
    for name, most in (("slips-en-80mm", len(answer.pairs)), ("slips-zh-a4", len(answer.pairs) / 3)):
        shown(browser, folder / f"{name}.html")
        pages = printed(browser).pages
        assert len(pages) <= most
        text = "".join(page.extract_text() for page in pages)
        assert all(worker in text for worker, _ in answer.pairs)
        if "80mm" in name:
            lengths = (
                "return [...document.querySelectorAll('.slip')].map(e => e.getBoundingClientRect().height)"
            )
            slips = [height / 96 * 72 for height in browser.execute_script(lengths)]
            blank = [float(p.mediabox.height) - slip for p, slip in zip(pages, slips, strict=True)]
            assert min(blank) > 6 / 25.4 * 72
            assert max(blank) < 11 / 25.4 * 72


def test_the_report_by_keyboard(browser, folder, answer):
    """The first stop leads past the contents; sections, names on the map and lists can all be reached."""
    keys = webdriver.Keys
    shown(browser, folder / "report-en.html")
    actions = webdriver.ActionChains(browser)
    actions.send_keys(keys.TAB).perform()
    skip = browser.switch_to.active_element
    assert (skip.text, skip.is_displayed()) == ("Skip to the content", True)
    actions.send_keys(keys.ENTER).perform()
    assert browser.current_url.endswith("#figures")
    tree = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in tree if not n.get("ignored")]
    roles = {role for role, _ in named}
    assert {"banner", "navigation", "main", "contentinfo", "region", "table", "columnheader"} <= roles
    assert [name for role, name in named if role == "navigation"] == ["Contents"]
    for role in ("image", "region", "link", "searchbox", "combobox"):
        assert all(name for found, name in named if found == role), role
    browser.find_element("css selector", ".map > svg").send_keys(keys.ARROW_RIGHT)
    assert re.search(r" · .*: \d+ seats?, \d+ open$", browser.find_element("css selector", ".tip").text)
    search = browser.find_element("css selector", "#lists input")
    worker, shift = answer.pairs[3]
    search.send_keys(f"{shift.upper()} {worker}")
    rows = """return [...document.querySelector('#lists tbody').rows].filter((row) => !row.hidden)
        .map((row) => row.innerText)"""
    [row] = browser.execute_script(rows)
    assert worker in row
    assert shift in row
    search.send_keys(keys.CONTROL, "a", keys.NULL, keys.DELETE)
    browser.find_element("css selector", "#lists th:nth-child(8) [role=button]").send_keys(
        keys.ENTER, keys.ENTER
    )
    points = [float(row.split("\t")[7]) for row in browser.execute_script(rows)]
    assert points == sorted(points, reverse=True)
    assert len(points) == len(answer.pairs)


def current(browser) -> int:
    return browser.execute_script(
        "return [...document.querySelectorAll('.page')].findIndex(p => p.matches('.now'))"
    )


def test_the_board_turns(browser, folder, answer, tmp_path):
    """By itself; by keys and buttons; and waits while it is paused."""
    keys = webdriver.Keys
    answer.board(tmp_path / "board.html", seconds=1)
    shown(browser, tmp_path / "board.html", SCREEN, prefers_reduced_motion="no-preference")
    live = "return document.querySelector('main').getAttribute('aria-live')"
    assert (current(browser), browser.execute_script(live)) == (0, "off")
    deadline = time.monotonic() + 10
    while current(browser) == 0 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert current(browser) > 0
    actions = webdriver.ActionChains(browser)
    actions.send_keys(" ").perform()
    assert browser.execute_script(live) == "polite"
    last = browser.execute_script("return document.querySelectorAll('.page').length") - 1
    for key, to in ((keys.HOME, 0), (keys.ARROW_RIGHT, 1), (keys.ARROW_LEFT, 0), (keys.PAGE_UP, last)):
        actions.send_keys(key).perform()
        assert current(browser) == to
    time.sleep(1.3)
    assert current(browser) == last
    browser.find_element("id", "next").click()
    assert current(browser) == 0
    assert browser.find_element("id", "at").text == f"Page 1 of {last + 1}"


def test_the_board_reads_its_file_again(browser, answer, tmp_path):
    """After the last page, and while nothing is open."""
    base = sample("jingshi", seed=7, workers=60)
    full = gm.match(base.model_copy(update={"shifts": ()}))
    full.board(tmp_path / "board.html", seconds=1, reload=True)
    shown(browser, tmp_path / "board.html", SCREEN, prefers_reduced_motion="no-preference")
    assert current(browser) == -1
    for new in (answer, full):
        new.board(tmp_path / "board.html", seconds=1, reload=True)
        deadline = time.monotonic() + 30
        while (current(browser) == -1) != (new is full) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert (current(browser) == -1) == (new is full)


def test_who_wants_less_motion_turns_pages_alone(browser, folder):
    """Nothing moves, and the button offers to begin."""
    shown(browser, folder / "board-zh.html", SCREEN, prefers_reduced_motion="reduce")
    assert browser.find_element("id", "pause").text == "自动翻页"
    moving = "return getComputedStyle(document.querySelector('.page.now')).animationName"
    assert browser.execute_script(moving) == "none"


@pytest.mark.parametrize("name", ["board-en", "board-zh", "board-hostile"])
def test_the_board_can_be_read_from_afar(browser, folder, name):
    """On every page of the screen: large letters, none of them cut off, whatever the shift."""
    shown(browser, folder / f"{name}.html", SCREEN)
    sizes = """return [...document.querySelectorAll('.page.now .work, .page.now .pay, .page.now .seats b')]
        .map(e => parseFloat(getComputedStyle(e).fontSize))"""
    for _ in range(browser.execute_script("return document.querySelectorAll('.page').length")):
        if name != "board-hostile":  # such names end in an ellipsis
            assert browser.execute_script(AUDIT) == []
            assert min(browser.execute_script(sizes)) > SCREEN[1] / 20
        size = "const page = document.documentElement; return [page.scrollWidth, page.scrollHeight]"
        assert browser.execute_script(size) == list(SCREEN)
        webdriver.ActionChains(browser).send_keys(webdriver.Keys.ARROW_RIGHT).perform()


# -- where no font for Chinese is installed ----------------------------------------------------------------

GLYPHS = """const [text, family] = arguments, canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    return [...text].map((character) => {
        pen.clearRect(0, 0, 64, 64);
        pen.font = `40px ${family ?? getComputedStyle(document.body).fontFamily}`;
        pen.fillText(character, 4, 48);
        return [...pen.getImageData(0, 0, 64, 64).data].filter((_, at) => at % 4 === 3).join();
    });"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A browser on a machine that has a font for Latin letters and no other."""
    import matplotlib

    place = tmp_path_factory.mktemp("bare")
    fonts = place / "fonts"
    fonts.mkdir()
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        shutil.copy(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, fonts)
    places = f"<dir>{fonts}</dir><cachedir>{place / 'cache'}</cachedir>"
    head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    (place / "fonts.conf").write_text(f"{head}<fontconfig>{places}</fontconfig>", encoding="utf-8")
    driver = opened(place / "profile", FONTCONFIG_FILE=str(place / "fonts.conf"))
    yield driver
    driver.quit()


def boxes(browser) -> tuple[list[str], int]:
    """Chinese texts that are not all written by a font of the page, and how many are."""
    for domain in ("DOM", "CSS"):
        browser.execute_cdp_cmd(f"{domain}.enable", {})
    inside: dict[int, list] = {}
    for node in browser.execute_cdp_cmd("DOM.getFlattenedDocument", {"depth": -1})["nodes"]:
        inside.setdefault(node.get("parentId", 0), []).append(node)
    wrong, right = [], 0
    for parent, nodes in inside.items():
        text = "".join(node["nodeValue"] for node in nodes)
        if not chinese(text) or any(node["nodeType"] != 3 for node in nodes):
            continue
        fonts = browser.execute_cdp_cmd("CSS.getPlatformFontsForNode", {"nodeId": parent})["fonts"]
        if fonts:  # else it is not shown
            written = sum(font["glyphCount"] for font in fonts if font["isCustomFont"])
            is_right = written == sum(character in chinese(text) for character in text)
            right += is_right
            wrong += [] if is_right else [text]
    return wrong, right


@pytest.mark.parametrize(
    "name",
    [
        "report-zh",
        seldom("board-zh"),
        seldom("slips-zh-a4"),
        seldom("calls-zh-a4"),
        seldom("report-en"),
        "board-en",
    ],
)
def test_chinese_is_never_boxes(bare, folder, tmp_path, name):
    """Every text by the font of the page; every character unlike any other and a box; not without it."""
    path = folder / f"{name}.html"
    for size in (DESK, PHONE):
        shown(bare, path, size)
        wrong, right = boxes(bare)
        assert wrong == []
        assert right > 5
        assert bare.execute_script(AUDIT) == []
    text = path.read_text(encoding="utf-8")
    seen = "".join(sorted(chinese(re.sub("<[^>]*>", "", text)) - {"\u3000"}))
    drawn = bare.execute_script(GLYPHS, f"{seen}\uffff", None)
    assert len(set(drawn)) == len(seen) + 1
    without = re.sub(r"@font-face {[^}]*}|<meta http-equiv[^>]*>", "", text)
    (tmp_path / "without.html").write_text(without, encoding="utf-8")
    shown(bare, tmp_path / "without.html")
    assert len(boxes(bare)[0]) > 5
    assert len(set(bare.execute_script(GLYPHS, seen, None))) == 1


@pytest.mark.parametrize(
    "name", ["report-hostile", seldom("board-hostile"), "slips-hostile", seldom("calls-hostile")]
)
def test_rare_characters_are_never_boxes(bare, folder, name):
    """Those that no font has are shown by their code points, in all that is shown of them."""
    shown(bare, folder / f"{name}.html")
    wrong, right = boxes(bare)
    if name != "board-hostile":  # names as long as these end in an ellipsis
        assert wrong == []
    assert right > 2
    rare = bare.execute_script(GLYPHS, "龘𠀋\ue123\uffff", None)
    assert len(set(rare)) == 4


def test_paper_has_the_font_too(bare, folder):
    """Its letters can be read in the file, and the font is in it."""
    shown(bare, folder / "slips-zh-a4.html")
    pages = printed(bare).pages
    assert "上工单" in pages[0].extract_text()
    fonts = [font.get_object() for font in pages[0]["/Resources"]["/Font"].values()]
    assert any("NotoSansSC" in str(font["/BaseFont"]).replace("-", "") for font in fonts)
