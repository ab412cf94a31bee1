from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from segmend.artifacts.study import StudyTrial
from segmend.pipeline.tuning.front import pareto_front
from segmend.pipeline.tuning.recorded import best_trial, front_of

VALUES = st.sampled_from([0.0, 0.25, 0.5, 1.0, float("nan")])


@given(arrays(np.float64, st.tuples(st.integers(0, 8), st.integers(1, 3)), elements=VALUES))
def test_the_front_is_that_of_brute_force(scores):
    known = {k: row for k, row in enumerate(scores) if not np.isnan(row).any()}

    def beaten(row):
        return any((other >= row).all() and (other > row).any() for other in known.values())

    expected = [k for k, row in known.items() if not beaten(row)]
    assert sorted(pareto_front(scores).tolist()) == expected


def trial(number, accuracy, f1, mae, objective=0.5, state="complete"):
    scores = {"step_accuracy": accuracy, "segment_f1@50": f1, "count_mae": mae}
    return StudyTrial(number=number, state=state, picks={}, scores=scores, objective=objective)


def test_errors_are_better_small_and_pruned_trials_are_not_on_the_front():
    trials = [
        trial(0, 0.9, 0.5, 3.0),
        trial(1, 0.9, 0.5, 4.0),  # beaten by 0 in count alone
        trial(2, 0.8, 0.6, 9.0),
        trial(3, 0.7, None, 0.0),
        trial(4, 0.99, 0.99, 0.0, state="pruned"),
        trial(5, 0.95, 0.1, 8.0),
    ]
    assert front_of(trials, ("step_accuracy", "segment_f1@50", "count_mae")) == (5, 0, 2)


def test_the_best_is_the_first_of_equals_and_complete():
    trials = [trial(0, 1, 1, 1, 0.4), trial(1, 1, 1, 1, 0.6), trial(2, 1, 1, 1, 0.6), trial(3, 1, 1, 1, 0.9, "pruned")]
    assert best_trial(trials).number == 1
    assert best_trial([trial(0, 1, 1, 1, -2.0), trial(1, 1, 1, 1, -1.0)]).number == 1
