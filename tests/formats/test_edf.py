from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.formats import lazy
from segmend.formats.edf import Edf
from segmend.formats.edf_annotations import EdfAnnotations
from segmend.formats.lazy import Lazy

edfio = pytest.importorskip("edfio")

WAVE = np.round(np.sin(np.arange(300) / 9) * 100)


def signal(values, label="ECG", rate=100, kind=edfio.EdfSignal):
    return kind(values, sampling_frequency=rate, label=label, physical_range=(-200, 200), digital_range=(-200, 200))


def written(tmp_path, *signals, annotations=None, kind=edfio.Edf, suffix=".edf"):
    kind(list(signals), annotations=annotations).write(tmp_path / f"a{suffix}")
    return tmp_path / f"a{suffix}"


@pytest.mark.parametrize(
    ("kind", "of", "suffix"), [(edfio.Edf, edfio.EdfSignal, ".edf"), (edfio.Bdf, edfio.BdfSignal, ".bdf")]
)
def test_signals_in_physical_units_whole_and_in_parts(kind, of, suffix, tmp_path, monkeypatch):
    channels = [signal(WAVE, "I", kind=of), signal(-WAVE, "II", kind=of)]
    path = written(tmp_path, *channels, kind=kind, suffix=suffix)
    whole = Edf().open(path)
    np.testing.assert_array_equal(whole.values, np.stack([WAVE, -WAVE], axis=1))
    assert (whole.sampling_rate_hz, whole.channels) == (100, ("I", "II"))
    monkeypatch.setattr(lazy, "EAGER_SAMPLES", 10)
    parts = Edf().open(path).values
    assert isinstance(parts, Lazy)
    for part in (slice(0, 300), slice(99, 101), slice(250, 300), slice(7, 7)):
        np.testing.assert_array_equal(parts[part], whole.values[part])


def test_signals_of_several_rates_are_refused_by_name(tmp_path):
    path = written(tmp_path, signal(WAVE, "EEG"), signal(WAVE[:3], "Temp", 1))
    with pytest.raises(InputError, match=r"a\.edf: expected one sampling rate .* Received EEG 100, Temp 1"):
        Edf().open(path)


def test_annotations_with_and_without_a_duration(tmp_path):
    marks = [edfio.EdfAnnotation(1, 0.5, "N2"), edfio.EdfAnnotation(0.25, None, "light off")]
    rows = EdfAnnotations().read(written(tmp_path, signal(WAVE), annotations=marks))
    assert (rows.start.tolist(), rows.end.tolist(), rows.label) == ([0.25, 1], [0.25, 1.5], ("light off", "N2"))
    assert rows.where(1) == "a.edf, annotation 2"


def test_files_of_the_other_kind(tmp_path):
    plain = written(tmp_path, signal(WAVE))
    assert not EdfAnnotations().sniff(plain)
    with pytest.raises(InputError, match=r"a\.edf: expected an EDF\+ or BDF\+ file"):
        EdfAnnotations().read(plain)
    with pytest.raises(InputError, match=r"a\.edf: expected one signal or more\. Received annotations only"):
        Edf().open(written(tmp_path, annotations=[edfio.EdfAnnotation(0, 1, "W")]))


@pytest.mark.parametrize(
    ("end", "message"),
    [
        (300, "a header that ends too soon|"),
        (600, "Incomplete data record"),
        (-7, "Incomplete data record"),
        (-200, "header indicates 3 data records"),
    ],
)
def test_a_file_that_is_cut_is_refused(end, message, tmp_path):
    path = written(tmp_path, signal(WAVE))
    path.write_bytes(path.read_bytes()[:end])
    with pytest.raises(InputError, match=rf"a\.edf: expected a whole EDF or BDF file\. Received: .*({message})"):
        Edf().open(path)


def test_a_signal_without_a_range_is_refused_by_name(tmp_path):
    path = written(tmp_path, signal(WAVE))
    content = path.read_bytes()
    path.write_bytes(content.replace(b"-200    200     ", b"200     200     ", 1))
    with pytest.raises(InputError, match=r'a\.edf: expected a minimum below the maximum .* "ECG"'):
        Edf().open(path)
