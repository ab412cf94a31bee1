"""Fixed or learnt convolutions, where each recording has a label."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.core.task import Task
from segmend.planning import Values, make
from segmend.planning.sides import told_by_scale
from tests.planning.test_every_task import facts_of

WHOLE = Task.named("classification", 2)


def facts(means, stds, classes, *, task=WHOLE):
    """Facts of recordings with one channel each."""
    made = facts_of(task, sides=tuple((1000, 1) for _ in means))
    recordings = tuple(
        each.model_copy(
            update={"means": (float(m),), "stds": (float(s),), "class_steps": tuple(int(k == c) for k in range(2))}
        )
        for each, m, s, c in zip(made.recordings, means, stds, classes, strict=True)
    )
    return made.model_copy(update={"recordings": recordings})


def test_what_level_tells_is_the_adjusted_share_between_the_classes():
    found = told_by_scale(facts([0, 2, 4, 6], [1] * 4, [0, 0, 1, 1]))
    assert found == pytest.approx(1 - (1 - 16 / 20) * 3 / 2)  # 16 of 20 lie between means of 1 and 5


def test_what_amplitude_tells_is_that_of_its_logarithm():
    spread = np.exp([0, 2, 4, 6])
    assert told_by_scale(facts([0] * 4, spread, [0, 0, 1, 1])) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("means", "stds", "classes"),
    [
        ([0, 2, 4], [1] * 3, [0, 0, 1]),  # too few
        ([0, 2, 4, 6], [1] * 4, [0, 1, 1, 1]),  # one of a class
        ([1] * 4, [1] * 4, [0, 0, 1, 1]),  # all alike
        ([1] * 4, [0, 1, 1, 1], [0, 0, 1, 1]),  # one that never changes
    ],
)
def test_nothing_is_said_of_too_little(means, stds, classes):
    assert told_by_scale(facts(means, stds, classes)) is None


def architecture(count, apart):
    """What is planned for so many recordings, whose levels differ by class so much."""
    rng = np.random.default_rng(0)
    classes = np.arange(count) % 2
    return make(facts(rng.normal(size=count) + apart * classes, [1] * count, classes)).choices["model"]["architecture"]


def test_few_recordings_alike_in_level_and_amplitude_get_fixed_convolutions():
    assert architecture(120, 0.0).value == "rocket"
    assert "120 recordings are few" in architecture(120, 0.0).because
    assert architecture(120, 3.0).value == "inception"
    assert architecture(240, 0.0).value == "inception"


def test_images_and_recordings_of_unknown_level_do_not():
    assert Values.of(make(facts_of(WHOLE))).model.architecture == "inception"
    assert Values.of(make(facts_of(Task.named("classification", 2, 2)))).model.architecture == "residual"
