"""One way of saving everything that is saved: JSON that says what it holds, and in which version.

Every file is one object that begins with ``"format": "gigmatch.policy"`` and ``"version": 2``, and goes on
with the fields. What a file says of itself is looked at before anything else: another kind, a version that is
not known yet and a key that is not known are refused by name, older versions are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from gigmatch import i18n
from gigmatch.core.files import parsed_json, read_bytes
from gigmatch.errors import InvalidFileError
from gigmatch.i18n import Told

__all__ = ["FileFormat", "Saved", "unknown_key"]

_PREFIX: Final = "gigmatch."


@dataclass(frozen=True)
class FileFormat:
    r"""What files of a kind say of themselves.

    Parameters
    ----------
    kind : str
        What they hold, such as ``"policy"``.
    version : int
        What is written, at least 1; versions from 1 on are read.
    is_bare : bool
        Whether a file that says nothing of itself is one of version 1, as people write it by hand.

    Examples
    --------
    >>> policies = FileFormat("policy", 2)
    >>> policies.enveloped('{"seed": 7}')
    b'{\n "format": "gigmatch.policy",\n "version": 2,\n"seed": 7}\n'
    >>> policies.opened({"format": "gigmatch.policy", "version": 2, "seed": 7}, "my-policy.json", ["seed"])
    {'seed': 7}
    """

    kind: str
    version: int
    is_bare: bool = True

    @property
    def head(self) -> dict[str, Any]:
        """What a file begins with."""
        return {"format": _PREFIX + self.kind, "version": self.version}

    @property
    def told(self) -> Told:
        """What people call the kind."""
        return Told.of(f"formats.{self.kind}")

    def enveloped(self, fields: str) -> bytes:
        """Return the bytes of a file: its head, and the fields, given as a JSON object that is not empty."""
        _, rest = fields.split("{", 1)
        head = f'{{\n "format": "{_PREFIX}{self.kind}",\n "version": {self.version},'
        return f"{head}{'' if rest.startswith(chr(10)) else chr(10)}{rest}\n".encode()

    def opened(self, found: Any, source: object, keys: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the fields of what was saved, without the head.

        Parameters
        ----------
        found : object
            What the JSON holds.
        source : str or Path
            Where it stands, for errors.
        keys : iterable of str, optional
            The fields that this version knows; not looked at where not given.

        Raises
        ------
        InvalidFileError
            It is of another kind or a later version, or has a key that is not known.
        """
        if not isinstance(found, dict):
            kind = type(found).__name__
            raise InvalidFileError("saved_no_object", source=source, due=self.told, found=kind)
        fields = dict(found)
        if "format" in fields or not self.is_bare:
            self._refuse_other_kind(fields.pop("format", None), source)
            self._refuse_other_version(fields.pop("version", fields.pop("format_version", None)), source)
        known = fields.keys() if keys is None else {*keys}
        for key in fields:
            if key not in known:
                raise self._unknown(key, known, source)
        return fields

    def _refuse_other_kind(self, name: Any, source: object) -> None:
        """Files of before there was an envelope say ``gigmatch assignment``."""
        kind = str(name).replace(" ", ".", 1).removeprefix(_PREFIX)
        if kind == self.kind:
            return
        if i18n.has(f"formats.{kind}"):
            found = Told.of(f"formats.{kind}")
            raise InvalidFileError("saved_other_kind", source=source, found=found, due=self.told)
        raise InvalidFileError("saved_unknown_kind", source=source, value=name, due=self.told)

    def _refuse_other_version(self, version: Any, source: object) -> None:
        if type(version) is not int or version < 1:
            raise InvalidFileError("saved_no_version", source=source, value=version)
        if version > self.version:
            raise InvalidFileError("saved_newer", source=source, version=version, latest=self.version)

    def _unknown(self, key: str, known: Iterable[str], source: object) -> InvalidFileError:
        why = unknown_key(key, known)
        return InvalidFileError(
            "saved_unknown_key", source=source, key=key, due=self.told, version=self.version, error=why
        )


def unknown_key(key: str, known: Iterable[str]) -> Told:
    """Return what is said of a key that is not known: the one it may have been meant for, if any is like it.

    Examples
    --------
    >>> print(unknown_key("sed", ["seed", "scorers"]), "|", unknown_key("x", ["seed"]))
    unknown key, did you mean 'seed'? | unknown key
    """
    if near := get_close_matches(key, sorted(known), 1):
        return Told.of("errors.unknown_key_like", near=near[0])
    return Told.of("errors.unknown_key")


class Saved:
    """What can be saved and loaded again; every kind has the same four methods."""

    saved_as: ClassVar[FileFormat]
    """What its files say of themselves."""

    def to_json(self) -> bytes:
        """Return the file as bytes: JSON in UTF-8, the same for what is equal."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, data: bytes | str, *, source: str | Path | None = None) -> Self:
        """Read what `to_json` gave.

        Parameters
        ----------
        data : bytes or str
            JSON, in UTF-8 where it is bytes; of an older version, too.
        source : str or Path, optional
            Where it is from, for errors.

        Raises
        ------
        InvalidFileError
            It is not JSON, holds something else or a key that is not known, or is of a later version.
        """
        raise NotImplementedError

    def save(self, path: str | Path) -> None:
        """Write it to a JSON file in UTF-8, the same bytes for what is equal.

        Parameters
        ----------
        path : str or Path
            Written anew.
        """
        Path(path).write_bytes(self.to_json())

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read it from a file that `save` wrote, in this version or an older one.

        Parameters
        ----------
        path : str or Path
            The file.

        Raises
        ------
        InvalidFileError
            The file cannot be read, is not JSON or names a key twice in one object, holds something else or
            a key that is not known, or is of a later version.
        """
        return cls.from_json(read_bytes(path), source=path)

    @classmethod
    def _fields_in(
        cls, data: bytes | str, source: str | Path | None, keys: Iterable[str] | None = None
    ) -> tuple[dict[str, Any], str]:
        """Return the fields that some JSON of this kind has, and what to call it in errors."""
        place = cls.saved_as.told if source is None else str(source)
        return cls.saved_as.opened(parsed_json(data, place), place, keys), place
