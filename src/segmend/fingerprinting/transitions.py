"""Which class follows which."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.relations import Transition
from segmend.core.labels import Labels
from segmend.fingerprinting.items import Items


def transitions(items: Items, labels: Labels) -> tuple[Transition, ...]:
    """Pairs of segments that follow each other in one stretch, whatever background lies between them.

    Args:
        items: sorted; where labels overlap, the next segment is the next to begin.
        labels: class names.

    Examples:
        >>> from segmend.core.segments import Segments
        >>> table = Segments.from_rows([(0, 2, 1), (2, 5, 2), (7, 9, 1), (9, 12, 2)])
        >>> [(t.before, t.after, t.pairs, t.touching) for t in transitions(Items.of([table]), Labels.of(["P", "Q"]))]
        [('P', 'Q', 2, 2), ('Q', 'P', 1, 0)]
    """
    next_to = items.stretch[1:] == items.stretch[:-1]
    touching = (items.start[1:] == items.stop[:-1])[next_to]
    code = (items.label[:-1] * len(labels) + items.label[1:])[next_to]
    pairs, place, count = np.unique(code, return_inverse=True, return_counts=True)
    touch = np.bincount(place[touching], minlength=pairs.size)
    return tuple(
        Transition(before=labels.names[a], after=labels.names[b], pairs=n, touching=t)
        for (a, b), n, t in zip(
            (divmod(pair, len(labels)) for pair in pairs.tolist()), count.tolist(), touch.tolist(), strict=True
        )
    )
