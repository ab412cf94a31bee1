"""Models of several inputs: diagnosed and mended with the channels of all as one signal."""

import json

import keras
import numpy as np
import pytest

import segmend
from segmend.cli import run
from segmend.errors import InputError, NotYetError
from segmend.prediction.one_input import Inputs, one_input
from tests.diagnosis.charts import LABELS, heartbeats, write_heartbeats

pytestmark = [
    pytest.mark.backend,
    # Keras' own saving hands arrays to h5py in a way that NumPy 2 deprecates.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def _data(recordings=4, noise=0.5):
    """One-hot channels in two parts, the first three and the last, and class numbers."""
    truth = np.stack(heartbeats(recordings))
    rng = np.random.default_rng(0)
    x = (np.eye(4)[truth] + rng.normal(0, noise, (*truth.shape, 4))).astype("float32")
    return {"ecg": x[..., :3], "belt": x[..., 3:]}, truth


def _read(entry, part):
    """A convolution of width 1 that reads classes from their channels."""
    layer = keras.layers.Conv1D(4, 1)
    answer = layer(entry)
    layer.set_weights([12 * np.eye(4)[None, part], np.zeros(4)])
    return answer


def _model(form=list, steps=(None, None)):
    ecg, belt = keras.Input((steps[0], 3), name="ecg"), keras.Input((steps[1], 1), name="belt")
    parts = [_read(ecg, slice(3)), _read(belt, slice(3, 4))]
    out = keras.layers.Softmax(name="wave")(keras.layers.Add()(parts))
    model = keras.Model({"ecg": ecg, "belt": belt} if form is dict else [ecg, belt], out)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _rules(diagnosis):
    return [finding.rule for finding in diagnosis.findings]


def test_what_several_inputs_hold_is_one_signal():
    x, y = _data()
    entry = keras.Input((None, 4))
    alone = keras.Model(entry, keras.layers.Softmax()(_read(entry, slice(4))))
    alone.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    packed = np.concatenate([x["ecg"], x["belt"]], axis=-1)
    expected = segmend.diagnose(alone, packed, y, labels=LABELS.foreground_names)
    assert "receptive-field-too-short" in _rules(expected)
    in_order = [x["ecg"], x["belt"]]
    for form, given in ((list, x), (list, in_order), (list, tuple(in_order)), (dict, x), (list, packed)):
        found = segmend.diagnose(_model(form), given, y, labels=LABELS.foreground_names)
        assert _rules(found) == _rules(expected)
        assert found.chart.anatomy.outputs[0].fields == expected.chart.anatomy.outputs[0].fields
        assert [loss.name for loss in found.chart.anatomy.losses] == ["SparseCategoricalCrossentropy"]
        assert found.chart.anatomy.metrics == expected.chart.anatomy.metrics
        np.testing.assert_allclose(
            np.stack(found.chart.prediction.y_prob), np.stack(expected.chart.prediction.y_prob), atol=1e-5
        )


def test_recordings_of_other_lengths_batches_and_validation_data():
    x, y = _data()
    cut = [300, 400, 500, 600]
    several = {name: [rows[:n] for rows, n in zip(part, cut, strict=True)] for name, part in x.items()}
    labels = [rows[:n] for rows, n in zip(y, cut, strict=True)]
    found = segmend.diagnose(_model(), several, labels)
    assert [len(rows) for rows in found.chart.prediction.y_prob] == cut
    batches = [({name: part[k : k + 2] for name, part in x.items()}, y[k : k + 2]) for k in (0, 2)]
    for arguments, more in (((batches_of(batches),), {}), ((x, y), {"validation_data": (x, y)})):
        found = segmend.diagnose(_model(), *arguments, **more)
        np.testing.assert_array_equal(np.stack(found.chart.prediction.y_true), y)


def batches_of(batches):
    yield from batches


def test_several_inputs_and_outputs_at_once():
    x, y = _data()
    model = _model()
    both = keras.Model(model.inputs, {"wave": model.output, "other": keras.layers.Dense(2)(model.output)})
    found = segmend.diagnose(both, x, {"wave": y, "other": y}, output="wave", labels=LABELS.foreground_names)
    assert "receptive-field-too-short" in _rules(found)


def test_images_of_two_inputs():
    inputs = [keras.Input((16, 16, n)) for n in (3, 1)]
    model = keras.Model(inputs, keras.layers.Conv2D(2, 3, padding="same")(keras.layers.Concatenate()(inputs)))
    packed, names = one_input(model)
    assert packed.input_shape == (None, 16, 16, 4)
    assert names.channels == (3, 1)
    assert {id(weight) for weight in packed.weights} == {id(weight) for weight in model.weights}
    x = [np.random.default_rng(0).normal(size=(2, 16, 16, n)).astype("float32") for n in (3, 1)]
    np.testing.assert_allclose(
        packed.predict(names.packed(x), verbose=0), model.predict(x, verbose=0), rtol=1e-5, atol=1e-6
    )


def test_what_is_not_several_inputs_stays_as_it_is():
    single = keras.Sequential([keras.Input((None, 4)), keras.layers.Dense(2)])
    for model in (single, len, None):
        assert one_input(model) == (model, None)


def test_mending_and_a_folder_take_the_channels_in_order(tmp_path, capsys):
    x, y = _data(recordings=6)
    packed = np.concatenate([x["ecg"], x["belt"]], axis=-1)
    train, held_out = ({name: part[rows] for name, part in x.items()} for rows in (slice(4), slice(4, 6)))
    mended = segmend.mend(_model(), train, y[:4], validation_data=(held_out, y[4:]), budget="3s")
    assert mended.predict(packed[4:])[0].shape == y[4].shape
    write_heartbeats(tmp_path / "data", packed, y)
    _model().save(tmp_path / "model.keras")
    assert run(["diagnose", str(tmp_path / "model.keras"), str(tmp_path / "data"), "--json"]) == 1
    assert "over-segmentation" in {each["rule"] for each in json.loads(capsys.readouterr().out)["findings"]}


def test_what_does_not_fit_is_refused_by_name():
    x, y = _data()
    for given, message in (
        ({"ecg": x["ecg"]}, r'x: expected an array for each of "ecg", "belt"\. Received "ecg"$'),
        ([x["ecg"]] * 3, r'x: expected an array for each of "ecg", "belt"\. Received 3$'),
        ({**x, "belt": x["belt"][1:]}, r'x, "belt": expected 4 recordings as "ecg" has\. Received 3$'),
        ({**x, "belt": x["belt"][:, 1:]}, r'x, "belt"\[0\]: expected \(720,\) before the channels, as "ecg" has\.'),
    ):
        with pytest.raises(InputError, match=message):
            segmend.diagnose(_model(), given, y)
    signal, facts = keras.Input((None, 3), name="signal"), keras.Input((5,), name="facts")
    beside = keras.layers.Add()([keras.layers.GlobalMaxPooling1D()(signal), keras.layers.Dense(3)(facts)])
    with pytest.raises(NotYetError, match=r'share their steps\. Received "signal" \(None, 3\), "facts" \(5,\)'):
        segmend.diagnose(keras.Model([signal, facts], beside), [x["ecg"], y], y)


def test_sizes_that_differ_are_refused_and_open_ones_take_the_others():
    inputs = [keras.Input((20, 3), name="a"), keras.Input((10, 1), name="b")]
    pooled = [keras.layers.GlobalMaxPooling1D()(each) for each in inputs]
    with pytest.raises(NotYetError, match=r'"a" \(20, 3\), "b" \(10, 1\)'):
        one_input(keras.Model(inputs, keras.layers.Concatenate()(pooled)))
    assert one_input(_model(steps=(20, None)))[0].input_shape == (None, 20, 4)
    assert Inputs(("a", "b"), (1, 2)).packed(np.zeros((2, 5, 3))).shape == (2, 5, 3)
