"""The doctor on real Keras models, small and with weights set by hand."""

import json

import keras
import numpy as np
import pytest

import segmend
from segmend.anatomy import of_keras
from segmend.cli import run
from segmend.errors import InputError
from segmend.prediction.whole import predict_whole
from tests.diagnosis.charts import LABELS, heartbeats, write_heartbeats

# Keras' own saving hands JAX arrays to h5py in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


def _reader(kernel=3, *, activation="softmax", padding="same", classes=4, steps=None):
    """A model that reads the class from one-hot channels, averaged over ``kernel`` steps."""
    layer = keras.layers.Conv1D(classes, kernel, padding=padding, activation=activation)
    model = keras.Sequential([keras.Input((steps, 4)), layer])
    weights = np.tile(np.eye(4, classes)[None], (kernel, 1, 1)) * 12 / kernel
    layer.set_weights([weights, np.zeros(classes)])
    return model


def _data(noise=0.0, recordings=4):
    truth = np.stack(heartbeats(recordings))
    rng = np.random.default_rng(0)
    return (np.eye(4)[truth] + rng.normal(0, noise, (*truth.shape, 4))).astype("float32"), truth


def _rules(diagnosis):
    return [finding.rule for finding in diagnosis.findings]


def test_a_healthy_model_has_no_fault():
    x, y = _data()
    model = _reader(kernel=1)
    model.compile("adam", "sparse_categorical_crossentropy")
    diagnosis = segmend.diagnose(model, x, y, labels=LABELS.foreground_names)
    assert diagnosis.chart.scores["segment"]["f1@50"] == 1
    assert diagnosis.chart.anatomy.losses[0].name == "SparseCategoricalCrossentropy"
    assert not diagnosis.is_grave


def test_a_short_field_explains_the_pieces_that_explain_the_count():
    x, y = _data(noise=0.5)
    diagnosis = segmend.diagnose(_reader(kernel=1), x, y, labels=LABELS.foreground_names)
    found = {finding.rule: finding for finding in diagnosis.findings}
    assert _rules(diagnosis).index("receptive-field-too-short") < _rules(diagnosis).index("over-segmentation")
    assert "receptive-field-too-short" in found["over-segmentation"].explained_by
    assert "over-segmentation" in found["count-bias"].explained_by


def test_logits_are_turned_into_probabilities_where_the_loss_takes_logits():
    x, y = _data(noise=0.3)
    model = _reader(activation=None)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    diagnosis = segmend.diagnose(model, x, y)
    soft = _reader().predict(x, verbose=0)
    assert diagnosis.notes == ()
    np.testing.assert_allclose(np.stack(diagnosis.chart.prediction.y_prob), soft, atol=1e-5)


def test_a_softmax_before_a_loss_on_logits_is_found():
    x, y = _data()
    model = _reader()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert "activation-loss-mismatch" in _rules(segmend.diagnose(model, x, y))


def test_an_output_of_another_length_is_found_and_not_scored():
    x, y = _data()
    diagnosis = segmend.diagnose(_reader(padding="valid"), x, y)
    assert diagnosis.findings[0].rule == "output-length-mismatch"
    assert diagnosis.findings[0].severity == "error"
    assert diagnosis.chart.prediction is None
    text = " ".join(str(diagnosis).split())
    assert "Nothing could be scored: y_" in text and 'Set padding="same"' in text
    assert "manual ones are yours to do" in text
    assert diagnosis.chart.targets["sizes"][0][0] == diagnosis.chart.targets["output_sizes"][0][0] + 2


def test_float_targets_are_reported_not_refused():
    x, y = _data()
    diagnosis = segmend.diagnose(_reader(), x, y + 0.5)
    assert diagnosis.is_grave
    assert diagnosis.chart.targets["form"] == "fractional"


def test_recordings_of_unequal_length_and_a_fixed_window():
    x, _ = _data(noise=0.2)
    unequal = [rows[: 400 + 60 * k] for k, rows in enumerate(x)]
    free, fixed = _reader(kernel=5), _reader(kernel=5, steps=256)
    anatomy = of_keras(fixed)
    for whole, tiled in zip(predict_whole(free, unequal), predict_whole(fixed, unequal, anatomy), strict=True):
        assert whole.shape == tiled.shape
        np.testing.assert_allclose(whole[4:-4], tiled[4:-4], atol=1e-5)


def test_channels_that_are_not_the_models_are_refused():
    x, y = _data()
    with pytest.raises(InputError, match=r"x\[0\]: expected 4 channels as the model takes. Received 3"):
        segmend.diagnose(_reader(), x[..., :3], y)


def test_a_py_dataset_is_read():
    x, y = _data()

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return x[2 * index : 2 * index + 2], y[2 * index : 2 * index + 2]

    diagnosis = segmend.diagnose(_reader(kernel=1), Batches())
    assert len(diagnosis.chart.prediction.names) == 4


class _Subclassed(keras.Model):
    """A model with a call of its own that saw no data yet."""

    def __init__(self, layer, keys=()):
        super().__init__()
        self.layer, self.keys = layer, keys

    def call(self, inputs):
        answer = self.layer(inputs)
        return dict.fromkeys(self.keys, answer) if self.keys else answer


def test_a_subclassed_model_is_probed_with_the_recordings_it_is_given():
    x, y = _data(noise=0.5)
    model = _Subclassed(_reader(kernel=1).layers[-1], keys=("labels",))
    diagnosis = segmend.diagnose(model, x, y, labels=LABELS.foreground_names)
    assert "receptive-field-too-short" in _rules(diagnosis)
    assert diagnosis.chart.anatomy.parameters == 20
    assert diagnosis.chart.anatomy.outputs[0].fields[0].effective[95] == 1


def test_a_model_that_fails_is_said_to_fail_and_on_what():
    x, y = _data()
    with pytest.raises(InputError, match=rf"batch of shape \({len(x)}, {x.shape[1]}, 4\)\. Received ValueError: "):
        segmend.diagnose(_Subclassed(keras.layers.Conv2D(2, 3)), x, y)


@pytest.fixture
def folders(tmp_path):
    """A saved model and a DATA folder."""
    x, y = _data(noise=0.5)
    split = {"train": ["r0", "r1"], "val": ["r2", "r3"]}
    write_heartbeats(tmp_path / "data", x, y, split=split)
    _reader(kernel=1).save(tmp_path / "model.keras")
    return tmp_path


def test_a_saved_model_on_a_data_folder(folders, capsys):
    assert run(["diagnose", str(folders / "model.keras"), str(folders / "data"), "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["judged_on"] == "val"
    assert {"over-segmentation", "count-bias"} <= {finding["rule"] for finding in content["findings"]}


def test_a_file_that_is_no_model_is_refused(folders, capsys):
    (folders / "broken.keras").write_bytes(b"no zip")
    assert run(["diagnose", str(folders / "broken.keras"), str(folders / "data")]) == 2
    assert "broken.keras: expected a saved Keras model" in capsys.readouterr().err


def test_a_model_of_other_classes_is_a_finding(folders, capsys):
    _reader(classes=3).save(folders / "other.keras")
    assert run(["diagnose", str(folders / "other.keras"), str(folders / "data"), "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["findings"][0]["severity"] == "error"
    assert content["oracle"] == []


@pytest.fixture
def run_folder(tmp_path):
    """A RUN: predictions of a train and a val part, with the model, the fingerprint and the history."""
    from segmend.artifacts.history import History
    from segmend.artifacts.prediction import Prediction
    from segmend.core.segments import Segments
    from segmend.fingerprinting import of_labels
    from segmend.pipeline.runs import run_folder as parts
    from segmend.pipeline.runs.write_predictions import write_predictions

    x, y = _data(noise=0.5)
    model = _reader(kernel=1)
    prob = tuple(predict_whole(model, x))
    prediction = Prediction(
        names=("r0", "r1", "r2", "r3"),
        labels=LABELS,
        y_true=tuple(y),
        y_pred=tuple(rows.argmax(axis=1) for rows in prob),
        y_prob=prob,
        reference=tuple(Segments.from_steps(steps) for steps in y),
        splits={"train": ("r0", "r1"), "val": ("r2", "r3")},
    )
    write_predictions(prediction, tmp_path / parts.PREDICTIONS)
    parts.write_history(tmp_path / parts.HISTORY, History(columns={"loss": (1.0, 0.5)}))
    (tmp_path / parts.FINGERPRINT).write_text(json.dumps(of_labels(prediction).to_dict()))
    model.save(tmp_path / parts.MODEL)
    return tmp_path


def test_a_run_brings_its_model_and_history(run_folder, capsys):
    report = run_folder / "report.html"
    assert run(["diagnose", str(run_folder), "--json", "--report", str(report)]) == 1
    out, err = capsys.readouterr()
    content = json.loads(out)
    assert content["judged_on"] == "val"
    assert content["findings"][0]["rule"] == "receptive-field-too-short"
    assert "receptive-field-too-short" in content["checked"]
    assert report.read_text(encoding="utf-8").startswith("<!") and str(report) in err


def test_a_report_of_what_could_not_be_judged_is_left_out_and_it_is_said(folders, capsys):
    _reader(padding="valid").save(folders / "valid.keras")
    report = folders / "report.html"
    assert run(["diagnose", str(folders / "valid.keras"), str(folders / "data"), "--report", str(report)]) == 1
    assert "no report" in capsys.readouterr().err and not report.exists()


def test_a_custom_layer_comes_by_import(folders, capsys):
    script = folders / "layers.py"
    script.write_text(
        "import keras\n\n@keras.saving.register_keras_serializable('mine')\nclass Same(keras.layers.Layer):\n"
        "    def call(self, x):\n        return x\n"
    )
    from segmend.pipeline.inputs.keras_files import run_script

    run_script(script)
    registered = keras.saving.get_registered_object("mine>Same")
    model = keras.Sequential([keras.Input((None, 4)), registered(), keras.layers.Conv1D(4, 1, activation="softmax")])
    model.save(folders / "custom.keras")
    del keras.saving.get_custom_objects()["mine>Same"]
    arguments = ["diagnose", str(folders / "custom.keras"), str(folders / "data")]
    assert run(arguments) == 2
    assert "--import" in capsys.readouterr().err
    assert run([*arguments, "--import", str(script)]) in (0, 1)
