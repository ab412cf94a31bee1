"""The order of trainings, and what is left out of them."""

import dataclasses
import time

import numpy as np

from segmend.artifacts.edits import FOLDS, FRESH, WEIGHED
from segmend.artifacts.finding import Remedy
from segmend.mending.edits import training_edit
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.pipeline.retraining.retrained import Retrained
from segmend.pipeline.trials.bench import bench_of
from segmend.pipeline.trials.loop import Clock, run_control, run_trainings
from segmend.scoring.objective import parse
from tests.mending.diagnoses import diagnosis, finding

TRUE = np.tile(np.repeat([0, 1, 0], 10), (8, 1))


def _remedy(name, edits, safety="safe"):
    return Remedy(name=name, safety=safety, edits=dict(edits), advice="Train again.")


REBUILD = _remedy("rebuild", {"model.filters": 32}, "unsafe")


class Workshop:
    """Trains nothing: each model is told by how many of the eight recordings it gets right."""

    def __init__(self, **right):
        self.right, self.asked = right, []

    def train(self, edit, seconds):
        name = "rebuilt" if edit.rebuild else "fresh" if edit.fresh else "tuned"
        self.asked.append(name)
        return Retrained(model=name, probabilities=lambda signals: [], changes=(name,))

    def average(self, first, edit, seconds):
        self.asked.append(f"{first.model} with {edit.folds}")
        return Retrained(model="averaged", probabilities=lambda signals: [], changes=())

    def judged(self, done, prediction):
        right = np.arange(len(TRUE)) < self.right[done.model]
        labels = np.where(right[:, np.newaxis], TRUE, 0)
        return dataclasses.replace(prediction, y_pred=tuple(labels), y_prob=tuple(np.eye(2)[labels]))


def _trained(workshop, *remedies, budget=100.0):
    """Names of what was tried, each with its F1, in order; the model to be mended gets nothing right."""
    bench = bench_of(read_arrays(y_true=TRUE, y_prob=np.eye(2)[0 * TRUE]), parse("segment_f1@50"))
    clock = Clock(time.monotonic(), budget)
    variants = run_trainings(diagnosis(finding("a", *remedies)), bench, clock, workshop, [], unsafe=True)
    assert all(len(each.performed) == 1 for each in variants)
    done = [each.performed[0].outcome for each in variants]
    return [(one.trial.name, one.trial.edits.get(FOLDS)) for one in done], [one.after["objective"] for one in done]


def test_a_rebuilt_network_is_averaged_with_others_where_time_is_left():
    workshop = Workshop(tuned=2, rebuilt=4, averaged=6)
    names, values = _trained(workshop, REBUILD, _remedy("weigh", WEIGHED))
    assert names == [("weigh", None), ("rebuild", None), ("rebuild-on-folds", 4)]
    assert values == [2 * 2 / (8 + 2), 2 * 4 / (8 + 4), 2 * 6 / (8 + 6)]
    assert workshop.asked == ["tuned", "rebuilt", "rebuilt with 4"]


def test_nothing_is_averaged_where_nothing_was_rebuilt_or_nothing_can_be_gained():
    assert _trained(Workshop(tuned=2), _remedy("weigh", WEIGHED))[0] == [("weigh", None)]
    assert _trained(Workshop(rebuilt=8), REBUILD)[0] == [("rebuild", None)]


def test_what_an_earlier_training_left_too_little_for_is_not_tried():
    remedies = (_remedy("weigh", WEIGHED), _remedy("anew", FRESH))
    assert [name for name, _ in _trained(Workshop(tuned=8, fresh=8), *remedies)[0]] == ["weigh"]
    assert [name for name, _ in _trained(Workshop(tuned=7, fresh=8), *remedies)[0]] == ["weigh", "anew"]


def _controls(workshop, *, seconds):
    bench = bench_of(read_arrays(y_true=TRUE, y_prob=np.eye(2)[0 * TRUE]), parse("segment_f1@50"))
    clock = Clock(time.monotonic(), 100.0)
    tuned = diagnosis(finding("a", _remedy("weigh", WEIGHED)))
    variants = run_trainings(tuned, bench, clock, workshop, [])
    return run_control(bench, clock, seconds, workshop=workshop, variants=variants)


def test_random_remedies_train_too_where_the_trials_did():
    workshop = Workshop(tuned=3, fresh=5)
    controls = _controls(workshop, seconds=20.0)
    trained = [one for one in controls if training_edit(one.outcome.trial.edits) is not None]
    assert len(controls) in (20, 21) and 8 <= len(trained) <= 32  # a training counts alone and with a decoder
    assert all(one.outcome.trial.control for one in controls)
    alone = {one.outcome.after["objective"] for one in trained if "decoder" not in one.outcome.trial.edits}
    assert alone == {2 * 3 / (8 + 3), 2 * 5 / (8 + 5)}


def test_random_remedies_are_decoders_where_nothing_was_trained():
    bench = bench_of(read_arrays(y_true=TRUE, y_prob=np.eye(2)[0 * TRUE]), parse("segment_f1@50"))
    controls = run_control(bench, Clock(time.monotonic(), 100.0), 5.0, workshop=Workshop(tuned=3, fresh=5))
    assert controls and all("decoder" in one.outcome.trial.edits for one in controls)
