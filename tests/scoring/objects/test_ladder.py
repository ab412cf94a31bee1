"""The oracle ladder of images, each kind of error by hand."""

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.scoring.meetings import meet_images
from segmend.scoring.oracle import ladder_of
from segmend.scoring.tallies import tally_of

LABELS = Labels.numbered(3)


def rungs(true, said):
    met = meet_images([np.array(true)], [np.array(said)], LABELS)
    found = met.kinds()
    every = ladder_of(met, found, tally_of(met, found), per_class=False)
    return {rung.if_fixed: (rung.segment_f1_50, rung.count_ratio) for rung in every}


def filled(*boxes):
    mask = np.zeros((12, 12), int)
    for top, bottom, left, right, label in boxes:
        mask[top:bottom, left:right] = label
    return mask


def test_pieces_of_one_object_become_their_union():
    found = rungs(filled((0, 6, 0, 10, 1)), filled((0, 6, 0, 4, 1), (0, 6, 5, 9, 1)))
    assert found[None] == (0.0, 2.0)  # 24 of 60 pixels each
    assert found["fragmentation"] == (1.0, 1.0)  # 48 of 60
    assert found["merge"] == found["insertion"] == found[None]


def test_one_object_across_two_is_cut_in_two():
    found = rungs(filled((0, 4, 0, 4, 1), (6, 10, 0, 4, 1)), filled((0, 10, 0, 4, 1)))
    assert found[None] == (0.0, 0.5)  # 16 of 40
    assert found["merge"] == (1.0, 1.0)  # each gets its 16 and half of the 8 stray pixels
    assert found["fragmentation"] == (0.0, 0.5)


def test_what_is_too_many_missing_mistaken_or_badly_outlined():
    true = filled((0, 3, 0, 3, 1), (0, 3, 6, 9, 1), (6, 9, 0, 3, 1), (6, 12, 6, 12, 1))
    said = filled((0, 3, 0, 3, 2), (3, 6, 3, 6, 1), (6, 9, 0, 3, 1), (6, 9, 6, 9, 1))
    found = rungs(true, said)
    assert found[None] == (pytest.approx(2 * 1 / 8), 1.0)
    assert found["insertion"] == (pytest.approx(2 * 1 / 7), 0.75)
    assert found["deletion"] == (pytest.approx(2 * 2 / 9), 1.25)
    assert found["substitution"] == (pytest.approx(2 * 2 / 8), 1.0)
    assert found["borders"] == (pytest.approx(2 * 2 / 8), 1.0)
