"""What people can do and are licensed to do, and what shifts ask for."""

from __future__ import annotations

from gigmatch.model.values import Day, Id, Level, Model, Text

__all__ = ["Credential", "CredentialRequirement", "Skill", "SkillRequirement", "WorkerSkill"]


class Skill(Model):
    """A trade or occupation, from some published scheme."""

    code: Id
    """Code by which workers and shifts name it; unique within the morning."""
    name: Text
    """Name people read."""
    scheme: Text = "local"
    """Classification the code comes from, such as ``GB/T 6565`` or ``ISCO-08``."""
    scheme_version: Text = ""
    """Edition of the classification."""
    covers: tuple[Id, ...] = ()
    """Skills that a level in this one covers at the same level: a mason's covers a helper's. Transitive."""


class WorkerSkill(Model):
    """A skill that a worker has."""

    skill: Id
    """Code of the skill."""
    level: Level | None = None
    """5 (lowest) to 1 (highest); unknown counts as 5, the level that asks for nothing."""


class SkillRequirement(Model):
    """A skill that a shift asks for."""

    skill: Id
    """Code of the skill."""
    least_level: Level = 5
    """The lowest level that will do: 5 means any."""


class Credential(Model):
    """A licence or certificate that a person holds."""

    kind: Id
    """What it is, such as ``electrician`` or ``health``."""
    level: Level | None = None
    """Level from 5 (lowest) to 1, where the kind has levels; unknown counts as 5."""
    valid_to: Day | None = None
    """Last day of validity; unknown means that no expiry is known, and it counts as valid."""
    review_due: Day | None = None
    """Day by which it must be reviewed; later it counts as lapsed. Unknown: no review is due."""


class CredentialRequirement(Model):
    """A licence or certificate that a shift asks for, valid on the shift's last day."""

    kind: Id
    """What is asked for."""
    least_level: Level = 5
    """The lowest level that will do: 5 means any."""
