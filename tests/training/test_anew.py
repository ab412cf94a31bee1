from __future__ import annotations

import numpy as np

from segmend.augmentation import Noise, Offset, Scaling
from segmend.training.anew import Anew

X, Y = np.random.default_rng(0).normal(size=(3, 20, 2)).astype("float32"), np.zeros((3, 20), "int32")


def test_chains_of_one_description_are_compiled_once_and_draw_alike():
    one, same, other = Anew([Offset(0.5, seed=1)]), Anew([Offset(0.5, seed=2)]), Anew([Offset(0.6)])
    assert one._run is same._run
    assert one._run is not other._run
    np.testing.assert_array_equal(one(X, Y, 3)[0], same(X, Y, 3)[0])


def test_two_transforms_of_a_kind_draw_apart():
    """Two offsets of one height would cancel or double if they shared their numbers."""
    once = np.asarray(Anew([Offset(0.5)])(X, Y, 3)[0]) - X
    twice = np.asarray(Anew([Offset(0.5), Offset(0.5)])(X, Y, 3)[0]) - X
    assert not np.allclose(twice, 2 * once, atol=1e-3)


def test_all_transforms_act_in_their_order():
    """A shift and then a factor up to 2 moves the mean by their product; the other way round, by the shift."""
    x = np.where(np.arange(20) % 2, 1.0, -1.0).astype("float32")[None, :, None] * np.ones((200, 1, 1), "float32")
    y = np.zeros((200, 20), "int32")
    means = [
        np.abs(np.asarray(Anew(chain)(x, y, 1)[0]).mean(axis=1)).max()
        for chain in ([Offset(1.0), Scaling(2.0)], [Scaling(2.0, around="mean"), Offset(0.5)])
    ]
    assert 1.0 < means[0] <= 2.0
    assert means[1] <= 1.0


def test_labels_and_types_stay():
    x, y = Anew([Noise(10.0)])(X, Y, 0)
    assert (x.dtype, y.dtype) == (np.float32, np.int32)
    np.testing.assert_array_equal(y, Y)
