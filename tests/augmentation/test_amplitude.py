import numpy as np
import pytest

from segmend.augmentation import ChannelDrop, Drift, FrequencyMask, Noise, Offset, Scaling, Smoothing, TimeMask
from segmend.errors import InputError
from tests.augmentation.arrays import arrays
from tests.augmentation.draws import with_draws

WAVE = np.array([-1.0, 1.0, -1.0, 1.0], "float32").reshape(1, 4, 1)
Y = np.zeros((1, 4), int)
RAMP = np.arange(6, dtype="float32").reshape(1, 6, 1)


def signal(transform, x):
    return arrays(transform((x, np.zeros(x.shape[:-1], int))))[0]


@pytest.mark.parametrize("snr", [0.0, 10.0, 20.0])
def test_noise_has_the_ratio_that_is_asked_for(snr):
    x = 5.0 * np.sin(np.arange(20000) / 7).reshape(1, -1, 1).astype("float32") + 100
    noise = signal(Noise(snr, seed=0), x) - x
    assert 10 * np.log10(x.var() / noise.var()) == pytest.approx(snr, abs=0.15)
    assert abs(noise.mean()) < 0.05 * noise.std()


@pytest.mark.parametrize(("at", "factor"), [(0.0, 0.5), (0.5, 1.0), (1.0, 2.0)])
def test_the_factors_of_a_scaling(monkeypatch, at, factor):
    assert signal(with_draws(Scaling(2.0), monkeypatch, at), WAVE) == pytest.approx(WAVE * factor)


def test_an_offset_is_in_standard_deviations(monkeypatch):
    assert signal(with_draws(Offset(0.5), monkeypatch, 1.0), 3 * WAVE + 7) == pytest.approx(3 * WAVE + 7 + 1.5)


def test_a_drift_is_a_line_between_knots(monkeypatch):
    drift = with_draws(Drift(1.0, knots=2), monkeypatch, np.array([[[0.0], [1.0]]]))
    assert (signal(drift, WAVE) - WAVE).ravel() == pytest.approx([-1, -1 / 3, 1 / 3, 1], abs=1e-6)


def test_an_impulse_is_smoothed_to_a_gaussian(monkeypatch):
    x = np.zeros((1, 21, 1), "float32")
    x[0, 10] = 1
    smoothed = signal(with_draws(Smoothing(2.0), monkeypatch, 1.0), x).ravel()
    expected = np.exp(-0.5 * (np.arange(-10, 11) / 2.0) ** 2) * (np.abs(np.arange(-10, 11)) <= 6)
    assert smoothed == pytest.approx(expected / expected.sum(), abs=1e-6)


def test_smoothing_an_image_is_smoothing_its_rows_and_columns(monkeypatch):
    x = np.zeros((1, 9, 9, 1), "float32")
    x[0, 4, 4] = 1
    image = signal(with_draws(Smoothing(1.0), monkeypatch, 1.0), x)[0, ..., 0]
    line = signal(with_draws(Smoothing(1.0), monkeypatch, 1.0), x[:, 4])[0, :, 0]
    assert image == pytest.approx(np.outer(line, line), abs=1e-6)


def test_of_channels_that_all_fail_the_one_drawn_highest_stays(monkeypatch):
    x = np.stack([RAMP[..., 0], 2 * RAMP[..., 0], 3 * RAMP[..., 0]], axis=-1)
    dropped = signal(with_draws(ChannelDrop(1.0), monkeypatch, [0.1, 0.9, 0.5]), x)
    assert dropped[0, :, 0].tolist() == [2.5] * 6 and dropped[0, :, 2].tolist() == [7.5] * 6
    assert np.array_equal(dropped[..., 1], x[..., 1])


def test_a_stretch_of_time_is_hidden_behind_the_mean(monkeypatch):
    hidden = signal(with_draws(TimeMask(2), monkeypatch, 0.9, 0.5), RAMP)  # two steps, from 2
    assert hidden.ravel().tolist() == [0, 1, 2.5, 2.5, 4, 5]


def test_a_band_of_channels_is_hidden_behind_their_means(monkeypatch):
    x = np.array([[[0, 1, 2, 3], [2, 3, 4, 5]]], "float32")
    hidden = signal(with_draws(FrequencyMask(2), monkeypatch, 0.9, 0.5), x)  # two channels, from 1
    assert hidden[0].tolist() == [[0, 2, 3, 3], [2, 2, 3, 5]]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Noise((30, 10)), "snr: expected a number, or the lowest and the highest"),
        (lambda: Scaling(0.5), "factor: expected a number of at least 1"),
        (lambda: Offset(-1), "height: expected a number of at least 0"),
        (lambda: Drift(float("nan")), "height: expected a number of at least 0"),
        (lambda: ChannelDrop(2), "chance: expected a number from 0 to 1"),
        (lambda: TimeMask(2.5), "longest: expected an integer of at least 1"),
    ],
)
def test_what_is_wrong_is_said(make, message):
    with pytest.raises(InputError, match=message):
        make()
