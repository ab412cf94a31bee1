import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from segmend.core.labels import Labels
from segmend.decoding.hysteresis import Hysteresis

TENTHS = st.integers(0, 10).map(lambda tenth: tenth / 10)


@given(arrays(float, st.integers(1, 40), elements=TENTHS), TENTHS, TENTHS)
def test_one_class_is_its_connected_pieces_that_hold_a_sure_step(present, one, other):
    low, high = sorted((one, other))
    decoded = Hysteresis(Labels.numbered(2), low=low, high=high).decode(np.stack([1 - present, present], axis=1))
    piece, _ = ndimage.label(present >= low)
    sure = set(piece[present >= high].tolist())
    assert (decoded == 1).tolist() == [number in sure for number in piece.tolist()]


def test_where_two_classes_hold_the_more_probable_one_is_taken():
    prob = np.array([[0.1, 0.5, 0.4], [0.0, 0.4, 0.6], [0.1, 0.6, 0.3], [0.6, 0.2, 0.2]])
    decoder = Hysteresis(Labels.numbered(3), low=0.3, high=0.6)
    assert decoder.decode(prob).tolist() == [1, 2, 1, 0]
    stricter = Hysteresis(Labels.numbered(3), low=0.35, high=0.6)  # class 2 still reaches 0.6, 1 too
    assert stricter.decode(prob).tolist() == [1, 2, 1, 0]
    assert Hysteresis(Labels.numbered(3), low=0.3, high=0.61).decode(prob).tolist() == [0, 0, 0, 0]


def test_without_a_background_every_step_has_a_class():
    prob = np.array([[0.5, 0.3, 0.2], [0.2, 0.7, 0.1]])
    assert Hysteresis(Labels.numbered(3, None), low=0.6, high=0.6).decode(prob).tolist() == [0, 1]
