import dataclasses

import numpy as np
import pytest

from segmend.artifacts.chart import Chart
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.diagnosis.rules.data.duration_comb import DurationComb
from segmend.fingerprinting import of_labels
from segmend.fingerprinting.comb import comb
from tests.diagnosis.charts import charted
from tests.diagnosis.data_seeds import TASKS, healthy_data, share, without_floor

LABELS = Labels.of(["a", "b"])


def of_lengths(lengths, label=None):
    """The chart of one recording with segments of these lengths."""
    lengths = np.asarray(lengths)
    label = np.ones(lengths.size, int) if label is None else label
    steps = np.concatenate([[number] * length + [0] for number, length in zip(label, lengths, strict=True)])
    return charted([steps], [steps], LABELS)


def sick():
    rng = np.random.default_rng(0)
    return of_lengths(10 * rng.integers(1, 6, 60))


def healthy():
    rng = np.random.default_rng(0)
    return of_lengths(rng.integers(10, 60, 60))


def test_the_grid_and_its_chance_by_hand():
    (finding,) = DurationComb().examine(sick())
    assert finding.evidence["grid"] == 10 and finding.evidence["share"] == 1
    assert finding.evidence["chance"] == pytest.approx(24 * 10.0**-60, rel=1e-6), "grids from 2 to half of 50"
    assert "100 % of 60 lengths are multiples of 10 steps" in finding.message
    assert "10 %" in finding.message and finding.severity == "info"


def test_the_coarser_grid_is_told_and_not_its_divisors():
    assert comb(np.tile([12, 24, 36, 48, 60], 20), np.zeros(100, int)).grid == 12


def test_a_grid_of_half_an_item_is_a_warning():
    rng = np.random.default_rng(1)
    (finding,) = DurationComb().examine(of_lengths(20 * rng.choice([1, 2, 3], 60)))
    assert finding.severity == "warning"


def test_the_rate_turns_steps_into_time():
    chart = sick()
    facts = chart.fingerprint.model_copy(update={"sampling_rate_hz": 100.0})
    (finding,) = DurationComb().examine(dataclasses.replace(chart, fingerprint=facts))
    assert "10 steps (100 ms)" in finding.message and finding.evidence["seconds"] == 0.1
    assert "5 steps, 50 ms" in finding.remedies[1].advice


def test_items_that_all_last_the_same_are_no_grid():
    two = np.tile([1, 2], 40)
    assert not list(DurationComb().examine(of_lengths(20 * two, two))), "20 and 40 steps, each class its own"


DRAWS = {
    "even": lambda rng: rng.integers(rng.integers(1, 30), 60, 200),
    "skewed": lambda rng: 1 + rng.geometric(rng.uniform(0.02, 0.5), 400),
    "of a size": lambda rng: np.maximum(1, rng.normal(40, rng.uniform(0.2, 10), 300)).astype(int),
    "short": lambda rng: rng.integers(1, 5, 500),
    "two sizes": lambda rng: np.maximum(1, rng.normal(rng.choice([20, 40], 300), 1.5)).astype(int),
}


@pytest.mark.parametrize("kind", DRAWS)
def test_is_silent_on_lengths_of_any_kind(kind):
    rng = np.random.default_rng(0)
    lengths = [DRAWS[kind](rng) for _ in range(40)]
    assert share(DurationComb(), [_bare(each) for each in lengths]) <= 0.01


def _bare(lengths):
    """A chart of nothing but a comb: of_labels of long recordings takes longer than the test may."""
    small = healthy().fingerprint
    facts = small.model_copy(update={"comb": comb(lengths, np.ones(len(lengths), int))})
    return Chart(task=Task.named("segmentation", 3), labels=LABELS, judged_on="data", fingerprint=facts)


def _on_grid(data, seed):
    """Labels made in windows of some length, and a part of them corrected by hand."""
    rng = np.random.default_rng(seed)
    grid, kept = int(rng.integers(3, 12)), float(rng.uniform(0, 0.3))
    made = []
    for each in data.recordings:
        rows = [
            (_round(start, grid, rng, kept), _round(stop, grid, rng, kept), k)
            for start, stop, k in each.segments.rows()
        ]
        rows = [(start, min(stop, each.steps), k) for start, stop, k in rows if start < min(stop, each.steps)]
        made.append(dataclasses.replace(each, segments=Segments.from_rows(rows).sorted()))
    return dataclasses.replace(data, recordings=tuple(made))


def _round(step, grid, rng, kept):
    return step if rng.random() < kept / 2 else round(step / grid) * grid


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    signals = [task for task in TASKS if task.kind == "segmentation" and task.rank == 1]
    data = [healthy_data(seed, signals[seed % 2]) for seed in range(24)]
    assert share(DurationComb(), [without_floor(each) for each in data]) <= 0.01
    assert share(DurationComb(), [without_floor(_on_grid(each, k)) for k, each in enumerate(data)]) >= 0.9


def test_bare_labels_have_a_comb_too():
    assert of_labels(sick().prediction).comb.grid == 10
