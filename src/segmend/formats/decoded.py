"""Images that are decoded when they are asked for, and kept while there is room."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.formats.lazy import Lazy

ROOM = 2**28
"""Bytes of decoded images that are kept together (256 MiB), those that were read last."""

Decode = Callable[[], npt.NDArray[Any]]


class Decoded(Lazy):
    """An image whose pixels are decoded whole when any of them are read: files of images hold no rows to jump to.

    What comes out is read-only, as it may be kept for the next slice.

    Args:
        shape: (height, width) or (height, width, channels).
        dtype: of the pixels.
        decode: gives them.
    """

    def __init__(self, shape: tuple[int, ...], dtype: npt.DTypeLike, decode: Decode) -> None:
        super().__init__(shape, dtype)
        self.decode = decode

    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """Rows of the image."""
        return KEPT.get(self, self.decode)[first:last]


def decoded(shape: tuple[int, ...], dtype: npt.DTypeLike, decode: Decode) -> Any:
    """A ``Decoded``, which NumPy takes as the array that it stands for."""
    return Decoded(shape, dtype, decode)


class Kept:
    """Arrays that were asked for last, by the object they belong to; they go when it goes.

    Args:
        room: bytes that they may take together; a larger array is given and not kept.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = 0
        self._arrays: OrderedDict[int, npt.NDArray[Any]] = OrderedDict()
        self._lock = threading.RLock()  # an owner may go while its thread holds the lock

    def get(self, owner: object, make: Decode) -> npt.NDArray[Any]:
        """The owner's array, made where it is not kept; threads that meet may make it twice."""
        key = id(owner)
        with self._lock:
            if key in self._arrays:
                self._arrays.move_to_end(key)
                return self._arrays[key]
        array = np.asarray(make())
        array.setflags(write=False)
        if array.nbytes <= self.room:
            with self._lock:
                self._drop(key)
                weakref.finalize(owner, self._drop, key).atexit = False
                self._arrays[key] = array
                self.taken += array.nbytes
                while self.taken > self.room:
                    self._drop(next(iter(self._arrays)))
        return array

    def _drop(self, key: int) -> None:
        with self._lock:
            array = self._arrays.pop(key, None)
            self.taken -= 0 if array is None else array.nbytes


KEPT = Kept(ROOM)
