import dataclasses

import numpy as np
import pytest

from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.diagnosis.rules.data.split_shift import SplitShift
from tests.diagnosis.data_charts import charted, recording
from tests.diagnosis.data_seeds import TASKS, healthy_data, share, without_floor

SPLIT = {"train": tuple("abcdefgh"), "val": tuple("ijkl")}


def made(name, level=0.0, rows=((2, 5, 1), (8, 12, 2))):
    noise = np.random.default_rng(ord(name)).normal(size=(40, 2))
    noise -= noise.mean(axis=0)
    return recording(name, signal=noise + np.array([level + 0.1 * (ord(name) % 3), 0]), rows=rows)


def sick():
    return charted(*(made(name, level=3.0 * (name in SPLIT["val"])) for name in "abcdefghijkl"), split=SPLIT)


def healthy():
    return charted(*map(made, "abcdefghijkl"), split=SPLIT)


def test_the_distance_in_standard_deviations_by_hand():
    (finding,) = SplitShift().examine(sick())
    (shift,) = finding.evidence["shifts"]
    values = np.array([0.1 * (ord(name) % 3) for name in "abcdefghijkl"])
    one, other = values[:8], values[8:]
    spread = np.sqrt((((one - one.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum()) / 10)
    assert shift["effect"] == pytest.approx((3 + np.median(other) - np.median(one)) / spread)
    assert (finding.severity, finding.where) == ("warning", {"channel": "x"})
    assert "mean of channel x" in finding.message and finding.evidence["part"] == "val"


def test_lengths_of_a_class_are_told_in_steps():
    def of(name):
        length = (10 if name in SPLIT["val"] else 3) + ord(name) % 3
        return made(name, rows=((2, 2 + length, 1), (20, 24, 2)))

    (finding,) = SplitShift().examine(charted(*map(of, "abcdefghijkl"), split=SPLIT))
    assert "segments of P are" in finding.message and "steps long" in finding.message
    assert {shift["what"] for shift in finding.evidence["shifts"]} == {"share", "duration"}


def test_two_groups_of_a_part_say_nothing():
    split = {"train": tuple("abcdefgh"), "val": ("i", "j")}
    assert not list(SplitShift().examine(charted(*(made(n, 3.0 * (n in "ij")) for n in "abcdefghij"), split=split)))


def _many(seed):
    task = TASKS[seed % len(TASKS)]
    count = {"classification": 150, "segmentation": 60 if task.rank == 1 else 40}[task.kind]
    return healthy_data(seed, task, recordings=count, per_group=1 + seed % 2)


def _shifted(data, seed):
    """The test part at another level, or with other labels: as strong as chance and the seed will have it."""
    rng = np.random.default_rng(seed)
    test, strength = {each.name for each in data.part("test")}, float(rng.uniform(1.5, 4))
    change = _level if rng.random() < 0.5 or data.task.kind == "classification" else _rarer
    usual = np.std([each.signal[..., 0].mean() for each in data.recordings])
    return dataclasses.replace(
        data, recordings=tuple(change(r, strength * usual) if r.name in test else r for r in data.recordings)
    )


def _level(each, by):
    return dataclasses.replace(each, signal=each.signal + np.float32([by, 0]))


def _rarer(each, by):
    """Class 2 is gone."""
    if each.segments is not None:
        table = each.segments.take(each.segments.label != 2)
        return dataclasses.replace(each, segments=Segments(table.start, table.stop, table.label))
    mask = np.asarray(each.regions.mask)
    mask = mask * (np.arange(3) != 2) if mask.ndim > 2 else np.where(mask == 2, 0, mask)
    return dataclasses.replace(each, regions=Regions(mask))


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    data = [_many(seed) for seed in range(32)]
    assert share(SplitShift(), [without_floor(each) for each in data]) <= 0.01
    assert share(SplitShift(), [without_floor(_shifted(each, k)) for k, each in enumerate(data)]) >= 0.9
