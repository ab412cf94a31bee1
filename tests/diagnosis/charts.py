"""Charts of small synthetic predictions, for the rules' sick and healthy cases."""

import json

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.pipeline.charting.chart import chart_of

LABELS = Labels.of(["P", "QRS", "T"])


def heartbeats(recordings=4, beats=12, period=60):
    """Per recording a row of P (8 steps), QRS (6), T (14) with background between, lengths varying by a step or two."""
    rng = np.random.default_rng(0)
    truth = []
    for _ in range(recordings):
        steps = np.zeros(beats * period, np.int64)
        for first in range(5, beats * period, period):
            for number, start, length in ((1, 0, 8), (2, 14, 6), (3, 26, 14)):
                begin = first + start + int(rng.integers(-1, 2))
                steps[begin : begin + length + int(rng.integers(-1, 2))] = number
        truth.append(steps)
    return truth


def write_heartbeats(folder, x, y, **more):
    """A DATA folder of signals with their waves; ``more`` goes into dataset.json."""
    (folder / "signals").mkdir(parents=True)
    rows = ["recording,start,end,label"]
    for k, (signal, steps) in enumerate(zip(x, y, strict=True)):
        np.save(folder / "signals" / f"r{k}.npy", signal)
        edges = np.flatnonzero(np.diff(steps, prepend=0, append=0))
        rows += [f"r{k},{a},{b},{LABELS.names[steps[a]]}" for a, b in zip(edges[::2], edges[1::2], strict=True)]
    (folder / "annotations.csv").write_text("\n".join(rows) + "\n")
    (folder / "dataset.json").write_text(json.dumps({"labels": list(LABELS.foreground_names), **more}))


def probabilities(said, classes, sure=0.8, second=None):
    """``sure`` for what is said, and the rest for the second choice (or shared by all others)."""
    prob = np.full((len(said), classes), (1 - sure) / (classes - 1))
    prob[np.arange(len(said)), said] = sure
    if second is not None:
        other = second != said
        prob[other] = 0.0
        prob[other, said[other]] = sure
        prob[other, second[other]] = 1 - sure
    return prob


def charted(truth, said, labels=LABELS, *, sure=0.8, second=None, groups=None, prob=None):
    """The chart of predictions ``said``; the probabilities' second choice is ``second``."""
    if prob is None:
        seconds = second or [None] * len(said)
        prob = [probabilities(s, len(labels), sure, other) for s, other in zip(said, seconds, strict=True)]
    prediction = Prediction(
        names=tuple(f"r{k}" for k in range(len(truth))),
        labels=labels,
        y_true=tuple(truth),
        y_pred=tuple(said),
        y_prob=tuple(prob),
        groups=groups,
    )
    return chart_of(prediction, judged_on="test")


def jittered(truth, seed=0):
    """The labels with every border moved by up to one step: what a good model gives."""
    rng = np.random.default_rng(seed)
    said = []
    for steps in truth:
        shift = steps.copy()
        borders = np.flatnonzero(np.diff(steps)) + 1
        for border in borders[rng.random(borders.size) < 0.5]:
            shift[border] = steps[border - 1]
        said.append(shift)
    return said


def flickering(truth, labels, label, every=4):
    """The labels with every so-many-th step of a class taken for background: items in pieces."""
    number = labels.number(label)
    said = []
    for steps in truth:
        broken = steps.copy()
        inside = np.flatnonzero(steps == number)
        broken[inside[2::every]] = 0
        said.append(broken)
    return said
