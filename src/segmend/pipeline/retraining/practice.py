"""What a model may be trained on while it is mended."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmend import fingerprinting
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.pipeline.runs.splits import with_split

SHARE = 0.2
"""Of the groups that a model may learn from, what chooses the epoch."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Practice:
    """Recordings to learn from; none of them judges what was learnt.

    Attributes:
        data: with the roles "train" and "val", of which "val" chooses the epoch.
        facts: the fingerprint of ``data``.
        judged: the recordings that judge, by name, in the order asked for; their labels are not to be looked at.
    """

    data: Dataset
    facts: Fingerprint
    judged: dict[str, Recording]


def without(practice: Practice, hidden: Mapping[str, Sequence[tuple[int, int]]]) -> Practice:
    """The same with stretches of recordings that are learnt from not judged; wholes among them are left out.

    Args:
        practice: signals.
        hidden: half-open stretches of steps by name of recording.
    """
    whole = practice.data.task.kind == "classification"
    learnt = set(practice.data.split["train"])
    recordings = tuple(
        _hidden(each, hidden[each.name], whole=whole) if each.name in learnt and each.name in hidden else each
        for each in practice.data.recordings
    )
    kept = tuple(each for each in recordings if each.annotated)
    names = {each.name for each in kept}
    split = {role: tuple(name for name in part if name in names) for role, part in practice.data.split.items()}
    return dataclasses.replace(practice, data=dataclasses.replace(practice.data, recordings=kept, split=split))


def _hidden(recording: Recording, stretches: Sequence[tuple[int, int]], *, whole: bool) -> Recording:
    if whole:
        return dataclasses.replace(recording, classes=None)
    known = [] if recording.ignored is None else recording.ignored.rows()
    table = Segments.from_rows([*known, *((start, stop, 0) for start, stop in stretches)]).sorted()
    return dataclasses.replace(recording, ignored=table)


def practice_of(data: Dataset, judged: Sequence[str], *, seed: int = 0) -> Practice | None:
    """The recordings with the role "train", dealt into some to learn from and some to choose the epoch by.

    Args:
        data: all recordings with their roles.
        judged: names of the recordings that judge; groups that they belong to are not learnt from.
        seed: decides which groups choose the epoch.

    Returns:
        None where nothing is left to learn from, or only one group.
    """
    named = {each.name: each for each in data.recordings}
    apart = {named[name].group for name in judged}
    kept = tuple(each for each in data.part("train") if each.annotated and each.group not in apart)
    if len({each.group for each in kept}) < 2:
        return None
    own = dataclasses.replace(data, recordings=kept, split={"train": tuple(each.name for each in kept)}, problems=())
    dealt = with_split(own, share=SHARE, seed=seed, say=lambda line: None)
    facts = fingerprinting.fingerprint(dealt, separability=False)
    return Practice(data=dealt, facts=facts, judged={name: named[name] for name in judged})
