import dataclasses

import numpy as np
import pytest

from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.diagnosis.intervals import wilson
from segmend.diagnosis.rules.data.too_few_segments import ENOUGH, WIDEST, TooFewSegments
from tests.diagnosis.charts import charted as predicted
from tests.diagnosis.data_charts import charted, recording
from tests.diagnosis.data_seeds import TASKS, healthy_data, share, without_floor

MANY = [(2 * k, 2 * k + 1, 1) for k in range(10)]
SPLIT = {"train": tuple("abcdef"), "val": tuple("ghijkl")}


def every(rows, names="abcdefghijkl"):
    return [recording(name, rows=rows) for name in names]


def sick():
    rows = [*MANY[:8], (17, 18, 2)]
    return charted(*every(rows), split=SPLIT)


def healthy():
    return charted(*every([(0, 2, 1), (3, 5, 2), (7, 9, 1), (12, 14, 2)]), split=SPLIT)


def test_what_learns_and_what_is_judged_by_hand():
    learn, judge = TooFewSegments().examine(sick())
    assert learn.where == {"label": "QRS"} and learn.severity == "info"
    assert learn.evidence["segments"] == {"QRS": 6} and learn.evidence["interval"] == list(wilson(3, 6))
    assert learn.remedies[0].advice.startswith("Bring at least 6 more segments")
    assert judge.evidence["segments"] == {"val": {"QRS": 6}} and "val has 6 of QRS" in judge.message


def test_the_threshold_is_where_the_interval_gets_too_wide():
    widths = [np.diff(wilson(n / 2, n))[0] for n in (ENOUGH - 1, ENOUGH)]
    assert widths[0] > WIDEST > widths[1]


def test_without_predictions_is_information():
    rows = every(MANY, "abc") + every([*MANY, (19, 20, 2)], "defg")
    (finding,) = TooFewSegments().examine(charted(*rows))
    assert finding.severity == "info" and finding.evidence["segments"] == {"QRS": 4}


def test_segments_that_are_alike_within_a_person_are_worth_fewer():
    rows = [[(k, k + 1 + number, 1) for k in range(0, 20, 6)] for number in range(5)]
    made = [recording(f"{n}{again}", rows=rows[n], group=str(n)) for n in range(5) for again in range(3)]
    (finding,) = TooFewSegments().examine(charted(*made))
    assert finding.evidence["segments"] == {"P": 60}
    assert finding.evidence["independent"]["P"] == pytest.approx(5)
    assert "worth 5 independent ones" in finding.message


def test_is_as_grave_as_what_is_missed():
    steps = np.zeros(600, np.int64)
    for start in range(0, 600, 30):
        steps[start : start + 10] = 1
    rare = steps.copy()
    rare[15:25] = rare[45:55] = 2
    truth, said = [steps, rare], [steps, steps]
    assert not list(TooFewSegments().examine(predicted(truth, said))), "what is judged says nothing of what was learnt"
    (missed,) = TooFewSegments().examine(_of_signals(predicted(truth, said)))
    (found,) = TooFewSegments().examine(_of_signals(predicted(truth, truth)))
    assert (missed.severity, found.severity) == ("warning", "info") and missed.gain > 0


def _of_signals(chart):
    """The chart with channels, as where the recordings were given that the labels are of."""
    facts = chart.fingerprint.model_copy(update={"channels": sick().fingerprint.channels})
    return dataclasses.replace(chart, fingerprint=facts)


def _enough(seed):
    """Healthy data with examples enough of every class in every part."""
    task = TASKS[seed % len(TASKS)]
    count = {"classification": 280, "segmentation": 40 if task.rank == 1 else 150}[task.kind]
    return healthy_data(seed, task, recordings=count)


def _has_enough(chart):
    """Counted by hand."""
    facts = chart.fingerprint
    for part in ("train", "val", "test"):
        counts = np.sum([each.class_segments for each in facts.recordings if each.role == part], axis=0)
        if any(counts[k] < ENOUGH for k in chart.labels.foreground):
            return False
    return True


def _poor(seed):
    """The same with a class taken out of all recordings but a few."""
    data = _enough(seed)
    rng = np.random.default_rng(seed)
    having = [each.name for each in data.part("train") if _has(each)]
    keep = set(rng.choice(having, int(rng.integers(1, 4)), replace=False))
    return dataclasses.replace(
        data, recordings=tuple(each if each.name in keep else _less(each) for each in data.recordings)
    )


def _has(each):
    return 2 in (each.segments.label if each.classes is None else each.classes)


def _less(each):
    if each.classes is not None:
        return dataclasses.replace(each, classes=tuple(c for c in each.classes if c != 2) or (0,))
    table = each.segments.take(each.segments.label != 2)
    return dataclasses.replace(each, segments=Segments(table.start, table.stop, table.label))


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    sizes = [seed for seed in range(24) if seed % 8 not in (1, 3)]  # images: below
    enough = [chart for chart in (without_floor(_enough(seed)) for seed in sizes) if _has_enough(chart)]
    assert len(enough) >= 6 and share(TooFewSegments(), enough) <= 0.01
    assert share(TooFewSegments(), [without_floor(_poor(seed)) for seed in sizes]) >= 0.9


def test_objects_of_images_are_counted_too():
    task = Task.named("segmentation", 3, 2)
    few, enough = healthy_data(0, task, recordings=6), healthy_data(0, task, recordings=120)
    assert [each.evidence["segments"].keys() for each in TooFewSegments().examine(without_floor(few))]
    assert not list(TooFewSegments().examine(without_floor(enough)))
