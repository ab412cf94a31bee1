from __future__ import annotations

import pytest

from segmend.training.ahead import Ahead


def test_the_next_ones_are_made_while_one_is_used():
    made = []
    ahead = Ahead(lambda number: made.append(number) or number, workers=2)
    assert ahead.get(0, stop=9) == 0
    assert [ahead.get(number, stop=9) for number in range(1, 9)] == list(range(1, 9))
    assert sorted(made) == list(range(9))


def test_nothing_is_made_beyond_the_end():
    made = []
    ahead = Ahead(made.append, workers=4)
    for number in range(3):
        ahead.get(number, stop=3)
    assert sorted(made) == [0, 1, 2]


def test_what_was_made_for_an_epoch_before_is_forgotten():
    epoch = [0]
    ahead = Ahead(lambda number: (epoch[0], number), workers=3)
    assert ahead.get(0, stop=5) == (0, 0)
    epoch[0] = 1
    ahead.forget()
    assert [ahead.get(number, stop=5) for number in range(5)] == [(1, number) for number in range(5)]


def test_what_goes_wrong_in_a_thread_is_heard():
    ahead = Ahead(lambda number: 1 / number, workers=2)
    with pytest.raises(ZeroDivisionError):
        ahead.get(0, stop=2)
