import dataclasses

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.diagnosis.rules.data.constant_labels import ConstantLabels
from tests.diagnosis.data_charts import charted, recording, sound
from tests.diagnosis.data_seeds import healthy_data, share, without_floor

WITHOUT = Labels.of(["Rest", "Stroke"], None)


def sick():
    return charted(recording("a", rows=[(0, 20, 0)]), recording("b", rows=[(0, 20, 0)]), labels=WITHOUT)


def healthy():
    """A recording without any item is a useful negative."""
    return charted(recording("a"), recording("b", rows=[]))


def test_one_label_everywhere_is_an_error():
    (finding,) = ConstantLabels().examine(sick())
    assert finding.severity == "error"
    assert finding.where == {"label": "Rest"}


def test_background_alone_is_one_label_too():
    (finding,) = ConstantLabels().examine(charted(recording("a", rows=[])))
    assert finding.severity == "error"
    assert finding.where == {"label": "background"}


def test_items_that_touch_everywhere_are_to_be_told_apart():
    chart = charted(recording("a", rows=[(0, 20, 1)]), recording("b", rows=[(0, 20, 1)]))
    (finding,) = ConstantLabels().examine(chart)
    assert finding.remedies[0].name == "mark-starts-as-a-class"
    assert "neither segments from the background nor one from the next" in finding.message


@pytest.mark.parametrize("chart", [sick(), charted(recording("a", rows=[]))])
def test_where_no_items_are_labelled_none_touch(chart):
    (finding,) = ConstantLabels().examine(chart)
    assert [remedy.name for remedy in finding.remedies] == ["check-the-annotations"]
    assert finding.message.endswith("nothing to tell apart")


def test_one_label_for_each_recording_is_classification_in_disguise():
    (finding,) = ConstantLabels().examine(
        charted(recording("a", rows=[(0, 20, 0)]), recording("b", rows=[(0, 20, 1)]), labels=WITHOUT)
    )
    assert finding.severity == "warning"
    assert finding.evidence["share"] == 1.0


def test_one_recording_of_three_is_information():
    rows = [(0, 9, 0), (9, 20, 1)]
    (finding,) = ConstantLabels().examine(
        charted(recording("a", rows=rows), recording("b", rows=rows), recording("c", rows=[(0, 20, 1)]), labels=WITHOUT)
    )
    assert finding.severity == "info"
    assert finding.where == {"recording": "c"}


def test_recordings_without_annotation_are_left_out():
    assert not list(ConstantLabels().examine(charted(recording("a"), recording("b", rows=None))))
    assert not list(ConstantLabels().examine(sound()))


SEVERAL = Task.named("multilabel-segmentation", 3)


def several(rows_of, seed=0):
    """Recordings whose labels may overlap, with rows by number and length of the recording."""
    data = healthy_data(seed, SEVERAL, recordings=4)
    made = [
        dataclasses.replace(each, segments=Segments.from_rows(rows_of(k, each.steps)))
        for k, each in enumerate(data.recordings)
    ]
    return without_floor(dataclasses.replace(data, recordings=tuple(made), split={}))


def test_overlapping_labels_that_hold_everywhere_or_nowhere():
    (finding,) = ConstantLabels().examine(several(lambda k, steps: [(0, steps, 0), (0, steps, 2)]))
    assert finding.severity == "error" and "are a, c" in finding.message and finding.where == {}
    (finding,) = ConstantLabels().examine(several(lambda k, steps: [(0, steps, 1)]))
    assert finding.where == {"label": "b"}
    (finding,) = ConstantLabels().examine(several(lambda k, steps: []))
    assert "without a label" in finding.message


def test_overlapping_labels_that_never_change_in_a_recording():
    chart = several(lambda k, steps: [(0, steps, 0), (0, steps, 1)] if k < 3 else [(2, 9, 0), (4, 20, 1)])
    (finding,) = ConstantLabels().examine(chart)
    assert finding.severity == "warning" and finding.evidence["share"] == 0.75


def test_overlapping_labels_of_wholes_that_are_all_the_same():
    data = healthy_data(1, Task.named("multilabel-classification", 3))
    same = [dataclasses.replace(each, classes=(0, 1)) for each in data.recordings]
    (finding,) = ConstantLabels().examine(without_floor(dataclasses.replace(data, recordings=tuple(same))))
    assert finding.severity == "error" and "a, b" in finding.message


def test_overlapping_labels_are_fine_where_they_change():
    rng = np.random.default_rng(0)
    tasks = [SEVERAL, Task.named("multilabel-segmentation", 3, 2), Task.named("multilabel-classification", 3)]
    charts = [without_floor(healthy_data(int(seed), tasks[seed % 3])) for seed in rng.integers(0, 1000, 21)]
    assert share(ConstantLabels(), charts) == 0
