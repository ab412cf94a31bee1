"""Random predictions of good models of every task, which rules must leave alone, and how often they do not."""

from __future__ import annotations

import functools

import numpy as np
from scipy import ndimage

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.pipeline.charting.chart import chart_of

SLIPS = 0.01
"""Share of items that a good model misses, invents or takes for another class, each."""


def firing(rule, charts):
    """Share of charts on which a rule finds something."""
    return float(np.mean([bool(found(rule, chart)) for chart in charts]))


def found(rule, chart):
    return doctor.examine(chart, only={rule}, strict=True).findings


@functools.cache
def healthy_charts(count=120, seed=0):
    """Charts of good models, of few and many recordings, of balanced and rare classes, of all tasks."""
    rng = np.random.default_rng(seed)
    makers = (signals, signals, signals, overlapping, images, wholes, several_wholes)
    return tuple(chart_of(makers[k % len(makers)](rng), judged_on="test", edit=False) for k in range(count))


def items(rng, recordings, classes, share, per_recording, shortest=4, median=(6, 40)):
    """Rows (start, stop, class number) of each recording, and its length; classes from 1."""
    lengths = rng.integers(*median, classes)
    tables = []
    for _ in range(recordings):
        label = rng.choice(classes, per_recording, p=share)
        size = np.maximum(shortest, np.round(lengths[label] * rng.lognormal(0, 0.25, per_recording))).astype(int)
        gap = 4 + rng.geometric(0.1, per_recording + 1)
        start = np.cumsum(gap[:-1] + np.append(0, size[:-1]))
        tables.append((np.stack([start, start + size, label + 1], axis=1), int(start[-1] + size[-1] + gap[-1])))
    return tables


def drawn(rows, length):
    """Class numbers of the steps of rows."""
    steps = np.zeros(length, np.int64)
    for start, stop, label in rows:
        steps[max(0, start) : max(0, stop)] = label
    return steps


def slipped(rng, rows, length, classes, reach, slips=SLIPS):
    """The rows as a good model gives them: borders a little off to either side, a few missed, invented, mistaken."""
    said = rows.copy()
    said[:, :2] += rng.integers(-reach, reach + 1, (len(rows), 2))
    mistaken = rng.random(len(rows)) < (slips if classes > 1 else 0)
    said[mistaken, 2] = 1 + (said[mistaken, 2] + rng.integers(0, classes - 1 or 1, mistaken.sum())) % classes
    said = said[rng.random(len(rows)) >= slips]
    invented = []
    for before, after in zip([0, *rows[:-1, 1]], rows[:, 0], strict=True):
        if after - before > 14 and rng.random() < 2 * slips:
            invented.append((before + 4, after - 4, int(rng.integers(1, classes + 1))))
    return np.array([*map(tuple, said), *invented] or np.zeros((0, 3)), np.int64).reshape(-1, 3)


def doubtful(rng, said, classes, reach, doubt=2 * SLIPS):
    """Probabilities that mean what they say: as sure at each distance from a border as borders are right."""
    borders = np.flatnonzero(np.diff(said)) + 1
    at = np.arange(said.size)
    other, distance = said.copy(), np.full(said.size, said.size)
    if borders.size:
        nearest = borders[np.argmin(np.abs(at[:, None] + 0.5 - borders), axis=1)]
        distance = np.where(at >= nearest, at - nearest, nearest - 1 - at)
        other = np.where(at >= nearest, said[np.maximum(nearest - 1, 0)], said[nearest])
    wrong = np.maximum(reach - distance, 0) / (2 * reach + 1) * rng.lognormal(0, 0.1, said.size)
    prob = np.full((said.size, classes), doubt / (classes - 1))
    prob[at, said] = 1 - doubt - wrong
    prob[at, other] += wrong
    return prob / prob.sum(axis=1, keepdims=True)


def shares(rng, classes):
    """Balanced classes, or a rare one among common ones."""
    share = rng.dirichlet(np.full(classes, 1.0 if rng.random() < 0.5 else 20.0))
    return share / share.sum()


def signals(rng, recordings=None, classes=None, per_recording=None, slips=SLIPS):
    """Segments of exclusive classes."""
    classes = classes or int(rng.integers(1, 5))
    recordings = recordings or int(rng.integers(2, 9))
    tables = items(rng, recordings, classes, shares(rng, classes), per_recording or int(rng.integers(4, 40)))
    reach = int(rng.integers(0, 2))
    true = [drawn(rows, length) for rows, length in tables]
    said = [drawn(slipped(rng, rows, length, classes, reach, slips), length) for rows, length in tables]
    prob = [doubtful(rng, steps, classes + 1, reach) for steps in said]
    return made(true, said, Labels.of([f"c{k}" for k in range(classes)]), prob, groups=grouped(rng, recordings))


def overlapping(rng):
    """Segments of labels that may overlap: each class by itself."""
    classes, recordings = int(rng.integers(1, 4)), int(rng.integers(2, 7))
    reach, length = int(rng.integers(0, 2)), 500
    true, said, prob = [], [], []
    for _ in range(recordings):
        lanes = []
        for _ in range(classes):
            ((rows, _),) = items(rng, 1, 1, [1.0], 9, median=(8, 30))
            own = drawn(slipped(rng, rows, length, 1, reach), length)
            lanes.append((drawn(rows, length), own, doubtful(rng, own, 2, reach)[:, 1]))
        for part, column in zip((true, said, prob), zip(*lanes, strict=True), strict=True):
            part.append(np.stack(column, axis=1))
    labels = Labels(tuple(f"c{k}" for k in range(classes)), None)
    return made(true, said, labels, prob, multilabel=True)


def images(rng):
    """Round objects of exclusive classes."""
    classes, count = int(rng.integers(1, 3)), int(rng.integers(3, 8))
    true, said, prob = [], [], []
    for _ in range(count):
        mask, guess = np.zeros((2, 64, 64), np.int64)
        for row in range(8, 64, 16):
            for column in range(8, 64, 16):
                if rng.random() < 0.6:
                    label, radius = int(rng.integers(1, classes + 1)), rng.uniform(3, 6)
                    place = np.hypot(*(np.ogrid[:64, :64][k] - (row, column)[k] for k in (0, 1)))
                    mask[place < radius] = label
                    if rng.random() > SLIPS:
                        guess[place < radius + rng.uniform(-0.5, 0.5)] = label
        away = np.minimum(*(ndimage.distance_transform_edt(side) + 99 * ~side for side in (guess > 0, guess == 0)))
        doubt = np.where(away <= 1, 0.15, 0.01)
        rows = np.repeat(doubt[..., None] / classes, classes + 1, axis=-1)
        np.put_along_axis(rows, guess[..., None], 1 - doubt[..., None], axis=-1)
        true.append(mask), said.append(guess), prob.append(rows)
    return made(true, said, Labels.of([f"c{k}" for k in range(classes)]), prob, rank=2, data_rank=2)


def wholes(rng, count=None, classes=None, certainty=None):
    """One class for each recording, the probabilities right by making."""
    classes, count = classes or int(rng.integers(2, 6)), count or int(rng.integers(20, 200))
    prob = rng.dirichlet(np.full(classes, 0.2), count)
    prob[np.arange(count), prob.argmax(axis=1)] += certainty or 4.0
    prob /= prob.sum(axis=1, keepdims=True)
    true = (prob.cumsum(axis=1) > rng.random((count, 1))).argmax(axis=1)
    labels = Labels(tuple(f"c{k}" for k in range(classes)), None)
    return made(list(true), list(prob.argmax(axis=1)), labels, list(prob), rank=0)


def several_wholes(rng):
    """Any number of labels for each image."""
    classes, count = int(rng.integers(2, 5)), int(rng.integers(30, 150))
    prob = np.where(rng.random((count, classes)) < 0.3, 0.95, 0.04) + rng.uniform(-0.03, 0.03, (count, classes))
    true = (rng.random((count, classes)) < prob).astype(np.int8)
    labels = Labels(tuple(f"c{k}" for k in range(classes)), None)
    said = (prob > 0.5).astype(np.int8)
    return made(list(true), list(said), labels, list(prob), rank=0, data_rank=2, multilabel=True)


def grouped(rng, recordings):
    return tuple(f"g{k // 2}" for k in range(recordings)) if recordings > 5 and rng.random() < 0.5 else None


def made(true, said, labels, prob, **options):
    """The prediction."""
    return Prediction(
        names=tuple(f"r{k}" for k in range(len(true))),
        labels=labels,
        y_true=tuple(np.asarray(rows) for rows in true),
        y_pred=tuple(np.asarray(rows) for rows in said),
        y_prob=tuple(np.asarray(rows) for rows in prob),
        **options,
    )
