import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis.rules.prediction.under_segmentation import UnderSegmentation
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted
from tests.diagnosis.predicted import made

LABELS = Labels.of(["step"])


def _walk(recordings=4, items=12, gap=3):
    return [np.array(([0] * gap + [1] * 20) * items + [0] * gap) for _ in range(recordings)]


def _bridged(truth, every=3):
    """Every third gap predicted as the class."""
    said = []
    for steps in truth:
        bridged = steps.copy()
        starts = np.flatnonzero(np.diff(steps) == 1) + 1
        for start in starts[2::every]:
            bridged[start - 3 : start] = 1
        said.append(bridged)
    return said


def sick():
    truth = _walk()
    said = _bridged(truth)
    prob = []
    for steps, bridged in zip(truth, said, strict=True):
        positive = np.where(steps == 1, 0.95, np.where(bridged == 1, 0.6, 0.05))
        prob.append(np.stack([1 - positive, positive], axis=1))
    return charted(truth, said, LABELS, prob=prob)


def healthy():
    truth = _walk()
    return charted(truth, truth, LABELS)


def test_counts_merges_by_hand():
    truth = _walk(recordings=1)
    (finding,) = UnderSegmentation().examine(charted(truth, _bridged(truth), LABELS))
    assert finding.where == {"label": "step"}
    assert (finding.evidence["swallowed"], finding.evidence["merging"], finding.evidence["reference"]) == (4, 4, 12)
    assert finding.evidence["share"] == pytest.approx(4 / 12)
    assert finding.severity is Severity.ERROR, "a third of the count is gone"


def test_explains_counts_that_are_too_low_only():
    rule = UnderSegmentation()
    (finding,) = rule.examine(sick())
    low = finding.model_copy(update={"rule": "count-bias", "evidence": {"ratio": 0.7}})
    high = finding.model_copy(update={"rule": "count-bias", "evidence": {"ratio": 1.2}})
    assert rule.causes(finding, low) and not rule.causes(finding, high)


def test_missed_items_are_no_merges():
    truth = _walk()
    said = [steps.copy() for steps in truth]
    for steps in said:
        steps[:100] = 0
    assert list(UnderSegmentation().examine(charted(truth, said, LABELS))) == []


def test_expected_is_read_off_the_ladder():
    chart = sick()
    (finding,) = UnderSegmentation().examine(chart)
    assert finding.remedies[0].expected.at_most == pytest.approx(1.0), "cut at the true gaps, all is right"


def test_objects_that_are_joined_by_pixels_that_are_not_judged_are_no_merge():
    true = np.zeros((24, 24), np.int64)
    for row in (2, 8, 14):
        true[row : row + 4, 2:20] = 1
    said = true.copy()
    true[:, 10:12] = -1
    known = np.where(true < 0, 0, true)
    options = {"rank": 2, "data_rank": 2}
    right = made([true] * 3, [said] * 3, Labels.of(["a"]), [np.eye(2)[said]] * 3, **options)
    assert not list(UnderSegmentation().examine(chart_of(right, judged_on="test", edit=False)))
    cut = made([known] * 3, [said] * 3, Labels.of(["a"]), [np.eye(2)[said]] * 3, **options)
    (finding,) = UnderSegmentation().examine(chart_of(cut, judged_on="test", edit=False))
    assert finding.evidence["swallowed"] == 9
