import json

import numpy as np
import pytest

import segmend
from segmend.artifacts.finding import DiagnosisRecord
from segmend.errors import InputError, NotYetError
from segmend.loading import load_predictions
from segmend.pipeline.diagnose import diagnose_prediction
from segmend.pipeline.results.diagnosis_text import as_text
from tests.diagnosis.charts import LABELS, flickering, heartbeats, jittered, probabilities
from tests.shared import shared

MODELS = ("ed_tcn", "dilated_tcn", "tcnn", "frame_svm")


def _flickering():
    truth = heartbeats()
    said = flickering(truth, LABELS, "T")
    return truth, [probabilities(s, 4, 0.6, t) for s, t in zip(said, truth, strict=True)]


def _diagnosed(**arguments):
    truth, prob = _flickering()
    return segmend.diagnose(y_true=truth, y_prob=prob, labels=LABELS.foreground_names, **arguments)


def test_bare_probabilities():
    diagnosis = _diagnosed()
    assert [(f.rule, f.where, f.explained_by) for f in diagnosis.findings] == [
        ("over-segmentation", {"label": "T"}, ()),
        ("count-bias", {}, ("over-segmentation",)),
    ]
    assert diagnosis.is_grave
    assert {entry.rule for entry in diagnosis.skipped} >= {"receptive-field-too-short", "flat-channel"}


def test_json_is_the_contract():
    content = json.loads(json.dumps(_diagnosed().to_dict()))
    assert list(content) == ["schema", "task", "judged_on", "findings", "oracle", "checked", "skipped"]
    assert content["task"] == {"kind": "segmentation", "labels": "multiclass", "rank": 1, "classes": 4}
    first = content["findings"][0]
    assert list(first) == [
        "rule",
        "code",
        "severity",
        "where",
        "explained_by",
        "message",
        "evidence",
        "remedies",
    ]
    remedy = next(each for each in content["findings"] if each["rule"] == "over-segmentation")["remedies"][0]
    assert remedy["edits"] == {"decoder": "min_duration"} and remedy["safety"] == "safe"
    assert set(remedy["expected"]) == {"objective", "before", "at_most"}
    assert content["oracle"][0]["if_fixed"] is None
    assert {"if_fixed", "segment_f1@50", "count_mae"} <= set(content["oracle"][1])
    assert DiagnosisRecord.from_dict(content).to_dict() == content


def test_text_fits_eighty_columns_and_says_the_essentials():
    text = as_text(_diagnosed(), 80)
    assert all(len(line) <= 80 for line in text.splitlines())
    for part in ("error", "P402 over-segmentation", "label T", "decode-min-duration (safe)", "(because of"):
        assert part in " ".join(text.split())


def test_text_tells_what_to_do_and_who_does_it():
    diagnosis = _diagnosed()
    text = " ".join(as_text(diagnosis, 80).split())
    manual = [finding.remedies[0] for finding in diagnosis.findings if finding.remedies[0].safety == "manual"]
    assert all(remedy.advice in text for remedy in manual)
    assert "safe ones are tried and proven by segmend mend" in text
    assert ("manual ones are yours to do" in text) is bool(manual)


def test_text_is_a_table_where_there_is_room():
    text = as_text(_diagnosed(), 140)
    head = next(line for line in text.splitlines() if "severity" in line)
    assert head.split() == ["severity", "rule", "where", "evidence", "first", "remedy"]
    assert all(len(line) <= 140 for line in text.splitlines())


def test_notebook_table_escapes_what_comes_from_data():
    truth, prob = _flickering()
    diagnosis = segmend.diagnose(y_true=truth, y_prob=prob, labels=["P", "QRS", "<script>alert(1)</script>"])
    assert "<script>" not in diagnosis._repr_html_()
    assert "&lt;script&gt;" in diagnosis._repr_html_()


def test_nothing_wrong_nothing_found():
    truth = heartbeats()
    diagnosis = segmend.diagnose(y_true=truth, y_prob=[probabilities(s, 4, 0.97) for s in jittered(truth)])
    assert diagnosis.findings == () and not diagnosis.is_grave
    assert "Nothing found." in str(diagnosis)


def test_scores_become_probabilities_and_it_is_said():
    truth, prob = _flickering()
    diagnosis = segmend.diagnose(y_true=truth, y_prob=[np.log(rows + 1e-3) for rows in prob])
    assert any("softmax with temperature" in note for note in diagnosis.notes)
    assert diagnosis.chart.prediction.temperature is not None


def test_masked_steps_are_not_judged():
    truth, prob = _flickering()
    flat = [probabilities(t, 4, 0.99) for t in truth]
    joined = [np.concatenate([good, bad]) for good, bad in zip(flat, prob, strict=True)]
    mask = [np.arange(2 * len(t)) < len(t) for t in truth]
    twice = [np.concatenate([t, t]) for t in truth]
    assert segmend.diagnose(y_true=twice, y_prob=joined, mask=mask).findings == ()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "expected a model with x and y, or y_true with y_prob. Received neither"),
        ({"y_prob": [np.eye(2)]}, "Received neither"),
        ({"model": abs, "x": [], "y": [], "y_true": [], "y_prob": []}, "Received both"),
        ({"model": 3, "x": [np.zeros((4, 1))], "y": [np.zeros(4)]}, "expected a Keras model, a torch.nn.Module or a"),
        ({"model": abs}, "expected data to judge the model on"),
        ({"y_true": [[0, 1]], "y_prob": [np.eye(2)], "history": 3}, "history: expected Keras' History"),
        ({"y_true": [], "y_prob": []}, "expected at least one labelled step"),
        ({"y_true": [[-1, -1]], "y_prob": [np.eye(2)]}, "expected at least one labelled step"),
        ({"model": lambda x: np.ones(3), "x": np.ones((2, 4, 1)), "y": np.ones((2, 4))}, r"Received shape \(3,\)"),
        ({"y_true": [np.zeros(0)], "y_prob": [np.zeros((0, 2))]}, "expected at least one labelled step"),
        ({"model": abs, "x": [], "y": []}, "expected at least one recording"),
        ({"model": abs, "x": [["a", "b"]], "y": [[0, 1]]}, r"x\[0\]: expected numbers. Received dtype <U1"),
        ({"model": abs, "x": [[1, 2]], "y": [["a", "b"]]}, r"y\[0\]: expected numbers. Received dtype <U1"),
        ({"model": abs, "x": np.ones((2, 4, 1)), "y": np.ones((2, 4)), "groups": ["a"]}, "groups: expected one entry"),
        ({"model": abs, "x": np.ones((2, 4, 1)), "y": np.ones((2, 4)), "mask": [[1] * 4]}, "mask: expected one entry"),
    ],
)
def test_wrong_calls_are_refused_in_one_sentence(arguments, words):
    with pytest.raises(InputError, match=words):
        segmend.diagnose(**arguments)


def test_volumes_are_not_there_yet():
    with pytest.raises(NotYetError, match="volumes"):
        segmend.diagnose(abs, np.ones((2, 8, 8, 8, 3)), np.ones((2, 8, 8, 8)))


@pytest.mark.parametrize("cost", [{"QRS": 2}, [1, 2], [[0, -1], [1, 0]], [[1, 1], [1, 0]], "high"])
def test_costs_are_a_table_of_all_pairs_of_classes(cost):
    with pytest.raises(InputError, match="cost: expected"):
        segmend.diagnose(y_true=[[0, 1]], y_prob=[np.eye(2)], cost=cost)


def test_costs_reach_the_rules():
    y_prob = np.tile([0.7, 0.3], (30, 4, 1))
    diagnosis = segmend.diagnose(y_true=[[1, 0, 0, 0]] * 30, y_prob=y_prob, cost=[[0, 1], [10, 0]])
    assert diagnosis.chart.cost == ((0.0, 1.0), (10.0, 0.0))


def _oracle(classes):
    """A callable that finds the class in the signal's value."""
    return lambda x: np.eye(classes)[np.rint(x[..., 0]).astype(int)]


def test_a_callable_on_recordings_of_unequal_length():
    truth = [steps[: 300 + 60 * k] for k, steps in enumerate(heartbeats())]
    diagnosis = segmend.diagnose(_oracle(4), [t[:, None].astype(float) for t in truth], truth)
    assert diagnosis.chart.judged_on == "x, y"
    assert diagnosis.chart.scores["step"]["accuracy"] == 1
    assert {entry.because for entry in diagnosis.skipped} >= {"the receptive field of the callable is not known"}


def test_validation_data_are_judged_in_place_of_training_data():
    train, held_out = heartbeats(), heartbeats(recordings=2)
    diagnosis = segmend.diagnose(
        _oracle(4),
        np.stack(train)[..., None],
        np.stack(train),
        validation_data=(np.stack(held_out)[..., None], held_out),
    )
    assert diagnosis.chart.judged_on == "validation_data"
    assert len(diagnosis.chart.prediction.names) == 2
    assert diagnosis.chart.fingerprint.measured_on == "train"
    assert {r.role for r in diagnosis.chart.fingerprint.recordings} == {"train", "val"}


def test_batches_are_read_up_to_the_given_number():
    truth = np.stack(heartbeats())

    def endless():
        while True:
            yield truth[:2, :, None].astype(float), truth[:2]

    diagnosis = segmend.diagnose(_oracle(4), endless(), max_batches=3)
    assert len(diagnosis.chart.prediction.names) == 6


def test_nan_in_the_signal_is_a_finding_not_a_refusal():
    truth = np.stack(heartbeats())
    signal = truth[..., None].astype(float)
    signal[1, 7] = np.nan
    diagnosis = segmend.diagnose(
        lambda x: np.where(np.isnan(x), np.nan, np.full((*x.shape[:2], 4), 0.25)), signal, truth
    )
    assert diagnosis.findings[0].rule == "non-finite-signal"
    assert diagnosis.chart.prediction is None
    assert "no predictions to judge" in {entry.because for entry in diagnosis.skipped}


def test_what_no_rule_explains_is_refused():
    truth = np.stack(heartbeats())
    with pytest.raises(InputError, match=r"y_prob\[0\]: expected finite"):
        segmend.diagnose(lambda x: np.full((*x.shape[:2], 4), np.nan), truth[..., None].astype(float), truth)


@pytest.mark.parametrize("model", MODELS)
def test_published_models_have_over_segmentation_and_count_bias_first(model):
    diagnosis = diagnose_prediction(load_predictions(shared("predictions", "50salads_mid", model)), judged_on="all")
    assert [finding.rule for finding in diagnosis.findings[:2]] == ["over-segmentation", "count-bias"]
    assert diagnosis.findings[1].explained_by == ("over-segmentation",)
    assert diagnosis.findings[0].severity == ("warning" if model == "ed_tcn" else "error")


def test_always_answering_the_mean_is_as_published():
    prediction = load_predictions(shared("predictions", "50salads_mid", "frame_svm"))
    findings = diagnose_prediction(prediction, judged_on="all").findings
    bias = next(finding.evidence for finding in findings if finding.rule == "count-bias")
    assert round(bias["mae"], 1) == 56.1 and round(bias["mean_count_mae"], 2) == 1.91


def test_true_labels_as_predictions_have_no_fault():
    prediction = load_predictions(shared("predictions", "50salads_mid", "frame_svm"))
    prob = [np.eye(len(prediction.labels))[steps] for steps in prediction.y_true]
    diagnosis = segmend.diagnose(y_true=list(prediction.y_true), y_prob=prob)
    assert [finding.rule for finding in diagnosis.findings if finding.code.startswith("P")] == []
    assert not diagnosis.is_grave
