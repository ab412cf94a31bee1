from __future__ import annotations

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.scoring.layers import tally_layers
from segmend.scoring.tallies import tally

LABELS = Labels(("a", "b", "c"), None)


def recordings(rng, lengths, ignored=0.1):
    pairs = []
    for steps in lengths:
        true = np.repeat(rng.integers(0, 2, (steps, 3)), 3, axis=0)
        said = np.where(rng.random(true.shape) < 0.1, 1 - true, true)
        true[rng.random(len(true)) < ignored] = -1
        pairs.append((true, said))
    return [list(side) for side in zip(*pairs, strict=True)]


@pytest.mark.parametrize("seed", range(20))
def test_each_class_is_counted_as_if_it_were_alone(seed):
    y_true, y_pred = recordings(np.random.default_rng(seed), [4, 9, 1])
    found = tally_layers(y_true, y_pred, LABELS)
    for k in range(3):
        alone = tally([row[:, k] for row in y_true], [row[:, k] for row in y_pred], Labels.numbered(2))
        np.testing.assert_array_equal(found.reference[:, k], alone.reference[:, 1])
        np.testing.assert_array_equal(found.predicted[:, k], alone.predicted[:, 1])
        np.testing.assert_array_equal(found.tp[..., k], alone.tp[..., 1])
        np.testing.assert_array_equal(found.step.tables.tp[:, k], alone.step.tables.tp[:, 1])
    right = [np.all(true == said, axis=1).sum() for true, said in zip(y_true, y_pred, strict=True)]
    np.testing.assert_array_equal(found.step.right, right)


def test_a_step_is_ignored_whole_and_tables_keep_touching_items_apart():
    true = np.array([[1, 0, 0], [1, -1, 1], [1, 0, 0]])
    said = np.array([[1, 0, 0], [1, 1, 1], [1, 0, 0]])
    cut = tally_layers([true], [said], LABELS)
    assert (cut.reference.tolist(), cut.predicted.tolist()) == ([[2, 0, 0]], [[2, 0, 0]])
    table = Segments.from_rows([(0, 1, 0), (1, 3, 0), (0, 2, 2)])
    apart = tally_layers([np.abs(true)], [said], LABELS, reference=[table])
    assert apart.reference.tolist() == [[2, 0, 1]]
    assert apart.matched.tolist() == [[1, 0, 1]]


def test_a_background_column_holds_no_segments():
    true = np.array([[1, 0, 0], [0, 1, 1]])
    assert tally_layers([true], [true], Labels(("none", "b", "c"), 0)).reference.tolist() == [[0, 1, 1]]


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="last axis of 3 classes"):
        tally_layers([np.zeros((4, 2), int)], [np.zeros((4, 2), int)], LABELS)
