"""How much a channel changes from step to step."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.core.recording import Recording
from segmend.fingerprinting import signals
from segmend.fingerprinting.noise import noise


@pytest.mark.parametrize("level", [0.01, 1.0, 30.0])
def test_white_noise_on_slopes_and_jumps_is_measured(level):
    rng = np.random.default_rng(0)
    steps = np.arange(20_000)
    clean = 0.5 * level * steps + 100 * level * (steps // 500 % 2)
    assert noise((clean + rng.normal(0, level, steps.size))[:, np.newaxis]) == pytest.approx(level, rel=0.03)


def test_white_noise_of_images_is_measured():
    rng = np.random.default_rng(1)
    row, column = np.mgrid[:120, :150]
    picture = 50 * ((row // 30 + column // 30) % 2) + row + 2.0 * column
    assert noise((picture + rng.normal(0, 3, picture.shape))[..., np.newaxis]) == pytest.approx(3, rel=0.05)


def test_by_hand():
    """Second differences of 0 0 4 0 0 are 4, -8, 4."""
    values = np.array([0.0, 0, 4, 0, 0])[:, np.newaxis]
    assert noise(values)[0] == pytest.approx(4 / 0.67449 / 6**0.5, rel=1e-5)


def test_what_is_not_finite_or_too_short():
    values = np.column_stack((np.r_[np.nan, np.arange(9.0) ** 2], np.full(10, np.inf)))
    found = noise(values)
    assert found[0] == pytest.approx(2 / 0.67449 / 6**0.5, rel=1e-5)
    assert np.isnan(found[1])
    assert np.isnan(noise(np.zeros((2, 1)))).all()


def test_the_channel_has_the_median_of_recordings():
    rng = np.random.default_rng(2)
    levels = (1.0, 2.0, 50.0)
    many = [
        Recording(name=str(level), signal=rng.normal(0, level, (9_000, 1)).astype(np.float32), group="g")
        for level in (*levels, 0.0)
    ]
    many.append(Recording(name="short", signal=np.zeros((2, 1)), group="g"))
    facts = [signals.scan(each) for each in many]
    (channel,) = signals.channel_facts(["x"], many, facts)
    assert channel.noise == pytest.approx(1.5, rel=0.05)


def test_long_recordings_are_looked_at_here_and_there(monkeypatch):
    monkeypatch.setattr(signals, "CHUNK", 100)
    monkeypatch.setattr(signals, "LOOKS", 3)
    looked = []
    monkeypatch.setattr(signals, "noise", lambda samples: looked.append(len(samples)) or np.zeros(1))
    signals.scan(Recording(name="a", signal=np.zeros((1050, 1)), group="g"))
    assert looked == [100, 100, 100]
