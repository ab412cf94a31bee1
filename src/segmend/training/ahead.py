"""Things made by threads before they are asked for, in an order that threads do not change."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any


class Ahead:
    """What ``make(number)`` gives; while one is used, threads make the next ones.

    Keras' own queue hands on batches that it had made for an epoch before, so that with threads other batches are
    trained on than without.

    Args:
        make: from a number to a thing; threads call it at once.
        workers: how many threads make things, and how many things may wait.

    Examples:
        >>> squares = Ahead(lambda number: number**2, workers=2)
        >>> [squares.get(number, stop=3) for number in range(3)]
        [0, 1, 4]
    """

    def __init__(self, make: Callable[[int], Any], workers: int) -> None:
        self.make, self.workers = make, workers
        self._pool = ThreadPoolExecutor(workers)
        self._lock = Lock()
        self._waiting: dict[int, Future[Any]] = {}

    def get(self, number: int, stop: int) -> Any:
        """The thing of a number; those up to ``stop`` may be made ahead."""
        with self._lock:
            for coming in range(number, min(max(stop, number + 1), number + 1 + self.workers)):
                if coming not in self._waiting:
                    self._waiting[coming] = self._pool.submit(self.make, coming)
            mine = self._waiting.pop(number)
        return mine.result()

    def forget(self) -> None:
        """Drop what is waiting: things are to be made otherwise from now on."""
        with self._lock:
            for future in self._waiting.values():
                future.cancel()
            self._waiting.clear()
