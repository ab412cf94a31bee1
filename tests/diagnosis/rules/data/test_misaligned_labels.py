import dataclasses

import numpy as np
import pytest

from segmend.core.segments import Segments
from segmend.diagnosis.rules.data.misaligned_labels import MisalignedLabels
from segmend.fingerprinting.rows import shifts_of
from tests.diagnosis.data_seeds import TASKS, charted, healthy_data, share

SIGNALS = [task for task in TASKS if task.kind == "segmentation" and task.rank == 1]


def late(data, steps):
    """The data with labels that come so many steps later; what leaves the recording is cut off."""
    made = []
    for each in data.recordings:
        rows = [(max(0, a + steps), min(b + steps, each.steps), k) for a, b, k in each.segments.rows()]
        made.append(dataclasses.replace(each, segments=Segments.from_rows([r for r in rows if r[0] < r[1]]).sorted()))
    return dataclasses.replace(data, recordings=tuple(made))


def sick():
    return charted(late(healthy_data(3, SIGNALS[0], noise=0.3), 6))


def healthy():
    return charted(healthy_data(3, SIGNALS[0], noise=0.3))


def test_the_shift_is_told_in_steps_and_seconds():
    (finding,) = MisalignedLabels().examine(sick())
    assert 4 <= finding.evidence["shift_steps"] <= 8
    assert finding.evidence["shift_seconds"] == finding.evidence["shift_steps"] / 10
    low, high = finding.evidence["interval_steps"]
    assert 0 < low <= finding.evidence["shift_steps"] <= high
    assert "too late" in finding.message and "start - " in finding.remedies[0].advice


def test_early_labels_are_told_as_such():
    (finding,) = MisalignedLabels().examine(charted(late(healthy_data(3, SIGNALS[1], noise=0.3), -6)))
    assert finding.evidence["shift_steps"] < 0 and "too early" in finding.message
    assert "start + " in finding.remedies[0].advice


def test_a_third_of_an_item_is_an_error_and_less_a_warning():
    chart = sick()
    facts = chart.fingerprint
    long = facts.model_copy(update={"duration": facts.duration.model_copy(update={"p50": 20.0})})
    assert [each.severity for each in MisalignedLabels().examine(chart)] == ["error"]
    found = list(MisalignedLabels().examine(dataclasses.replace(chart, fingerprint=long)))
    assert [each.severity for each in found] == ["warning"]


@pytest.mark.parametrize(
    "changes", [{"low": -1}, {"gain_low": 0.0}, {"best": 0}, {"fit": (0.05,)}, {"gain": 0.001}, {"best": 10**6}]
)
def test_what_is_not_sure_is_not_told(changes):
    chart = sick()
    found = chart.fingerprint.alignment
    if "fit" in changes:
        changes = {"fit": changes["fit"] * len(found.shifts)}
    facts = chart.fingerprint.model_copy(update={"alignment": found.model_copy(update=changes)})
    assert not list(MisalignedLabels().examine(dataclasses.replace(chart, fingerprint=facts)))


def test_labels_that_the_signal_does_not_show_are_nowhere_better():
    data = healthy_data(5, SIGNALS[0])
    rng = np.random.default_rng(0)
    made = tuple(dataclasses.replace(r, signal=rng.normal(size=r.signal.shape)) for r in data.recordings)
    assert not list(MisalignedLabels().examine(charted(dataclasses.replace(data, recordings=made))))


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    rng = np.random.default_rng(0)
    data = [healthy_data(seed, SIGNALS[seed % 2]) for seed in range(12)]
    charts = [charted(each) for each in data]
    assert share(MisalignedLabels(), charts) <= 0.01
    shifts = [float(chart.fingerprint.duration.p50) * rng.uniform(0.25, 0.8) for chart in charts]
    moved = [charted(late(each, round(rng.choice([-1, 1]) * by))) for each, by in zip(data, shifts, strict=True)]
    assert share(MisalignedLabels(), moved) >= 0.9


def test_shifts_lie_symmetrically():
    assert shifts_of(1) == (-1, 0, 1) and shifts_of(57)[0] == -57
