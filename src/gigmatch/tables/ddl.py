"""The schema as scripts for databases and as a page to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from gigmatch.tables.aliases import CHINESE, CHINESE_CHOICES, CHINESE_TABLES, SHORTHAND
from gigmatch.tables.schema import Column, Table, schema

__all__ = ["create_tables", "described", "write_docs"]

Dialect = Literal["postgresql", "sqlite"]

_TYPES: dict[str, dict[str, str]] = {
    "postgresql": {
        "integer": "bigint",
        "minute": "bigint",
        "number": "double precision",
        "money": "numeric",
        "boolean": "boolean",
        "date": "date",
    },
    "sqlite": {
        "integer": "integer",
        "minute": "integer",
        "number": "real",
        "money": "numeric",
        "boolean": "boolean",
    },
}
_KINDS = {
    "id": "id",
    "text": "text",
    "choice": "text",
    "integer": "whole number",
    "minute": "minutes",
    "number": "number",
    "money": "money",
    "boolean": "boolean",
    "date": "date",
}


def create_tables(dialect: Dialect) -> str:
    """A script that creates every table, with keys, references, ranges and what the columns mean.

    Parameters
    ----------
    dialect : {"postgresql", "sqlite"}
        Whose SQL.

    Returns
    -------
    str
        Statements, each ended by a semicolon.

    Examples
    --------
    >>> print(create_tables("sqlite").partition("create table crews")[2].partition(";")[0])
     (
      id text not null,  -- Identifier, unique among crews.
      name text default '',  -- Name people read.
      primary key (id),
      check (length(id) between 1 and 200)
    )
    """
    head = (
        f"-- The tables of a gigmatch morning, for {_NAMES[dialect]}. Generated from gigmatch.tables.schema."
    )
    return "\n\n".join([head, *(_statement(table, dialect) for table in schema().values())]) + "\n"


_NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def _statement(table: Table, dialect: Dialect) -> str:
    lines = [(_column(column, dialect), column.description) for column in table.columns]
    lines += [(line, "") for line in _constraints(table)]
    body = [
        f"  {text}{',' if at < len(lines) - 1 else ''}{f'  -- {note}' if note else ''}"
        for at, (text, note) in enumerate(lines)
    ]
    parts = [f"-- {table.description}", f"create table {table.name} (", *body, ");"]
    if table.owner and table.owner not in table.key[:1]:
        parts.append(f"create index {table.name}_{table.owner} on {table.name} ({table.owner});")
    return "\n".join(parts)


def _column(column: Column, dialect: Dialect) -> str:
    needed = " not null" if column.required else ""
    default = "" if column.default is None else f" default {_literal(column.default)}"
    return f"{column.name} {_TYPES[dialect].get(column.kind, 'text')}{needed}{default}"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else f"{value:g}"


def _constraints(table: Table) -> list[str]:
    key = [f"primary key ({', '.join(table.key)})"] if table.key else []
    references = [
        f"foreign key ({column.name}) references {column.refers} ({schema()[column.refers].key[0]})"
        for column in table.columns
        if column.refers
    ]
    checks = [check for column in table.columns for check in _checks(column)]
    return [*key, *references, *(f"check ({check})" for check in (*checks, *table.checks))]


def _checks(column: Column) -> list[str]:
    """What holds of a column alone; nothing is held against what is unknown."""
    name, checks = column.name, []
    if column.choices:
        checks.append(f"{name} in ({', '.join(map(_literal, column.choices))})")
    elif column.kind == "id":
        checks.append(f"length({name}) between 1 and 200")
    for bound, sign in ((column.least, ">="), (column.above, ">"), (column.most, "<=")):
        if bound is not None:
            checks.append(f"{name} {sign} {bound:.10g}")
    return checks


def described() -> str:
    """The schema as a page in Markdown.

    Examples
    --------
    >>> described().splitlines()[0]
    '# The tables of a morning'
    """
    choices = ", ".join(f"{word} for `{name}`" for name, word in CHINESE_CHOICES.items())
    short = {
        table: ", ".join(f"`{name}` ({header})" for name, header in columns.items())
        for table, columns in SHORTHAND.items()
    }
    introduction = _INTRODUCTION.format(choices=choices, **short)
    return "\n".join([introduction, *(_section(table) for table in schema().values())])


_INTRODUCTION = """# The tables of a morning

Generated from `gigmatch.tables.schema`; the same tables as scripts: [PostgreSQL](schema-postgresql.sql),
[SQLite](schema-sqlite.sql). `select *` of each table is what `columns_from_frames`,
`morning_from_frames` and the readers of files take; `morning` and `stations` are needed, and every
other table may be missing.

- A column marked *required* needs a value in every row. Elsewhere NULL, None and NaN mean unknown, or
  the default where one is given; a column that is not required may be missing. Unknown columns are not
  read, and told of; `extra=` or `--extra` keeps them as free attributes or refuses them. Those named for
  what nobody may be matched by are always dropped.
- **id**: text of 1 to 200 characters without control characters, a UUID (becomes its text, in lower
  case with hyphens) or a whole number (becomes its digits). Blanks around it are taken off, letters in
  parts composed, and this is told of.
- **minutes**: whole minutes since the morning's midnight on the clock of its time zone (1440 and more: a
  later day), as numbers; also a time of day or a timestamp, or text as clocks show it: `8:30`, `08.30`,
  `0830`, `8:30 AM`, `上午8点半`, `30:00` for 6:00 tomorrow. `8` alone could be a minute, and is refused. A
  timestamp with a zone is moved to the morning's, one without is read as the clock on the wall there;
  seconds are dropped.
- **money**, **number**: integer, float, decimal, or text that reads as one, with the separators and the
  unit of the column: `1,200`, `３００`, `300元`, `39.91N`; money is in the morning's currency.
- **boolean**: true and false, 1 and 0, or text: `true`, `t`, `yes`, `y`, `1`, `是`, `√`; `false`, `f`, `no`,
  `n`, `0`, `否`, `无`.
- **date**: a date, a timestamp of midnight, or text such as `2025-09-19`, `2025/9/19`, `2025年9月19日` and
  `19 Sep 2025`; one that can be two days, such as `03/04/2025`, is refused.
- A value chosen from a list may be in capitals, or Chinese: {choices}; a datum also 高德, 百度 or GPS.
- `-> table` must name a row of that table; `~> table` may also name somebody who is not here this
  morning.
- Without a key, equal rows may stand in a table; the order of rows matters nowhere, except where
  `shift_skills` has no `position`.

## Files of spreadsheets

A file is named by its table, `workers.csv` or `零工.xlsx`, or a sheet of one workbook is; its header may have
the Chinese names in brackets. A CSV file has commas, semicolons, tabs or bars, and is in UTF-8 or UTF-16; or
all are in one older encoding (GB18030, Big5, Shift-JIS, Windows-1252), which is found out and told of, or
asked for where the files leave it in doubt. Besides what is said above:

- a time is what clocks show: `480` is none;
- a number of a file with semicolons that would be a thousand times another, such as `1,200`, is refused;
- rows above the headers, the headers once more, a sum at the end (`合计`), rows and columns in which nothing
  stands are no rows and columns, and are told of;
- formulas that were never calculated, and cells merged over rows, are refused;
- files and sheets that are no tables are named;
- an error names the file, the row as a spreadsheet numbers it (the header is row 1) and the column.

Three tables will do; the other tables may be written in them in short:

- `morning` may have {morning}:
  the market hall, where there is no table `stations`. Where that has one row, `market_id` may be missing.
- `shifts` may have {shifts}:
  one period each, and some skills in one cell, with `;` or `、` between them.
- `workers` may have {workers}:
  one window each, and some skills.
- Without a table `employers` or `skills`, they are those that the others name.
- Where `workers` has no column of a home or a station, everybody is at the market.
"""


def _section(table: Table) -> str:
    key = f" Key: {', '.join(f'`{name}`' for name in table.key)}." if table.key else ""
    lines = [
        f"## {table.name}",
        "",
        f"{table.description}{key} In Chinese: {CHINESE_TABLES[table.name]}.",
        "",
        "| column | holds | |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| `{column.name}` ({CHINESE[column.name]}) | {_holds(column)} | {column.description} |"
        for column in table.columns
    ]
    return "\n".join([*lines, ""])


def _holds(column: Column) -> str:
    parts = [_KINDS[column.kind]]
    if column.choices:
        parts.append("one of " + ", ".join(f"`{name}`" for name in column.choices))
    parts += [
        f"{sign} {bound:.10g}"
        for bound, sign in ((column.least, "≥"), (column.above, ">"), (column.most, "≤"))
        if bound is not None
    ]
    if column.refers or column.names:
        parts.append(f"{'->' if column.refers else '~>'} {column.refers or column.names}")
    if column.required:
        parts.append("*required*")
    if column.default is not None:
        parts.append(f"default {_literal(column.default)}")
    return "; ".join(parts)


def write_docs(folder: str | Path) -> None:
    """Write the scripts and the page into a folder, as ``docs/`` has them.

    Parameters
    ----------
    folder : str or Path
        Must be there.
    """
    for name, text in documents().items():
        Path(folder, name).write_text(text, encoding="utf-8")


def documents() -> dict[str, str]:
    """Every generated document by file name."""
    scripts = {f"schema-{dialect}.sql": create_tables(dialect) for dialect in ("postgresql", "sqlite")}
    return {"schema.md": described(), **scripts}
