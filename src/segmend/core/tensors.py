"""Numbers as an array, whatever framework holds them; none is imported."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_numpy(values: Any) -> Any:
    """The values as a NumPy array; a PyTorch tensor leaves its gradient and its device behind.

    Args:
        values: an array, a number, nested lists of numbers, or a tensor of any framework.

    Raises:
        ValueError: lists are of unequal length.

    Examples:
        >>> as_numpy([[1, 2], [3, 4]]).shape
        (2, 2)
    """
    if not (hasattr(values, "detach") and hasattr(values, "cpu")):
        return np.asarray(values)
    here = values.detach().cpu()
    return (here.float() if str(here.dtype) == "torch.bfloat16" else here).numpy()


def is_tensor(values: Any) -> bool:
    """Whether it is one array or tensor, not a list of them nor batches.

    Examples:
        >>> is_tensor(np.zeros(3)), is_tensor([np.zeros(3)])
        (True, False)
    """
    return isinstance(values, np.ndarray) or (hasattr(values, "detach") and hasattr(values, "shape"))
