"""What happened in the training of several networks, as one table."""

from __future__ import annotations

from collections.abc import Sequence

from segmend.artifacts.history import History


def one_after_the_other(histories: Sequence[History]) -> History:
    """The epochs of all members in one table, with a column that numbers the member where there are several."""
    if len(histories) == 1:
        return histories[0]
    reasons = dict.fromkeys(history.stopped_because or "" for history in histories)
    columns = {name: tuple(v for h in histories for v in h.columns[name]) for name in histories[0].columns}
    epochs = [len(next(iter(history.columns.values()))) for history in histories]
    member = tuple(float(number) for number, count in enumerate(epochs, 1) for _ in range(count))
    return History(columns={"member": member, **columns}, stopped_because="; ".join(reasons))
