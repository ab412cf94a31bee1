from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.formats import lazy
from segmend.formats.audio import Audio
from segmend.formats.base import Signal
from segmend.formats.lazy import Lazy

soundfile = pytest.importorskip("soundfile")

TONE = np.sin(np.arange(8000) / 20)[:, None] * [0.5, 0.25]


@pytest.mark.parametrize(("suffix", "off"), [(".flac", 1e-4), (".ogg", 0.05), (".mp3", 0.05)])
def test_what_encoders_write_is_read_whole_and_in_parts(suffix, off, tmp_path, monkeypatch):
    path = tmp_path / f"a{suffix}"
    soundfile.write(path, TONE, 8000)
    assert Audio().sniff(path)
    whole = Audio().open(path)
    assert (whole.sampling_rate_hz, whole.values.shape) == (8000, (8000, 2))
    assert np.sqrt(np.mean((whole.values - TONE) ** 2)) < off
    monkeypatch.setattr(lazy, "EAGER_SAMPLES", 10)
    parts = Audio().open(path).values
    assert isinstance(parts, Lazy) == (suffix != ".mp3")
    np.testing.assert_allclose(parts[5000:5200], whole.values[5000:5200], atol=1e-6)


def test_a_file_that_is_cut_is_refused(tmp_path):
    path = tmp_path / "a.flac"
    soundfile.write(path, np.random.default_rng(0).uniform(-1, 1, 100_000), 8000)
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(InputError, match=r"a\.flac: expected"):
        Audio().open(path)


@pytest.mark.parametrize(
    ("name", "signal", "message"),
    [
        ("a.mp3", Signal(TONE, 8000), r"a\.mp3: expected a file \.flac"),
        ("a.flac", Signal(TONE, 0.5), r"a\.flac: FLAC files need a whole sampling rate"),
        ("a.flac", Signal(TONE * 3, 8000), r"a\.flac: expected samples from -1 to 1"),
    ],
)
def test_what_would_not_read_back_is_not_written(name, signal, message, tmp_path):
    with pytest.raises(InputError, match=message):
        Audio().write(tmp_path / name, signal)
