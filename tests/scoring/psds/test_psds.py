"""PSDS: cases by hand, psds_eval's own numbers, plain loops over all thresholds, and laws."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.scoring.psds import CRITERIA, Criteria, criteria_named, missing, psds
from tests.scoring.psds import brute
from tests.scoring.psds.cases import random_case

SETS = [
    *CRITERIA.values(),
    Criteria(0, 0, 0, alpha_ct=1, alpha_st=0.5, max_efpr=3000),
    Criteria(1, 1, 1, alpha_ct=0.5, max_efpr=800),
    Criteria(0.3, 0.2, 0.1, alpha_ct=0.7, alpha_st=0.5, max_efpr=20000),
    Criteria(alpha_ct=1, max_efpr=5000),
]
SEEDS = st.integers(0, 2**32 - 1)
HOUR = 3600


def track(*runs, steps=HOUR):
    """Scores that are 0 but for (start, stop, score) runs."""
    score = np.zeros(steps)
    for start, stop, value in runs:
        score[start:stop] = value
    return score


def columns(*tracks):
    """Scores of several classes, without a background."""
    return np.stack(tracks, axis=1)


def table(*rows):
    return Segments.from_rows(rows)


def value(y_prob, events, labels, **keywords):
    return psds([y_prob], [events], labels, 1.0, **keywords).value


class TestByHand:
    ONE, TWO = Labels(("a",), None), Labels(("a", "b"), None)

    def test_a_confusion_costs_by_the_activity_of_the_class_it_hits(self):
        # "a" finds its event after one false alarm that lies in the 10 s of "b": 1/h, and 0.5 * 3600 / 10 = 180/h.
        scores = columns(track((0, 10, 0.9), (100, 110, 0.95)), track((100, 110, 0.9)))
        events = table((0, 10, 0), (100, 110, 1))
        criteria = Criteria(alpha_ct=0.5, max_efpr=1000)
        found = psds([scores], [events], self.TWO, 1.0, criteria=criteria)
        assert found.per_class == {"a": pytest.approx(0.819), "b": 1.0}
        assert found.curves["a"].efpr.tolist() == [181.0]
        assert found.curves["a"].threshold.tolist() == [0.9]
        assert found.value == pytest.approx((0.819 + 1) / 2)
        spread = psds([scores], [events], self.TWO, 1.0, criteria=replace(criteria, alpha_st=1.0))
        assert spread.value == pytest.approx(0.819)  # below 181/h the ratios are 0 and 1: mean less deviation is 0
        assert spread.etpr.tolist() == [0.0, 1.0]

    @pytest.mark.parametrize("share", [0.1, 0.3, 0.7, 0.9])
    @pytest.mark.parametrize("length", [10, 30, 70, 110])
    def test_a_share_that_is_reached_exactly_counts(self, share, length):
        inside = round(share * length)
        long_detection = columns(track((100 - inside, 100 - inside + length, 0.9)))
        # At the lowest threshold everything is one detection, which no share here lets pass.
        assert value(long_detection, table((0, 100, 0)), self.ONE, criteria=Criteria(share, 0.01)) == 1.0
        short_by_one = columns(track((101 - inside, 101 - inside + length, 0.9)))
        assert value(short_by_one, table((0, 100, 0)), self.ONE, criteria=Criteria(share, 0.01)) == 0.0
        partly = columns(track((500, 500 + inside, 0.9)))
        assert value(partly, table((500, 500 + length, 0)), self.ONE, criteria=Criteria(0.5, share)) == 1.0
        less = columns(track((500, 500 + inside - 1, 0.9)))
        assert value(less, table((500, 500 + length, 0)), self.ONE, criteria=Criteria(0.5, share)) == 0.0

    def test_pieces_of_a_detection_cover_a_reference_together(self):
        pieces = columns(track((10, 13, 0.9), (16, 19, 0.9)))
        assert value(pieces, table((10, 20, 0)), self.ONE) == 1.0
        assert value(pieces, table((10, 20, 0)), self.ONE, criteria=Criteria(gtc_threshold=0.7)) == 0.0

    def test_a_merge_is_not_seen(self):
        merged = columns(track((10, 40, 0.9)))
        assert value(merged, table((10, 20, 0), (22, 40, 0)), self.ONE) == 1.0

    def test_overlapping_references_are_one_and_touching_ones_two(self):
        half = columns(track((10, 20, 0.9)))
        assert value(half, table((10, 20, 0), (20, 40, 0)), self.ONE) == 0.5
        assert value(half, table((10, 21, 0), (20, 40, 0)), self.ONE) == 0.0
        assert value(half, table((10, 14, 0), (12, 20, 0), (13, 14, 0)), self.ONE) == 1.0

    def test_steps_that_are_not_judged_cut_events_and_detections_and_take_no_time(self):
        scores = columns(track((10, 40, 0.9), (100, 110, 0.5), (120, 130, 0.4)))
        judged = np.ones(HOUR, bool)
        judged[20:30] = judged[2000:2900] = False
        scores[20:30] = np.nan
        found = psds([scores], [table((10, 40, 0), (120, 130, 0))], self.ONE, 1.0, judged=[judged])
        assert found.curves["a"].tpr.tolist() == [2 / 3, 1.0]
        assert found.curves["a"].efpr == pytest.approx([0, HOUR / (HOUR - 910)])

    def test_detections_and_events_end_with_their_recording(self):
        ends = [columns(track((5, 10, 0.9), steps=10)), columns(track((0, 5, 0.9), steps=10))]
        events = [table((5, 12, 0)), table((-2, 5, 0))]
        found = psds(ends, events, self.ONE, 1.0)
        assert found.value == 1.0
        assert psds(ends, [events[0], Segments.empty()], self.ONE, 1.0).value == 0.0

    def test_a_class_without_reference_takes_no_part(self):
        scores = columns(track((0, 10, 0.9)), track((500, 510, 0.9)))
        found = psds([scores], [table((0, 10, 0))], self.TWO, 1.0, criteria=Criteria(alpha_ct=1, alpha_st=1))
        assert found.value == found.per_class["a"] == 1.0
        assert np.isnan(found.per_class["b"])
        assert np.isnan(value(scores, Segments.empty(), self.TWO))
        assert np.isnan(psds([], [], self.TWO, 1.0).value)


PUBLISHED = json.loads((Path(__file__).parent / "psds_eval.json").read_text())


@pytest.mark.parametrize("case", PUBLISHED, ids=range(len(PUBLISHED)))
def test_psds_eval_gives_the_same_number(case):
    # Computed once by psds_eval 0.5.3 (which needs pandas < 3 and NumPy < 2), every distinct score being one operating
    # point; rates are powers of two, so that its seconds are exact. A single class is left out: there psds_eval takes
    # the mean of no confusion for NaN and its score for 0.
    scores = [np.array(rows, float) for rows in case["scores"]]
    tables = [Segments.from_rows(map(tuple, rows)) for rows in case["events"]]
    labels = Labels.numbered(case["classes"], case["background"])
    found = psds(scores, tables, labels, case["rate"], criteria=Criteria(**case["criteria"]))
    assert found.value == pytest.approx(case["value"], abs=1e-12)


def test_plain_loops_over_all_thresholds_agree():
    values = []
    for seed in range(400):
        y_prob, tables, judged, labels, rate = random_case(seed, longest=30)
        criteria = SETS[seed % len(SETS)]
        if seed % 3 == 0:
            criteria = replace(criteria, max_efpr=HOUR * rate / 3)
        found = psds(y_prob, tables, labels, rate, judged=judged, criteria=criteria)
        plain = [row.tolist() for row in y_prob], [rows.rows() for rows in tables], [keep.tolist() for keep in judged]
        expected, areas = brute.psds(*plain, labels.background, rate, criteria)
        assert found.value == pytest.approx(expected, abs=1e-12, nan_ok=True), seed
        areas = {labels.names[number]: area for number, area in areas.items()}
        assert {name: found.per_class[name] for name in found.curves} == pytest.approx(areas, abs=1e-12), seed
        values.append(found.value)
    inside = [v for v in values if 0 < v < 1]
    assert len(inside) > 150, "most cases must have a score that says something"


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_only_the_order_of_scores_matters(seed):
    y_prob, tables, judged, labels, rate = random_case(seed)
    criteria = SETS[seed % len(SETS)]
    bent = [np.exp(3 * row) - 5 for row in y_prob]
    first, second = (psds(rows, tables, labels, rate, judged=judged, criteria=criteria) for rows in (y_prob, bent))
    assert second.value == pytest.approx(first.value, abs=0, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_the_order_of_recordings_and_classes_does_not_matter(seed):
    y_prob, tables, judged, labels, rate = random_case(seed)
    criteria = SETS[seed % len(SETS)]
    first = psds(y_prob, tables, labels, rate, judged=judged, criteria=criteria)
    turned = [Segments(t.start, t.stop, len(labels) - 1 - t.label) for t in tables[::-1]]
    background = None if labels.background is None else len(labels) - 1 - labels.background
    names = Labels(labels.names[::-1], background)
    second = psds([row[:, ::-1] for row in y_prob[::-1]], turned, names, rate, judged=judged[::-1], criteria=criteria)
    assert second.value == pytest.approx(first.value, abs=1e-12, nan_ok=True)
    assert second.per_class == pytest.approx(first.per_class, abs=1e-12, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_padding_that_is_not_judged_equals_cropping(seed):
    y_prob, tables, judged, labels, rate = random_case(seed)
    criteria = SETS[seed % len(SETS)]
    tables = [Segments(t.start, np.minimum(t.stop, len(row)), t.label) for t, row in zip(tables, y_prob, strict=True)]
    padded = [np.pad(row, ((0, 7), (0, 0)), constant_values=9.0) for row in y_prob]
    wider = [np.pad(keep, (0, 7)) for keep in judged]
    first = psds(y_prob, tables, labels, rate, judged=judged, criteria=criteria)
    second = psds(padded, tables, labels, rate, judged=wider, criteria=criteria)
    assert second.value == pytest.approx(first.value, abs=0, nan_ok=True)


def test_refusals_say_what_was_expected():
    labels, scores, events = Labels(("a", "b"), None), np.zeros((5, 2)), table((0, 2, 0))
    with pytest.raises(InputError, match=r"y_prob\[0\]: expected numbers of shape \(steps, 2\)"):
        psds([scores[:, :1]], [events], labels, 1.0)
    with pytest.raises(InputError, match="expected 2 tables"):
        psds([scores, scores], [events], labels, 1.0)
    with pytest.raises(InputError, match="sampling_rate_hz: expected a finite number above 0"):
        psds([scores], [events], labels, 0.0)
    with pytest.raises(InputError, match=r"judged: expected shapes \[\(5,\)\]"):
        psds([scores], [events], labels, 1.0, judged=[np.ones(4, bool)])
    with pytest.raises(InputError, match="expected class numbers from 0 to 1"):
        psds([scores], [table((0, 2, 2))], labels, 1.0)
    with pytest.raises(InputError, match='score of class "a" at each step'):
        psds([scores * np.nan], [events], labels, 1.0)
    with pytest.raises(InputError, match="expected one of"):
        criteria_named("dcase-3")
    for wrong in ({"dtc_threshold": 1.1}, {"alpha_ct": -0.1}, {"alpha_st": -1}, {"max_efpr": 0}):
        with pytest.raises(InputError, match=next(iter(wrong))):
            Criteria(**wrong)


def test_a_prediction_without_scores_or_rate_has_none_and_says_why():
    assert missing([np.zeros((2, 2))], 1.0) is None
    assert "score of each class" in missing(None, 1.0)
    assert "sampling rate" in missing([np.zeros((2, 2))], None)
