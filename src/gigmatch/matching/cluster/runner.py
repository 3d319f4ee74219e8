"""Where tasks on blocks run: one after the other in this process, or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, Self

from gigmatch.errors import GigmatchError, InvalidMorningError, PluginError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by

__all__ = ["Here", "Runner", "Task", "done"]

Task = Callable[..., tuple[Any, Any]]
"""``task(block, *arguments) -> (block, answer)``; the block is None where there is none yet."""


class Runner(Protocol):
    """What runs tasks, and keeps each block where it is; whatever it keeps is let go at the end."""

    def __enter__(self) -> Self:
        """Return itself."""
        ...

    def __exit__(self, *_: object) -> None:
        """Let go of all blocks, and of tasks that are not done."""
        ...

    def run(
        self, stage: str, task: Task, arguments: Sequence[tuple[Any, ...] | None]
    ) -> Iterator[tuple[int, Any]]:
        """Number and answer of every block, as they come.

        Parameters
        ----------
        stage : str
            What people see of it.
        task : callable
            Known by its name wherever it runs.
        arguments : sequence of tuple or None
            Besides the block, for each of them; None for blocks that are left alone.

        Raises
        ------
        GigmatchError
            What a task raised, with the name of its block.
        """
        ...


class Here:
    """Runs every task in this process.

    Parameters
    ----------
    names : sequence of str
        What the blocks are called.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.blocks: list[Any] = [None] * len(names)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of all blocks."""
        self.blocks = []

    def run(
        self, stage: str, task: Task, arguments: Sequence[tuple[Any, ...] | None]
    ) -> Iterator[tuple[int, Any]]:
        """Number and answer of every block, in order."""
        for at, given in enumerate(arguments):
            if given is not None:
                self.blocks[at], answer = done(self.names[at], task, self.blocks[at], *given)
                yield at, answer


def done(name: str, task: Task, block: Any, *arguments: Any) -> tuple[Any, Any]:
    """The block as a task leaves it, and its answer; what goes wrong is told with the name of the block."""
    try:
        return task(block, *arguments)
    except InvalidMorningError:  # it says where the block was read from
        raise
    except GigmatchError as error:
        raise type(error)("in_place", place=name, error=error) from None
    except Exception as error:  # of a rule, scorer or level of one's own
        asked = ", ".join(getattr(error, "__notes__", ())) or Told.of("errors.a_plugin")
        raise PluginError("failed_in_block", block=name, plugin=asked, error=said_by(error)) from error
