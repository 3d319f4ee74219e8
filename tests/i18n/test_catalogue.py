"""The one catalogue: every text in every language, with the same gaps, all asked for, none left over."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gigmatch as gm
from catalogues import AMISS, OTHER_WORDS, TEXTS, gaps
from gigmatch import i18n
from gigmatch.errors import PACKAGES
from gigmatch.evidence import Promised
from gigmatch.evidence.counterfactuals import SHIFT_KINDS, WORKER_KINDS
from gigmatch.i18n import Told
from gigmatch.i18n.po import read_po

SOURCES = Path(i18n.__file__).parent.parent
# A language names months and weekdays in its own way; fields by their name, and Chinese by its word, too.
OWN_DATES = {"pages.day", "pages.date", "errors.named"}

# Rooms whose code asks for its texts by the rest of their keys, with the beginnings of those put together.
ASKED_BY_REST = {
    "plots": ("by_", "way", "pay"),
    "pages": ("by_", "certificate_", "insurance_", "n_", "pay_", "policy_", "proof_", "settle_"),
    "reasons": (
        "by_",
        "change_",
        "decided_by_",
        "everywhere_",
        "first_",
        "n_",
        "open_",
        "side_",
        "no_skill",
        "skill_",
        "credential_",
    ),
    "shared": ("n_",),
    "summary": ("n_",),
    "statistics": ("counts.", "stages."),
    "difference": (),
    "policy": (),
    "terms": (
        "added_",
        "arrivals_",
        "barred_",
        "field_",
        "kept_",
        "market_",
        "parameter_",
        "part_",
        "requested_",
        "value_",
    ),
    "turns": ("work_", "declined_", "no_show_", "nothing_eligible_", "not_there_"),
    "measures": (),
    "line": (),
}
FOLDERS = {
    "shared": "",
    "plots": "pages/plot.py",
    "reasons": "messages/",
    "summary": "assignment/words.py",
    "statistics": "core/statistics.py",
    "difference": "assignment/difference.py",
    "policy": "pairing/policy.py",
    "terms": "evidence/terms",
    "turns": "ledger/turns.py",
    "measures": "ledger/measures.py",
    "line": "ledger/line.py",
}  # of rooms whose texts are called otherwise
# Texts whose keys are put together from names of the model; other tests hold them to the model's names.
ROOMS_BY_NAME = {
    "answers",
    "credentials",
    "currencies",
    "fields",
    "hazards",
    "levels",
    "rules",
    "scorers",
    "standings",
    "stopped",
}


# What others say, whose English is their own; what columns hold (fields.<table>.<column>) says the schema.
FOREIGN = {"json", "pydantic", "python", "system", "unicode"}


CODE = {
    path.relative_to(SOURCES).as_posix(): path.read_text(encoding="utf-8")
    for path in (*SOURCES.rglob("*.py"), *SOURCES.rglob("*.html"))
}


def test_every_text_has_its_chinese():
    """And no Chinese is without its English; none is empty, and none has Chinese in its English."""
    assert TEXTS["en"].keys() - TEXTS["zh"].keys() == set()
    alone = TEXTS["zh"].keys() - TEXTS["en"].keys()
    assert [key for key in alone if _room(key) not in FOREIGN and key.count(".") < 2] == []
    assert [key for texts in TEXTS.values() for key, forms in texts.items() if not all(forms)] == []
    assert [key for key, forms in TEXTS["en"].items() if re.search(r"[\u4e00-\u9fff]", "".join(forms))] == []


def test_both_languages_fill_in_the_same():
    """Only dates name a month or a weekday in their own way."""
    both = TEXTS["en"].keys() & TEXTS["zh"].keys() - OWN_DATES
    assert [key for key in both if gaps(*TEXTS["en"][key]) != gaps(*TEXTS["zh"][key])] == []


def test_one_chinese_word_for_one_thing():
    """Everywhere, with the better word that is there for it."""
    found = [
        (key, word, better)
        for key, forms in TEXTS["zh"].items()
        for word, better in OTHER_WORDS.items()
        if word in "".join(forms)
    ]
    assert found == []


def test_chinese_is_punctuated_as_chinese():
    """Full width between Chinese, and no blank within it."""
    mine = {
        key: "\n".join(forms)
        for key, forms in TEXTS["zh"].items()
        if _room(key) in {*ASKED_BY_REST, *ROOMS_BY_NAME}
    }
    assert [key for key, text in mine.items() if AMISS.search(text) and key != "pages.weekdays"] == []


def test_every_text_is_asked_for():
    """By the rest of its key in its room, or by a beginning that many share."""
    left_over = []
    for key in TEXTS["en"]:
        room, _, rest = key.partition(".")
        if room in ASKED_BY_REST and not rest.startswith(ASKED_BY_REST[room]):
            code = "".join(text for path, text in CODE.items() if path.startswith(_folder(room)))
            left_over += [] if f'"{rest}"' in code or f'"{key}"' in code else [key]
    assert left_over == []


@pytest.mark.parametrize("room", sorted(ASKED_BY_REST.keys() - {"shared"}))
def test_every_text_that_is_asked_for_is_there(room):
    """As far as its key stands in the code, whole or after its room."""
    asked: set[str] = set()
    for path, code in CODE.items():
        if path.startswith(_folder(room)) and path not in set(FOLDERS.values()) - {_folder(room)}:
            asked |= _asked(code) if path.endswith(".py") else set(re.findall(r'\bw\("([a-z_0-9]+)"', code))
    own_or_shared = {key.removeprefix(f"{room}.").removeprefix("shared.") for key in TEXTS["en"]}
    assert sorted(asked - own_or_shared) == []


def _asked(code: str) -> set[str]:
    """First arguments, either of a choice, of what looks texts up."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and node.args]
    names = [getattr(call.func, "id", getattr(call.func, "attr", "")) for call in calls]
    first = [call.args[0] for call, name in zip(calls, names, strict=True) if name in LOOK_UP]
    leaves = [
        leaf for arg in first for leaf in ((arg.body, arg.orelse) if isinstance(arg, ast.IfExp) else (arg,))
    ]
    return {leaf.value for leaf in leaves if isinstance(leaf, ast.Constant)}


LOOK_UP = {"words", "texts", "plural", "_say"}


def test_every_whole_key_in_the_code_is_there():
    """A string that begins like a text's key is one."""
    rooms = {_room(key) for key in TEXTS["en"]} - {"example"}
    whole = re.compile(rf'"((?:{"|".join(sorted(rooms))})\.[a-z_0-9.]+)"')
    asked = {key for path, code in CODE.items() if path.endswith(".py") for key in whole.findall(code)}
    assert sorted(asked - TEXTS["en"].keys() - NO_TEXTS) == []


NO_TEXTS = {"pages.plot", "cli.stage", "comparison.html"}  # a module, the beginning of keys, a template


def _room(key: str) -> str:
    return key.partition(".")[0]


def _folder(room: str) -> str:
    return FOLDERS.get(room, f"{room}/")


SPANISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "pages.board"
msgstr "Plazas libres"

msgid "pages.n_seats"
msgid_plural "pages.n_seats"
msgstr[0] "{n} plaza"
msgstr[1] "{n} plazas"

msgid "reasons.promised_seats"
msgstr "Todas las plazas de {shift} ya estaban prometidas."

msgid "rules.rest.name"
msgstr "descanso insuficiente"
"""


@pytest.fixture
def locales(monkeypatch):
    """Have texts told from a folder, as if the process had begun with it."""

    def read(folder):
        monkeypatch.setenv("GIGMATCH_LOCALES", str(folder))
        forget()

    def forget():
        for cached in (i18n._own_folder, i18n._catalogues):
            cached.cache_clear()

    yield read
    forget()


@pytest.fixture
def spanish(tmp_path, locales):
    """A third language, in a folder of one's own."""
    (tmp_path / "es.po").write_text(SPANISH, encoding="utf-8")
    locales(tmp_path)
    return "es"


def test_a_third_language_is_one_more_file(spanish, tmp_path):
    """What it has is told in it, on pages and in explanations; the rest in English."""
    assert i18n.languages() == ("en", "es", "zh")
    said = Promised(worker_id="li", shift_id="wall", what="every seat")
    assert gm.in_words(said, lang=spanish) == "Todas las plazas de wall ya estaban prometidas."
    other = Promised(worker_id="li", shift_id="wall", what="the worker")
    assert gm.in_words(other, lang=spanish) == gm.in_words(other)
    assert [gm.rule_in_words(rule, lang=spanish) for rule in ("rest", "mine")] == [
        "descanso insuficiente",
        "mine",
    ]
    morning = gm.samples.jingshi(seed=7, workers=50)
    gm.match(morning).board(tmp_path / "board.html", lang=spanish)
    page = (tmp_path / "board.html").read_text(encoding="utf-8")
    assert "Plazas libres" in page
    assert "Pause" in page


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def _own(folder, locales, lang="es", **texts):
    """A catalogue of one's own with a few texts."""
    entries = "".join(f'msgid "{key.replace("__", ".")}"\nmsgstr "{text}"\n\n' for key, text in texts.items())
    (folder / f"{lang}.po").write_text(HEAD + entries, encoding="utf-8")
    locales(folder)


UNKNOWN = gm.InvalidInputError("unknown_option", name="lang", names="en, zh", value="xx")


@pytest.mark.parametrize("text", ["{nombres}", "{", "{0}", "{names.x}"])
def test_gaps_that_are_wrong_hide_no_error(tmp_path, locales, text):
    """They are told in English."""
    _own(tmp_path, locales, errors__unknown_option=text)
    assert UNKNOWN.text("es") == str(UNKNOWN)


SPOILT = {
    "no entry": b"msgid",
    "no key": b'msgstr "x"',
    "no quotes": b"msgid pages.board",
    "no field": b'msgid "x"\nmsgtext "y"',
    "another encoding": HEAD.replace("text/", "\xe9").encode("latin-1"),
    "no text": b"\xff\xfe",
    "a rule that is none": b'msgid ""\nmsgstr "Plural-Forms: plural=import os;"',
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_a_catalogue_that_cannot_be_read_hides_no_error(tmp_path, locales, spoilt):
    """It is named, and English told."""
    (tmp_path / "es.po").write_bytes(spoilt)
    locales(tmp_path)
    with pytest.warns(UserWarning, match=r"es\.po: no catalogue"):
        assert UNKNOWN.text("es") == str(UNKNOWN)


def test_texts_need_nothing_but_python():
    """A source tree that nothing has compiled tells what an installation tells."""
    code = (
        "import sys\n"
        "for name in ('babel', 'numpy', 'pydantic'): sys.modules[name] = None\n"
        "from gigmatch import i18n\n"
        "print(i18n.text('levels.seats'), len(i18n.languages()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("seats 2\n", "")


def test_a_catalogue_is_read_as_gettext_reads_it():
    """As Babel does: in all forms, with all that is escaped."""
    for language, texts in TEXTS.items():
        assert read_po(Path(i18n.__file__).parent / f"{language}.po").texts == texts


PLURALS = """
#, fuzzy
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2);\\n"

#, fuzzy
msgid "levels.points"
msgstr "guessed"

#~ msgid "levels.seats"
#~ msgstr "gone"

msgid "levels.lottery"
msgstr ""

msgid "pages.n_seats"
msgid_plural "pages.n_seats"
msgstr[0] "{n} one"
msgstr[1] "{n} "
"few"
msgstr[2] "{n} \\"many\\""
"""


def test_forms_are_chosen_by_the_rule_of_the_language(tmp_path, locales):
    """What is marked as fuzzy, is gone or has no text is told in English."""
    (tmp_path / "pl.po").write_text(PLURALS, encoding="utf-8")
    locales(tmp_path)
    told = [i18n.plural("pages.n_seats", n, "pl") for n in (1, 3, 5)]
    assert told == ["1 one", "3 few", '5 "many"']
    assert [i18n.text(f"levels.{name}", "pl") for name in ("points", "seats", "lottery")] == [
        "points",
        "seats",
        "lottery",
    ]


def test_words_of_ones_own_go_before_those_of_the_library(tmp_path, locales):
    """Text by text."""
    _own(tmp_path, locales, "zh", rules__rest__name="没睡够")
    assert gm.rule_in_words("rest", lang="zh") == "没睡够"
    assert UNKNOWN.text("zh") != str(UNKNOWN)


def test_a_region_is_told_in_its_language():
    """A service hands over what its caller asks for."""
    assert len({UNKNOWN.text(code) for code in ("zh", "zh-CN", "zh_CN.UTF-8", "ZH")}) == 1
    said = Promised(worker_id="li", shift_id="wall", what="the worker")
    assert gm.in_words(said, lang="zh-CN") == gm.in_words(said, lang="zh")


@pytest.mark.parametrize("code", ["", "../es", "../../etc/es", "a" * 5000, "\0", "xx"])
def test_a_code_without_a_catalogue_is_told_in_english(tmp_path, locales, code):
    """It is no path, and nothing is kept of it."""
    _own(tmp_path, locales, errors__unknown_option="{value}: ninguna")
    locales(tmp_path / "none")
    kept = i18n._read.cache_info().currsize
    assert UNKNOWN.text(code) == str(UNKNOWN)
    assert i18n._read.cache_info().currsize <= kept + 1


def test_every_kind_of_change_has_its_text():
    """And its unit, as the checker of advice names them; none is left over."""
    kinds = (*SHIFT_KINDS.values(), *WORKER_KINDS.values())
    told = {
        Told.named(room, name)
        for kind in kinds
        for room, name in (("changes", kind.name), ("units", kind.unit))
    }
    assert {one.key for one in told} == {key for key in TEXTS["en"] if _room(key) in ("changes", "units")}
    assert [one for one in told if one.text("en") != TEXTS["en"][one.key][0]] == []


# Two words or more, or one beside what is filled in.
_ENGLISH = re.compile(r"[A-Za-z]{2,}[,;:.]? [a-z]{2,}|\0 [a-z]{2,}\b|\b[a-z]{2,} \0")
# What is written in English for who reads programs: documentation, names of the data of samples, other
# formats, names of fonts, counts of what a solver did, and clauses that a plug-in under test breaks.
IN_ENGLISH = (
    *(
        "tables/schema.py",
        "scenarios/law.py",
        "scenarios/city_tables.py",
        "problem/export.py",
    ),
    *("cli/examples.py", "pages/html.py", "pages/svg.py", "pages/fonts.py", "pages/typefaces.py", "testing/"),
    *("solvers/auction/", "__init__.py", "live/journal.py"),
)
NO_WORDS = {
    *PACKAGES.values(),
    *("base board", "base comparison", "base report", "base slips \0"),  # names of style sheets
    *("columns \0", "\0 day \0 \0", "worker \0", "\0 lots of day \0"),  # of digests, of streams of numbers
    *(
        "\0: no catalogue (\0): mend it or take it away",
        "line \0: \0",
    ),  # there is no catalogue to tell it from
    *("the worker", "every seat", "seats by tier", "why there", "why unplaced", "why open", "time limit"),
    "fair lottery",
    *("pairs looked at", "pairs feasible", "pairs held", "price rounds"),  # told by `Statistics`
    *("pairs looked at again", "pairs verified", "pairs in samples", "solve \0", "prove \0"),
    *(
        "What the file holds.",
        "Version of the file's format; goes with ``format``.",
    ),  # in a schema
    *("no eligible shift", "eligible, not placed", "no eligible worker", "eligible workers, seats left open"),
}
"""Names that are no text: what saved answers hold is told by `Told.named` or by a sentence of its own."""


def _written(node):
    """Texts in the code of a node with what is filled in as a zero; docstrings and assertions are none."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in child.values)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        is_docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if not is_docstring and not isinstance(child, ast.Assert | ast.JoinedStr):
            yield from _written(child)


def test_no_text_is_written_in_the_code():
    """Whatever is English in the sources, and no name in saved data, stands in the catalogue instead."""
    kinds = {name for kind in (*SHIFT_KINDS.values(), *WORKER_KINDS.values()) for name in kind}
    found = {
        (path, text)
        for path, code in CODE.items()
        if path.endswith(".py") and not path.startswith(IN_ENGLISH)
        for text in _written(ast.parse(code))
        if _ENGLISH.search(text) and text not in NO_WORDS | kinds
    }
    assert sorted(found) == []
    assert [path for path in IN_ENGLISH if not any(each.startswith(path) for each in CODE)] == []
