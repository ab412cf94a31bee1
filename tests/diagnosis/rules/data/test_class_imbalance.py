import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis.rules.data.class_imbalance import ClassImbalance
from tests.diagnosis.charts import LABELS, charted, heartbeats

PAIR = Labels.of(["common", "rare"])


def _truth(recordings=4):
    rows = []
    for _ in range(recordings):
        steps = np.zeros(1000, np.int64)
        for first in range(0, 1000, 50):
            steps[first : first + 30] = 1
        steps[500:510] = 2
        rows.append(steps)
    return rows


def sick():
    truth = _truth()
    return charted(truth, truth, PAIR)


def healthy():
    truth = heartbeats()
    return charted(truth, truth)


def _only(chart):
    (finding,) = ClassImbalance().examine(chart)
    return finding


def test_both_ratios_by_hand():
    finding = _only(sick())
    common, rare = 20 * 30 - 10, 10
    assert finding.evidence["step_ratio"] == pytest.approx(common / rare)
    assert finding.evidence["segment_ratio"] == pytest.approx(20)
    assert finding.where == {"label": "rare"}


def test_imbalance_alone_is_no_fault():
    assert _only(sick()).severity is Severity.INFO


def test_is_a_fault_when_the_rare_class_suffers():
    truth = _truth()
    said = [np.where(steps == 2, 0, steps) for steps in truth]
    finding = _only(charted(truth, said, PAIR))
    assert finding.severity is Severity.WARNING
    assert finding.evidence["rare_step_recall"] == 0 and finding.evidence["other_step_recall"] == 1


def test_data_alone_are_enough():
    chart = dataclasses.replace(sick(), prediction=None, scores=None, oracle=())
    finding = _only(chart)
    assert finding.severity is Severity.INFO
    assert not any("decoder" in remedy.edits for remedy in finding.remedies)


def test_classes_that_never_occur_are_left_out():
    truth = heartbeats()
    assert list(ClassImbalance().examine(charted(truth, truth, Labels.of([*LABELS.foreground_names, "never"])))) == []
