"""Transforms whose draws are given by hand."""

from __future__ import annotations

from keras import ops


def with_draws(transform, monkeypatch, *shares):
    """The transform, whose draws lie at these shares (0 to 1) of the way between their limits, one after the other.

    The last one is repeated. A share may be a list, for a draw of one value per step.
    """
    left = list(shares)

    def uniform(shape, low=0.0, high=1.0):
        share = left.pop(0) if len(left) > 1 else left[0]
        share = ops.convert_to_tensor(share, dtype="float32")
        return ops.broadcast_to(low + share * (high - low), shape)

    monkeypatch.setattr(transform, "uniform", uniform)
    return transform
