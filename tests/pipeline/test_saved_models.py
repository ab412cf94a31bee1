"""Saved Keras models as people have them: .keras and .h5, custom layers and losses, and files that are no model."""

import json
import zipfile

import h5py
import keras
import numpy as np
import pytest
from keras import layers, ops

from segmend.anatomy import of_keras
from segmend.cli import run
from segmend.errors import InputError
from segmend.pipeline.inputs.keras_files import load_keras
from tests.builders import make_dataset

# Keras' own saving hands JAX arrays to h5py in a way that NumPy 2 deprecates, and warns of lambdas.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning"),
]

SCRIPT = """
import keras


class Reader(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.conv = keras.layers.Conv1D(3, 3, padding="same", activation="softmax")

    def call(self, inputs):
        return self.conv(inputs)


@keras.saving.register_keras_serializable("mine")
class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return 2 * inputs


class Squares(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return keras.ops.mean((keras.ops.one_hot(y_true, 3) - y_pred) ** 2, axis=-1)


def share_of_ones(y_true, y_pred):
    return keras.ops.mean(y_pred[..., 1])
"""


@pytest.fixture
def script(tmp_path):
    """A person's Python file, and what it defines."""
    path = tmp_path / "my_layers.py"
    path.write_text(SCRIPT)
    names = {"__name__": "my_layers"}
    exec(compile(SCRIPT, path, "exec"), names)
    yield path, names
    keras.saving.get_custom_objects().pop("mine>Doubled", None)


def network(*more, loss="sparse_categorical_crossentropy", metrics=None):
    model = keras.Sequential(
        [keras.Input((None, 2)), *more, layers.Conv1D(3, 3, padding="same", activation="softmax", name="head")]
    )
    model.compile(keras.optimizers.SGD(0.25), loss, metrics=metrics)
    return model


def saved(model, path):
    model.save(path)
    return path


@pytest.mark.parametrize("suffix", [".keras", ".h5", ".hdf5"])
def test_a_whole_model_comes_back_with_what_it_was_compiled_with(tmp_path, suffix):
    model = network(loss=keras.losses.SparseCategoricalCrossentropy(ignore_class=-1), metrics=["accuracy"])
    loaded = load_keras(saved(model, tmp_path / f"model{suffix}"))
    facts = of_keras(loaded.model)
    assert loaded.loss_lost is None
    assert (facts.losses[0].name, facts.losses[0].config["ignore_class"]) == ("SparseCategoricalCrossentropy", -1)
    assert facts.optimizer == {"name": "SGD", "learning_rate": 0.25}
    x = np.random.default_rng(0).normal(size=(1, 9, 2)).astype("float32")
    np.testing.assert_allclose(loaded.model.predict(x, verbose=0), model.predict(x, verbose=0), atol=1e-6)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_loss_that_is_not_known_is_left_out_until_its_file_is_given(tmp_path, script, suffix):
    path = saved(network(loss=script[1]["Squares"]()), tmp_path / f"model{suffix}")
    model, lost = load_keras(path)
    assert not model.compiled
    assert lost == '"Squares" is not known here; --import FILE.py brings the file that defines it'
    model, lost = load_keras(path, [script[0]])
    assert lost is None and of_keras(model).losses[0].name == "Squares"


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_lambda_loss_is_not_run(tmp_path, suffix):
    path = saved(network(loss=lambda y_true, y_pred: ops.mean(y_pred)), tmp_path / f"model{suffix}")
    assert load_keras(path).loss_lost == "it is a Python lambda, and a file that brings code is not run"


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_an_unknown_metric_does_not_cost_the_loss(tmp_path, script, suffix):
    path = saved(network(loss="mse", metrics=[script[1]["share_of_ones"]]), tmp_path / f"model{suffix}")
    model, lost = load_keras(path)
    facts = of_keras(model)
    assert lost is None and facts.losses[0].name == "MeanSquaredError" and facts.optimizer["name"] == "SGD"
    assert facts.metrics == ()
    assert of_keras(load_keras(path, [script[0]]).model).metrics == ("share_of_ones",)


def test_a_short_name_in_an_old_file_is_a_loss_too(tmp_path):
    # Keras 3.15 cannot read "mse" from the .h5 files that it writes itself.
    path = saved(network(loss="mse"), tmp_path / "model.h5")
    with pytest.raises(ValueError, match="mse"):
        keras.saving.load_model(path)
    assert of_keras(load_keras(path).model).losses[0].name == "MeanSquaredError"


def weights(path):
    network().save_weights(path)
    return path


def renamed_weights(path):
    return weights(path.with_suffix(".weights.h5")).rename(path)


def data_file(path):
    with h5py.File(path, "w") as file:
        file["signal"] = np.zeros((3, 2))
    return path


def empty_archive(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "")
    return path


def text(path):
    path.write_text("hello")
    return path


def lambda_layer(path):
    return saved(network(layers.Lambda(lambda x: x * 2)), path)


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("a.weights.h5", weights, r"Received weights only, .* call model\.load_weights\(\"a\.weights\.h5\"\)"),
        ("a.h5", renamed_weights, "Received weights only"),
        ("a.h5", data_file, r"Received an HDF5 file without a model \(it holds signal\)"),
        ("a.h5", text, "Received another format or a truncated file"),
        ("a.keras", text, "Received another format or a truncated file"),
        ("a.keras", empty_archive, "Received a zip archive without a model"),
        ("a.pkl", text, r'a saved Keras model, \.keras or \.h5\. Received "\.pkl"'),
        ("a.keras", lambda path: path, "Received no such file"),
        ("a", lambda path: path.mkdir() or path, "Received a folder"),
        ("a.h5", lambda_layer, "expected layers that can be loaded safely. Received a Lambda layer"),
        ("a.keras", lambda_layer, "expected layers that can be loaded safely. Received a Lambda layer"),
    ],
)
def test_what_holds_no_model_is_refused_in_one_line(tmp_path, name, make, words):
    with pytest.raises(InputError, match=words) as refusal:
        load_keras(make(tmp_path / name))
    assert name in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.fixture
def data(tmp_path):
    rows = [(name, start, start + 5, "P") for name in "abcd" for start in (5, 25, 45)]
    rng = np.random.default_rng(0)
    signals = {name: rng.normal(size=(60, 2)) for name in "abcd"}
    return make_dataset(tmp_path / "data", signals=signals, rows=rows, description={"labels": ["P", "Q"]})


def diagnosed(capsys, *arguments):
    """The diagnosis from the command line, and what stood on stderr."""
    assert run(["diagnose", *map(str, arguments), "--json", "--preview"]) in (0, 1)
    out, err = capsys.readouterr()
    return json.loads(out), err


def test_an_h5_file_is_diagnosed_without_its_loss_and_says_why(tmp_path, data, script, capsys):
    path = saved(network(loss=script[1]["Squares"]()), tmp_path / "model.h5")
    content, err = diagnosed(capsys, path, data)
    because = {each["rule"]: each["because"] for each in content["skipped"]}
    for rule in ("pooled-dice", "focal-alpha-ignored", "unserialisable-loss"):
        assert because[rule].startswith('the loss could not be restored: "Squares" is not known here')
    assert "loss could not be restored" in err
    content, err = diagnosed(capsys, path, data, "--import", script[0])
    assert "unserialisable-loss" in content["checked"] and "could not be restored" not in err


@pytest.mark.parametrize("verb", ["diagnose", "mend"])
def test_a_subclassed_model_comes_by_import(tmp_path, data, script, capsys, verb):
    model = script[1]["Reader"]()
    model(np.zeros((1, 60, 2), "float32"))
    path = saved(model, tmp_path / "model.keras")
    out = ["-o", str(tmp_path / "out"), "--budget", "5s"] if verb == "mend" else []
    arguments = [verb, str(path), str(data), *out]
    assert run(arguments) == 2
    err = capsys.readouterr().err
    assert 'the class "Reader": --import FILE.py brings' in err and err.count("\n") == 1
    assert run([*arguments, "--import", str(script[0])]) in (0, 1)


def test_a_registered_layer_and_a_loss_come_by_import(tmp_path, data, script, capsys):
    path = saved(network(script[1]["Doubled"](), loss=script[1]["Squares"]()), tmp_path / "model.keras")
    keras.saving.get_custom_objects().pop("mine>Doubled")
    content, _ = diagnosed(capsys, path, data, "--import", script[0])
    assert "unserialisable-loss" in content["checked"]


def test_an_import_that_fails_is_named(tmp_path, data, capsys):
    (tmp_path / "broken.py").write_text("import nowhere_to_be_found\n")
    path = saved(network(), tmp_path / "model.keras")
    for name, words in (("broken.py", "Received ModuleNotFoundError"), ("none.py", "expected a Python file")):
        assert run(["diagnose", str(path), str(data), "--import", str(tmp_path / name)]) == 2
        err = capsys.readouterr().err
        assert words in err and name in err and err.count("\n") == 1
