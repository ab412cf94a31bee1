"""What this version can mend."""

from __future__ import annotations

from segmend.core.task import Task
from segmend.errors import NotYetError


def require_mendable(task: Task) -> None:
    """Refuse what cannot be mended.

    Raises:
        NotYetError: the task is no multiclass segmentation of signals.
    """
    if task.kind != "segmentation" or task.labels == "multilabel" or task.rank != 1:
        raise NotYetError(
            f"mend: expected a multiclass segmentation of signals (one label per step). Received {task.name} of "
            f"{'signals' if task.rank == 1 else 'images'}, which diagnose looks at but mending is not there yet"
        )
