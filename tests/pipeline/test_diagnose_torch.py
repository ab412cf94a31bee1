"""The doctor on PyTorch modules: every task, both ranks, and data as PyTorch users hold it."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

import segmend  # noqa: E402
from segmend.errors import InputError  # noqa: E402
from tests.anatomy import modules  # noqa: E402
from tests.diagnosis.charts import LABELS, heartbeats  # noqa: E402

pytestmark = [
    pytest.mark.backend,
    # Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def _signals(noise=0.3, recordings=4):
    """Channels first, one for each class, and class numbers of steps."""
    truth = np.stack(heartbeats(recordings))
    rng = np.random.default_rng(0)
    x = np.eye(4)[truth] + rng.normal(0, noise, (*truth.shape, 4))
    return np.moveaxis(x, 2, 1).astype(np.float32), truth


class Reader(nn.Module):
    """Reads the class from its channel, averaged over some steps (pixels); scores, channels first."""

    def __init__(self, classes=4, kernel=3, rank=1, padding=None):
        super().__init__()
        kind = (nn.Conv1d, nn.Conv2d)[rank - 1]
        self.conv = kind(classes, classes, kernel, padding=kernel // 2 if padding is None else padding)
        weights = np.zeros((classes, classes, *[kernel] * rank))
        weights[range(classes), range(classes)] = 12 / kernel**rank
        self.conv.weight.data = torch.from_numpy(weights.astype(np.float32))
        self.conv.bias.data[:] = -6

    def forward(self, x):
        return self.conv(x)


class LastReader(Reader):
    def forward(self, x):
        return self.conv(x.transpose(1, 2)).transpose(1, 2)


def _rules(diagnosis):
    return [finding.rule for finding in diagnosis.findings]


def _same(one, other):
    np.testing.assert_allclose(
        np.stack(one.chart.prediction.y_prob), np.stack(other.chart.prediction.y_prob), atol=1e-6
    )


def test_channels_first_and_last_are_one_diagnosis():
    x, y = _signals()
    module = Reader().train()
    first = segmend.diagnose(module, x, y, labels=LABELS.foreground_names, preview=True)
    last = segmend.diagnose(LastReader(), np.moveaxis(x, 1, 2), y, labels=LABELS.foreground_names, preview=True)
    _same(first, last)
    assert first.chart.fingerprint.channels == last.chart.fingerprint.channels
    assert _rules(first) == _rules(last)
    assert first.chart.scores["step"]["accuracy"] > 0.95
    told = " ".join(first.notes)
    assert "(4, 720) are read as (channels, steps), as conv (Conv1d) takes them" in told
    assert "outputs of shape (4, 720) are read as (classes, steps), as the labels' size says" in told
    assert not any("read as" in note for note in last.notes)
    assert module.training


def test_a_short_field_explains_the_pieces():
    x, y = _signals(noise=0.6)
    diagnosis = segmend.diagnose(Reader(kernel=1), x, y, labels=LABELS.foreground_names, preview=True)
    found = {finding.rule: finding for finding in diagnosis.findings}
    assert found["receptive-field-too-short"].evidence["field_steps"] == 1
    assert "receptive-field-too-short" in found["over-segmentation"].explained_by
    reasons = {entry.rule: entry.because for entry in diagnosis.skipped}
    assert reasons["pooled-dice"] == "a torch module does not tell its loss"


def test_an_output_of_another_length_is_found():
    x, y = _signals()
    diagnosis = segmend.diagnose(Reader(padding=0), x, y)
    assert _rules(diagnosis)[0] == "output-length-mismatch"
    assert diagnosis.findings[0].evidence["difference"] == 2
    assert diagnosis.findings[0].evidence["layers"] == ["conv (Conv1D)"]


@pytest.mark.parametrize("form", ["tensors", "loader", "dataset", "lists", "validation loader"])
def test_data_as_pytorch_users_hold_it(form):
    x, y = _signals()
    given = torch.from_numpy(x).requires_grad_(True), torch.from_numpy(y)
    pairs = TensorDataset(torch.from_numpy(x), given[1])
    arguments = {
        "tensors": {"x": given[0], "y": given[1]},
        "loader": {"x": DataLoader(pairs, batch_size=3)},
        "dataset": {"x": pairs},
        "lists": {"x": list(given[0]), "y": list(given[1])},
        "validation loader": {"validation_data": DataLoader(pairs, batch_size=3)},
    }[form]
    diagnosis = segmend.diagnose(Reader(), **arguments)
    _same(diagnosis, segmend.diagnose(Reader(), x, y))
    assert diagnosis.chart.judged_on == ("validation_data" if "validation" in form else "x, y")


def test_recordings_of_unequal_length_and_masks_as_tensors():
    x, y = _signals()
    lengths = [500, 600, 720, 600]
    diagnosis = segmend.diagnose(
        Reader(),
        [rows[:, :n] for rows, n in zip(x, lengths, strict=True)],
        [rows[:n] for rows, n in zip(y, lengths, strict=True)],
        groups=torch.tensor([0, 0, 1, 1]),
    )
    assert [len(rows) for rows in diagnosis.chart.prediction.y_true] == lengths
    assert diagnosis.chart.prediction.groups == ("0", "0", "1", "1")
    masked = segmend.diagnose(Reader(), x, y, mask=torch.arange(720).repeat(4, 1) < 300)
    assert (masked.chart.prediction.y_true[0][300:] == -1).all()


def test_labels_that_overlap_with_classes_first():
    x, y = _signals()
    hot = np.moveaxis(np.eye(4)[y], 2, 1)[:, 1:]
    hot[:, 0, :40] = hot[:, 1, :40] = 1
    module = nn.Sequential(Reader(), nn.Conv1d(4, 3, 1, bias=False), nn.Sigmoid())
    module[1].weight.data = torch.from_numpy(np.eye(4, dtype=np.float32)[1:, :, None])
    diagnosis = segmend.diagnose(module, x, hot)
    assert (diagnosis.chart.task.kind, diagnosis.chart.task.labels) == ("segmentation", "multilabel")
    assert any("labels of shape (3, 720) are read as (classes, steps)" in note for note in diagnosis.notes)
    assert diagnosis.chart.prediction.y_true[0].shape == (720, 3)
    assert diagnosis.chart.anatomy.outputs[0].activation == "sigmoid"


def test_one_channel_without_activation_is_a_logit():
    x, y = _signals()
    module = nn.Sequential(Reader(), nn.Conv1d(4, 1, 1))
    module[1].weight.data[:] = torch.tensor([0.0, 1, 1, 1])[None, :, None]
    module[1].bias.data[:] = 12.0
    for end in (nn.Identity(), nn.Flatten()):  # (recordings, 1, steps), and (recordings, steps)
        diagnosis = segmend.diagnose(nn.Sequential(module, end), x, (y > 0).astype(np.float32))
        assert any("logit" in note for note in diagnosis.notes)
        assert diagnosis.chart.scores["step"]["accuracy"] > 0.9
    said = torch.sigmoid(module(torch.from_numpy(x)))[:, 0].detach().numpy()
    np.testing.assert_allclose([rows[:, 1] for rows in diagnosis.chart.prediction.y_prob], said, atol=1e-6)
    with_sigmoid = segmend.diagnose(nn.Sequential(module, nn.Sigmoid()), x, y > 0)
    _same(with_sigmoid, diagnosis)
    assert not any("logit" in note for note in with_sigmoid.notes)


def _recordings(steps=30, recordings=40):
    """Signals with channels last whose class is the sign of their mean."""
    rng = np.random.default_rng(0)
    y = np.arange(recordings) % 2
    x = rng.normal(0, 0.3, (recordings, steps, 3)) + np.where(y, 1.0, -1.0)[:, None, None]
    return x.astype(np.float32), y


class Mean(nn.Module):
    def __init__(self, classes=2, squeeze=False):
        super().__init__()
        self.head = nn.Linear(3, classes)
        self.head.weight.data = (
            torch.linspace(-1, 1, classes)[:, None].repeat(1, 3) if classes > 1 else torch.ones(1, 3)
        )
        self.head.bias.data[:] = 0
        self.squeeze = squeeze

    def forward(self, x):
        scores = self.head(x.mean(1))
        return scores.squeeze() if self.squeeze else scores


@pytest.mark.parametrize("module", [Mean(), Mean(1), Mean(1, squeeze=True)], ids=["two", "one", "squeezed"])
def test_whole_recordings(module):
    x, y = _recordings()
    diagnosis = segmend.diagnose(module, x, y if module.head.out_features > 1 else y.astype(np.float32))
    assert diagnosis.chart.task.kind == "classification"
    assert diagnosis.chart.scores["step"]["accuracy"] == 1
    single = segmend.diagnose(module, [x[0], x[1][:20]], [y[0], y[1]])
    assert len(single.chart.prediction.names) == 2


def test_several_labels_of_whole_recordings():
    x, y = _recordings()
    diagnosis = segmend.diagnose(Mean(2), x, np.stack([1 - y, y], axis=1), task="multilabel-classification")
    assert diagnosis.chart.task.labels == "multilabel"
    assert diagnosis.chart.scores["step"]["subset_accuracy"] == 1


def _images(recordings=6):
    """Channels first; class 1 in a square."""
    rng = np.random.default_rng(0)
    y = np.zeros((recordings, 24, 30), np.int64)
    for k in range(recordings):
        y[k, 4 + k : 12 + k, 8:20] = 1
    x = np.moveaxis(np.eye(2)[y], 3, 1) + rng.normal(0, 0.2, (recordings, 2, 24, 30))
    return x.astype(np.float32), y


def test_images_pixel_by_pixel():
    x, y = _images()
    diagnosis = segmend.diagnose(Reader(2, rank=2), x, y, preview=True)
    assert diagnosis.chart.task.rank == 2
    assert diagnosis.chart.scores["step"]["accuracy"] > 0.95
    assert len(diagnosis.chart.anatomy.outputs[0].fields) == 2
    masks = segmend.diagnose(nn.Sequential(Reader(2, rank=2), nn.Sigmoid()), x, np.moveaxis(np.eye(2)[y], 3, 1))
    assert masks.chart.prediction.y_true[0].shape == (24, 30)


def test_images_of_whole_numbers_are_given_as_real_ones():
    x, y = _images()
    diagnosis = segmend.diagnose(Reader(2, kernel=1, rank=2), np.clip(x * 100, 0, 255).astype(np.uint8), y)
    assert diagnosis.chart.anatomy.outputs[0].fields[0].size == 1


def test_recordings_without_channels_for_a_module_that_adds_the_axis():
    class Adds(Reader):
        def forward(self, x):
            return self.conv(x.unsqueeze(1).repeat(1, 4, 1))

    _, y = _signals()
    diagnosis = segmend.diagnose(Adds(), y.astype(np.float32), y)
    assert diagnosis.chart.prediction.y_prob[0].shape == (720, 4)
    assert diagnosis.chart.anatomy.outputs[0].fields[0].size == 3


def test_one_row_for_labels_of_steps_is_no_logit():
    x, y = _signals()
    diagnosis = segmend.diagnose(nn.Sequential(nn.Flatten(), nn.Linear(4 * 720, 2)), x, y > 0)
    assert _rules(diagnosis)[0] == "output-length-mismatch"
    assert not any("logit" in note for note in diagnosis.notes)


@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
def test_a_compiled_module_is_told_by_the_labels():
    x, y = _signals()
    compiled = torch.jit.trace(Reader().eval(), torch.from_numpy(x))
    _same(segmend.diagnose(compiled, x, y), segmend.diagnose(Reader(), x, y))


def test_images_as_wholes():
    x, _ = _images()
    module = nn.Sequential(nn.Conv2d(2, 3, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Softmax(1))
    diagnosis = segmend.diagnose(module, x, np.arange(6) % 3)
    assert (diagnosis.chart.task.kind, diagnosis.chart.task.rank) == ("classification", 2)
    assert diagnosis.chart.prediction.y_prob[0].shape == (3,)


def test_a_square_output_is_told_by_what_follows_the_input():
    x, y = _signals()
    diagnosis = segmend.diagnose(Reader(kernel=1), x[:, :, 8:12], y[:, 8:12])
    expected = segmend.diagnose(LastReader(kernel=1), np.moveaxis(x[:, :, 8:12], 1, 2), y[:, 8:12])
    _same(diagnosis, expected)


def test_what_cannot_be_told_is_refused():
    class Shuffled(nn.Module):
        def forward(self, x):
            return torch.ones(len(x), 5, 5) / 5

    with pytest.raises(InputError, match=r"\(5, 5\), which both fits"):
        segmend.diagnose(Shuffled(), np.zeros((3, 5, 2), np.float32), np.zeros((3, 5), int))
    with pytest.raises(InputError, match=r"\(5, 5\), which neither fits"):
        segmend.diagnose(Shuffled(), np.zeros((3, 9, 2), np.float32), np.zeros((3, 9), int))
    with pytest.raises(InputError, match="Received RuntimeError"):
        segmend.diagnose(Reader(), np.zeros((2, 50, 3), np.float32), np.zeros((2, 50), int))
    with pytest.raises(InputError, match="2 parts"):
        segmend.diagnose(nn.LSTM(3, 4, batch_first=True), *_recordings())


class OneLogit(nn.Module):
    """Whether a step belongs to anything, from the channel of what is nothing: one logit, no axis for it."""

    def forward(self, x):
        return 8 * (0.5 - x[:, 0])


def test_a_module_is_mended_by_decoding_and_predicts_in_its_own_form():
    (x, y), (x_new, y_new) = _signals(noise=0.5, recordings=6), _signals(noise=0.5, recordings=8)
    options = {"labels": LABELS.foreground_names, "budget": "4s"}
    mended = segmend.mend(Reader(), x[:2], y[:2], validation_data=(x[2:], y[2:]), **options)
    assert mended.certificate.chosen
    before = segmend.score(y_new, y_prob=Reader()(torch.from_numpy(x_new)).softmax(1).detach().numpy().swapaxes(1, 2))
    after = segmend.score(y_new, np.stack(mended.predict(x_new)))
    assert after["segment"]["f1@50"] > before["segment"]["f1@50"] + 0.1


def test_a_module_of_one_logit_is_mended():
    x, y = _signals(noise=0.3, recordings=6)
    mended = segmend.mend(OneLogit(), x[:4], (y > 0)[:4] * 1, validation_data=(x[4:], (y > 0)[4:] * 1), budget="3s")
    answers = mended.predict(x[4:])
    assert answers[0].shape == y[4].shape
    assert np.mean(np.stack(answers) == (y[4:] > 0)) > 0.8


def test_recordings_taken_for_steps_are_told():
    module = modules.Recurrent(batch_first=False, take=lambda output, state: output.mean(1))
    notes = segmend.diagnose(module, *_recordings()).notes
    assert any("rnn (LSTM) takes recordings for steps: batch_first=True is lacking" in note for note in notes)


def test_dropout_that_stays_on_is_told():
    class Restless(Reader):
        def forward(self, x):
            return self.conv(nn.functional.dropout(x, 0.5))

    torch.manual_seed(0)
    notes = segmend.diagnose(Restless(), *_signals()).notes
    assert any("changes from call to call, as where dropout stays on" in note for note in notes)


def test_a_keras_model_stays_one_whatever_it_runs_on():
    keras = pytest.importorskip("keras")
    x, y = _signals()
    layer = keras.layers.Conv1D(4, 1, activation="softmax")
    model = keras.Sequential([keras.Input((None, 4)), layer])
    layer.set_weights([np.eye(4)[None] * 12, np.full(4, -6.0)])
    diagnosis = segmend.diagnose(model, np.moveaxis(x, 1, 2), y)
    assert diagnosis.chart.anatomy.framework == "keras"
    assert diagnosis.chart.scores["step"]["accuracy"] > 0.9


def test_the_last_step_on_padding_unless_the_module_leaves_padding_out():
    x, y = _recordings(steps=60)
    x[::2, 35:] = 0
    for module, fires in (
        (modules.Recurrent(take=modules.last, bidirectional=False), True),
        (modules.Packed(), False),
    ):
        found = {f.rule: f for f in segmend.diagnose(module, x, y, preview=True).findings}
        assert ("last-step-on-padding" in found) is fires
        if fires:
            assert "pack_padded_sequence" in found["last-step-on-padding"].remedies[0].advice


def test_weights_that_are_no_numbers_are_found():
    module = Reader()
    module.conv.weight.data[0, 0, 0] = np.nan
    diagnosis = segmend.diagnose(module, *_signals(), preview=True)
    assert diagnosis.chart.prediction is None
    assert "non-finite-weights" in _rules(diagnosis)


def test_silent_units_are_found():
    module = nn.Sequential(nn.Conv1d(4, 32, 3, padding=1), nn.ReLU(), nn.Conv1d(32, 4, 1))
    module[0].bias.data[:28] = -1e3
    found = {f.rule: f for f in segmend.diagnose(module, *_signals(), preview=True).findings}
    assert found["dead-units"].where == {"layer": "0"}
