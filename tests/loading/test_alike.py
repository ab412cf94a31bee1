"""Recordings made alike: channels by name, one rate."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.io import wavfile
from scipy.signal import resample_poly

import segmend
from segmend.errors import InputError
from segmend.loading import load_dataset, open_alike
from segmend.loading import resampled as resampling
from segmend.loading.resampled import Picked, Resampled, ratio_of, resampled


def folder(tmp_path, rows="recording,start,end,label\na,0,1,P\n", description=None, **files):
    """A DATA folder of .wav files from (rate, samples) and .csv files from text; "_" stands for the dot."""
    (tmp_path / "signals").mkdir(parents=True)
    (tmp_path / "annotations.csv").write_text(rows)
    for name, content in files.items():
        path = tmp_path / "signals" / name.replace("_", ".")
        if path.suffix == ".wav":
            wavfile.write(path, *content)
        elif path.suffix == ".npy":
            np.save(path, content)
        else:
            path.write_text(content)
    if description is not None:
        (tmp_path / "dataset.json").write_text(json.dumps(description))
    return tmp_path


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 900),
    st.integers(1, 12),
    st.integers(1, 12),
    st.integers(1, 2),
    st.sampled_from([7, 64, 1000]),
    st.data(),
)
def test_a_slice_is_that_of_the_whole_at_the_other_rate(steps, up, down, channels, block, data):
    ratio = Fraction(up, down)
    assume(ratio != 1)
    values = np.random.default_rng(steps).normal(3, 1, (steps, channels))
    whole = resample_poly(values, ratio.numerator, ratio.denominator, axis=0, padtype="edge")
    lazy = Resampled(values, ratio)
    assert lazy.shape == whole.shape
    first = data.draw(st.integers(0, len(whole)))
    last = data.draw(st.integers(first, len(whole)))
    before, resampling.BLOCK = resampling.BLOCK, block
    try:
        np.testing.assert_allclose(lazy[first:last], whole[first:last], atol=1e-9)
    finally:
        resampling.BLOCK = before


def test_a_slow_wave_keeps_its_form_and_its_ends():
    seconds = np.arange(400) / 100
    wave = 5 + np.sin(2 * np.pi * seconds)[:, None]
    slow = resampled(wave, Fraction(1, 2))
    np.testing.assert_allclose(slow[20:-20, 0], 5 + np.sin(2 * np.pi * np.arange(200) / 50)[20:-20], atol=2e-3)
    assert abs(slow - 5).max() < 1.05  # no drop to 0 at either end
    assert resampled(wave, Fraction(1)) is wave


class Counting(np.ndarray):
    """An array that knows how many steps were read of it."""

    def __getitem__(self, key):
        taken = np.asarray(self)[key]
        Counting.most = max(Counting.most, len(taken))
        return taken


def test_long_recordings_are_worked_out_in_bounded_memory(monkeypatch):
    monkeypatch.setattr(resampling, "EAGER_SAMPLES", 1000)
    Counting.most = 0
    values = np.zeros((1_000_000, 1), np.float32).view(Counting)
    lazy = resampled(values, Fraction(160, 441))
    assert isinstance(lazy, Resampled)
    assert lazy[5000:5100].shape == (100, 1)
    assert Counting.most < 1500
    assert lazy[:].shape == (362812, 1)
    assert Counting.most < 4 * resampling.BLOCK


@pytest.mark.parametrize(
    ("new", "old", "ratio"), [(16000, 44100, (160, 441)), (250, 360, (25, 36)), (100, 33.3, (1000, 333))]
)
def test_ratios_are_whole_numbers(new, old, ratio):
    assert ratio_of(new, old) == Fraction(*ratio)


def test_recordings_go_to_the_lowest_rate_and_seconds_stay_right(tmp_path):
    rows = "recording,start_s,end_s,label\na,0.1,0.3,P\nb,0.1,0.3,P\nb,0.3,0.5,P\n"
    step = (np.arange(80) >= 40).astype(np.float32)
    data = load_dataset(folder(tmp_path, rows, a_wav=(50, step[:40]), b_wav=(100, step)))
    assert data.sampling_rate_hz == 50
    assert [recording.steps for recording in data.recordings] == [40, 40]
    assert data.recordings[0].segments.rows() == [(5, 15, 1)]
    assert data.recordings[1].segments.rows() == [(5, 15, 1), (15, 25, 1)]
    rise = np.flatnonzero(np.asarray(data.recordings[1].signal)[:, 0] > 0.5)[0]
    assert abs(rise - 20) <= 1
    assert data.notes == ("1 of 2 recordings resampled from 100 to 50 steps per second, the lowest rate among them",)
    assert data.notes[0] in segmend.audit(data).notes


def test_rows_in_steps_are_steps_of_the_file(tmp_path):
    rows = "recording,start,end,label\na,10,20,P\nb,10,20,P\nb,20,40,Q\n"
    audio = np.zeros(80, np.int16)
    data = load_dataset(folder(tmp_path, rows, a_wav=(50, audio), b_wav=(100, audio)))
    assert [r.segments.rows() for r in data.recordings] == [[(10, 20, 1)], [(5, 10, 1), (10, 20, 2)]]
    assert not data.problems


def test_the_rate_of_the_description_goes_before(tmp_path):
    rows = "recording,start_s,end_s,label\na,0.1,0.3,P\n"
    data = load_dataset(folder(tmp_path, rows, {"sampling_rate_hz": 20}, a_wav=(50, np.zeros(50)), b_npy=np.zeros(20)))
    assert (data.sampling_rate_hz, [r.steps for r in data.recordings]) == (20, [20, 20])
    assert data.recordings[0].segments.rows() == [(2, 6, 1)]
    assert data.notes == ("1 of 2 recordings resampled from 50 to 20 steps per second, the rate of dataset.json",)


def test_a_file_that_says_no_rate_is_refused_where_others_differ(tmp_path):
    audio = np.zeros(40, np.int16)
    with pytest.raises(InputError, match=r"c\.npy: expected sampling_rate_hz in dataset\.json, .* 50 to 60 steps"):
        load_dataset(folder(tmp_path, a_wav=(50, audio), b_wav=(60, audio), c_npy=np.zeros(40)))


def test_another_order_of_channels_is_put_right(tmp_path):
    data = load_dataset(folder(tmp_path, a_csv="x,y\n1,2\n3,4\n", b_csv="y,x\n2,1\n4,3\n"))
    assert data.channels == ("x", "y")
    assert [np.asarray(r.signal).tolist() for r in data.recordings] == [[[1, 2], [3, 4]]] * 2
    assert data.notes == ()


def test_channels_that_the_description_does_not_name_are_dropped(tmp_path):
    data = load_dataset(
        folder(tmp_path, description={"channels": ["y", "x"]}, a_csv="x,z,y\n1,9,2\n", b_csv="y,x\n4,3\n")
    )
    assert data.channels == ("y", "x")
    assert [np.asarray(r.signal).tolist() for r in data.recordings] == [[[2, 1]], [[4, 3]]]
    assert data.notes == ("channels that dataset.json does not name are left out: z",)


@pytest.mark.parametrize(
    ("description", "files", "message"),
    [
        (None, {"a_csv": "x,y\n1,2\n", "b_csv": "x,z\n1,2\n"}, r"b\.csv: .* x, y as in a\.csv, .* channels x, z"),
        (None, {"a_csv": "x,y\n1,2\n", "b_csv": "x,y,z\n1,2,3\n"}, r"b\.csv: .* x, y as in a\.csv, .* x, y, z"),
        (None, {"a_csv": "x\n1\n", "b_wav": (9, np.zeros(4))}, r"b\.wav: .* x as in a\.csv\. .* without names"),
        (None, {"a_wav": (9, np.zeros(4)), "b_csv": "x\n1\n"}, r"b\.csv: .* without names as in a\.wav\. .* x"),
        (["x", "y"], {"a_csv": "x,z\n1,2\n"}, r"a\.csv: expected the channels x, y as in dataset\.json, each once"),
        (
            ["x", "y"],
            {"a_wav": (9, np.zeros(4))},
            r"a\.wav: expected the 2 channels x, y as in dataset\.json\. Received 1",
        ),
    ],
)
def test_channels_that_are_missing_are_refused_with_the_file(tmp_path, description, files, message):
    with pytest.raises(InputError, match=message):
        load_dataset(folder(tmp_path, description=None if description is None else {"channels": description}, **files))


def test_a_new_recording_is_made_like_those_of_a_training(tmp_path):
    (tmp_path / "new.csv").write_text("y,z,x\n2,9,1\n4,9,3\n")
    assert np.asarray(open_alike(tmp_path / "new.csv", ("x", "y"), None).signal.values).tolist() == [[1, 2], [3, 4]]
    assert open_alike(tmp_path / "new.csv", ("channel_0", "channel_1", "channel_2"), 5).signal.values.shape == (2, 3)
    with pytest.raises(InputError, match=r"new\.csv: expected the channels x, w as in training, each once\. Received"):
        open_alike(tmp_path / "new.csv", ("x", "w"), None)
    wavfile.write(tmp_path / "new.wav", 100, np.zeros(100, np.float32))
    assert open_alike(tmp_path / "new.wav", ("x",), 25).signal.values.shape == (25, 1)


def test_picked_channels_read_like_the_array():
    values = np.arange(12).reshape(4, 3)
    lazy = Picked(values, (2, 0))
    assert lazy.shape == (4, 2)
    assert np.array_equal(np.asarray(lazy), values[:, [2, 0]])
    assert np.array_equal(lazy[1:3, 1], values[1:3, 0])
