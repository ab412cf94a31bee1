from __future__ import annotations

import numpy as np
import pytest

from segmend import models
from segmend.errors import InputError
from segmend.models.spectral import FLOOR, LogSpectrum


def tone(hertz, rate_hz=256.0, steps=512):
    return np.sin(2 * np.pi * hertz * np.arange(steps) / rate_hz).astype("float32")[None, :, None]


@pytest.mark.parametrize("hertz", [16, 40, 100])
def test_a_tone_is_loudest_at_its_frequency(hertz):
    frames = np.asarray(LogSpectrum(64, 32)(tone(hertz)))[0]
    assert frames.shape == (16, 33)
    assert (frames[2:-2].argmax(axis=1) == hertz / 4).all()  # 256 Hz by 64 steps: 4 Hz a bin


def test_more_hertz_lie_in_a_higher_band():
    layer = LogSpectrum(64, 32, bands=6, sampling_rate_hz=256.0)
    loudest = [int(np.asarray(layer(tone(hertz)))[0, 8].argmax()) for hertz in (16, 40, 100)]
    assert loudest == sorted(set(loudest))


def test_a_click_is_in_the_frame_of_its_cell_and_channels_stay_apart():
    signal = np.zeros((1, 50, 2), "float32")
    signal[0, 21, 1] = 1.0
    frames = np.asarray(LogSpectrum(8, 8)(signal))[0].reshape(7, 5, 2)
    assert np.flatnonzero(np.ptp(frames, axis=0).max(axis=0) > 1).tolist() == [1]
    assert frames[:, :, 1].mean(axis=1).argmax() == 21 // 8
    np.testing.assert_allclose(frames[:, :, 0], frames[0, 0, 0])
    assert frames[0, 0, 0] >= np.log(FLOOR)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"frame": 8, "hop": 9}, "hop: expected 1 to 8"),
        ({"bands": 4}, "sampling_rate_hz: expected one"),
        ({"inner": {"architecture": "lstm", "units": 2, "boundary": True}}, "one output"),
    ],
)
def test_what_makes_no_network_is_refused(options, message):
    section = {"inner": {"architecture": "lstm", "units": 2}, "channels": 1, "classes": 2, "frame": 16, "hop": 8}
    with pytest.raises(InputError, match=message):
        models.spectral(**{**section, **options})
