from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy.io import wavfile

from segmend.errors import InputError
from segmend.loading import load_dataset, open_signal

STEPS = "recording,start,end,label\na,0,1,P\n"


def folder_with(tmp_path, rows="recording,start_s,end_s,label\na,0.1,0.3,P\n", **files):
    (tmp_path / "signals").mkdir()
    (tmp_path / "annotations.csv").write_text(rows)
    for name, content in files.items():
        path = tmp_path / "signals" / name.replace("_", ".")
        if path.suffix == ".wav":
            wavfile.write(path, *content)
        else:
            path.write_text(content)
    return tmp_path


def test_the_rate_of_audio_files_places_seconds(tmp_path):
    data = load_dataset(folder_with(tmp_path, a_wav=(50, np.zeros(40, np.int16))))
    assert data.sampling_rate_hz == 50
    assert data.recordings[0].segments.rows() == [(5, 15, 1)]
    assert data.recordings[0].signal.shape == (40, 1)


def test_channel_names_come_from_text_files(tmp_path):
    data = load_dataset(folder_with(tmp_path, rows=STEPS, a_csv="x,y\n1,2\n3,4\n"))
    assert data.channels == ("x", "y")
    assert data.recordings[0].signal.tolist() == [[1, 2], [3, 4]]


def test_one_new_recording_is_opened_by_its_suffix(tmp_path):
    np.save(tmp_path / "new.npy", np.zeros((5, 2)))
    assert open_signal(tmp_path / "new.npy").signal.values.shape == (5, 2)
    (tmp_path / "new.txt").touch()
    with pytest.raises(
        InputError, match=r'new\.txt: expected one of \.bdf, .*\.csv, .*\.npy, .*\.wav\. Received "\.txt"'
    ):
        open_signal(tmp_path / "new.txt")
    with pytest.raises(InputError, match=r"old\.npy: expected a signal file\. Received no such file"):
        open_signal(tmp_path / "old.npy")


def test_more_recordings_than_the_system_lets_open_at_first(tmp_path):
    pytest.importorskip("resource", reason="this system has no limit on open files")
    (tmp_path / "signals").mkdir()
    for number in range(120):
        np.save(tmp_path / "signals" / f"{number}.npy", np.zeros((5, 1)))
    code = (
        "import resource, sys\n"
        "from segmend.loading import load_dataset\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (60, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n"
        "print(len(load_dataset(sys.argv[1])))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "120"
