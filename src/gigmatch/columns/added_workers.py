"""One more worker, compiled against what is compiled already: a walk-in does not wait for everybody else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns.columns import Columns, Relation, WorkerColumns, frozen
from gigmatch.columns.compile import needs_of, worker_parts
from gigmatch.columns.objects import rows_of, with_workers
from gigmatch.model import Morning, Worker

__all__ = ["AddedWorkerColumns"]


class AddedWorkerColumns:
    """Compiles workers who are not in a morning, each alone.

    Parameters
    ----------
    morning : Morning
        Where the shifts are.
    columns : Columns
        Of that morning.
    """

    def __init__(self, morning: Morning, columns: Columns) -> None:
        self._columns = columns
        self._morning = morning.model_copy(update={"workers": ()})
        self._rows = rows_of(self._morning)
        self._needs = needs_of(self._rows)

    def of(self, worker: Worker) -> Columns:
        """The morning's columns with this worker as the only one, row 0.

        Priority groups and attributes are those of the morning and the worker's own. Skills, credentials and
        employers that the morning does not know make no difference there, and are left out.

        Parameters
        ----------
        worker : Worker
            Whose home or station is known.
        """
        rows = with_workers(self._rows, self._morning, (worker,))
        parts = worker_parts(rows, *self._needs)
        groups = tuple(sorted({*self._columns.priority_groups, *worker.priority_groups}))
        parts |= {"priority_groups": groups, "workers": self._as_others(worker, parts["workers"], groups)}
        for part in parts.values():
            if isinstance(part, WorkerColumns | Relation):
                frozen(part)
        return replace(self._columns.unlabelled, **parts)

    def _as_others(self, worker: Worker, alone: WorkerColumns, groups: tuple[str, ...]) -> WorkerColumns:
        """Membership of all groups, and every attribute that somebody in the morning has."""
        others = dict.fromkeys(self._columns.workers.attributes, _NOTHING)
        member = np.array([[name in worker.priority_groups for name in groups]], dtype=bool)
        return replace(alone, groups=member, attributes={**others, **alone.attributes})


_NOTHING: NDArray[np.object_] = np.array([None], dtype=object)
