"""Collars: cases by hand, plain loops on 2,000 random cases, mir_eval and sed_eval's own numbers."""

import json
from dataclasses import replace
from pathlib import Path

import mir_eval
import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.scoring.collars import CONDITIONS, Collar, collar_level, collar_tally, error_rates
from tests.scoring.collars import brute
from tests.scoring.collars.cases import STEPS, items, random_case


def counted(reference, prediction, collar, labels, recordings=1):
    return collar_tally(items(reference), items(prediction), collar, labels, recordings)


ONE, TWO = Labels.of(["a"]), Labels.of(["a", "b"])


class TestByHand:
    def test_a_first_choice_that_would_leave_one_unmatched_is_not_taken(self):
        # The nearest reference of the prediction at 5 is the one at 6, which only the prediction at 8 can have else.
        tally = counted([(0, 3, 20, 1), (0, 6, 22, 1)], [(0, 5, 20, 1), (0, 8, 22, 1)], Collar(2), ONE)
        assert tally.tp[:, 0, 1].tolist() == [2, 2, 2]

    def test_nested_predictions_are_matched_along_an_augmenting_path(self):
        # Whoever chooses first by onset or by offset takes what only the other can have.
        reference = [(0, 10, 20, 1), (0, 10, 24, 1)]
        prediction = [(0, 10, 22, 1), (0, 11, 18, 1)]
        assert counted(reference, prediction, Collar(2, 0), ONE).tp[:, 0, 1].tolist() == [2, 2, 2]

    @pytest.mark.parametrize(("stop", "found"), [(15, 1), (14, 0), (25, 1), (26, 0)])
    def test_the_offset_may_be_off_by_a_share_of_the_references_length(self, stop, found):
        tally = counted([(0, 10, 20, 1)], [(0, 10, stop, 1)], Collar(2, 0.5), ONE)
        assert tally.tp[:, 0, 1].tolist() == [1, found, found]

    def test_the_share_is_of_the_reference_not_of_the_prediction(self):
        long, short = [(0, 0, 20, 1)], [(0, 0, 12, 1)]
        assert counted(long, short, Collar(1, 0.5), ONE).tp[2].sum() == 1
        assert counted(short, long, Collar(1, 0.5), ONE).tp[2].sum() == 0

    @pytest.mark.parametrize("seconds", [0.2, 0.29, 0.07])
    @pytest.mark.parametrize("rate", [100, 250, 500])
    def test_a_tolerance_in_seconds_counts_its_last_step(self, seconds, rate):
        whole = int(brute.Fraction(str(seconds)) * rate)
        assert Collar(seconds * rate).onset == whole
        assert Collar(0, offset_share=seconds).offset(np.array([rate])).tolist() == [whole]

    def test_recordings_one_step_apart_do_not_share_events(self):
        tally = counted([(0, STEPS - 1, STEPS, 1)], [(1, 0, 1, 1)], Collar(100, 0), ONE, recordings=2)
        assert tally.tp.sum() == 0
        assert tally.substitutions.sum() == 0

    def test_a_missed_class_scores_0_and_an_absent_one_nothing(self):
        labels = Labels.of(["found", "missed", "absent"])
        told = collar_level(counted([(0, 1, 5, 1), (0, 7, 9, 2)], [(0, 1, 5, 1)], Collar(1), labels))
        assert [told["per_class"][name]["both"]["f1"] for name in ("found", "missed")] == [1.0, 0.0]
        assert np.isnan(told["per_class"]["absent"]["both"]["f1"])
        assert told["both"]["macro_f1"] == 0.5
        assert told["both"] == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3), "macro_f1": 0.5}

    def test_a_class_taken_for_another_is_one_error_overall_and_one_of_each_class(self):
        told = collar_level(counted([(0, 1, 5, 1)], [(0, 2, 5, 2)], Collar(1), TWO), scale=100)
        assert told["error_rate"] == 100.0
        assert told["per_class"]["a"]["error_rate"] == 100.0
        assert np.isnan(told["per_class"]["b"]["error_rate"])
        far = collar_level(counted([(0, 1, 5, 1)], [(0, 9, 15, 2)], Collar(1), TWO))
        assert far["error_rate"] == 2.0

    def test_lanes_do_not_keep_substitutions_apart(self):
        reference, prediction = [(0, 1, 5, 1)], [(0, 2, 5, 2)]
        sides = [items(rows, lane=1000) for rows in (reference, prediction)]
        sides = [replace(side, label=side.label.astype(np.int8)) for side in sides]
        assert collar_tally(*sides, Collar(1), TWO, 1, lane=1000).substitutions.tolist() == [[1]] * 3
        assert collar_tally(*sides, Collar(1), TWO, 1).substitutions.tolist() == [[0]] * 3

    def test_errors_are_signed_and_in_seconds_where_a_step_is_known(self):
        reference, prediction = [(0, 4, 10, 1), (0, 14, 20, 1)], [(0, 2, 11, 1), (0, 15, 20, 1)]
        tally = counted(reference, prediction, Collar(3), ONE)
        assert collar_level(tally)["onset_error"] == {
            "mean": -0.5,
            "median": -0.5,
            "std": 1.5,
            "mean_absolute": 1.5,
            "matched_by": "both",
        }
        told = collar_level(tally, seconds_per_step=0.5)
        assert told["offset_error"]["mean"] == 0.25
        assert told["per_class"]["a"]["offset_error"] == told["offset_error"]

    def test_errors_of_pairs_by_onset_where_none_match_by_both(self):
        told = collar_level(counted([(0, 4, 10, 1)], [(0, 5, 25, 1)], Collar(1), TWO))
        assert (told["onset_error"]["mean"], told["offset_error"]["mean"]) == (1.0, 15.0)
        assert told["offset_error"]["matched_by"] == "onset"
        assert told["per_class"]["b"]["onset_error"]["matched_by"] is None
        assert np.isnan(told["per_class"]["b"]["onset_error"]["mean"])

    def test_nothing_on_either_side(self):
        tally = counted([], [], Collar(1), ONE)
        assert tally.tp.sum() == 0
        assert np.isnan(collar_level(tally)["both"]["f1"])
        assert np.isnan(error_rates(tally)).all()

    @pytest.mark.parametrize("wrong", [-1, np.nan, np.inf])
    def test_a_collar_that_is_none_is_refused(self, wrong):
        with pytest.raises(InputError, match=r"tolerance: expected a number of at least 0\. Received"):
            Collar(wrong)
        with pytest.raises(InputError, match=r"offset_share: expected"):
            Collar(1, wrong)


def test_plain_loops_find_the_same_number_of_pairs():
    nested = 0
    for seed in range(2000):
        reference, prediction, collar, labels, recordings = random_case(seed)
        tally = counted(reference, prediction, collar, labels, recordings)
        for k, condition in enumerate(CONDITIONS):
            for recording in range(recordings):
                for label in labels.foreground:
                    sides = [
                        [row for row in rows if row[0] == recording and row[3] == label]
                        for rows in (reference, prediction)
                    ]
                    expected = brute.matching_size(*sides, collar.tolerance, collar.offset_share, condition)
                    assert tally.tp[k, recording, label] == expected, (seed, condition, recording, label)
                    nested += any(p[1] < q[1] and q[2] < p[2] for p in sides[1] for q in sides[1])
        assert tally.reference.sum() == len(reference)
        assert tally.predicted.sum() == len(prediction)
    assert nested > 1000


def test_pairs_lie_within_the_collar_and_take_each_event_once():
    for seed in range(300):
        reference, prediction, collar, labels, recordings = random_case(seed)
        tally = counted(reference, prediction, collar, labels, recordings)
        for shifts, k in ((tally.by_onset, 0), (tally.by_both, 2)):
            assert np.all(np.abs(shifts.onset) <= collar.tolerance)
            cells = np.bincount(shifts.recording * len(labels) + shifts.label, minlength=tally.tp[k].size)
            assert cells.tolist() == tally.tp[k].ravel().tolist()
            assert np.all(np.diff(shifts.recording) >= 0)


def _intervals(rows):
    return np.array([[row[1], row[2]] for row in rows], float).reshape(-1, 2)


def test_mir_eval_finds_the_same_number_of_pairs():
    compared = 0
    for seed in range(400):
        reference, prediction, collar, labels, _ = random_case(seed)
        collar = Collar(max(collar.tolerance, 0.5), 0.5)  # mir_eval compares binary fractions; a half is exact
        one = [[(0, *row[1:3], 1) for row in rows if row[0] == 0] for rows in (reference, prediction)]
        if not all(one):
            continue
        tally = counted(*one, collar, labels)
        sides = [_intervals(sorted(rows)) for rows in one]
        offsets = {"offset_ratio": collar.offset_share, "offset_min_tolerance": collar.tolerance}
        pitches = [np.ones(len(rows)) for rows in sides]
        onset = {"onset_tolerance": collar.tolerance}
        expected = [
            len(mir_eval.transcription.match_note_onsets(*sides, **onset)),
            len(mir_eval.transcription.match_note_offsets(*sides, **offsets)),
            len(mir_eval.transcription.match_notes(sides[0], pitches[0], sides[1], pitches[1], **onset, **offsets)),
        ]
        assert tally.tp[:, 0, 1].tolist() == expected
        events = mir_eval.util.match_events(sides[0][:, 0], sides[1][:, 0], collar.tolerance)
        assert len(events) == expected[0]
        compared += 1
    assert compared > 200


def test_mir_eval_finds_as_many_pairs_where_all_events_begin_at_once():
    rng = np.random.default_rng(0)
    sides = [[(0, int(a), int(b), 1) for a, b in zip(*rng.integers((0, 5), (4, 900), (300, 2)).T, strict=True)]]
    sides.append(
        [(0, int(rng.integers(0, 4)), max(4, stop + int(rng.integers(-9, 10))), 1) for *_, stop, _ in sides[0]]
    )
    tally = counted(*sides, Collar(2, 0), ONE)
    reference, prediction = (_intervals(rows) for rows in sides)
    pitch = np.ones(300)
    tolerances = {"onset_tolerance": 2, "offset_ratio": 0, "offset_min_tolerance": 2}
    pairs = mir_eval.transcription.match_notes(reference, pitch, prediction, pitch, **tolerances)
    assert tally.tp[2].sum() == len(pairs)
    assert 100 < len(pairs) < 300


SED_EVAL = json.loads((Path(__file__).parent / "sed_eval.json").read_text())


@pytest.mark.parametrize("case", SED_EVAL["cases"])
def test_sed_eval_says_the_same(case):
    """Numbers of sed_eval's EventBasedMetrics on random events; null where it has none or divides by almost 0."""
    labels = Labels.of(case["names"])
    sides = [[tuple(row) for row in case[side]] for side in ("reference", "prediction")]
    tally = counted(*sides, Collar(case["tolerance"], case["share"]), labels, case["recordings"])
    told = collar_level(tally)
    for k, (condition, theirs) in enumerate(case["told"].items()):
        assert told[condition]["f1"] == pytest.approx(theirs["f1"] or 0.0)
        if "error_rate" in theirs:  # by offset alone, theirs hangs on which of many largest matchings is found
            assert error_rates(tally)[k] == pytest.approx(theirs["error_rate"])
        for name, values in theirs["per_class"].items():
            ours = told["per_class"][name][condition]
            for key, value in zip(("precision", "recall"), values, strict=False):
                assert ours[key] == pytest.approx(np.nan if value is None else value, nan_ok=True)
            there = tally.reference[:, labels.number(name)].sum(), tally.predicted[:, labels.number(name)].sum()
            # By design 0 for a class with events on one side only, which sed_eval leaves out.
            expected = values[2] if values[2] is not None else 0.0 if sum(there) else np.nan
            assert ours["f1"] == pytest.approx(expected, nan_ok=True)
        if condition == "both":
            rates = [np.nan if values[3] is None else values[3] for values in theirs["per_class"].values()]
            assert [each["error_rate"] for each in told["per_class"].values()] == pytest.approx(rates, nan_ok=True)
