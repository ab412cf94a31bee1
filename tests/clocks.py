"""Budgets that a busy machine does not shorten."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def clock_of_work(haste: float = 1.0) -> Iterator[None]:
    """Count budgets in seconds for which this process works, whatever else the machine does.

    Args:
        haste: how many seconds of a budget go by in one of work. What spends its budget in full takes that much less.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.monotonic", lambda: haste * time.process_time())
        yield
