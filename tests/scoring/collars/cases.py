"""Random events: ties, touching, one step long, overlapping within a class and across classes, empty recordings."""

import numpy as np

from segmend.core.labels import Labels
from segmend.scoring.collars import Collar
from segmend.scoring.items import Items

STEPS = 30


def items(rows, lane=0):
    """Events of (recording, start, stop, label) rows, start and stop counted within the recording."""
    table = np.array(sorted(rows), np.int64).reshape(-1, 4)
    recording, start, stop, label = table.T
    first = recording * (STEPS + 1) + lane * label
    order = np.lexsort((stop + first, start + first))
    columns = [column[order] for column in (recording, start + first, stop + first, label)]
    return Items(*columns, apart=bool(np.all(columns[1][1:] >= columns[2][:-1])))


def random_case(seed):
    """(reference rows, predicted rows, collar, labels, recordings); a class overlaps itself in two cases of three."""
    rng = np.random.default_rng(seed)
    recordings, classes = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    dense = int(rng.integers(1, 12))
    sides = [_rows(rng, recordings, classes, dense, overlapping=seed % 3 > 0) for _ in range(2)]
    if rng.random() < 0.5:  # near the reference
        sides[1] = [_moved(rng, row) for row in sides[0] if rng.random() < 0.9] + sides[1][:2]
    collar = Collar(float(rng.choice([0, 1, 2.5, 4, 100])), float(rng.choice([0, 0.2, 0.5])))
    return *sides, collar, Labels.numbered(classes + 1), recordings


def _rows(rng, recordings, classes, dense, overlapping):
    rows = []
    for recording in range(recordings):
        for label in range(1, classes + 1):
            if overlapping:
                starts = rng.integers(0, STEPS - 1, rng.integers(0, dense)).tolist()
                stops = [min(STEPS, start + int(rng.choice([1, 2, 3, 8, 20]))) for start in starts]
            else:
                edges = np.unique(rng.integers(0, STEPS, 2 * dense)).tolist()
                starts, stops = edges[:-1], edges[1:]
                keep = rng.random(len(starts)) < 0.7
                starts, stops = (
                    [end for end, kept in zip(ends, keep, strict=True) if kept] for ends in (starts, stops)
                )
            rows += [(recording, start, stop, label) for start, stop in zip(starts, stops, strict=True)]
    return rows


def _moved(rng, row):
    recording, start, stop, label = row
    start = int(np.clip(start + rng.integers(-3, 4), 0, STEPS - 1))
    return recording, start, int(np.clip(stop + rng.integers(-3, 4), start + 1, STEPS)), label
