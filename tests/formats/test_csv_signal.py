from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.formats.csv_signal import CsvSignal


def read(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return CsvSignal().open(path)


def test_header_and_numbers(tmp_path):
    signal = read(tmp_path, "x, y\n1,2\n3.5,-4e-3\n")
    assert signal.channels == ("x", "y")
    assert signal.values.tolist() == [[1, 2], [3.5, -0.004]]


def test_empty_cells_and_nan_are_missing_samples(tmp_path):
    values = read(tmp_path, '"x","y"\n1,\nnan,2\n').values
    assert np.isnan(values).tolist() == [[False, True], [True, False]]


def test_one_channel_and_no_rows(tmp_path):
    assert read(tmp_path, "x\n1\n2\n").values.shape == (2, 1)
    assert read(tmp_path, "x,y\n").values.shape == (0, 2)


def test_a_byte_order_mark_and_windows_line_ends(tmp_path):
    signal = read(tmp_path, "\ufeffx,y\r\n1,2\r\n")
    assert signal.channels == ("x", "y")
    assert signal.values.tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x,y\n1,2\n3,high\n", r'a\.csv, line 3, column "y": expected a number\. Received "high"'),
        ("x,y\n1,2\n\n3,4,5\n", r"a\.csv, line 4: expected 2 cells as in line 1\. Received 3"),
        ("1,2\n3,4\n", r'a\.csv, line 1: expected channel names\. Received "1,2"'),
        ("", r"a\.csv, line 1: expected channel names"),
        ("x,x\n1,2\n", r"a\.csv, line 1: expected distinct channel names"),
    ],
)
def test_malformed_text_names_file_and_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)
