"""Recordings in which nothing happens, which a row of the background says."""

from __future__ import annotations

import pytest

from segmend.loading import load_dataset
from tests.builders import make_dataset

ROWS = (("a", 0, 5, "B"), ("a", 8, 10, "A"), ("b", 0, 20, "background"))


@pytest.mark.parametrize("description", [{}, {"labels": ["A", "B"]}])
def test_a_row_of_the_background_annotates_and_keeps_number_0(tmp_path, description):
    data = load_dataset(make_dataset(tmp_path, rows=ROWS, description=description))
    assert (data.labels.names, data.labels.background) == (("background", "A", "B"), 0)
    assert [each.annotated for each in data.recordings] == [True, True, False, False]
    assert [each.segments.rows() for each in data.recordings[:2]] == [[(0, 5, 2), (8, 10, 1)], []]
    assert [problem.kind for problem in data.problems] == ["not-annotated"] * 2
