"""A data set in figures, as a reader of ``segmend audit`` sees it."""

from __future__ import annotations

import json

import numpy as np

from segmend.cli import run
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.fingerprinting import fingerprint
from segmend.pipeline.results.data_summary import summary
from segmend.pipeline.results.data_text import overview, table
from tests.builders import make_dataset

FREE = Labels.of(["a", "b"], background=None)


def measured(recordings, task, labels=FREE, rank=1, **others):
    return fingerprint(
        Dataset(
            recordings=tuple(recordings),
            task=Task.named(task, len(labels), rank),
            labels=labels,
            channels=("x",),
            **others,
        )
    )


def noise(shape=(100, 1), seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_whole_recordings_are_counted_as_recordings():
    made = [Recording(name=str(k), signal=noise(seed=k), classes=(k % 2,), group=str(k)) for k in range(4)]
    facts = measured(made, "classification", sampling_rate_hz=10.0, split={"train": ("0", "1"), "val": ("2", "3")})
    size, split, *others = overview(facts)
    assert size == "4 recordings of 4 groups, 400 steps (40.0 s at 10 steps per second), 1 channel"
    assert split == "split: train 2, val 2 recordings"
    assert not any("worth" in line for line in others)
    assert table(facts).splitlines() == [
        "class  recordings  share train  share val",
        "a               2       50.0 %     50.0 %",
        "b               2       50.0 %     50.0 %",
    ]


def test_images_are_pixels_and_objects():
    mask = np.zeros((20, 30), int)
    mask[2:6, 2:6] = mask[10:14, 10:14] = 1
    made = [
        Recording(
            name=str(k), signal=noise((20 + k, 30, 1), k), regions=Regions(np.pad(mask, ((0, k), (0, 0)))), group=str(k)
        )
        for k in range(2)
    ]
    facts = measured(made, "segmentation", Labels.of(["cell"]), 2)
    size, *_, floor = overview(facts)
    assert size == "2 images of 2 groups, 1,230 pixels (20 x 30 to 21 x 30), 1 channel, 4 objects"
    assert floor.startswith("a linear model on windowed features tells the classes apart with AUC 0.")
    head, background, cell = table(facts).splitlines()
    assert head.split("  ")[0] == "class"
    assert "pixels  objects  diameter p5  median  p95" in head
    assert cell.split() == ["cell", "64", "4", "5", "5", "5", "5.2", "%"]
    assert background.split() == ["background", "1,166", "94.8", "%"]


def test_shares_of_labels_that_overlap_are_of_all_steps():
    rows = Segments.from_rows([(0, 60, 0), (40, 80, 1)])
    made = [Recording(name=str(k), signal=noise(seed=k), segments=rows, group=str(k)) for k in range(2)]
    facts = measured(made, "multilabel-segmentation")
    assert [each["share"]["all"] for each in summary(facts)["classes"]] == [0.6, 0.4]
    assert "no label holds in 20.0 % of the steps" in list(overview(facts))


def test_shares_of_labels_of_whole_recordings_are_of_all_recordings():
    classes = [(0, 1), (0,), (), (0,)]
    made = [Recording(name=str(k), signal=noise(seed=k), classes=each, group=str(k)) for k, each in enumerate(classes)]
    facts = measured(made, "multilabel-classification")
    assert [each["share"]["all"] for each in summary(facts)["classes"]] == [0.75, 0.25]
    assert next(overview(facts)).endswith("4 labels")


def test_labels_that_keep_apart_are_told():
    rows = Segments.from_rows([(0, 50, 0), (50, 100, 1)])
    made = [Recording(name=str(k), signal=noise(seed=k), segments=rows, group=str(k)) for k in range(2)]
    told = list(overview(measured(made, "multilabel-segmentation")))
    assert "a and b hold together in 0 steps; independent labels would in 50" in told


def test_segments_that_are_alike_within_a_group_are_told():
    made = []
    for k in range(4):
        rows = Segments.from_rows([(start, start + 2 + 4 * k, 0) for start in range(0, 100, 20)])
        made.append(Recording(name=str(k), signal=noise(seed=k), segments=rows, group=str(k)))
    told = list(overview(measured(made, "segmentation", Labels.of(["a", "b"], background=1))))
    assert "20 segments are worth 4 independent ones: lengths within a group are alike" in told


def test_json_tells_neighbours_noise_and_the_floor(tmp_path, capsys):
    rows = [(name, start, start + 3, label) for name in "abcd" for start, label in ((2, "P"), (5, "Q"), (12, "P"))]
    run(["audit", str(make_dataset(tmp_path, rows=rows)), "--json"])
    data = json.loads(capsys.readouterr().out)["data"]
    assert data["words"] == {"recording": "recording", "item": "segment", "unit": "step"}
    assert data["transitions"] == [
        {"before": "P", "after": "Q", "pairs": 4, "touching": 4},
        {"before": "Q", "after": "P", "pairs": 4, "touching": 0},
    ]
    assert data["co_occurrence"] == []
    assert data["extent"] == [{"min": 20, "median": 20, "max": 20}]
    assert len(data["noise"]) == 2
    assert 0 <= data["separability"]["auc"] <= 1
    assert (data["effective_segments"], data["classes"][1]["effective_segments"]) == (12, 8)
