"""Laws, and agreement with the plain loops of ``brute``, on random recordings."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from mir_eval.util import _bipartite_match

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.scoring import oracle
from segmend.scoring.edit import edit_scores
from segmend.scoring.kinds import ERRORS
from segmend.scoring.matching import in_time_order, maximum
from segmend.scoring.meetings import meet
from segmend.scoring.overlaps import Overlaps
from segmend.scoring.tallies import tally
from tests.cases import few
from tests.scoring import brute
from tests.scoring.cases import recordings

THRESHOLDS = (10, 25, 33, 50, 75, 100)


def plain(y_true, y_pred, labels):
    """Reference and predicted segments per recording, by the plain loops."""
    true = [row.tolist() for row in y_true]
    pred = [row.tolist() for row in y_pred]
    return [
        (brute.segments(t, labels.background), brute.segments(p, labels.background, t))
        for t, p in zip(true, pred, strict=True)
    ]


@few
@given(recordings())
def test_counts_and_matching_agree_with_plain_loops(case):
    counted = tally(*case, iou_thresholds=THRESHOLDS)
    for k, (reference, prediction) in enumerate(plain(*case)):
        assert counted.reference[k].sum() == len(reference)
        assert counted.predicted[k].sum() == len(prediction)
        for threshold in THRESHOLDS:
            expected = brute.matching_size(reference, prediction, threshold)
            assert counted.segments(threshold).tp[k].sum() == expected


@few
@given(recordings())
def test_error_kinds_agree_with_plain_loops(case):
    counted = tally(*case).errors
    for k, (reference, prediction) in enumerate(plain(*case)):
        for kind, expected in brute.errors(reference, prediction).items():
            assert getattr(counted, kind)[k].sum() == expected, kind


@few
@given(recordings())
def test_errors_account_for_the_count_of_each_class(case):
    counted = tally(*case)
    e = counted.errors
    inserted, deleted = e.insertion + e.substituting, e.deletion + e.substitution
    assert np.array_equal(counted.predicted - counted.reference, inserted + e.fragmentation - deleted - e.merge)


@few
@given(recordings())
def test_the_ladder_agrees_with_repairs_carried_out(case):
    tables = plain(*case)
    rungs = {rung.if_fixed: rung for rung in oracle.ladder(*case, per_class=False)}
    for kind, rung in rungs.items():
        mended = [(r, brute.repaired(r, p, kind) if kind else p) for r, p in tables]
        matched = sum(brute.matching_size(r, p, 50) for r, p in mended)
        reference, predicted = sum(len(r) for r, _ in mended), sum(len(p) for _, p in mended)
        expected = 2 * matched / (reference + predicted) if reference + predicted else None
        assert rung.segment_f1_50 == expected, kind
        assert np.isclose(rung.count_mae, np.mean([abs(len(r) - len(p)) for r, p in mended])), kind
        assert rung.count_ratio == (predicted / reference if reference else None), kind


@few
@given(recordings())
def test_rungs_of_single_classes_add_up_to_the_rung_of_all(case):
    rungs = oracle.ladder(*case)
    base = rungs[0]
    if base.segment_f1_50 is None or base.count_ratio is None:
        return
    for whole in rungs[1:7]:
        parts = [rung for rung in rungs[7:] if rung.if_fixed == whole.if_fixed]
        gained = sum(part.count_ratio - base.count_ratio for part in parts)
        assert np.isclose(whole.count_ratio - base.count_ratio, gained)
        if not parts:
            assert whole.segment_f1_50 == base.segment_f1_50


@few
@given(recordings(), st.sampled_from([10, 25, 50]))
def test_the_matching_of_published_scripts(case, threshold):
    met = meet(*case)
    same = met.same
    matched = in_time_order(same, threshold)
    recording = met.reference.recording[same.reference[matched]]
    for k, (reference, prediction) in enumerate(plain(*case)):
        assert (recording == k).sum() == brute.greedy(reference, prediction, threshold)


@few
@given(recordings(ignored=False))
def test_tables_of_the_runs_say_the_same_as_the_runs(case):
    y_true, y_pred, labels = case
    tables = [[Segments.from_steps(row, labels.background) for row in side] for side in (y_true, y_pred)]
    assert_same(tally(*case), tally(*case, reference=tables[0], prediction=tables[1]))


@few
@given(recordings())
def test_ignored_steps_cut_tables_like_runs(case):
    y_true, y_pred, labels = case
    filled = [np.where(row < 0, pred, row) for row, pred in zip(y_true, y_pred, strict=True)]
    table = [Segments.from_steps(row, labels.background) for row in filled]
    cut = tally(*case, reference=table)
    for k, (expected, row) in enumerate(zip(table, y_true, strict=True)):
        pieces = sum(len(pieces_of(s, row)) for s in expected.rows())
        assert cut.reference[k].sum() == pieces


def pieces_of(segment, row):
    judged = [row[t] >= 0 for t in range(segment[0], segment[1])]
    return [t for t, here in enumerate(judged) if here and (t == 0 or not judged[t - 1])]


@few
@given(recordings(), st.permutations(range(3)))
def test_renaming_classes_renames_the_columns(case, order):
    y_true, y_pred, labels = case
    renamed = np.array([*order, -1])
    background = None if labels.background is None else order[labels.background]
    other = tally([renamed[row] for row in y_true], [renamed[row] for row in y_pred], Labels.numbered(3, background))
    base = tally(*case)
    for name in ("reference", "predicted", "matched"):
        assert np.array_equal(getattr(other, name)[:, list(order)], getattr(base, name))
    assert np.array_equal(other.errors.fragmentation[:, list(order)], base.errors.fragmentation)


@few
@given(recordings(), st.integers(1, 5))
def test_ignored_steps_around_a_recording_change_nothing(case, pad):
    y_true, y_pred, labels = case
    edge = np.full(pad, -1)
    padded = [np.concatenate([edge, row, edge]) for row in y_true]
    said = [np.concatenate([edge + 1, row, edge]) for row in y_pred]
    assert_same(tally(*case), tally(padded, said, labels))


@few
@given(recordings())
def test_recordings_are_counted_apart(case):
    y_true, y_pred, labels = case
    whole = tally(*case)
    for k in range(len(y_true)):
        assert_same(whole.take([k]), tally([y_true[k]], [y_pred[k]], labels))


@few
@given(recordings())
def test_time_may_run_backwards(case):
    y_true, y_pred, labels = case
    base = tally(*case, iou_thresholds=THRESHOLDS)
    back = tally([row[::-1] for row in y_true], [row[::-1] for row in y_pred], labels, iou_thresholds=THRESHOLDS)
    assert np.array_equal(base.step.confusion, back.step.confusion)
    for name in ("reference", "predicted", "tp"):
        assert np.array_equal(getattr(base, name), getattr(back, name)), name
    for name in ("fragmentation", "merge", "overfill_steps", "underfill_steps"):
        assert np.array_equal(getattr(base.errors, name), getattr(back.errors, name)), name
    assert base.errors.substitution.sum() == back.errors.substitution.sum()


@few
@given(recordings(ignored=False))
def test_edit_scores_agree_with_the_textbook_recurrence(case):
    found = edit_scores(meet(*case))
    for k, sides in enumerate(plain(*case)):
        reference, prediction = ([label for _, _, label in side] for side in sides)
        longest = max(len(reference), len(prediction))
        expected = 1 - brute.levenshtein(reference, prediction) / longest if longest else 1
        assert np.isclose(found[k], expected)


@few
@given(recordings())
def test_a_perfect_prediction_is_perfect(case):
    y_true, _, labels = case
    said = [np.where(row < 0, 0, row) for row in y_true]
    counted = tally(y_true, said, labels, iou_thresholds=(100,))
    assert np.array_equal(counted.segments(100).tp, counted.reference)
    assert np.array_equal(counted.predicted, counted.reference)
    assert not any(getattr(counted.errors, name).any() for name in ERRORS)


@few
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=8), st.data())
def test_overlapping_tables_are_matched_as_well_as_possible(rows, data):
    reference = [(a, a + n, 1) for a, n in rows]
    more = data.draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=8))
    prediction = [(a, a + n, 1) for a, n in more]
    steps = [np.zeros(20, np.int64)]
    counted = tally(
        steps,
        steps,
        Labels.numbered(2),
        reference=[Segments.from_rows(reference)],
        prediction=[Segments.from_rows(prediction)],
    )
    e = counted.errors
    for threshold in (10, 25, 50):
        assert counted.segments(threshold).tp.sum() == brute.matching_size(reference, prediction, threshold)
    difference = e.insertion + e.fragmentation - e.deletion - e.merge
    assert np.array_equal(counted.predicted - counted.reference, difference)


def test_three_matchings_find_as_many():
    """The left-to-right one, SciPy's Hopcroft-Karp and mir_eval's."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        steps = rng.integers(0, 2, (2, 60))
        same = meet([steps[0]], [steps[1]], Labels.numbered(2)).same
        general = Overlaps(same.reference, same.prediction, same.steps, same.union, staircase=False)
        assert maximum(same).sum() == maximum(general).sum() == mir_eval_size(same)


def mir_eval_size(edges):
    graph = {}
    for row, column in zip(edges.reference.tolist(), edges.prediction.tolist(), strict=True):
        graph.setdefault(row, []).append(column)
    return len(_bipartite_match(graph))


def assert_same(one, other):
    assert np.array_equal(one.step.confusion, other.step.confusion)
    for name in ("reference", "predicted", "tp"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ERRORS:
        assert np.array_equal(getattr(one.errors, name), getattr(other.errors, name)), name
