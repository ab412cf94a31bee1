"""Random polyphonic recordings: few distinct scores, touching and one-step events, unjudged steps, empty recordings."""

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments


def random_case(seed, *, ignored=True, longest=40):
    """(y_prob, tables, judged, labels, rate); scores lie near the truth, away from it or nowhere."""
    rng = np.random.default_rng(seed)
    classes, levels = int(rng.integers(1, 5)), int(rng.integers(1, 30))
    labels = Labels.numbered(classes, None if classes == 1 else rng.choice([None, 0]))
    y_prob, tables, judged = [], [], []
    for _ in range(rng.integers(1, 4)):
        steps = int(rng.integers(0, longest))
        rows = _rows(rng, steps, classes)
        active = np.zeros((steps, classes))
        for start, stop, label in rows:
            active[max(start, 0) : stop, label] = 1
        score = rng.random() * active + rng.random((steps, classes))
        if steps and rng.random() < 0.5:  # smooth, so that detections are long
            score = np.stack([np.convolve(column, np.ones(3), "same")[:steps] for column in score.T], 1)
        y_prob.append(np.floor(levels * score) / levels)
        tables.append(Segments.from_rows(rows))
        judged.append(rng.random(steps) < (0.9 if ignored and rng.random() < 0.5 else 1.1))
    return y_prob, tables, judged, labels, float(rng.choice([0.5, 1, 20, 50]))


def _rows(rng, steps, classes):
    """Events of each class, some touching, some overlapping, some of one step, some past the recording's end."""
    rows = []
    for label in range(classes):
        at = int(rng.integers(0, 8))
        while at < steps and rng.random() < 0.85:
            length = int(rng.choice([1, 2, 3, 5, 9]))
            rows.append((at, at + length, label))
            at += length + int(rng.choice([-1, 0, 1, 4]))
    return rows
