"""The probe against operations whose reading is known, as NumPy functions."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.anatomy.probing import disturbed, influence, noticed, probed, surrounded
from segmend.anatomy.sight import Axis, UnknownError
from segmend.core.receptive_field import NOTHING, Field

STEPS = 80


def probe(function, steps=STEPS):
    first, batch = disturbed((steps, 2))
    return probed(Axis(Field(), 1, steps), influence(first, function(batch)))


def moving_sum(x):
    return x[:, 2:] + x[:, :-2]


def every_third(x):
    return x[:, 1::3]


def doubled(x):
    return np.repeat(x, 2, axis=1)


def greatest_pairs(x):
    return np.fmax(x[:, ::2], x[:, 1::2])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (moving_sum, Field().gather([(0, 2)])),
        (every_third, Field().gather([(1,)], 3)),
        (doubled, Field().upsample(2)),
        (greatest_pairs, Field().pool(2)),
        (lambda x: np.cumsum(x, axis=1), Field().forward_recurrent()),
        (lambda x: np.cumsum(x[:, ::-1], axis=1)[:, ::-1], Field().backward()),
        (lambda x: x - x.mean(axis=1, keepdims=True), Field().everything()),
        (lambda x: x * 0 + 1, Field()),
        (lambda x: np.pad(x[:, :-9], [(0, 0), (9, 0), (0, 0)]), Field().shift(-9)),
    ],
)
def test_field_of_a_known_operation(function, expected):
    axis = probe(function)
    seen, period = axis.field, max(axis.field.period, expected.period)
    assert [seen._at(step) for step in range(3 * period)] == [expected._at(step) for step in range(3 * period)]


def test_summaries_lose_the_axis():
    axis = probe(lambda x: x.mean(axis=1))
    assert (axis.place, axis.field) == (None, Field().summary())


def test_what_sees_nothing():
    assert probe(lambda x: np.ones_like(x)).field.seen == (NOTHING,)


def test_a_swapped_axis_is_found():
    assert probe(lambda x: np.swapaxes(x, 1, 2)).place == 2


def test_no_pattern_is_said():
    order = np.random.default_rng(1).permutation(STEPS)
    with pytest.raises(UnknownError, match="no regular pattern"):
        probe(lambda x: np.pad(x[:, order], [(0, 0), (1, 1), (0, 0)]))


def test_nan_without_cause_is_said():
    with pytest.raises(UnknownError, match="even for a finite input"):
        probe(lambda x: np.full_like(x, np.nan))


def probe_all(function, steps=200):
    first, batch = surrounded((steps, 2))
    return probed(Axis(Field(), 1, steps), noticed(first, function(batch), 1))


@pytest.mark.parametrize(
    ("function", "left", "right"),
    [
        (lambda x: x + x[:, :1], None, 0),
        (lambda x: x - x[:, -1:], 0, None),
        (lambda x: x - x[:, -1:] - x[:, :1], None, None),
        (lambda x: x[:, 2:] + x[:, :-2] + x[:, 1:2], None, 2),
        (lambda x: np.repeat(x[:, 1::3], 3, axis=1)[:, :198] + x[:, :198] + x[:, 3:4], None, 1),
        (lambda x: x[:, :50], None, None),
    ],
)
def test_steps_that_are_read_from_everywhere_show_beyond_the_window(function, left, right):
    assert (probe_all(function).field.left, probe_all(function).field.right) == (left, right)


@pytest.mark.parametrize("function", [moving_sum, every_third, doubled, greatest_pairs])
def test_local_operations_do_not_see_beyond_their_window(function):
    first, batch = disturbed((200, 2))
    narrow = probed(Axis(Field(), 1, 200), influence(first, function(batch)))
    assert probe_all(function) == narrow and narrow.field.size is not None


@pytest.mark.parametrize(
    ("function", "seen"),
    [
        (lambda x: x[:, -1], (np.inf, np.inf)),
        (lambda x: x[:, 0], (-np.inf, -np.inf)),
        (lambda x: x[:, 0] + x[:, -1], (-np.inf, np.inf)),
        (lambda x: np.ones((len(x), 3)), NOTHING),
    ],
)
def test_single_steps_have_no_axis_and_are_not_nothing(function, seen):
    axis = probe_all(function)
    assert (axis.place, axis.field.seen) == (None, (seen,))
