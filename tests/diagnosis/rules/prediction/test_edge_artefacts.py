import dataclasses

import numpy as np
import pytest

from segmend.diagnosis import doctor
from segmend.diagnosis.ends import ends_of
from segmend.diagnosis.rules.prediction.edge_artefacts import EdgeArtefacts, worst
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted, heartbeats, jittered
from tests.diagnosis.predicted import firing, healthy_charts, images, overlapping, signals


def _spoilt(truth, width=10, start=True, end=True):
    """Labels that are another class near the ends."""
    said = []
    for steps in truth:
        rows = steps.copy()
        if start:
            rows[:width] = (rows[:width] + 1) % 4
        if end:
            rows[-width:] = (rows[-width:] + 1) % 4
        said.append(rows)
    return said


def sick():
    truth = heartbeats(recordings=6)
    return charted(truth, _spoilt(truth))


def healthy():
    truth = heartbeats(recordings=6)
    return charted(truth, jittered(truth))


def test_shares_by_hand():
    truth = [np.zeros(64, np.int64)]
    said = [truth[0].copy()]
    said[0][[0, 1, 2]] = 1
    said[0][[-1, 30]] = 1
    ends = ends_of(charted(truth, said).prediction)
    assert ends.bands == (2, 4, 8)
    assert ends.near[0].tolist() == [[1, 0.5], [0.75, 0.25], [3 / 8, 1 / 8]]
    assert ends.inside.tolist() == [1 / 48]


def test_the_four_sides_of_an_image_by_hand():
    rng = np.random.default_rng(0)
    given = images(rng)
    blank = tuple(np.zeros((64, 64), np.int64) for _ in given.names)
    said = [rows.copy() for rows in blank]
    for rows in said:
        rows[:, :2] = 1
    ends = ends_of(dataclasses.replace(given, y_true=blank, y_pred=tuple(said)))
    assert ends.near[0, 0].tolist() == [2 / 64, 2 / 64, 1, 0]
    assert ends.inside[0] == 0


def test_message_width_and_remedy():
    (finding,) = EdgeArtefacts().examine(sick())
    assert finding.evidence["width_steps"] == 16 and finding.evidence["sides"] == ["start", "end"]
    assert finding.evidence["share_of_errors"] == 1
    assert finding.message == (
        "within 16 steps of the ends of the recordings 62 % of the steps are wrong, further inside 0 %; 100 % of all "
        "errors lie there"
    )
    assert '[(0, 0), (16, 16), (0, 0)], mode="reflect"' in finding.remedies[0].advice


def test_the_start_alone():
    truth = heartbeats(recordings=12)
    (finding,) = EdgeArtefacts().examine(charted(truth, _spoilt(truth, end=False)))
    assert finding.evidence["sides"] == ["start"]
    assert finding.evidence["wrong_near"] == pytest.approx(10 / finding.evidence["width_steps"])
    assert "of the start of the recordings" in finding.message


def test_explains_other_errors_only_where_most_lie_there():
    record = doctor.examine(sick(), only={"edge-artefacts", "count-bias", "spurious-segments"}, strict=True)
    assert record.findings[0].rule == "edge-artefacts"
    assert all(finding.explained_by[0] == "edge-artefacts" for finding in record.findings[1:])
    few = record.findings[0].model_copy(update={"evidence": {"share_of_errors": 0.2}})
    assert not EdgeArtefacts().causes(few, record.findings[0].model_copy(update={"rule": "count-bias"}))


def test_errors_everywhere_are_none_of_the_ends():
    rng = np.random.default_rng(0)
    truth = heartbeats(recordings=8)
    said = [np.where(rng.random(steps.size) < 0.3, (steps + 1) % 4, steps) for steps in truth]
    assert worst(ends_of(charted(truth, said).prediction)) is None


def _broken(given, rng):
    """Nothing is seen near the ends, or something else is."""
    width, said = int(rng.integers(6, 12)), []
    for true, rows in zip(given.y_true, given.y_pred, strict=True):
        broken = rows.copy()
        for axis in range(given.rank):
            for band in (slice(None, width), slice(-width, None)):
                at = (slice(None),) * axis + (band,)
                shown = broken[at]
                broken[at] = np.where(rng.random(shown.shape) < 0.6, 1 - np.minimum(true[at], 1), shown)
        said.append(broken)
    return chart_of(dataclasses.replace(given, y_pred=tuple(said)), judged_on="test", edit=False)


def test_found_where_the_ends_are_broken_and_in_no_good_model():
    rng = np.random.default_rng(0)
    sick = [_broken(signals(rng, recordings=6, classes=2, per_recording=20), rng) for _ in range(25)]
    sick += [_broken(images(rng), rng) for _ in range(10)]
    many = [given for given in (overlapping(rng) for _ in range(20)) if len(given.names) >= 5]
    sick += [_broken(given, rng) for given in many[:5]]
    assert firing("edge-artefacts", sick) >= 0.9
    assert firing("edge-artefacts", healthy_charts()) <= 0.01
