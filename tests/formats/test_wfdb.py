from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmend.errors import InputError
from segmend.formats import lazy
from segmend.formats.wfdb_annotations import WfdbAnnotations
from segmend.formats.wfdb_signal import BITS, WfdbSignal, integers
from tests.contracts.format_examples import words


def record(tmp_path, header, **files):
    (tmp_path / "r.hea").write_text(header)
    for name, content in files.items():
        (tmp_path / f"{name}.dat").write_bytes(content)
    return WfdbSignal().open(tmp_path / "r.hea")


def stored(values, form):
    """Integers as bytes, one after the other, by the definitions of signal(5)."""
    bits = BITS[form]
    if form == "212":
        values = [value % 4096 for value in [*values, 0]]
        pairs = zip(values[::2], values[1::2], strict=False)
        return b"".join(bytes([a & 255, a >> 8 | b >> 8 << 4, b & 255]) for a, b in pairs)
    if form in ("80", "160"):
        return b"".join((value + (1 << (bits - 1))).to_bytes(bits // 8, "little") for value in values)
    return b"".join(value.to_bytes(bits // 8, "big" if form == "61" else "little", signed=True) for value in values)


@pytest.mark.parametrize("form", BITS)
@given(data=st.data())
def test_any_part_of_every_storage_format_is_the_integers(form, data):
    low = 1 << (BITS[form] - 1)
    values = data.draw(st.lists(st.integers(-low, low - 1), min_size=1, max_size=20))
    first = data.draw(st.integers(0, len(values)))
    last = data.draw(st.integers(first, len(values)))
    content = np.frombuffer(stored(values, form), np.uint8)
    assert integers(content, form, first, last).tolist() == values[first:last]


def test_physical_units_names_rate_and_missing_samples(tmp_path):
    header = "r 2 360.5/10(2) 3 12:00:00\nr.dat 212 200(10)/mV 11 5 0 0 0 lead I\nr.dat 212 0 11 20 0 0 0 V5\n"
    signal = record(tmp_path, header, r=stored([210, 20, -2048, 220, 10, 0], "212"))
    assert (signal.sampling_rate_hz, signal.channels) == (360.5, ("lead I", "V5"))
    np.testing.assert_array_equal(signal.values, [[1, 0], [np.nan, 1], [0, -0.1]])


def test_signals_of_several_files_side_by_side_and_an_offset(tmp_path):
    header = "r 3 100 2\na.dat 16+4 1 16 0 0 0 0 x\na.dat 16+4 1 16 0 0 0 0 x\nb.dat 80 1\n"
    files = {"a": b"HEAD" + stored([1, 2, 3, 4], "16"), "b": stored([5, 6], "80")}
    signal = record(tmp_path, header, **files)
    assert signal.values.tolist() == [[1, 2, 5], [3, 4, 6]]
    assert signal.channels is None


def test_long_records_stay_on_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(lazy, "EAGER_SAMPLES", 10)
    values = record(tmp_path, "r 1 100 101\nr.dat 212 1 12 0\n", r=stored(range(101), "212")).values
    assert isinstance(values, lazy.Lazy)
    assert values[33:36].tolist() == [[33], [34], [35]]
    assert values.shape == (101, 1)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", r"r\.hea, line 1: expected a record"),
        ("# c\nr 1 fast 2\nr.dat 16\n", r"r\.hea, line 2: expected a sampling rate above"),
        ("r 1 0 2\nr.dat 16\n", r"r\.hea, line 1: expected a sampling rate above 0"),
        ("r/3 1 100 2\nr.dat 16\n", r"r\.hea, line 1: expected a record of one segment\. Received 3"),
        ("r 2 100 2\nr.dat 16\n", r"r\.hea, line 1: expected as many lines below as signals\. Received 1"),
        ("r 1 100 2\nr.dat\n", r'r\.hea, line 2: expected file, format, .* Received "r\.dat"'),
        ("r 1 100 2\nr.dat 16x4 1\n", r"r\.hea, line 2: expected one sample .* Received several samples a frame"),
        ("r 1 100 2\nr.dat 16:4 1\n", r"r\.hea, line 2: expected one sample .* Received a skew"),
        ("r 1 100 2\nr.dat 8 1\n", r"r\.hea: expected one storage format among .* Received 8"),
        ("r 1 100 2\nq.dat 16 1\n", r"r\.hea: expected q\.dat beside it"),
        ("r 1 100 9\nr.dat 16 1\n", r"r\.dat: expected 9 samples of each signal\. Received 2"),
    ],
)
def test_broken_records_name_file_and_line(header, message, tmp_path):
    with pytest.raises(InputError, match=message):
        record(tmp_path, header, r=stored([1, 2], "16"))


def annotations(tmp_path, *pairs):
    """Rows of a file of words; text goes in as bytes."""
    content = b"".join(words(pair) if isinstance(pair, tuple) else pair for pair in pairs)
    (tmp_path / "r.atr").write_bytes(content)
    rows = WfdbAnnotations().read(tmp_path / "r.atr")
    return list(zip(rows.start.tolist(), rows.end.tolist(), rows.label, strict=True))


END = (0, 0)


def test_waves_and_single_marks(tmp_path):
    pairs = [(39, 3), (24, 2), (40, 4), (27, 6), (40, 3), (39, 2), (1, 3), (39, 7), (5, 1), (40, 1), END]
    assert annotations(tmp_path, *pairs) == [(3, 9, "p"), (15, 16, "t"), (23, 24, "N"), (30, 32, "V")]


def test_channels_are_paired_apart(tmp_path):
    pairs = [(39, 1), (62, 0), (39, 1), (62, 1), (1, 1), (62, 0), (40, 5), (27, 1), (62, 1), (40, 1), END]
    pairs.insert(7, (62, 0))
    assert annotations(tmp_path, *pairs) == [(1, 8, "N"), (2, 10, "t")]


def text(content):
    return words((63, len(content))) + content + b"\0" * (len(content) % 2)


def test_rhythms_last_to_the_next_and_to_the_end_of_the_record(tmp_path):
    pairs = [(28, 10), text(b"(AFIB"), (1, 5), (28, 20), text(b"(N\0"), (59, 0), words((0, 1), (0, 0)), (1, 0), END]
    with pytest.raises(InputError, match=r"r\.hea: expected a text file"):
        annotations(tmp_path, *pairs)
    (tmp_path / "r.hea").write_text("r 1 100 70000\nr.dat 16\n")
    rows = [(10, 35, "AFIB"), (15, 16, "N"), (35, 70000, "N"), (65571, 65572, "N")]
    assert annotations(tmp_path, *pairs) == rows


def test_a_time_resolution_of_its_own_means_seconds(tmp_path):
    pairs = [(22, 0), text(b"## time resolution: 1000"), (39, 250), (1, 1), (40, 249), END]
    assert annotations(tmp_path, *pairs) == [(0.25, 0.5, "N")]


@pytest.mark.parametrize("content", [words((1, 5)), words((1, 5), (0, 0), (1, 3)), words((55, 1), (0, 0)), words(END)])
def test_bytes_that_are_no_annotations_are_refused(content, tmp_path):
    (tmp_path / "r.atr").write_bytes(content)
    assert not WfdbAnnotations().sniff(tmp_path / "r.atr")
    with pytest.raises(InputError, match=r"r\.atr: expected WFDB annotations"):
        WfdbAnnotations().read(tmp_path / "r.atr")


@pytest.mark.filterwarnings("ignore::Warning")
def test_the_same_as_the_reference_package(tmp_path, monkeypatch):
    wfdb = pytest.importorskip("wfdb", reason="the package brings pandas, matplotlib and aiohttp: too much for a test")
    monkeypatch.chdir(tmp_path)
    values = np.random.default_rng(0).normal(size=(101, 3))
    for form in ("16", "24", "32", "80", "212"):
        names = {"units": ["mV"] * 3, "sig_name": ["I", "II", "a b"]}
        wfdb.wrsamp("r", fs=360, p_signal=values.copy(), fmt=[form] * 3, **names)
        signal = WfdbSignal().open(tmp_path / "r.hea")
        np.testing.assert_allclose(signal.values, wfdb.rdrecord("r").p_signal, rtol=1e-12)
        assert (signal.sampling_rate_hz, list(signal.channels)) == (360, names["sig_name"])
    wfdb.wrann("r", "atr", np.array([3, 10, 50000]), symbol=["V", "N", "/"], fs=360)
    rows = WfdbAnnotations().read(tmp_path / "r.atr")
    assert (rows.label, rows.unit) == (("V", "N", "/"), "seconds")
    np.testing.assert_allclose(rows.start * 360, wfdb.rdann("r", "atr").sample)
