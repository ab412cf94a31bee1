"""Random recordings for laws: short, many touching and one-step runs, ignored steps, with and without background."""

import numpy as np
from hypothesis import strategies as st

from segmend.core.labels import Labels


@st.composite
def recordings(draw, classes=3, most=3, longest=24, ignored=True):
    """(y_true, y_pred, labels): lists of step labels of up to ``most`` recordings."""
    background = draw(st.sampled_from([0, None, classes - 1]))
    y_true, y_pred = [], []
    for _ in range(draw(st.integers(1, most))):
        length = draw(st.integers(0, longest))
        y_true.append(draw(_runs(length, classes, ignored)))
        near = draw(st.booleans())
        y_pred.append(draw(_perturbed(y_true[-1], classes)) if near else draw(_runs(length, classes, False)))
    return y_true, y_pred, Labels.numbered(classes, background)


@st.composite
def _runs(draw, length, classes, ignored):
    steps = []
    while len(steps) < length:
        label = draw(st.integers(-1 if ignored and draw(st.integers(0, 5)) == 0 else 0, classes - 1))
        steps += [label] * draw(st.integers(1, 6))
    return np.array(steps[:length], np.int64)


@st.composite
def _perturbed(draw, steps, classes):
    changed = np.where(steps < 0, 0, steps)
    if changed.size:
        changed = np.roll(changed, draw(st.integers(-2, 2)))
        for at in draw(st.lists(st.integers(0, changed.size - 1), max_size=4)):
            changed[at : at + draw(st.integers(1, 3))] = draw(st.integers(0, classes - 1))
    return changed
