"""The house: which room may know which, and what no room may do. Read from the sources, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import gigmatch
from tests.conftest import for_each

SOURCES = Path(gigmatch.__file__).parent
MODULES = sorted(SOURCES.rglob("*.py"))

# From the ground up: a room may know rooms above it in this table only, and of those the ones named.
ROOMS = {
    "i18n": "",
    "errors": "i18n",
    "core": "errors",
    "model": "core errors",
    "columns": "core errors model",
    "tables": "columns core errors i18n model",
    "problem": "core errors i18n",
    "solvers": "core errors problem",
    "pairing": "columns core errors i18n model problem",
    "assignment": "columns core errors i18n model pairing problem tables",
    "ledger": "assignment core errors i18n model tables",
    "matching": "assignment columns core errors i18n ledger model pairing problem solvers tables",
    "evidence": "assignment columns core errors model pairing problem",
    "messages": "columns core errors evidence i18n model pairing",
    "explaining": "assignment columns core errors evidence matching model pairing problem solvers",
    "live": "assignment columns core errors i18n matching model pairing problem solvers",
    "pages": "assignment columns core errors evidence explaining i18n ledger messages model pairing problem",
    "scenarios": "assignment columns core errors ledger live matching model problem",
    "testing": "columns core errors model pairing problem scenarios solvers",
}
FACE = "gigmatch"  # the public face, __init__.py: it knows every room, and only the command line knows it
# The only doors upwards: methods of convenience, which open them when they are called and not before.
DOORS = {"assignment": {"pages"}}
ALLOWED = {room: {*known.split(), "i18n"} - {room} for room, known in ROOMS.items()}  # every room has texts
ALLOWED |= {FACE: set(ROOMS), "cli": {FACE, "i18n"}}


def _below(room: str) -> set[str]:
    """Every room that a room knows, directly or through others."""
    return set(ALLOWED[room]).union(*(_below(known) for known in ALLOWED[room]))


def room_of(path: Path) -> str:
    """The module or package just under gigmatch that a source belongs to."""
    first = path.relative_to(SOURCES).parts[0].removesuffix(".py")
    return FACE if first == "__init__" else first


def known_rooms(nodes: Iterable[ast.AST]) -> set[str]:
    """Every room imported by some nodes: with all of a module's, late and type-checking imports included."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the room"
            under = [f"{node.module}.{alias.name}" for alias in node.names]
            names = under if node.module == FACE else [str(node.module)]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == FACE:
                room = rest.partition(".")[0]
                found.add(room if room in ALLOWED else FACE)
    return found


def wrongs(tree: ast.Module) -> list[str]:
    """What happens on import and must not, and what must not happen at all."""
    found = [ast.unparse(call) for call in _calls_on_import(tree) if _is_loud(ast.unparse(call.func))]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            found += [
                name for name in names if name.partition(".")[0] in ("pickle", "marshal", "shelve", "dill")
            ]
        if isinstance(node, ast.Name) and node.id in ("eval", "exec", "__import__"):
            found.append(node.id)
    return found


def _is_loud(name: str) -> bool:
    return (
        name in ("print", "open", "input")
        or name.startswith(("logging.", "random.", "np.random.", "numpy.random.", "warnings.", "threading."))
        or name.endswith((".start", ".seed", ".basicConfig", ".addHandler", ".getLogger"))
    )


def _calls_on_import(node: ast.AST):
    """Calls outside the bodies of functions; decorators and defaults run on import, main blocks do not."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
        return
    inside = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        inside = [*node.decorator_list, node.args]
    elif isinstance(node, ast.Lambda):
        inside = [node.args]
    elif isinstance(node, ast.Call):
        yield node
    for child in inside:
        yield from _calls_on_import(child)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_import_points_up():
    """The table itself runs one way: every room knows rooms before it only."""
    seen: set[str] = set()
    for room in ROOMS:
        assert ALLOWED[room] <= seen, room
        seen.add(room)


def test_every_room_is_in_the_table():
    """And the table has no room that is not there."""
    assert {room_of(path) for path in MODULES} == ALLOWED.keys()


@for_each(MODULES)
def test_a_module_knows_what_its_room_may(path):
    """Its own room, those that the table names, and in the body of a function those behind a door."""
    room, tree = room_of(path), parsed(path)
    doors = DOORS.get(room, set())
    assert known_rooms(ast.walk(tree)) <= ALLOWED[room] | {room} | doors
    assert not doors or not known_rooms(_run_on_import(tree)) & doors


def _run_on_import(node: ast.AST, *, for_types: bool = True) -> Iterator[ast.AST]:
    """Every node outside the bodies of functions, those under TYPE_CHECKING if asked for."""
    yield node
    for child in ast.iter_child_nodes(node):
        is_for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not isinstance(child, ast.FunctionDef) and (for_types or not is_for_types):
            yield from _run_on_import(child, for_types=for_types)


@for_each(MODULES)
def test_importing_does_nothing(path):
    """No module prints, logs, seeds, warns or starts a thread on import, or runs code made at run time."""
    assert wrongs(parsed(path)) == []


def test_walls_that_the_table_must_keep():
    """What the design says must never be, whatever else the table may come to allow."""
    assert ALLOWED["problem"] == {"core", "errors", "i18n"}
    assert ALLOWED["solvers"] == {"core", "errors", "i18n", "problem"}
    assert not _below("evidence") & {"solvers", "matching", "explaining"}
    assert not ALLOWED["pairing"] & {"solvers", "matching", "assignment"}
    assert not any("ledger" in _below(room) for room in ("pairing", "problem", "solvers", "columns"))
    assert not any("cli" in known for known in ALLOWED.values())


@for_each(
    [
        ("import numpy", set()),
        ("from gigmatch.solvers.base import Solver", {"solvers"}),
        ("import gigmatch.problem", {"problem"}),
        ("from gigmatch import tables, match", {"tables", FACE}),
        ("import gigmatch as gm", {FACE}),
        ("if TYPE_CHECKING:\n    from gigmatch.columns import Columns", {"columns"}),
        ("def f():\n    from gigmatch.cli import main", {"cli"}),
    ],
)
def test_imports_are_found(source, rooms):
    """Wherever they hide."""
    assert known_rooms(ast.walk(ast.parse(source))) == rooms


@for_each(
    [
        "print('hello')",
        "import logging\nlog = logging.getLogger()",
        "class A:\n    np.random.seed(1)",
        "if fast:\n    threading.Thread(target=f).start()",
        "def f(rng=np.random.default_rng()):\n    pass",
        "@logging.info('x')\ndef f():\n    pass",
        "def f():\n    from pickle import loads",
        "def f(text):\n    return eval(text)",
    ],
)
def test_wrongs_are_found(source):
    """Each of what must not be is seen."""
    assert wrongs(ast.parse(source))


def test_what_happens_on_call_is_no_wrong():
    """Functions, lambdas and main blocks may print."""
    source = "def f():\n    print(1)\ng = lambda: print(2)\nif __name__ == '__main__':\n    print(3)"
    assert wrongs(ast.parse(source)) == []


def peeks(tree: ast.Module) -> set[str]:
    """Private names of objects that do not belong to the module: of none of its own classes.

    An attribute that some class of the module defines is its own affair, whichever object it is asked of.
    """
    own = _own_names(tree)
    return {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.endswith("__")
        and node.attr not in own | {"_asdict", "_fields", "_make", "_replace"}  # named tuples' public ones
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
        and ast.unparse(node.value) != "super()"
    }


def _own_names(tree: ast.Module) -> set[str]:
    """Everything that the classes of a module define: methods, fields, and what is set on ``self``."""
    names: set[str] = set()
    for each in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        names |= {node.name for node in each.body if isinstance(node, ast.FunctionDef)}
        names |= {node.id for node in ast.walk(each) if isinstance(node, ast.Name) and _is_set(node)}
        names |= {
            node.attr
            for node in ast.walk(each)
            if isinstance(node, ast.Attribute) and _is_set(node) and ast.unparse(node.value) == "self"
        }
    return names


def _is_set(node: ast.Name | ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store)


def borrowed(tree: ast.Module) -> set[str]:
    """Private names that a module imports from another; modules may be private to their package."""
    return {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == FACE
        for alias in node.names
        if alias.name.startswith("_") and not _source(name := f"{node.module}.{alias.name}")
    }


@for_each(MODULES)
def test_nobody_uses_what_is_private_to_another_module(path):
    """Nowhere, other libraries' modules included."""
    assert peeks(parsed(path)) | borrowed(parsed(path)) == set()


@for_each(
    [
        ("other._part", {"other._part"}),
        ("self.other._part()", {"self.other._part"}),
        ("self._part, cls._part, super()._part, row._replace(a=1), a.__doc__", set()),
        ("class A:\n    def _part(self): ...\n    def f(self, b): return b._part()", set()),
        ("class A:\n    def __init__(self): self._part = 1\ndef f(a): return a._part", set()),
    ]
)
def test_peeking_is_found(source, found):
    """And what belongs to the module is not taken for it."""
    assert peeks(ast.parse(source)) == found


def modules_known(path: Path) -> set[Path]:
    """Modules that a module imports when it is imported itself."""
    found = set()
    for node in _run_on_import(parsed(path), for_types=False):
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == FACE:
            sources = [
                _source(f"{node.module}.{alias.name}") or _source(str(node.module)) for alias in node.names
            ]
            found |= {source for source in sources if source}
    return found - {path}


@cache
def _source(name: str) -> Path | None:
    under = SOURCES.joinpath(*name.split(".")[1:])
    return next((path for path in (under.with_suffix(".py"), under / "__init__.py") if path.exists()), None)


def test_no_circles_between_modules():
    """Whoever reads a module has to read those below it, and never comes back."""
    from graphlib import CycleError, TopologicalSorter

    graph = {path: modules_known(path) for path in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise AssertionError(" -> ".join(str(path.relative_to(SOURCES)) for path in circle.args[1])) from None
