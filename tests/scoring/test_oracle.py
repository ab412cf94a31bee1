"""The oracle ladder, by hand."""

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.scoring.oracle import REPAIRS, ladder
from tests.scoring.test_segments import steps


def rungs(true, pred, classes=3, **options):
    found = ladder([steps(true)], [steps(pred)], Labels.numbered(classes), **options)
    return {(rung.if_fixed, rung.label): rung for rung in found}


def test_the_baseline_comes_first_and_every_kind_follows():
    found = ladder([steps("0110")], [steps("0110")], Labels.numbered(2))
    assert [rung.if_fixed for rung in found] == [None, *REPAIRS]
    assert {rung.segment_f1_50 for rung in found} == {1.0}


@pytest.mark.parametrize(
    ("kind", "true", "pred", "before", "after"),
    [
        ("fragmentation", "01111110", "01101100", 0, 1),  # two pieces of IoU 1/3; their hull has 5/6
        ("merge", "01101110", "01111110", 2 / 3, 1),
        ("insertion", "011000", "011020", 2 / 3, 1),
        ("deletion", "011020", "011000", 2 / 3, 1),
        ("substitution", "011022", "011011", 1 / 2, 1),
        ("borders", "011110", "001000", 0, 1),
    ],
)
def test_each_repair(kind, true, pred, before, after):
    found = rungs(true, pred)
    assert found[None, None].segment_f1_50 == pytest.approx(before)
    assert found[kind, None].segment_f1_50 == pytest.approx(after)
    others = {found[other, None].segment_f1_50 for other in REPAIRS if other != kind}
    assert others == {found[None, None].segment_f1_50}


def test_counts_follow_the_repairs():
    found = rungs("0111110", "0101010")
    assert (found[None, None].count_mae, found[None, None].count_ratio) == (2, 3)
    assert (found["fragmentation", None].count_mae, found["fragmentation", None].count_ratio) == (0, 1)


def test_single_classes_stand_after_all_and_only_where_they_err():
    found = rungs("0111110222220", "0101010222220")
    assert ("fragmentation", "1") in found
    assert ("fragmentation", "2") not in found
    assert found["fragmentation", "1"].segment_f1_50 == found["fragmentation", None].segment_f1_50
    assert list(rungs("0111110", "0101010", per_class=False))[-1][1] is None


def test_a_substitution_is_of_the_reference_s_class():
    found = rungs("0110", "0220")
    assert ("substitution", "1") in found
    assert ("substitution", "2") not in found


def test_undefined_numbers_are_none():
    found = rungs("000", "000")[None, None]
    assert (found.segment_f1_50, found.count_ratio, found.count_mae) == (None, None, 0)
    assert rungs("000", "010")[None, None].count_ratio is None


def test_tables_that_overlap_within_a_class():
    table = Segments.from_rows([(0, 6, 1), (4, 10, 1)])
    blank = [np.zeros(10, np.int64)]
    found = ladder(blank, blank, Labels.numbered(2), reference=[table], prediction=[Segments.from_rows([(0, 10, 1)])])
    by_kind = {rung.if_fixed: rung for rung in found}
    assert by_kind[None].segment_f1_50 == pytest.approx(2 / 3)
    assert (by_kind["merge"].segment_f1_50, by_kind["merge"].count_ratio) == (1, 1)
    halves = [Segments.from_rows([(0, 2, 1), (1, 3, 1), (4, 6, 1)])]
    one = [Segments.from_rows([(0, 6, 1)])]
    found = ladder(blank, blank, Labels.numbered(2), reference=one, prediction=halves)
    assert {rung.if_fixed: rung for rung in found}["fragmentation"].segment_f1_50 == 1
