"""One way of saving: what a file says of itself, what is refused, and files of earlier versions."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

import gigmatch as gm
from gigmatch.core.files import parsed_json
from tests.conftest import for_each

EARLIER = Path(__file__).parents[1] / "saved"
KINDS = {
    "morning": gm.Morning,
    "policy": gm.Policy,
    "assignment": gm.Assignment,
    "reasons": gm.Reasons,
    "advice": gm.Advice,
    "training_plan": gm.TrainingPlan,
    "training_programme": gm.TrainingProgramme,
    "ledger": gm.Ledger,
}
BY_VERSION = sorted((EARLIER / "by_version").iterdir())
"""A file of each version of a format that changed, named by both; where several shifts a worker came in."""
HEAD = {"format", "version", "format_version", "schema_version", "warnings"}
FILES = {kind: EARLIER / "0.1.0" / f"{kind}.json" for kind in KINDS}


def spoilt(kind, **changes):
    """The file of a kind as it is written today, with other values."""
    return json.dumps(json.loads(KINDS[kind].load(FILES[kind]).to_json()) | changes)


def held_by(then, now):
    """What was saved, with what fields that are younger hold where they are not said."""
    if isinstance(then, dict) and isinstance(now, dict):
        return {**now, **{key: held_by(value, now.get(key)) for key, value in then.items()}}
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return list(map(held_by, then, now))
    return then


@for_each(KINDS.items())
def test_files_of_earlier_versions_are_read(kind, cls):
    """Every field as it was saved, and what is written now is read alike.

    What rules that warn demand is told from the catalogue now, and was saved in words of then.
    """
    found = cls.load(FILES[kind])
    written = found.to_json()
    assert cls.from_json(written).to_json() == cls.from_json(written.decode()).to_json() == written
    now, then = json.loads(written), json.loads(FILES[kind].read_bytes())
    assert now["format"] == f"gigmatch.{kind}" == "gigmatch." + cls.saved_as.kind
    assert now["version"] == cls.saved_as.version >= then.get("version", 1)
    before, after = ({k: v for k, v in each.items() if k not in HEAD} for each in (then, now))
    assert held_by(before, after) == after
    warned = [[[rule, pairs] for rule, _, pairs in each.get("warnings", ())] for each in (now, then)]
    assert warned[0] == warned[1]


@for_each([(path,) for path in BY_VERSION])
def test_files_of_every_version_are_read(path):
    """Every field as it was saved; one of today's version is written byte for byte as it stands."""
    kind, _, version = path.stem.partition("-")
    cls = (KINDS | {"terms": gm.Terms})[kind]
    now, then = cls.load(path).to_json(), path.read_bytes()
    head = json.loads(then)
    assert head["version"] == int(version) <= cls.saved_as.version
    assert (now == then) == (int(version) == cls.saved_as.version)
    before, after = ({k: v for k, v in json.loads(each).items() if k not in HEAD} for each in (then, now))
    assert held_by(before, after) == after


@for_each([(2, 4, 1), (3, 5, 2)])
def test_answers_of_every_version_are_verified(morning, assignment, terms):
    """Under the terms that were published; whole days and crews with the reasons of everybody."""
    versions = {"morning": morning, "assignment": assignment, "terms": terms}
    paths = {kind: EARLIER / "by_version" / f"{kind}-{version}.json" for kind, version in versions.items()}
    day, answer = gm.Morning.load(paths["morning"]), gm.Assignment.load(paths["assignment"])
    assert gm.check(day, answer, terms=gm.Terms.load(paths["terms"])).status == "optimal"
    if not answer.is_plain:
        told = gm.Reasons.load(EARLIER / "by_version" / "reasons-2.json")
        assert gm.check_reasons(day, answer, told, complete=True) == len(told.reasons)


def test_an_earlier_assignment_is_verified_against_its_earlier_morning():
    """The digest of a morning is that of what it holds, so an answer of before is still its answer."""
    morning, assignment = gm.Morning.load(FILES["morning"]), gm.Assignment.load(FILES["assignment"])
    assert assignment.morning_digest == morning.digest()
    assert gm.check(morning, assignment, policy=gm.Policy.load(FILES["policy"])).seed == 11
    assert gm.check_reasons(morning, assignment, gm.Reasons.load(FILES["reasons"]), complete=True) > 50
    gm.check_programme([(morning, assignment)], gm.TrainingProgramme.load(FILES["training_programme"]))


@for_each(KINDS.items())
def test_what_is_saved_is_loaded(kind, cls, tmp_path):
    """Any kind by the same four methods, and without a mark at the beginning or with one."""
    found = cls.load(FILES[kind])
    found.save(tmp_path / "now.json")
    assert (tmp_path / "now.json").read_bytes() == found.to_json()
    (tmp_path / "marked.json").write_bytes(b"\xef\xbb\xbf" + found.to_json())
    for name in ("now.json", "marked.json"):
        assert cls.load(tmp_path / name).to_json() == found.to_json()


@for_each(KINDS.items())
def test_another_kind_is_refused_by_name(kind, cls):
    """What it is and what it should have been, those of before there was an envelope included."""
    other = "policy" if kind == "morning" else "morning"
    with pytest.raises(gm.InvalidFileError, match="this is a") as caught:
        cls.from_json(KINDS[other].load(FILES[other]).to_json())
    assert caught.value.code == "saved_other_kind"
    with pytest.raises(gm.InvalidFileError, match="its 'format' is 'shopping list'"):
        cls.from_json('{"format": "shopping list"}')


def test_another_kind_is_told_in_both_languages():
    """As people call the kinds."""
    for data in (gm.DEFAULT_POLICY.to_json(), FILES["assignment"].read_bytes()):
        with pytest.raises(gm.InvalidFileError) as caught:
            gm.Morning.from_json(data, source="file.json")
        said = "a policy" if b"scorers" in data and b"keep" not in data else "an assignment"
        assert str(caught.value) == f"file.json: this is {said}, not a morning"
    assert caught.value.text("zh") == "file.json：这是安排，不是早市；请给出早市的文件"


@for_each(KINDS.items())
def test_a_later_version_asks_to_upgrade(kind, cls):
    """It may hold what this version would lose; and a version is a whole number from 1 on."""
    with pytest.raises(gm.InvalidFileError, match=r"version 9 of its format; .* upgrade gigmatch"):
        cls.from_json(spoilt(kind, version=9))
    for version in (0, -1, True, 2.0, "2", None):
        with pytest.raises(gm.InvalidFileError, match="'version' must be a whole number"):
            cls.from_json(spoilt(kind, version=version))


@for_each(KINDS.items())
def test_an_unknown_key_is_named_with_the_nearest(kind, cls):
    """Nothing that a file says is lost in silence."""
    fields = json.loads(cls.load(FILES[kind]).to_json())
    last = list(fields)[-1]
    with pytest.raises(gm.InvalidInputError, match=rf"{last}_.*did you mean '{last}'\?"):
        cls.from_json(spoilt(kind, **{f"{last}_": 1}))
    with pytest.raises(gm.InvalidInputError, match=r"#.*unknown key"):
        cls.from_json(spoilt(kind, **{"#": 1}))


@for_each(
    [
        ("morning", ("workers", 3), "workers[3].ratng: unknown key, did you mean 'rating'?", "ratng"),
        ("policy", ("scorers", 0), "scorer 'pay' was saved with 'weigth': unknown key, did", "weigth"),
        (
            "advice",
            (),
            "advice of version 2 has no 'optoins': unknown key, did you mean 'options'?",
            "optoins",
        ),
        ("training_plan", ("lessons", 0), "lessons.0.levl: unknown key, did you mean 'level'?", "levl"),
        ("reasons", ("reasons", 0), ".worker_ids: unknown key, did you mean 'worker_id'?", "worker_ids"),
    ]
)
def test_unknown_keys_within(kind, path, said, key):
    """Anywhere in a file, with what could have stood there."""
    data = json.loads(KINDS[kind].load(FILES[kind]).to_json())
    place = data
    for part in path:
        place = place[part]
    place[key] = 1
    with pytest.raises(gm.InvalidInputError) as caught:
        KINDS[kind].from_json(json.dumps(data))
    assert said in str(caught.value)


@for_each(KINDS.items())
def test_what_is_not_such_a_file(kind, cls, tmp_path):
    """Not JSON, not whole, not an object, a key twice: each its error, with the place."""
    texts = {
        b"": "is not JSON",
        b"{": "is not JSON",
        b"\xff": "is not JSON",
        b'{"a": "\\ud800"}': "half of a character",
        b"[" * 100_000: "is not JSON",
        b"7": "is an object in JSON; this is int",
        b'{"a": {"b": 1, "b": 1}}': "has 'b' twice in one object",
    }
    for data, why in texts.items():
        (tmp_path / "file.json").write_bytes(data)
        with pytest.raises(gm.InvalidFileError, match=rf"file\.json: .*{why}"):
            cls.load(tmp_path / "file.json")


def test_a_key_twice_is_found_in_linear_time():
    """Half a megabyte of keys, the last of them the first again."""
    keys = [*(f"k{n}" for n in range(40_000)), "k39999"]
    data = "{" + ", ".join(f'"{key}": 0' for key in keys) + "}"
    began = time.perf_counter()
    with pytest.raises(gm.InvalidFileError, match="has 'k39999' twice"):
        parsed_json(data, "file.json")
    assert time.perf_counter() - began < 2  # quadratic, it took 15 seconds


def test_the_schema_tells_what_a_file_says_of_itself():
    """Both keys may be left out where a morning is written by hand."""
    schema = gm.Morning.model_json_schema()
    assert schema["properties"]["format"]["const"] == "gigmatch.morning"
    assert schema["properties"]["version"]["maximum"] == gm.Morning.saved_as.version
    assert not {"format", "version"} & set(schema["required"])
    assert gm.Morning.model_validate_json(gm.Morning.load(FILES["morning"]).to_json())
