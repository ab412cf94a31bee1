"""Whether a fault that was put into a program took place, by curves and scores; no finding is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

RISEN = 1.1
"""Early stopping with a usual patience leaves a validation loss up to a tenth above its lowest."""

LATEST = 3
"""Epochs at the end whose mean is taken."""

HEALTHY_WITHIN = 0.02
"""A program so near to the best known is healthy."""


def always(record: dict[str, Any], twin: dict[str, Any] | None) -> bool:
    """The change is the fault: wrong labels are wrong, whatever comes of them."""
    return True


def learnt_by_heart(record: dict[str, Any], twin: dict[str, Any] | None) -> bool:
    """The validation loss ends a tenth above its lowest or more, and the training loss below where it was then."""
    loss, val = (np.array(record["history"][name]) for name in ("loss", "val_loss"))
    best = int(val.argmin())
    return bool(val[-LATEST:].mean() >= RISEN * val[best] and loss[-LATEST:].mean() < loss[best])


def falls_short(record: dict[str, Any], twin: dict[str, Any] | None) -> bool:
    """The twin without the fault is better by 2 points of macro F1 or of segment F1@50; true where it was not run."""
    pairs = [(record[name], (twin or {}).get(name)) for name in ("step_f1", "segment_f1")]
    known = [theirs - own for own, theirs in pairs if own is not None and theirs is not None]
    return not known or max(known) >= HEALTHY_WITHIN
