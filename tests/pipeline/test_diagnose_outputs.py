"""One output of a model that has several, diagnosed and mended as if it had that alone."""

import json

import keras
import numpy as np
import pytest

import segmend
from segmend.artifacts.history import History
from segmend.cli import run
from segmend.errors import InputError
from segmend.pipeline.inputs.single import Given, as_single, history_of
from segmend.prediction.one_output import Output, one_output
from tests.diagnosis.charts import LABELS, heartbeats, write_heartbeats

pytestmark = [
    pytest.mark.backend,
    # Keras' own saving hands arrays to h5py in a way that NumPy 2 deprecates.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def _data(noise=0.5, recordings=4):
    truth = np.stack(heartbeats(recordings))
    rng = np.random.default_rng(0)
    return (np.eye(4)[truth] + rng.normal(0, noise, (*truth.shape, 4))).astype("float32"), truth


def _wave(name="wave"):
    """A head that reads the class from one-hot channels."""
    return keras.layers.Conv1D(
        4,
        1,
        activation="softmax",
        name=name,
        kernel_initializer=lambda shape, dtype=None: keras.ops.convert_to_tensor(12 * np.eye(4)[None], dtype),
    )


def _two_heads(form=dict):
    """Waves of every step beside whether a recording is noisy; "wave" is the second output."""
    entry = keras.Input((None, 4))
    noisy = keras.layers.Dense(1, activation="sigmoid", name="noisy")(keras.layers.GlobalAveragePooling1D()(entry))
    wave = _wave()(entry)
    model = keras.Model(entry, {"is_noisy": noisy, "waves": wave} if form is dict else [noisy, wave])
    losses = {"is_noisy": "binary_crossentropy", "waves": "sparse_categorical_crossentropy"}
    metrics = {"waves": ["accuracy"]}
    if form is dict:
        model.compile("adam", loss=losses, metrics=metrics)
    else:
        model.compile("adam", loss=list(losses.values()), metrics=[[], ["accuracy"]])
    return model


def _one_head():
    model = keras.Sequential([keras.Input((None, 4)), _wave()])
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class Several(keras.Model):
    """No graph, and a dict or a tuple of answers."""

    def __init__(self, form):
        super().__init__()
        self.head, self.form = _wave(), form

    def call(self, inputs):
        answer = self.head(inputs)
        return {"waves": answer, "half": answer[:, ::2]} if self.form is dict else (answer[:, ::2], answer)


def _rules(diagnosis):
    return [finding.rule for finding in diagnosis.findings]


@pytest.mark.parametrize(("form", "output"), [(dict, "waves"), (dict, "wave"), (dict, 1), (list, "wave"), (list, 1)])
def test_one_output_is_diagnosed_as_if_it_were_alone(form, output):
    x, y = _data()
    noisy = np.zeros((len(y), 1))
    labels = {"is_noisy": noisy, "waves": y} if form is dict else [noisy, y]
    expected = segmend.diagnose(_one_head(), x, y, labels=LABELS.foreground_names)
    assert "receptive-field-too-short" in _rules(expected)
    for given in (labels, y):  # of all outputs, or of this one alone
        found = segmend.diagnose(_two_heads(form), x, given, labels=LABELS.foreground_names, output=output)
        assert _rules(found) == _rules(expected)
        assert [loss.name for loss in found.chart.anatomy.losses] == ["SparseCategoricalCrossentropy"]
        assert found.chart.anatomy.metrics == expected.chart.anatomy.metrics
        assert found.chart.anatomy.outputs[0].fields == expected.chart.anatomy.outputs[0].fields


@pytest.mark.parametrize(("form", "output"), [(dict, "waves"), (tuple, 1)])
def test_an_output_of_a_model_without_a_graph_is_probed(form, output):
    x, y = _data()
    found = segmend.diagnose(Several(form), x, y, labels=LABELS.foreground_names, output=output)
    assert "receptive-field-too-short" in _rules(found)
    assert found.chart.anatomy.outputs[0].fields[0].effective[95] == 1


def test_an_output_of_a_callable():
    x, y = _data()
    answer = segmend.diagnose(lambda x: {"a": x[..., :1], "b": np.abs(x)}, x, y, output="b").chart.prediction
    assert answer.y_prob[0].shape == (len(y[0]), 4)


def test_an_output_of_a_torch_module():
    torch = pytest.importorskip("torch")

    class Both(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = torch.nn.Conv1d(4, 4, 3, padding=1)

        def forward(self, x):
            answer = self.conv(x)
            return answer, answer.mean(-1)

    x, y = _data()
    steps = np.moveaxis(x, 2, 1)
    found = segmend.diagnose(Both(), steps, [y, y[:, 0]], output=0)
    assert found.chart.prediction.y_prob[0].shape == (len(y[0]), 4)
    whole = segmend.diagnose(Both(), steps, y[:, 0], output=1, background=None)
    assert whole.chart.prediction.y_prob[0].shape == (4,)
    with pytest.raises(InputError, match="2 parts; output=NUMBER"):
        segmend.diagnose(Both(), steps, y)


def test_batches_validation_data_and_weights_are_cut_to_the_output():
    x, y = _data(recordings=6)
    weight = np.ones(y.shape)
    weight[:, :20] = 0
    noisy, of_all = np.zeros(len(y)), np.ones(len(y))

    def batches():
        for k in range(0, 6, 2):
            rows = slice(k, k + 2)
            yield (
                x[rows],
                {"is_noisy": noisy[rows], "waves": y[rows]},
                {"is_noisy": of_all[rows], "waves": weight[rows]},
            )

    expected = segmend.diagnose(_one_head(), x, y, sample_weight=weight).chart.prediction
    arrays = (x, {"is_noisy": noisy, "waves": y}, {"is_noisy": of_all, "waves": weight})
    for arguments, more in (
        ((batches(),), {}),
        (arrays[:2], {"sample_weight": arrays[2]}),
        (arrays[:2], {"validation_data": arrays}),
        (arrays[:2], {"validation_data": batches()}),
    ):
        found = segmend.diagnose(_two_heads(), *arguments, output="waves", **more).chart.prediction
        np.testing.assert_array_equal(np.stack(found.y_true), np.stack(expected.y_true))


def test_a_list_with_an_entry_for_each_recording_is_the_outputs_own():
    given, _ = as_single(Given(_two_heads(), [np.zeros((5, 4)), np.zeros((9, 4))], [1, 2], None, None), "waves")
    assert given.y == [1, 2]
    given, _ = as_single(Given(_two_heads(), np.zeros((3, 5, 4)), [np.zeros(3), np.ones((3, 5))], None, None), 1)
    np.testing.assert_array_equal(given.y, np.ones((3, 5)))


def test_the_history_is_that_of_the_output():
    columns = {"loss": (3.0,), "waves_loss": (1.0,), "val_waves_loss": (2.0,), "waves_accuracy": (0.5,), "lr": (0.1,)}
    both, which = History(columns=columns), Output(("waves", "wave"), 1)
    assert history_of(both, which).columns == {"loss": (1.0,), "val_loss": (2.0,), "accuracy": (0.5,)}
    assert history_of(both, Output(("other",), 0)) is both
    assert history_of(both, None) is both


def test_what_keras_writes_into_a_history_is_found():
    x, y = _data()
    model = _two_heads()
    labels = {"is_noisy": np.zeros((len(y), 1)), "waves": y}
    history = model.fit(x, labels, validation_data=(x, labels), epochs=2, verbose=0)
    found = segmend.diagnose(model, x, labels, history=history, output="waves").chart.history
    assert set(found.columns) == {"loss", "val_loss", "accuracy", "val_accuracy"}
    assert found.columns["val_loss"] == tuple(history.history["val_waves_loss"])


def test_what_is_not_there_is_refused_by_name():
    x, y = _data()
    for form, names in ((dict, '"is_noisy", "waves"'), (list, '"noisy", "wave"')):
        with pytest.raises(InputError, match=rf"Received 2 \({names}\); output="):
            segmend.diagnose(_two_heads(form), x, y)
        for output in ("none", 2):
            with pytest.raises(InputError, match=rf"output: expected one of {names}, or a number below 2. Received"):
                segmend.diagnose(_two_heads(form), x, y, output=output)
    with pytest.raises(InputError, match=r'y: expected one for output "waves"\. Received "is_noisy"'):
        segmend.diagnose(_two_heads(), x, {"is_noisy": y}, output="waves")
    with pytest.raises(InputError, match=r'Received 2 \("\w+", "\w+"\); output="\w+" looks'):
        segmend.diagnose(Several(dict), x, y)
    with pytest.raises(InputError, match=r'expected one for output "quarter"\. Received "\w+", "\w+"$'):
        segmend.diagnose(Several(dict), x, y, output="quarter")
    with pytest.raises(InputError, match=r"output: expected with a model and data alone\. Received 'waves'"):
        segmend.diagnose(y_true=y, y_prob=np.eye(4)[y], output="waves")


def test_the_model_of_one_output_shares_weights():
    whole = _two_heads()
    alone, which = one_output(whole, "wave")
    assert (which.names, which.number) == (("waves", "wave"), 1)
    assert {id(weight) for weight in alone.weights} == {id(weight) for weight in whole.get_layer("wave").weights}
    single = _one_head()
    assert one_output(single, 0)[0] is one_output(single, "wave")[0] is single


def test_mending_and_the_command_line_take_an_output(tmp_path, capsys):
    x, y = _data(recordings=6)
    mended = segmend.mend(
        _two_heads(), x[:4], y[:4], validation_data=(x[4:], y[4:]), output="waves", budget="4s", background=0
    )
    assert mended.certificate.outcome.before["count_ratio"] > 1.5
    write_heartbeats(tmp_path / "data", x, y)
    entry = keras.Input((None, 4))
    keras.Model(entry, [keras.layers.Dense(2, name="other")(entry), keras.layers.Dense(4, name="wave")(entry)]).save(
        tmp_path / "model.keras"
    )
    files = [str(tmp_path / "model.keras"), str(tmp_path / "data")]
    assert run(["diagnose", *files]) == 2
    assert '"other", "wave"' in capsys.readouterr().err
    for name in ("wave", "1"):
        assert run(["diagnose", *files, "--output", name, "--json"]) in (0, 1)
        assert json.loads(capsys.readouterr().out)["findings"]
    assert run(["diagnose", str(tmp_path / "data"), "--output", "wave"]) == 2
    assert "output: expected with a model and data alone" in capsys.readouterr().err
