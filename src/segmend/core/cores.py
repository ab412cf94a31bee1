"""How many cores there are for this process."""

from __future__ import annotations

import os


def cores() -> int:
    """The cores that the process may run on, where the system tells, else those of the machine.

    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
