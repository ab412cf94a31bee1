"""Signals as arrays and columns: NPZ, HDF5, Parquet."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.formats import lazy
from segmend.formats.base import Signal
from segmend.formats.hdf5 import Hdf5
from segmend.formats.lazy import Lazy
from segmend.formats.npz import Npz
from segmend.formats.parquet import Parquet

VALUES = np.arange(60, dtype=np.float32).reshape(20, 3)


def npz(tmp_path, save=np.savez, **arrays):
    save(tmp_path / "a.npz", **arrays)
    return Npz().open(tmp_path / "a.npz")


@pytest.mark.parametrize("values", [VALUES, np.asfortranarray(VALUES), VALUES.astype(">i2"), VALUES > 7])
def test_an_array_in_a_zip_is_mapped_not_loaded(values, tmp_path):
    signal = npz(tmp_path, extra=np.zeros((2, 2, 2)), eeg=values)
    assert isinstance(signal.values, np.memmap)
    np.testing.assert_array_equal(signal.values, values)
    np.testing.assert_array_equal(npz(tmp_path, np.savez_compressed, eeg=values).values, values)


def test_arrays_of_one_axis_are_channels_by_name(tmp_path):
    signal = npz(tmp_path, sampling_rate_hz=50, x=VALUES[:, 0], y=VALUES[:, 1])
    assert (signal.channels, signal.sampling_rate_hz) == (("x", "y"), 50)
    np.testing.assert_array_equal(signal.values, VALUES[:, :2])


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": VALUES, "b": VALUES}, r"a\.npz: expected one array .* Received a \(20, 3\), b \(20, 3\)"),
        ({"a": VALUES[:, 0], "b": VALUES[:9, 0]}, r"Received a \(20,\), b \(9,\)"),
        (
            {"a": VALUES, "sampling_rate_hz": np.array("fast")},
            r"sampling_rate_hz: expected a positive number\. Received f",
        ),
        ({"a": VALUES, "channels": np.array(["x"])}, r"channels: expected 3 names\. Received 1"),
        ({"a": np.array([[1], [1, 2]], object)}, r"a\.npz: .* Received an array of Python objects"),
    ],
)
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_that_are_no_signal_are_refused(arrays, message, save, tmp_path):
    with pytest.raises(InputError, match=message):
        npz(tmp_path, save, **arrays)


def hdf5(tmp_path, **datasets):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, values in datasets.items():
            file[name.replace("__", "/")] = values
            file[name.replace("__", "/")].attrs["sampling_rate_hz"] = 50
    return Hdf5().open(tmp_path / "a.h5")


def test_the_only_data_set_of_two_axes_or_the_one_that_is_named(tmp_path):
    deep = hdf5(tmp_path, group__eeg=VALUES, times=np.arange(20), note=np.bytes_("x"))
    np.testing.assert_array_equal(deep.values, VALUES)
    named = hdf5(tmp_path, signal=VALUES[:, 0], other=VALUES, another=VALUES)
    np.testing.assert_array_equal(named.values, VALUES[:, :1])
    assert deep.sampling_rate_hz == named.sampling_rate_hz == 50


@pytest.mark.parametrize(
    ("datasets", "message"),
    [
        (
            {"a": VALUES, "b": VALUES},
            r'a\.h5: expected one data set .* called "signal"\. Received a \(20, 3\), b \(20, 3\)',
        ),
        ({"signal": VALUES.reshape(20, 3, 1)}, r"Received signal \(20, 3, 1\)"),
        ({"a": np.arange(3)}, r"Received a \(3,\)"),
    ],
)
def test_data_sets_in_doubt_are_refused(datasets, message, tmp_path):
    with pytest.raises(InputError, match=message):
        hdf5(tmp_path, **datasets)


@pytest.mark.parametrize("form", [Hdf5, Parquet])
def test_long_signals_stay_in_their_file(form, tmp_path, monkeypatch):
    monkeypatch.setattr(lazy, "EAGER_SAMPLES", 10)
    path = tmp_path / f"a{form.suffixes[0]}"
    form().write(path, Signal(VALUES))
    values = form().open(path).values
    assert isinstance(values, Lazy)
    for part in (slice(0, 20), slice(5, 9), slice(20, 20), slice(19, None), np.array([3, 17])):
        np.testing.assert_array_equal(values[part], VALUES[part])


@pytest.fixture
def parquet():
    return pytest.importorskip("pyarrow.parquet")


def test_only_the_row_groups_that_are_asked_for_are_read(parquet, tmp_path, monkeypatch):
    import pyarrow as arrow

    monkeypatch.setattr(lazy, "EAGER_SAMPLES", 10)
    parquet.write_table(arrow.table(dict(zip("xyz", VALUES.T, strict=True))), tmp_path / "a.parquet", row_group_size=6)
    values, read = Parquet().open(tmp_path / "a.parquet").values, []
    real = parquet.ParquetFile.read_row_groups
    monkeypatch.setattr(
        parquet.ParquetFile, "read_row_groups", lambda file, groups: read.append(groups) or real(file, groups)
    )
    for first, last, groups in ((0, 6, [0]), (5, 7, [0, 1]), (12, 12, []), (13, 20, [2, 3]), (6, 12, [1])):
        np.testing.assert_array_equal(values[first:last], VALUES[first:last])
        assert [group for groups_read in read for group in groups_read] == groups
        read.clear()


def test_types_of_columns_and_missing_samples(parquet, tmp_path):
    import pyarrow as arrow

    table = arrow.table({"n": arrow.array([1, None, 3], "int16"), "on": [True, False, None]})
    parquet.write_table(table, tmp_path / "a.parquet")
    np.testing.assert_array_equal(Parquet().open(tmp_path / "a.parquet").values, [[1, 1], [np.nan, 0], [3, np.nan]])
    parquet.write_table(arrow.table({"n": [1], "who": ["me"]}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"a\.parquet: expected columns of numbers\. Received who \(string\)"):
        Parquet().open(tmp_path / "a.parquet")


@pytest.mark.parametrize("form", [Npz, Hdf5, Parquet])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_file_that_is_cut_is_refused_by_name(form, kept, tmp_path):
    path = tmp_path / f"a{form.suffixes[0]}"
    form().write(path, Signal(np.random.default_rng(0).normal(size=(500, 3)), 50.0, ("x", "y", "z")))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(InputError, match=rf"a\{form.suffixes[0]}: expected"):
        form().open(path)
