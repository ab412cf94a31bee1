"""Mending by training: a copy learns, the model stays, and what is kept predicts from disk too."""

import gc

import keras
import numpy as np
import pytest

from segmend.core.task import Task
from segmend.errors import InputError
from segmend.mending.edits import TrainingEdit
from segmend.pipeline.mend import mend
from segmend.pipeline.results.mended import load_mended
from segmend.pipeline.retraining.practice import practice_of
from segmend.pipeline.retraining.rebuild import rebuilt
from tests.pipeline.runs.tasks import STAGES, TINY, dataset

# Keras' own saving hands JAX arrays to h5py in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

HASTE = 3.0


def _data(seed, recordings=8, steps=120):
    """Signals whose class is their level, rare segments of it."""
    rng = np.random.default_rng(seed)
    y = np.zeros((recordings, steps), int)
    for row in y:
        for start in rng.choice(np.arange(5, steps - 10, 20), 4, replace=False):
            row[start : start + 7] = 1
    x = rng.normal(0, 0.3, (*y.shape, 1)).astype(np.float32)
    x[..., 0] += 2.0 * y
    return x, y


def _collapsed():
    """Says background everywhere, whatever it sees."""
    keras.utils.set_random_seed(0)
    last = keras.layers.Dense(2, activation="softmax", bias_initializer=keras.initializers.Constant([5.0, -5.0]))
    model = keras.Sequential([keras.Input((None, 1)), keras.layers.Conv1D(4, 3, padding="same"), last])
    last.kernel.assign(0 * last.kernel)
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    return model


def test_a_collapsed_model_is_trained_again_and_comes_back_from_disk(tmp_path):
    model = _collapsed()
    before = [np.array(weight) for weight in model.get_weights()]
    mended = mend(model, *_data(0), validation_data=_data(1), budget="45s")
    assert mended.certificate.verdict == "helped"
    assert mended.certificate.outcome.before["count_ratio"] == 0
    assert mended.certificate.outcome.after["objective"] > 0.7
    assert any(change.startswith("trained again: ") for change in mended.changes)
    assert mended.model is not model
    for own, known in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(own, known)
    x, y = _data(2, recordings=2)
    said = mended.predict(x)
    assert np.mean(np.stack(said) == y) > 0.95
    mended.save(tmp_path / "mended")
    for own, back in zip(said, load_mended(tmp_path / "mended").predict(x), strict=True):
        np.testing.assert_array_equal(own, back)


def _moods(seed, recordings=90):
    """Two channels, each high where its label holds."""
    rng = np.random.default_rng(seed)
    y = (rng.random((recordings, 2)) < 0.4).astype(int)
    return (rng.normal(0, 0.3, (recordings, 40, 2)) + y[:, None]).astype(np.float32), y


def test_a_softmax_over_labels_that_overlap_becomes_a_sigmoid():
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Conv1D(8, 5, activation="relu"), keras.layers.GlobalAveragePooling1D()]
    model = keras.Sequential([keras.Input((40, 2)), *layers, keras.layers.Dense(2, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    model.fit(*_moods(0), epochs=10, verbose=0)
    mended = mend(model, *_moods(0), validation_data=_moods(1), labels=["a", "b"], budget="30s")
    assert mended.certificate.verdict == "helped"
    assert mended.certificate.chosen.startswith("use-sigmoid")
    assert mended.certificate.outcome.after["macro_f1"] > 0.9
    x, y = _moods(2)
    assert np.mean(np.array(mended.predict(x)) == y) > 0.9


def _squares(seed, pictures=12):
    """Bright squares; the network that is to find them says nothing."""
    rng = np.random.default_rng(seed)
    y = np.zeros((pictures, 24, 24), int)
    for own in y:
        for row, column in ((2, 3), (14, 12)):
            row, column = row + rng.integers(3), column + rng.integers(3)
            own[row : row + 6, column : column + 6] = 1
    return (rng.normal(0, 0.3, y.shape) + 2.0 * y)[..., None].astype(np.float32), y


def test_a_collapsed_network_of_images_finds_objects_again():
    keras.utils.set_random_seed(0)
    last = keras.layers.Dense(2, activation="softmax", bias_initializer=keras.initializers.Constant([5.0, -5.0]))
    model = keras.Sequential([keras.Input((24, 24, 1)), keras.layers.Conv2D(4, 3, padding="same"), last])
    last.kernel.assign(0 * last.kernel)
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    mended = mend(model, *_squares(0), validation_data=_squares(1), budget="40s")
    assert mended.certificate.verdict == "helped"
    assert mended.certificate.outcome.before["count_ratio"] == 0
    assert mended.certificate.outcome.after["segment_f1@50"] > 0.8
    x, y = _squares(2, pictures=3)
    assert np.mean([answer.mask == true for answer, true in zip(mended.predict(x), y, strict=True)]) > 0.95


def test_without_validation_data_nothing_is_trained():
    mended = mend(_collapsed(), *_data(0), budget="10s")
    assert not any("trained again" in change for change in mended.changes)
    assert all("decoder" in one.trial.edits for one in mended.certificate.tried)


def test_a_rebuilt_network_is_a_run_whose_folder_goes_with_it():
    task = Task.named("segmentation", 3)
    data = dataset(task, recordings=12)
    practice = practice_of(data, data.split["test"])
    tiny = {**TINY, **STAGES, "steps": 4, "epochs": 1}
    keys = {"filters": "model.filters", "members": "model.members", "stages": "model.stages"}
    keys |= {"batch_size": "training.batch_size", "steps": "training.steps", "epochs": "training.epochs"}
    values = {keys.get(key, key): value for key, value in tiny.items() if key != "augment"}
    done = rebuilt(practice, TrainingEdit(rebuild=True, values=values), seconds=30.0)
    signals = [each.signal for each in practice.judged.values()]
    for rows, signal in zip(done.probabilities(signals), signals, strict=True):
        assert rows.shape == (len(signal), 3)
    folder = done.model.path
    assert folder.is_dir()
    del done
    gc.collect()
    assert not folder.exists()


def test_a_rebuilding_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = dataset(Task.named("segmentation", 3), recordings=12)
    practice = practice_of(data, data.split["test"])
    with pytest.raises(InputError):
        rebuilt(practice, TrainingEdit(rebuild=True, values={"model.filters": -1}), seconds=30.0)
    assert not list(tmp_path.iterdir())


def test_a_callable_is_not_trained():
    x, y = _data(1)
    mended = mend(lambda rows: np.full((*rows.shape[:2], 2), 0.5), x, y, validation_data=_data(2), budget="10s")
    assert all("decoder" in one.trial.edits for one in mended.certificate.tried)
