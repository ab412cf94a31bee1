import dataclasses
import json
import time

import numpy as np
import pytest

import segmend
from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.trial import Certificate, Trial
from segmend.cli import run
from segmend.errors import InputError, OutputExistsError
from segmend.loading import load_predictions
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.pipeline.mend import mend
from segmend.pipeline.on_files.mend_files import mend_files
from segmend.pipeline.results.mended import load_mended
from segmend.pipeline.runs.write_predictions import write_predictions
from segmend.pipeline.trials.bench import bench_of, mean_count_mae
from segmend.pipeline.trials.perform import perform, splice
from segmend.scoring.objective import parse
from tests.shared import shared

F1 = parse("segment_f1@50")


def fragmented(seed=0, recordings=12, scores=False):
    """Recordings whose steps are mostly right and whose segments are in pieces."""
    rng = np.random.default_rng(seed)
    y_true, y_prob = [], []
    for _ in range(recordings):
        label = np.arange(9) % 2 * rng.integers(1, 3, 9)
        truth = np.repeat(label, rng.integers(15, 40, 9))
        score = rng.normal(size=(len(truth), 3)) + 2.0 * np.eye(3)[truth]
        y_true.append(truth)
        y_prob.append(score if scores else np.exp(score) / np.exp(score).sum(axis=1, keepdims=True))
    return y_true, y_prob


@pytest.fixture(scope="module")
def mended():
    y_true, y_prob = fragmented()
    groups = [f"person {k // 2}" for k in range(12)]
    return mend(y_true=y_true, y_prob=y_prob, groups=groups, labels=["walk", "run"], budget="5m")


def test_fragments_are_mended_and_it_is_proven(mended):
    certificate = mended.certificate
    assert certificate.verdict == "helped"
    before, after = certificate.outcome.before, certificate.outcome.after
    assert before["count_ratio"] > 3 > 1.1 > after["count_ratio"] > 0.9
    assert after["segment_f1@50"] > 0.9 > 0.5 > before["segment_f1@50"]
    assert certificate.outcome.change.unit == "groups"
    assert certificate.outcome.change.low > 0.3
    assert set(certificate.outcome.per_group) == {f"person {k}" for k in range(6)}


def test_every_remedy_tried_is_named_by_a_finding(mended):
    assert mended.certificate.tried
    rules = {finding.rule for finding in mended.diagnosis.findings}
    for one in mended.certificate.tried:
        assert one.trial.because and set(one.trial.because) <= rules


def test_the_control_is_drawn_and_reported(mended):
    control = mended.certificate.control
    assert 0 < control["drawn"] <= 20
    assert 0 <= control["beaten_share"] <= 1


def test_new_recordings_are_decoded_list_in_list_out(mended):
    y_true, y_prob = fragmented(seed=9, recordings=3)
    decoded = mended.decode(y_prob)
    assert [rows.shape for rows in decoded] == [rows.shape for rows in y_true]
    for rows, truth in zip(decoded, y_true, strict=True):
        assert rows.dtype == np.int64
        assert np.mean(rows == truth) > 0.95
    assert mended.decode([]) == []


def test_decode_refuses_what_it_was_not_made_on(mended):
    with pytest.raises(InputError, match=r"y_prob\[0\]: expected 3 classes.*Received 4"):
        mended.decode([np.full((5, 4), 0.25)])
    with pytest.raises(InputError, match="expected probabilities"):
        mended.decode([np.array([[5.0, -3.0, 2.0]])])
    with pytest.raises(InputError, match=r"y_prob\[0\]: expected finite.*nan at step 0"):
        mended.decode([np.array([[np.nan, 0.5, 0.5]])])
    with pytest.raises(InputError, match="expected a mend of a model"):
        mended.predict(np.zeros((1, 5, 1)))


def test_save_and_load(mended, tmp_path):
    out = mended.save(tmp_path / "out")
    assert {file.name for file in out.iterdir()} == {
        "decoder.json", "certificate.json", "changes.md", "diagnosis.json", "predictions", "run.json", "scores.json",
        "report.html",
    }  # fmt: skip
    again = load_mended(out)
    assert again.certificate == mended.certificate
    assert again.record == mended.record
    assert again.changes == mended.changes
    _, y_prob = fragmented(seed=9, recordings=3)
    for first, second in zip(mended.decode(y_prob), again.decode(y_prob), strict=True):
        np.testing.assert_array_equal(first, second)
    order = [mended.prediction.names.index(name) for name in again.prediction.names]
    for k, rows in zip(order, again.prediction.y_pred, strict=True):
        np.testing.assert_array_equal(rows, mended.prediction.y_pred[k])
    assert again.prediction.labels == mended.prediction.labels
    assert again.prediction.groups == tuple(mended.prediction.groups[k] for k in order)
    with pytest.raises(OutputExistsError):
        mended.save(out)
    mended.save(out, overwrite=True)


def test_saved_predictions_score_what_the_certificate_says(mended, tmp_path):
    out = mended.save(tmp_path / "out")
    found = load_predictions(out)
    scores = segmend.score(found.y_true, y_pred=found.y_pred, background=0)
    assert scores["segment"]["f1@50"] == pytest.approx(mended.certificate.outcome.after["segment_f1@50"])
    assert scores["count"]["mae"] == pytest.approx(mended.certificate.outcome.after["count_mae"])


@pytest.mark.parametrize("name", ["decoder.json", "certificate.json"])
def test_a_damaged_or_missing_file_is_refused(mended, tmp_path, name):
    out = mended.save(tmp_path / "out")
    (out / name).write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=name):
        load_mended(out)
    (out / name).unlink()
    with pytest.raises(InputError, match=name):
        load_mended(out)


def test_text_markdown_and_html(mended):
    text = str(mended)
    assert text.startswith("Helped: decode-")
    for words in ("before", "count MAE", "95 % interval", "random remedies", "Always answering the mean count"):
        assert words in text
    hostile = mended.certificate.model_copy(update={"judged_on": "<script>"})
    page = dataclasses.replace(mended, certificate=hostile)._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_good_model_needs_no_mending():
    y_true, _ = fragmented()
    result = mend(y_true=y_true, y_prob=[0.9 * np.eye(3)[rows] + 0.1 / 3 for rows in y_true], budget="20s")
    assert result.certificate.verdict == "nothing helped"
    assert result.certificate.chosen is None and result.record.name == "argmax"
    assert result.certificate.note
    for rows, truth in zip(result.prediction.y_pred, y_true, strict=True):
        np.testing.assert_array_equal(rows, truth)
    assert str(result).startswith("Nothing helped")


def test_five_recordings_are_mended_but_not_proven():
    y_true, y_prob = fragmented(recordings=5)
    result = mend(y_true=y_true, y_prob=y_prob, budget="5m")
    assert result.certificate.verdict == "not proven"
    assert result.record.name != "argmax"
    assert result.certificate.outcome.after["count_ratio"] < 1.2


def test_scores_get_a_temperature_and_new_scores_the_same_one():
    y_true, scores = fragmented(scores=True)
    result = mend(y_true=y_true, y_prob=scores, budget="5m")
    assert result.record.temperature == pytest.approx(1.0, abs=0.6)
    assert any("temperature" in change for change in result.changes)
    new_true, new_scores = fragmented(seed=4, recordings=2, scores=True)
    for rows, truth in zip(result.decode(new_scores), new_true, strict=True):
        assert np.mean(rows == truth) > 0.95


def test_the_same_seed_gives_the_same_mend():
    y_true, y_prob = fragmented(recordings=8)
    first, second = (mend(y_true=y_true, y_prob=y_prob, budget="120s", seed=3) for _ in range(2))
    assert first.record == second.record
    assert first.certificate.outcome.after == second.certificate.outcome.after
    assert first.certificate.outcome.change == second.certificate.outcome.change


def test_the_objective_is_what_is_maximised():
    y_true, y_prob = fragmented()
    result = mend(y_true=y_true, y_prob=y_prob, objective="-1*count_mae", budget="5m")
    after = result.certificate.outcome.after
    assert after["objective"] == pytest.approx(-after["count_mae"])
    assert after["count_mae"] < 1
    assert "-1*count_mae" in str(result)


def test_the_budget_holds():
    y_true, y_prob = fragmented(recordings=40)
    mend(y_true=y_true[:2], y_prob=y_prob[:2], budget="30s")  # kernels are compiled
    began = time.monotonic()
    mend(y_true=y_true, y_prob=y_prob, budget="3s")
    assert time.monotonic() - began < 10


def test_padding_that_is_masked_changes_nothing():
    y_true, y_prob = fragmented(recordings=8)
    longest = max(map(len, y_true)) + 10
    wrong = np.array([0.0, 0.0, 1.0])
    stacked_true = np.zeros((8, longest), int)
    stacked_prob = np.tile(wrong, (8, longest, 1))
    mask = np.zeros((8, longest), bool)
    for k, (true, prob) in enumerate(zip(y_true, y_prob, strict=True)):
        stacked_true[k, : len(true)], stacked_prob[k, : len(true)], mask[k, : len(true)] = true, prob, True
    plain = mend(y_true=y_true, y_prob=y_prob, budget="5m").certificate.outcome
    padded = mend(y_true=stacked_true, y_prob=stacked_prob, mask=mask, budget="5m").certificate.outcome
    assert padded.before == plain.before
    assert padded.after["segment_f1@50"] == pytest.approx(plain.after["segment_f1@50"], abs=0.05)


def test_held_out_labels_never_reach_the_decoder_that_decodes_them():
    """Wrong labels in one fold change what the others learn, but not how that fold itself is decoded."""
    y_true, y_prob = fragmented(recordings=10)
    plain = bench_of(read_arrays(y_true=y_true, y_prob=y_prob), F1)
    _, held = plain.folds.parts[0]
    spoilt_true = [np.roll(rows, 7)[::-1].copy() if k in held else rows for k, rows in enumerate(y_true)]
    spoilt = bench_of(read_arrays(y_true=spoilt_true, y_prob=y_prob), F1)
    trial = Trial(name="decode-semi-markov", edits={"decoder": "semi_markov"})
    first, second = perform(trial, plain), perform(trial, spoilt)
    for k in held:
        np.testing.assert_array_equal(first.answers[k], second.answers[k])
    assert first.inner[0] == second.inner[0]


def test_a_remedy_without_time_for_one_setting_fails_and_says_so():
    y_true, y_prob = fragmented(recordings=6)
    bench = bench_of(read_arrays(y_true=y_true, y_prob=y_prob), F1)
    done = perform(Trial(name="x", edits={"decoder": "viterbi"}), bench, deadline=time.monotonic() - 60)
    assert "time to judge one setting" in done.outcome.failed
    assert np.isnan(done.inner).all()
    assert done.answers is bench.answers


def test_selection_is_made_in_each_fold_by_its_own_inner_value():
    y_true, y_prob = fragmented(recordings=6)
    bench = bench_of(read_arrays(y_true=y_true, y_prob=y_prob), F1)
    marks = [
        dataclasses.replace(
            perform(Trial(name="x", edits={"decoder": "argmax"}), bench),
            answers=tuple(np.full(len(rows), mark) for rows in y_true),
            inner=inner,
        )
        for mark, inner in ((1, (0.9, 0.1, 0.0, 0.9, 0.5)), (2, (0.1, 0.9, 0.0, 0.9, 0.9)))
    ]
    bench = dataclasses.replace(bench, inner=(0.2,) * 5)
    spliced = splice(marks, bench, Trial(name="x", edits={}))
    expected = {0: 1, 1: 2, 2: None, 3: 1, 4: 2}
    for fold, (_, held) in enumerate(bench.folds.parts):
        for k in held:
            mark = expected[fold]
            wanted = bench.prediction.y_pred[k] if mark is None else np.full(len(y_true[k]), mark)
            np.testing.assert_array_equal(spliced.answers[k], wanted)
    assert spliced.inner == (0.9, 0.9, 0.2, 0.9, 0.9)


def test_mean_count_mae_by_hand():
    y_true = [np.array([0, 1, 0, 1, 0]), np.array([0, 1, 0, 0, 0]), np.array([1, 0, 1, 0, 1])]
    prediction = read_arrays(y_true=y_true, y_pred=y_true)
    bench = bench_of(prediction, F1)
    # counts 2, 1, 3; left out: |2 - 2|, |1 - 2.5|, |3 - 1.5|
    assert mean_count_mae(bench) == pytest.approx((0 + 1.5 + 1.5) / 3)


def test_a_trial_that_fails_says_so_and_changes_nothing():
    y_true, y_prob = fragmented(recordings=6)
    bench = bench_of(read_arrays(y_true=y_true, y_prob=y_prob), F1)
    failed = perform(Trial(name="retrain", edits={"training.loss": "dice"}), bench)
    assert "retrain" in failed.outcome.failed
    assert failed.outcome.inner is None and failed.outcome.after["objective"] is None
    assert splice([failed], bench, failed.outcome.trial).outcome.change.difference == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "expected a model with x and y, or y_true with y_prob"),
        ({"y_true": [[0, 1]]}, "expected a model with x and y, or y_true with y_prob"),
        ({"objective": "segment_f2@50"}, 'did you mean "segment_f1@'),
        ({"budget": "soon"}, "budget: expected a duration"),
        ({"y_true": [[0, 1]], "y_prob": [[[0.5, np.inf], [0.5, 0.5]]]}, r"y_prob\[0\]: expected finite"),
        ({"y_true": [[0, 1, 0]], "y_prob": [[[0.5, 0.5]] * 2]}, r"y_true\[0\]: expected 2 steps"),
        ({"y_true": [[0, 7]], "y_prob": [[[0.5, 0.5]] * 2]}, r"y_true\[0\]: expected class numbers from 0 to 1"),
        ({"y_true": [[0, 1]], "y_prob": [[[0.5, 0.5]] * 2], "groups": ["a", "b"]}, "groups: expected one value"),
        ({"model": print, "y_true": [[0]], "y_prob": [[[1.0, 0.0]]]}, "Received both"),
    ],
)
def test_bad_calls_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        mend(**arguments)


class TestModel:
    @staticmethod
    def data(seed):
        y_true, _ = fragmented(seed, recordings=8)
        length = min(map(len, y_true))
        y = np.stack([rows[:length] for rows in y_true])
        x = np.random.default_rng(seed).normal(size=(*y.shape, 3)) + 2.0 * np.eye(3)[y]
        return x, y

    @staticmethod
    def model(batch):
        score = np.exp(batch)
        return score / score.sum(axis=-1, keepdims=True)

    def test_a_callable_is_mended_and_predicts(self):
        x, y = self.data(0)
        result = mend(self.model, x, y, validation_data=self.data(1), budget="5m")
        assert result.certificate.verdict == "helped"
        assert "validation_data" in result.certificate.judged_on
        new_x, new_y = self.data(2)
        assert np.mean(np.stack(result.predict(new_x)) == new_y) > 0.95

    def test_without_validation_data_nothing_is_proven(self):
        result = mend(self.model, *self.data(0), budget="5m")
        assert result.certificate.verdict == "not proven"
        assert "validation_data" in result.certificate.note


class TestCommand:
    @pytest.fixture
    def predictions(self, tmp_path):
        y_true, y_prob = fragmented()
        prediction = read_arrays(y_true=y_true, y_prob=y_prob, groups=[k // 2 for k in range(12)])
        write_predictions(prediction, tmp_path / "predictions")
        return tmp_path / "predictions"

    def test_writes_out_and_prints_the_certificate(self, predictions, tmp_path, capsys):
        out = tmp_path / "out"
        assert run(["mend", str(predictions), "-o", str(out), "--budget", "5m"]) == 0
        printed = capsys.readouterr()
        assert printed.out.startswith("Helped")
        assert printed.err == ""
        assert Certificate.from_dict(json.loads((out / "certificate.json").read_text())).verdict == "helped"
        assert DecoderRecord.from_dict(json.loads((out / "decoder.json").read_text())).name != "argmax"
        assert "Helped" in (out / "changes.md").read_text()
        assert not list(tmp_path.glob(".out*")), "nothing half-written is left"

    def test_json_is_one_object_and_nothing_else(self, predictions, tmp_path, capsys):
        assert run(["mend", str(predictions), "-o", str(tmp_path / "out"), "--budget", "5m", "--json"]) == 0
        content = json.loads(capsys.readouterr().out)
        assert content["verdict"] == "helped"
        assert {"schema", "verdict", "chosen", "outcome", "tried", "control", "mean_count_mae", "judged_on"} <= set(
            content
        )
        assert content["changes"] and content["decoder"]["name"]

    def test_an_output_that_is_taken_is_refused_before_any_work(self, predictions, tmp_path, capsys):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "mine.txt").write_text("keep")
        assert run(["mend", str(predictions), "-o", str(tmp_path / "out")]) == 2
        assert "--overwrite" in capsys.readouterr().err
        assert (tmp_path / "out" / "mine.txt").read_text() == "keep"

    def test_predictions_without_labels_are_refused(self, predictions, tmp_path, capsys):
        for file in (predictions / "labels").iterdir():
            file.unlink()
        (predictions / "labels").rmdir()
        assert run(["mend", str(predictions), "-o", str(tmp_path / "out")]) == 2
        assert "labels" in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


def test_published_predictions_are_mended():
    folder = shared("predictions", "50salads_mid", "dilated_tcn")
    result = mend_files(folder, budget="1m")
    assert result.certificate.verdict == "helped"
    assert result.certificate.outcome.before["count_mae"] == pytest.approx(17.56)
    assert result.certificate.outcome.after["count_mae"] < 5
    assert result.certificate.outcome.after["segment_f1@50"] > 0.52
    assert result.certificate.mean_count_mae == pytest.approx(1.837)
