"""Files of one call are one site's for decoders that learn from recordings without labels."""

import csv
import json

import numpy as np
import pytest

from segmend import decoding, load_run
from segmend.artifacts.decoder import DecoderRecord
from segmend.core.labels import Labels
from segmend.core.segments import runs
from segmend.decoding.prior_shift import PriorShift
from segmend.pipeline.predict import _views, predict_files
from tests.pipeline.hand_made import EVIDENCE, make_run

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

LABELS = Labels(("a", "b"), None)


def _files(folder, sizes):
    """Steps that the model answers with 0.6 for b, of one in ten recordings' steps, else with 0.05 to 0.2."""
    rng = np.random.default_rng(0)
    folder.mkdir()
    for name, steps in sizes.items():
        present = np.where(rng.random(steps) < 0.1, 0.6, rng.uniform(0.05, 0.2, steps))
        logit = np.log(present / (1 - present)) / EVIDENCE
        np.save(folder / f"{name}.npy", np.stack([0 * logit, logit], axis=1).astype(np.float32))
    return folder


def _run(folder, task):
    run = make_run(folder, task, 1, LABELS.names)
    shift = PriorShift(LABELS, 1.0, np.zeros(2), np.array([0.5, 0.5]), trust=30.0)
    record = DecoderRecord(name="prior_shift", parameters=shift.parameters(), labels=LABELS.names, background=None)
    (run / "decoder.json").write_text(json.dumps(record.to_dict()))
    return run, shift


def _rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_signals_of_one_call_are_decoded_under_their_common_frequencies(tmp_path):
    run, shift = _run(tmp_path / "run", "segmentation")
    data = _files(tmp_path / "new", {"long": 300, "short": 7})
    predict_files(run, [data], out=tmp_path / "pred")
    loaded = load_run(run)
    said = {name: loaded.predict(data / f"{name}.npy").y_prob[0] for name in ("long", "short")}
    site = shift.adapted(list(said.values()))
    differs = False
    for name, rows in said.items():
        start, stop, label = runs(site.decode(rows))
        expected = list(zip(start.tolist(), stop.tolist(), [LABELS.names[k] for k in label], strict=True))
        written = [
            (int(row["start"]), int(row["end"]), row["label"])
            for row in _rows(tmp_path / "pred" / "segments" / f"{name}.csv")
        ]
        assert written == expected
        differs |= (shift.decode(rows) != site.decode(rows)).any()
    assert differs, "one of the files by itself is answered otherwise"
    assert not (tmp_path / "pred" / "scores").exists()
    assert sorted(each.name for each in (tmp_path / "pred").iterdir()) == ["dataset.json", "segments"]


def test_probabilities_that_are_asked_for_are_the_model_s(tmp_path):
    run, _ = _run(tmp_path / "run", "segmentation")
    data = _files(tmp_path / "new", {"one": 40, "two": 60})
    predict_files(run, [data], out=tmp_path / "pred", probabilities=True)
    for name in ("one", "two"):
        said = load_run(run).predict(data / f"{name}.npy").y_prob[0]
        np.testing.assert_array_equal(np.load(tmp_path / "pred" / "scores" / f"{name}.npy"), said)


def test_probabilities_of_many_files_lie_in_one_that_is_open(tmp_path):
    arrays = [np.random.default_rng(k).random((k, 2)).astype(np.float32) for k in (3, 0, 5)]
    (tmp_path / "rows").write_bytes(b"".join(rows.tobytes() for rows in arrays))
    views = _views(tmp_path / "rows", [rows.shape for rows in arrays])
    for view, rows in zip(views, arrays, strict=True):
        np.testing.assert_array_equal(view, rows)
    assert views[0]._mmap is views[2]._mmap
    (tmp_path / "nothing").touch()
    assert [view.shape for view in _views(tmp_path / "nothing", [(0, 2)])] == [(0, 2)]


def test_decoders_say_whether_they_adapt():
    rows = [np.array([[0.9, 0.1], [0.6, 0.4]])]
    known = {"y_prob": rows, "y_true": [np.array([0, 1])], "labels": LABELS, "groups": None}
    for name in ("argmax", "prior_shift", "logit_adjustment"):
        decoder = decoding.resolve(name)
        fitted = decoder.learn(rows, known["y_true"], LABELS, **decoder.start)
        assert fitted.adapts() == (name == "prior_shift") == (fitted.adapted(rows) is not fitted)
