"""The one catalogue: every text in every language, with the same gaps, all asked for, none left over."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from gigmatch import i18n

SOURCES = Path(i18n.__file__).parent.parent
OWN_DATES = {"pages.day", "pages.date"}  # a language names its months and weekdays in its own way

# Rooms whose code asks for its texts by the rest of their keys, with the beginnings of those put together.
ASKED_BY_REST = {
    "pages": ("audience_", "by_", "insurance_", "n_", "pay_", "policy_", "proof_", "settle_"),
}
# Texts whose keys are put together from names of the model; other tests hold them to the model's names.
ASKED_BY_NAME = ("credentials.", "currencies.", "hazards.", "rules.", "scorers.", "stopped.")


def _texts(language: str) -> dict[str, tuple[str, ...]]:
    """Every text of a language in its forms, by key."""
    with (SOURCES / "i18n" / f"{language}.po").open("rb") as lines:
        entries = [entry for entry in read_po(lines) if entry.id]
    found = {}
    for entry in entries:
        key, forms = (entry.id, entry.string) if isinstance(entry.id, str) else (entry.id[0], entry.string)
        assert key not in found, f"{key} stands twice in {language}"
        found[key] = (forms,) if isinstance(forms, str) else tuple(forms)
    return found


TEXTS = {language: _texts(language) for language in ("en", "zh")}
CODE = {
    path.relative_to(SOURCES).as_posix(): path.read_text(encoding="utf-8")
    for path in (*SOURCES.rglob("*.py"), *SOURCES.rglob("*.html"))
}


def _gaps(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def test_every_text_has_its_chinese():
    """And no Chinese is without its English; none is empty, and none has Chinese in its English."""
    assert TEXTS["en"].keys() ^ TEXTS["zh"].keys() == set()
    assert [key for texts in TEXTS.values() for key, forms in texts.items() if not all(forms)] == []
    assert [key for key, forms in TEXTS["en"].items() if re.search(r"[\u4e00-\u9fff]", "".join(forms))] == []


def test_both_languages_fill_in_the_same():
    """Only dates name a month or a weekday in their own way."""
    both = TEXTS["en"].keys() & TEXTS["zh"].keys() - OWN_DATES
    assert [key for key in both if _gaps(TEXTS["en"][key]) != _gaps(TEXTS["zh"][key])] == []


def test_chinese_is_punctuated_as_chinese():
    """Full width between Chinese, no blank within it, and one word for whom it is about."""
    amiss = re.compile(
        r"[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff][,;:()!?]|[,;:()!?][\u4e00-\u9fff]"
        r"|，，|。。|；。|工人"
    )
    mine = {key: "\n".join(forms) for key, forms in TEXTS["zh"].items() if _room(key) in ASKED_BY_REST}
    mine |= {key: "\n".join(forms) for key, forms in TEXTS["zh"].items() if key.startswith(ASKED_BY_NAME)}
    assert [key for key, text in mine.items() if amiss.search(text) and key != "pages.weekdays"] == []


def test_every_text_is_asked_for():
    """By the rest of its key in its room, or by a beginning that many share."""
    left_over = []
    for key in TEXTS["en"]:
        room, _, rest = key.partition(".")
        if room in ASKED_BY_REST and not rest.startswith(ASKED_BY_REST[room]):
            code = "".join(text for path, text in CODE.items() if path.startswith(_folder(room)))
            left_over += [] if f'"{rest}"' in code else [key]
    assert left_over == []


@pytest.mark.parametrize("room", ASKED_BY_REST)
def test_every_text_that_is_asked_for_is_there(room):
    """As far as its key stands in the code, whole or after its room."""
    code = "".join(text for path, text in CODE.items() if path.startswith(_folder(room)))
    call = r"""\b(?:w|words|say|_say|_some|self\.words|plural|_many)\(\s*"([a-z_0-9]+)\""""
    asked = {f"{room}.{rest}" for rest in re.findall(call, code)}
    assert sorted(asked - TEXTS["en"].keys()) == []


def test_every_whole_key_in_the_code_is_there():
    """A string that begins like a text's key is one."""
    rooms = {_room(key) for key in TEXTS["en"]} - {"example"}
    whole = re.compile(rf'"((?:{"|".join(sorted(rooms))})\.[a-z_0-9.]+)"')
    asked = {key for path, code in CODE.items() if path.endswith(".py") for key in whole.findall(code)}
    assert sorted(asked - TEXTS["en"].keys() - NO_TEXTS) == []


NO_TEXTS = {"pages.plot"}  # modules


def _room(key: str) -> str:
    return key.partition(".")[0]


def _folder(room: str) -> str:
    return f"{room}/"
