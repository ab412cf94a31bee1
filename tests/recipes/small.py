"""Tiny data sets of each kind of task, and recipes whose networks are small enough to compile in a second."""

from __future__ import annotations

import dataclasses

import numpy as np
from benchmarks.recipes.data import Split
from benchmarks.recipes.peers import (
    RECIPES,
    das,
    inception_time,
    lstm,
    ms_tcn,
    nnunet,
    resnet20,
    tweetynet,
    two_convolutions,
    u_time,
    unet_weighted,
)
from benchmarks.recipes.recipe import Facts

from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import Task

SPLIT = {"train": ("a", "b", "c", "d"), "val": ("e", "f"), "test": ("g", "h")}
NAMES = tuple("abcdefgh")


def split_of(recordings, task, labels):
    channels = tuple(f"c{k}" for k in range(recordings[0].signal.shape[-1]))
    data = Dataset(recordings=tuple(recordings), task=task, labels=labels, channels=channels, split=SPLIT)
    return Split(data, Facts.of(data))


def signals_of_steps(steps=70):
    """Bursts of two classes; a test recording is shorter than a window."""
    rows = [(10, 20, 1), (25, 33, 2), (40, 52, 1)]
    recordings = []
    for k, name in enumerate(NAMES):
        signal = np.random.default_rng(k).normal(0, 0.2, (steps - 12 * (name == "h"), 3)).astype(np.float32)
        for start, stop, label in rows:
            signal[start:stop, label] += 2
        recordings.append(Recording(name=name, signal=signal, segments=Segments.from_rows(rows), group=name))
    return split_of(recordings, Task.named("segmentation", 3), Labels.numbered(3))


def images_of_pixels(side=24):
    recordings = []
    for k, name in enumerate(NAMES):
        mask = np.zeros((side, side), np.int64)
        mask[3:9, 4:10] = mask[14:20, 12:18] = 1
        image = (mask + np.random.default_rng(k).normal(0, 0.2, mask.shape))[..., None].astype(np.float32)
        instances = mask.copy()
        instances[14:20, 12:18] = 2
        recordings.append(Recording(name=name, signal=image, regions=Regions(mask, instances), group=name))
    return split_of(recordings, Task.named("segmentation", 2, rank=2), Labels.numbered(2))


def whole_signals(multilabel=False):
    """One label each, or several; of unequal length where it is one."""
    recordings = []
    for k, name in enumerate(NAMES):
        kind = k % 3
        steps = 64 if multilabel else 60 + 3 * k
        signal = np.random.default_rng(k).normal(0, 0.2, (steps, 2)).astype(np.float32)
        signal[:, 0] += np.sin(np.arange(steps) * (kind + 1) / 3)
        classes = ((kind,), (0, 1), ())[k % 3] if multilabel else (kind,)
        recordings.append(Recording(name=name, signal=signal, classes=classes, group=name))
    kind = "multilabel-classification" if multilabel else "classification"
    count = 2 if multilabel else 3
    return split_of(recordings, Task.named(kind, count), Labels.numbered(count, None))


def whole_images(side=16):
    recordings = []
    for k, name in enumerate(NAMES):
        image = np.random.default_rng(k).normal(k % 2, 0.2, (side, side, 3)).astype(np.float32)
        recordings.append(Recording(name=name, signal=image, classes=(k % 2,), group=name))
    return split_of(recordings, Task.named("classification", 2, rank=2), Labels.numbered(2, None))


def shrink(monkeypatch):
    """Fewer layers, narrower ones, most of them of one shape: nearly all of the time is compiling."""
    monkeypatch.setattr(das, "BLOCKS", 1)
    monkeypatch.setattr(das, "DILATIONS", (1, 2))
    monkeypatch.setattr(das, "TRIED", 3)
    monkeypatch.setattr(das, "FILTERS", 4)
    monkeypatch.setattr(tweetynet, "FILTERS", (4, 4))
    monkeypatch.setattr(tweetynet, "HIDDEN", 4)
    monkeypatch.setattr(two_convolutions, "FILTERS", {1: 4, 2: 4})
    monkeypatch.setattr(lstm, "UNITS", 4)
    monkeypatch.setattr(nnunet, "FILTERS", {1: 4, 2: 4})
    monkeypatch.setattr(nnunet, "MOST", {1: 4, 2: 4})
    monkeypatch.setattr(ms_tcn, "FILTERS", 4)
    monkeypatch.setattr(ms_tcn, "STAGES", 2)
    monkeypatch.setattr(ms_tcn, "LAYERS", 2)
    monkeypatch.setattr(u_time, "POOLS", ((4,),))
    monkeypatch.setattr(u_time, "FILTERS", (4, 4))
    monkeypatch.setattr(unet_weighted, "FILTERS", (4, 4))
    monkeypatch.setattr(unet_weighted, "DROPOUT", (0.1, 0.2))
    monkeypatch.setattr(inception_time, "DEPTH", 3)
    monkeypatch.setattr(inception_time, "KERNELS", (4, 4, 4))
    monkeypatch.setattr(nnunet, "window", lambda facts: 8)
    monkeypatch.setattr(resnet20, "BLOCKS", 1)
    monkeypatch.setattr(resnet20, "FILTERS", (4, 8))


def small(name):
    """A recipe with one network and windows of 16 steps, few of them."""
    recipe = RECIPES[name]
    if recipe.network is None:
        return recipe
    return dataclasses.replace(recipe, batch=min(recipe.batch, 4), published=None, members=1, window=lambda facts: 16)
