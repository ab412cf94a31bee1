"""Labels in as few bytes as hold them: they are copied with every window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segmend.core.types import IntArray


def narrow(y_true: Sequence[IntArray]) -> list[IntArray]:
    """Labels in the smallest signed type that holds them all and one more; arrays that have it are not copied.

    Examples:
        >>> [labels.dtype.name for labels in narrow([np.array([-1, 3]), np.array([True])])]
        ['int8', 'int8']
        >>> narrow([np.array([-1, 3]), np.array([300])])[0].dtype.name
        'int16'
    """
    arrays = [np.asarray(labels) for labels in y_true]
    most = max((int(labels.max()) for labels in arrays if labels.size), default=0)
    kind = next(kind for kind in (np.int8, np.int16, np.int32, np.int64) if most < np.iinfo(kind).max)
    return [labels.astype(kind, copy=False) for labels in arrays]
