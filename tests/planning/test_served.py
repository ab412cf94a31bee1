"""Names that do not serve a task are refused before time is spent on it."""

from __future__ import annotations

import numpy as np
import pytest

from segmend import catalogue
from segmend.callbacks import ClassScore
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.planning import make
from segmend.planning.served import OF_IMAGES, OF_SIGNALS, ON_STEPS
from segmend.scoring.objective import CLASS_SCORES
from tests.planning.test_every_task import TASKS, every_task, facts_of, named

SIGNALS, IMAGES, WHOLE, PICTURES = (
    Task.named(name, 3, rank) for name in ("segmentation", "classification") for rank in (1, 2)
)
OVERLAPPING = Task.named("multilabel-segmentation", 3)


@pytest.mark.parametrize("name", catalogue.TRANSFORMS)
def test_the_table_of_transforms_is_as_their_classes(name):
    transform = catalogue.resolve("transforms", name)
    assert (1 in transform.ranks) == (name not in OF_IMAGES)
    assert (2 in transform.ranks) == (name not in OF_SIGNALS)
    assert transform.on_steps == (name in ON_STEPS)


def test_the_scores_that_judge_are_those_of_the_callback():
    judge = ClassScore(np.zeros((2, 4, 1)), [np.array(0), np.array(1)], labels=Labels.numbered(2, None), predict=_even)
    assert set(judge.measure()) == {f"val_{name}" for name in (*CLASS_SCORES, "objective")}


def _even(signals):
    return np.full((len(signals), 2), 0.5)


@pytest.mark.parametrize(
    ("task", "overrides", "message"),
    [
        (IMAGES, {"candidates": ["viterbi"]}, r"decoder\.candidates: .*'peaks'\], for segm.* images\. .*\"viterbi\""),
        (
            WHOLE,
            {"candidates": ["argmax", "viterbi"]},
            r"candidates: .*\['argmax', 'thresholds', .*'expected_cost'\].* \"viterbi\"",
        ),
        (SIGNALS, {"candidates": ["peaks"]}, 'Received "peaks"'),
        (OVERLAPPING, {"candidates": ["each_label"]}, 'Received "each_label"'),
        (SIGNALS, {"decoding": "morphology"}, r"validation\.decoding: .*segmentation.* signals\. .*\"morphology\""),
        (PICTURES, {"decoding": "morphology"}, r"validation\.decoding: .*for classification"),
        (IMAGES, {"decoding": "peaks"}, r"decoding: expected 'argmax' or 'morphology'. Received 'peaks'"),
        (IMAGES, {"transitions": 0.2}, r"sampling\.transitions: expected 0: .* Received 0\.2"),
        (WHOLE, {"transitions": 0.2}, r"sampling\.transitions: expected 0"),
        (SIGNALS, {"balanced": 0.6, "hard": 0.6}, "at most 1. Received balanced 0.6, transitions 0, hard 0.6"),
        (IMAGES, {"augment": [{"name": "drift"}]}, 'sampling.augment: expected names among .* Received "drift"'),
        (SIGNALS, {"augment": [{"name": "flip"}]}, 'Received "flip"'),
        (WHOLE, {"augment": [{"name": "cut_mix"}]}, 'Received "cut_mix"'),
        (SIGNALS, {"augment": [{"nam": "noise"}]}, 'Received "None"'),
        (PICTURES, {"metric": "segment_f1@50"}, 'validation.metric: expected a sum of macro_f1, .*"segment_f1@50"'),
        (WHOLE, {"metric": "macro_f1@50"}, 'Received "macro_f1@50"'),
        (SIGNALS, {"metric": "accuracy"}, r"validation\.metric: objective: expected names among"),
        (SIGNALS, {"metric": "panoptic_quality"}, "only segmented images have objects"),
        (PICTURES, {"objective": "panoptic_quality"}, r"decoder\.objective: .* only segmented images"),
        (SIGNALS, {"objective": "count_mae"}, r'decoder\.objective: expected errors with a minus.* "count_mae"'),
        (SIGNALS, {"metric": "macro_f1 + count_mae"}, r"validation\.metric: objective: expected errors with a minus"),
        (IMAGES, {"objective": "panoptic"}, r"decoder\.objective: objective: .*did you mean \"panoptic_quality\""),
    ],
    ids=lambda value: named(value) if isinstance(value, Task) else None,
)
def test_what_does_not_serve_is_refused_by_name(task, overrides, message):
    with pytest.raises(InputError, match=message):
        make(facts_of(task), overrides=overrides)


@every_task
def test_what_serves_is_taken(task):
    others = {"transitions": 0.2} if task.kind == "segmentation" and task.rank == 1 else {}
    name = "channel_drop"
    plan = make(facts_of(task), overrides={"augment": [{"name": name}], **others})
    assert plan.choices["sampling"]["augment"].value == [{"name": name}]


def test_objects_decide_in_images():
    plan = make(facts_of(TASKS[1]), overrides={"objective": "panoptic_quality"})
    assert plan.choices["decoder"]["objective"].value == "panoptic_quality"
