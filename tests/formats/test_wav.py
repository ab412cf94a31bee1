from __future__ import annotations

import numpy as np
import pytest
from scipy.io import wavfile

from segmend.errors import InputError
from segmend.formats import lazy as lazy_module
from segmend.formats.wav import Scaled, Wav


@pytest.mark.parametrize(
    ("dtype", "low", "high"), [(np.int16, -32768, 32767), (np.int32, -(2**31), 2**31 - 1), (np.uint8, 0, 255)]
)
def test_integers_are_scaled_to_one(tmp_path, dtype, low, high):
    stored = np.array([[low, high], [(low + high + 1) // 2, low]], dtype)
    wavfile.write(tmp_path / "a.wav", 8000, stored)
    signal = Wav().open(tmp_path / "a.wav")
    assert signal.sampling_rate_hz == 8000
    assert signal.values.dtype == np.float32
    assert signal.values[:, 0].tolist() == [-1.0, 0.0]
    assert 0.99 < signal.values[0, 1] <= 1.0


def test_24_bits_are_read(tmp_path):
    samples = (np.array([-(2**23), 0, 2**22]) << 8).astype("<i4")
    body = b"".join(each.tobytes()[1:] for each in samples)
    head = b"RIFF" + (36 + len(body)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += b"\x01\0\x01\0" + (100).to_bytes(4, "little") + (300).to_bytes(4, "little") + b"\x03\0\x18\0"
    (tmp_path / "a.wav").write_bytes(head + b"data" + len(body).to_bytes(4, "little") + body)
    assert Wav().open(tmp_path / "a.wav").values[:, 0].tolist() == [-1.0, 0.0, 0.5]


def test_long_files_are_scaled_a_slice_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(lazy_module, "EAGER_SAMPLES", 10)
    stored = np.arange(-50, 50, dtype=np.int16) * 300
    wavfile.write(tmp_path / "a.wav", 100, stored)
    lazy = Wav().open(tmp_path / "a.wav").values
    assert isinstance(lazy, Scaled)
    assert isinstance(lazy.stored, np.memmap) or isinstance(lazy.stored.base, np.memmap)
    assert lazy.shape == (100, 1)
    assert len(lazy) == 100
    np.testing.assert_allclose(lazy[40:60, 0], stored[40:60] / 32768)
    np.testing.assert_allclose(np.asarray(lazy)[:, 0], stored / 32768)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\x24\0\0\0WAVEfmt ", b"not audio at all, just text"])
def test_damaged_files_are_refused_by_name(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.wav: expected a"):
        Wav().open(tmp_path / "a.wav")


def test_a_file_cut_in_the_middle_is_refused(tmp_path):
    wavfile.write(tmp_path / "a.wav", 100, np.zeros(1000, np.int16))
    whole = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(whole[:777])
    with pytest.raises(InputError, match=r"a\.wav: expected a whole WAV file"):
        Wav().open(tmp_path / "a.wav")
