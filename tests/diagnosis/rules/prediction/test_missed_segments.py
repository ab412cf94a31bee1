import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.prediction.missed_segments import MissedSegments
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats, jittered
from tests.diagnosis.predicted import firing, healthy_charts, images, signals


def _without_every(truth, number, every, first=0):
    """The labels with every so-many-th segment of a class taken away."""
    said = []
    for steps in truth:
        rows = steps.copy()
        starts = np.flatnonzero(np.diff(np.concatenate(([0], steps == number))) == 1)
        for start in starts[first::every]:
            stop = start + np.argmin(np.append(steps[start:] == number, False))
            rows[start:stop] = 0
        said.append(rows)
    return said


def sick():
    truth = heartbeats()
    return charted(truth, _without_every(truth, 3, 4), sure=0.6, second=truth)


def healthy():
    truth = heartbeats()
    return charted(truth, jittered(truth))


def test_counts_by_hand():
    truth = [np.array(([0] * 5 + [1] * 8) * 12 + [0] * 3)]
    said = [truth[0].copy()]
    said[0][5:13] = said[0][31:39] = said[0][57:65] = said[0][83:91] = 0
    said[0][109:116] = 0  # one step is left of this one
    (finding,) = MissedSegments().examine(charted(truth, said, Labels.of(["QRS"])))
    assert finding.where == {"label": "QRS"}
    assert (finding.evidence["missed"], finding.evidence["reference"]) == (4, 12)
    assert finding.evidence["chance"] == pytest.approx(6.9e-05, rel=0.05)
    assert finding.message == (
        "4 of 12 segments of QRS (33 %) are missed altogether (they have 8 steps at the median, the others 8)"
    )
    assert finding.severity is Severity.ERROR
    assert finding.remedies[0].expected.at_most > finding.remedies[0].expected.before


def test_items_taken_for_another_class_are_not_missed():
    truth = heartbeats()
    said = [np.where(steps == 2, 1, steps) for steps in truth]
    assert list(MissedSegments().examine(charted(truth, said))) == []


def test_is_explained_by_a_lost_class_and_explains_the_count():
    truth = heartbeats()
    said = [np.where(steps == 2, 0, steps) for steps in truth]
    chart = charted(truth, said)
    record = doctor.examine(chart, only={"missed-class", "missed-segments", "count-bias"}, strict=True)
    assert [finding.rule for finding in record.findings] == ["missed-class", "missed-segments", "count-bias"]
    assert record.findings[1].explained_by == ("missed-class",)
    assert record.findings[2].explained_by == ("missed-class", "missed-segments")


def test_too_many_are_not_explained_by_missed_ones():
    rule = MissedSegments()
    (finding,) = rule.examine(sick())
    high = finding.model_copy(update={"rule": "count-bias", "evidence": {"ratio": 1.2}})
    assert not rule.causes(finding, high)


def _missing(prediction, rng, share):
    """A share of the items gone."""
    from scipy import ndimage

    said = []
    for rows in prediction.y_pred:
        parts, count = ndimage.label(rows > 0)
        gone = 1 + np.flatnonzero(rng.random(count) < share)
        said.append(np.where(np.isin(parts, gone), 0, rows))
    return chart_of(dataclasses.replace(prediction, y_pred=tuple(said)), judged_on="test", edit=False)


def test_found_where_many_are_missed_and_in_no_good_model():
    rng = np.random.default_rng(0)
    several = {"recordings": 4, "classes": 2, "per_recording": 30}
    sick = [_missing(signals(rng, **several), rng, rng.uniform(0.15, 0.6)) for _ in range(30)]
    sick += [_missing(images(rng), rng, rng.uniform(0.3, 0.6)) for _ in range(10)]
    assert firing("missed-segments", sick) >= 0.9
    assert firing("missed-segments", healthy_charts()) <= 0.01
