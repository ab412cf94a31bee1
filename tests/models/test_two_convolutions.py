"""The model that many people start with."""

from __future__ import annotations

import numpy as np

from segmend.models.two_convolutions import two_convolutions


def test_it_sees_five_steps():
    model = two_convolutions(channels=2, classes=3, mean=[1.0, 0.0], std=[2.0, 1.0])
    signal = np.random.default_rng(0).normal(size=(1, 21, 2)).astype(np.float32)
    touched = signal.copy()
    touched[0, 10] = np.nan
    changed = np.flatnonzero(np.isnan(model.predict(touched, verbose=0)[0, :, 0]))
    assert changed.tolist() == [8, 9, 10, 11, 12]


def test_each_step_has_a_distribution_over_classes():
    out = two_convolutions(channels=2, classes=3).predict(np.zeros((1, 7, 2)), verbose=0)
    np.testing.assert_allclose(out.sum(axis=-1), 1, rtol=1e-5)
