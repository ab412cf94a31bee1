import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.core.rasterize import rasterize
from segmend.core.segments import Segments, runs
from segmend.errors import InputError

STEPS = st.lists(st.integers(-1, 3), max_size=40).map(lambda rows: np.array(rows, np.int64))


def slow_runs(steps: list[int]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for k, value in enumerate(steps):
        if found and found[-1][2] == value:
            found[-1] = (found[-1][0], k + 1, value)
        else:
            found.append((k, k + 1, value))
    return found


@given(STEPS)
def test_runs_equal_a_plain_loop(steps):
    assert list(zip(*(column.tolist() for column in runs(steps)), strict=True)) == slow_runs(steps.tolist())


@given(STEPS, st.sampled_from([None, 0, 2]))
def test_segments_leave_out_background_and_ignored_steps(steps, background):
    expected = [row for row in slow_runs(steps.tolist()) if row[2] not in (-1, background)]
    assert Segments.from_steps(steps, background).rows() == expected


@given(STEPS.map(lambda steps: np.abs(steps)))
def test_painting_segments_gives_the_steps_back(steps):
    assert rasterize(Segments.from_steps(steps), len(steps)).tolist() == steps.tolist()


def test_overlapping_rows_are_painted_in_order_and_clipped():
    table = Segments.from_rows([(-2, 3, 1), (2, 9, 2)])
    assert rasterize(table, 5).tolist() == [1, 1, 2, 2, 2]


def test_steps_that_no_row_covers_are_ignored_without_a_background():
    assert rasterize(Segments.from_rows([(1, 2, 0)]), 3, background=None).tolist() == [-1, 0, -1]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(InputError, match="one length"):
        Segments(np.arange(2), np.arange(3), np.arange(2))


def test_sorting_orders_by_start_then_stop():
    assert Segments.from_rows([(5, 6, 1), (1, 3, 2), (1, 2, 9)]).sorted().rows() == [(1, 2, 9), (1, 3, 2), (5, 6, 1)]


def test_runs_refuse_a_matrix():
    with pytest.raises(InputError, match=r"Received shape \(2, 2\)"):
        runs(np.zeros((2, 2), np.int64))


def test_the_background_may_have_any_number():
    labels = Labels.of(["a", "b"], background=1)
    assert labels.names == ("a", "background", "b")
    assert labels.foreground_names == ("a", "b")


def test_an_unknown_label_offers_the_nearest():
    with pytest.raises(InputError, match='did you mean "QRS"'):
        Labels.of(["P", "QRS"]).number("QSR")


@pytest.mark.parametrize("names", [["a", "a"], ["background"]])
def test_names_must_differ(names):
    with pytest.raises(InputError, match="distinct"):
        Labels.of(names)
