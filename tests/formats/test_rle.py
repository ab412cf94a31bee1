"""Run lengths: laws, and texts that the reference implementation wrote."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from segmend.formats.rle import mask_of, packed, runs_of, unpacked

MASKS = arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9)))


@given(MASKS)
def test_masks_come_back(mask):
    runs = runs_of(mask)
    assert runs.sum() == mask.size
    assert (runs[1:] > 0).all()
    np.testing.assert_array_equal(mask_of(runs, mask.shape), mask)
    np.testing.assert_array_equal(unpacked(packed(runs)), runs)


@given(st.lists(st.integers(0, 2**31), min_size=1, max_size=12))
def test_long_runs_come_back(runs):
    assert unpacked(packed(np.array(runs))).tolist() == runs


@pytest.mark.parametrize(
    ("runs", "text"),
    [  # computed by hand: five bits a character, lowest first, 0x20 where more follow, 48 added
        ([0], "0"),
        ([15], "?"),
        ([16], "`0"),
        ([31], "o0"),
        ([1000], "Xo0"),
        ([5, 1, 3, 1, 2], "5130O"),
        ([5, 20, 3, 4], "5d03@"),
    ],
)
def test_texts_worked_out_by_hand(runs, text):
    assert packed(np.array(runs)) == text
    assert unpacked(text).tolist() == runs


@pytest.mark.parametrize("text", ["o", "!", "p0", "ä", "oooooooo0"])
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match=r"characters|bits"):
        unpacked(text)
    assert unpacked("").size == 0
