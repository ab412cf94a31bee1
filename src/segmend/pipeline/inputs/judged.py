"""Which recordings are judged: held-out ones where there are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from segmend.artifacts.prediction import Prediction
from segmend.core.roles import purpose
from segmend.pipeline.results.page import part_of


def judged_names(splits: Mapping[str, Sequence[str]], names: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """The names to judge and the role they have: "val", else the test roles, else all.

    Test recordings come second, since what is chosen by looking at them is no longer proven by them.

    Args:
        splits: names by role or fold.
        names: all recordings, in their order.

    Examples:
        >>> judged_names({"train": ["a"], "test": ["c"]}, ["a", "b", "c"])
        (('c',), 'test')
        >>> judged_names({"split_1": ["a"], "split_2": ["b"]}, ["a", "b"])
        (('a', 'b'), None)
    """
    for wanted in ("val", "test"):
        roles = [role for role, members in splits.items() if purpose(role) == wanted and members]
        if roles:
            members = {name for role in roles for name in splits[role]}
            return tuple(name for name in names if name in members), " + ".join(roles)
    return tuple(names), None


def judged_part(prediction: Prediction) -> tuple[Prediction, str | None]:
    """The judged recordings of a prediction, and their role; None where all are judged."""
    chosen, role = judged_names(prediction.splits, prediction.names)
    return (prediction, None) if role is None else (part_of(prediction, chosen), role)
