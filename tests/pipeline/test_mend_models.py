"""Mending saved models and runs, and predictions with roles."""

import json

import keras
import numpy as np
import pytest

import segmend
from segmend.cli import run as command
from segmend.errors import InputError
from segmend.loading import load_predictions
from segmend.pipeline.mend import mend
from segmend.pipeline.on_files.mend_files import mend_files
from segmend.pipeline.results.mended import load_mended
from segmend.pipeline.results.run import Run
from tests.builders import make_predictions
from tests.pipeline import bursts

# Keras' own saving hands JAX arrays to h5py in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

HASTE = 2.0


def _noisy_reader():
    """A model that sees one step at a time: background, "a" (high) or "b" (low), and therefore in pieces."""
    layer = keras.layers.Conv1D(3, 1, activation="softmax")
    model = keras.Sequential([keras.Input((None, 2)), layer])
    weights = np.zeros((1, 2, 3), "float32")
    weights[0, 0] = [0.0, 4.0, -4.0]
    layer.set_weights([weights, np.array([2.0, 0.0, 0.0], "float32")])
    return model


def _loud(seed, recordings=8):
    x, y = [], []
    for k in range(recordings):
        signal, rows = bursts.recording(100 * seed + k)
        truth = np.zeros(len(signal), int)
        for start, stop, label in rows:
            truth[start:stop] = 1 + "ab".index(label)
        x.append(signal + np.random.default_rng(seed + k).normal(0, 0.7, signal.shape).astype("float32"))
        y.append(truth)
    return np.stack(x), np.stack(y)


@pytest.fixture(scope="module")
def mended():
    return mend(_noisy_reader(), *_loud(1), validation_data=_loud(2), labels=["a", "b"], budget="5m")


def test_a_keras_model_is_mended_on_validation_data(mended):
    assert mended.certificate.verdict == "helped"
    assert mended.certificate.judged_on.startswith("validation_data")
    assert mended.certificate.outcome.before["count_ratio"] > 2
    assert 0.8 < mended.certificate.outcome.after["count_ratio"] < 1.2


def test_it_predicts_and_comes_back_from_disk(mended, tmp_path):
    x, y = _loud(3, recordings=2)
    decoded = mended.predict(x)
    assert np.mean(np.stack(decoded) == y) > 0.85
    again = load_mended(mended.save(tmp_path / "out"))
    assert (tmp_path / "out" / "model.keras").is_file()
    for first, second in zip(decoded, again.predict(x), strict=True):
        np.testing.assert_array_equal(first, second)


def test_recordings_unlike_those_of_training_are_flagged_from_disk_too(mended, tmp_path):
    x, _ = _loud(3, recordings=3)
    x[1] = 30 * x[1]
    again = load_mended(mended.save(tmp_path / "out"))
    for one in (mended, again):
        first, strange, last = one.unfamiliar(x)
        assert first == last == ""
        assert strange.startswith("a spread of ") and "spreads away" in strange


def test_channels_that_the_model_does_not_take_are_refused(mended):
    with pytest.raises(InputError, match=r"expected 2 channels as the model takes\. Received 5"):
        mended.predict(np.zeros((1, 50, 5), "float32"))


def test_a_saved_model_on_a_folder(tmp_path, capsys):
    data = bursts.write(tmp_path / "data", recordings=8, split=False)
    _noisy_reader().save(tmp_path / "model.keras")
    out = tmp_path / "out"
    code = command(["mend", str(tmp_path / "model.keras"), str(data), "-o", str(out), "--budget", "5m", "--json"])
    content = json.loads(capsys.readouterr().out)
    assert code == 0
    assert content["verdict"] in ("not proven", "nothing helped"), "the model may have been trained on all of it"
    assert (out / "model.keras").is_file()


def test_what_comes_of_anyones_model_predicts_by_the_command(tmp_path, capsys):
    data = bursts.write(tmp_path / "data", recordings=8)
    _noisy_reader().save(tmp_path / "model.keras")
    mended = mend_files(tmp_path / "model.keras", data, budget="8s")
    mended.save(tmp_path / "out")
    signal = data / "signals" / "r7.npy"
    assert command(["predict", str(tmp_path / "out"), str(signal), "-o", str(tmp_path / "pred")]) == 0
    (labels,) = mended.predict([np.load(signal)])
    run = segmend.load_run(tmp_path / "out")
    assert run.about["channels"] and run.task == mended.task
    np.testing.assert_array_equal(run.predict(signal).y_pred[0], labels)
    np.testing.assert_array_equal(load_mended(tmp_path / "out").predict([np.load(signal)])[0], labels)


def test_scores_of_anyones_model_are_read_by_the_temperature_that_was_fitted(tmp_path):
    data = bursts.write(tmp_path / "data", recordings=8)
    model = _noisy_reader()
    model.layers[-1].activation = keras.activations.linear
    mended = mend_files(_saved(model, tmp_path), data, budget="8s")
    assert mended.record.temperature is not None
    mended.save(tmp_path / "out")
    signal = np.load(data / "signals" / "r7.npy")
    prediction = segmend.load_run(tmp_path / "out").predict(signal)
    np.testing.assert_allclose(prediction.y_prob[0].sum(axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(prediction.y_pred[0], mended.predict([signal])[0])


def _saved(model, folder):
    model.save(folder / "model.keras")
    return folder / "model.keras"


def test_the_model_of_a_run_sees_the_recordings_as_its_plan_has_them(tmp_path):
    """Each recording has a level of its own, which the plan takes out and the network has never seen."""
    data = bursts.write(tmp_path / "data")
    settings = {**bursts.SETTINGS, "standardize": "recording", "steps": 4, "epochs": 1}
    run = segmend.train(data, out=tmp_path / "run", budget="5m", overrides=settings)
    for file in (data / "signals").glob("*.npy"):
        np.save(file, 5 * np.load(file) + 100)
    mended = mend_files(run.path / "model.keras", data, budget="20s")
    stored = load_predictions(run.path)
    known = dict(zip(stored.names, stored.y_prob, strict=True))
    seen = mended.diagnosis.chart.prediction
    for name, rows in zip(seen.names, seen.y_prob, strict=True):
        np.testing.assert_allclose(rows, known[name], atol=1e-3)
    again = load_mended(mended.save(tmp_path / "out"))
    assert (tmp_path / "out" / "plan.toml").read_text() == (run.path / "plan.toml").read_text()
    assert any("trained again" in change for change in mended.changes) == (mended.model.path != run.path)
    signal = np.load(data / "signals" / "r5.npy")
    np.testing.assert_array_equal(again.predict([signal])[0], mended.predict([signal])[0])


def test_a_model_without_data_is_refused(tmp_path, capsys):
    assert command(["mend", str(tmp_path / "model.keras"), "-o", str(tmp_path / "out")]) == 2
    assert "expected a DATA folder after the model" in capsys.readouterr().err


def _with_roles(folder, spoil):
    """Predictions with roles; ``spoil`` changes the labels of role test."""
    rng = np.random.default_rng(0)
    labels, scores = {}, {}
    for k in range(18):
        truth = np.repeat(np.arange(9) % 2 * rng.integers(1, 3, 9), rng.integers(15, 40, 9))
        score = rng.normal(size=(len(truth), 3)) + 2.0 * np.eye(3)[truth]
        labels[f"r{k:02}"] = spoil(truth) if k >= 10 else truth
        scores[f"r{k:02}"] = score
    names = sorted(labels)
    splits = {"train": names[:4], "val": names[4:10], "test": names[10:]}
    return make_predictions(folder, scores=scores, labels=labels, splits=splits)


def test_with_roles_val_fits_and_test_proves(tmp_path):
    plain = mend_files(_with_roles(tmp_path / "plain", lambda truth: truth), budget="5m")
    assert plain.certificate.verdict == "helped"
    assert plain.certificate.judged_on == "val: test (decoders fitted on val)"
    assert set(plain.certificate.outcome.per_group) == {f"r{k}" for k in range(10, 18)}
    assert plain.diagnosis.chart.prediction.names == tuple(f"r0{k}" for k in range(4, 10))
    assert plain.report(tmp_path / "page.html").stat().st_size > 10_000
    spoilt = mend_files(_with_roles(tmp_path / "spoilt", lambda truth: truth[::-1].copy()), budget="5m")
    assert spoilt.record == plain.record, "labels of test reach neither diagnosis, temperature nor decoder"
    assert spoilt.certificate.outcome.after != plain.certificate.outcome.after


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    data = bursts.write(folder / "data", recordings=8)
    return segmend.train(data, out=folder / "run", budget="5m", overrides=bursts.SETTINGS, seed=4)


def test_a_run_mended_is_a_run_again(run, tmp_path):
    result = mend_files(run.path, budget="30s")
    assert isinstance(result.model, Run)
    out = result.save(tmp_path / "out")
    names = {path.name for path in out.iterdir()}
    assert {"plan.toml", "fingerprint.json", "model.keras", "decoder.json", "history.csv"} <= names
    assert {"certificate.json", "changes.md", "predictions", "scores.json", "run.json"} <= names
    again = segmend.load_run(out)
    assert again.decoder == result.record
    assert set(again.scores) == set(run.scores)
    signal, _ = bursts.recording(77)
    np.testing.assert_array_equal(load_mended(out).predict([signal])[0], again.predict(signal).y_pred[0])
    assert load_predictions(out).labels == run.labels


def test_where_nothing_helps_a_run_keeps_its_decoder(run):
    result = mend_files(run.path, budget="30s")
    if result.certificate.chosen is None:
        assert result.record == run.decoder
    assert result.certificate.verdict in ("not proven", "nothing helped"), "one test recording proves nothing"
