from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmend.formats.lazy import Lazy

STORED = np.arange(60).reshape(20, 3)


class Counted(Lazy):
    """Remembers what was read."""

    def __init__(self):
        super().__init__(STORED.shape, STORED.dtype)
        self.read = []

    def rows(self, first, last):
        self.read.append((first, last))
        return STORED[first:last]


ENDS = st.none() | st.integers(-25, 25)
KEYS = st.one_of(
    st.integers(-20, 19),
    st.builds(slice, ENDS, ENDS, st.sampled_from([None, 1, 2, 7, -1, -3])),
    st.lists(st.integers(-20, 19), max_size=6).map(lambda steps: np.array(steps, int)),
    st.lists(st.booleans(), min_size=20, max_size=20).map(np.array),
    st.just(...),
)
CHANNELS = st.sampled_from([(), (0,), (slice(1, None),), (slice(None, None, -1),)])


@given(KEYS, CHANNELS)
def test_it_is_indexed_as_an_array_is(steps, channels):
    key = steps if steps is ... else (steps, *channels)
    np.testing.assert_array_equal(Counted()[key], STORED[key])


def test_only_what_is_asked_for_is_read():
    lazy = Counted()
    _ = lazy[3:9:2], lazy[-1], lazy[[5, 7]], lazy[4:4]
    assert lazy.read == [(3, 8), (19, 20), (5, 8), (0, 0)]


def test_steps_that_are_not_there():
    with pytest.raises(IndexError):
        Counted()[20]
