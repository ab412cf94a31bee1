from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.loading.tables import steps_of, tables

LENGTHS = {"a": 12, "b": 8}
LABELS = Labels.of(["P", "Q"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "z"]), st.integers(-2, 14), st.integers(-2, 14), st.sampled_from(["P", "Q", "U", ""])
    ),
    max_size=8,
)


def annotations(rows, unit="steps"):
    recording, start, end, label = zip(*rows, strict=True) if rows else ((), (), (), ())
    dtype = np.int64 if unit == "steps" else np.float64
    lines = np.arange(2, len(rows) + 2)
    return Annotations(recording, np.array(start, dtype), np.array(end, dtype), label, lines, unit, "annotations.csv")


def by_hand(rows):
    """Tables and kinds of problems, a row at a time."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    kinds: Counter[str] = Counter({"unknown-recording": len({row[0] for row in rows if row[0] not in LENGTHS})})
    for name, start, end, label in rows:
        if name not in LENGTHS:
            continue
        known = label in LABELS.names
        kinds["unknown-label"] += not known
        if start >= end:
            kinds["empty-segment"] += 1
            continue
        kinds["beyond-end"] += start < 0 or end > LENGTHS[name]
        if known and start < LENGTHS[name] and end > 0:
            found.setdefault(name, []).append((start, end, LABELS.number(label)))
    tables = {}
    for name, table in found.items():
        table.sort()
        kinds["overlap"] += sum(
            start < max(stop for _, stop, _ in table[:k]) for k, (start, _, _) in enumerate(table) if k
        )
        tables[name] = [(max(start, 0), min(stop, LENGTHS[name]), label) for start, stop, label in table]
    return tables, +kinds


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_tables_and_problems_equal_those_found_a_row_at_a_time(rows):
    found, problems = tables(annotations(rows), LENGTHS, LABELS)
    expected, kinds = by_hand(rows)
    assert {name: table.rows() for name, table in found.items()} == expected
    assert Counter(problem.kind for problem in problems) == kinds


def test_every_problem_names_file_line_and_recording():
    _, problems = tables(annotations([("a", 0, 2, "P"), ("a", 1, 3, "P"), ("z", 0, 1, "P")]), LENGTHS, LABELS)
    assert [(problem.kind, problem.where, problem.recording) for problem in problems] == [
        ("unknown-recording", "annotations.csv, line 4", "z"),
        ("overlap", "annotations.csv, line 3", "a"),
    ]


def test_rows_of_the_background_are_no_segments():
    found, problems = tables(annotations([("a", 0, 2, "background"), ("a", 2, 3, "P")]), LENGTHS, LABELS)
    assert found["a"].rows() == [(2, 3, 1)]
    assert not problems


@pytest.mark.parametrize(
    ("start", "end", "steps"), [(0.0, 0.1, (0, 1)), (0.24, 0.26, (2, 3)), (0.251, 0.449, (3, 4)), (0.5, 0.5, (5, 5))]
)
def test_seconds_are_rounded_and_short_events_keep_a_step(start, end, steps):
    rows = annotations([("a", start, end, "P")], "seconds")
    assert tuple(column.item() for column in steps_of(rows, 10.0)) == steps


def test_seconds_need_a_rate():
    with pytest.raises(InputError, match="sampling_rate_hz"):
        steps_of(annotations([("a", 0.0, 1.0, "P")], "seconds"), None)


def test_borders_that_touch_in_seconds_touch_in_steps():
    """A border is rounded the same way from both sides, whatever the rate."""
    borders = np.cumsum(np.random.default_rng(0).uniform(0.05, 0.5, 200))
    rows = [("a", first, last, "P") for first, last in itertools.pairwise(borders)]
    start, stop = steps_of(annotations(rows, "seconds"), 44.1)
    assert (start[1:] == stop[:-1]).all()


def test_what_rounding_brings_together_is_no_overlap():
    rows = annotations([("a", 0.31, 0.32, "P"), ("a", 0.32, 0.6, "Q")], "seconds")
    found, problems = tables(rows, LENGTHS, LABELS, 10.0)
    assert found["a"].rows() == [(3, 4, 1), (3, 6, 2)]
    assert not problems
