"""What mistakes cost as the objective of a mend."""

import json

import numpy as np
import pytest

from segmend.cli import run as command
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.pipeline.inputs.objectives import objective_of
from segmend.pipeline.mend import mend

COST = [[0, 1], [25, 0]]


def _wholes(seed=0, recordings=240):
    """Recordings of which one in eight is positive, and honest probabilities of it."""
    rng = np.random.default_rng(seed)
    present = 1 / (1 + np.exp(2.5 - 2.2 * rng.normal(size=recordings)))
    return np.stack([1 - present, present], axis=1), (rng.random(recordings) < present).astype(int)


def test_costs_are_taken_off_and_proven():
    y_prob, y_true = _wholes()
    mended = mend(y_true=y_true, y_prob=y_prob, task="classification", objective="cost", cost=COST, budget="20s")
    outcome = mended.certificate.outcome
    assert mended.certificate.verdict == "helped"
    assert outcome.before["objective"] == -outcome.before["cost"]
    assert outcome.after["cost"] < 0.6 * outcome.before["cost"]
    assert "expected_cost" in [one.trial.edits["decoder"] for one in mended.certificate.tried]
    assert "cost" in str(mended)
    price = np.array(COST)
    assert price[y_true, np.array(mended.decode(list(y_prob)))].mean() < 0.6 * price[y_true, y_prob.argmax(1)].mean()


@pytest.mark.parametrize(
    ("objective", "cost", "message"),
    [
        ("cost", None, r"objective: cost expects a table of what mistakes cost .* Received none"),
        ("macro_f1 + cost", COST, r'expected errors with a minus.* Received "macro_f1 \+ cost"'),
        ("cost", [[0, 1]], r"cost: expected a table of shape \(2, 2\)"),
    ],
)
def test_what_cannot_be_weighed_is_refused(objective, cost, message):
    y_prob, y_true = _wholes(recordings=20)
    with pytest.raises(InputError, match=message):
        mend(y_true=y_true, y_prob=y_prob, task="classification", objective=objective, cost=cost, budget="5s")


def test_an_error_alone_is_made_small():
    assert [weight for weight, _ in objective_of("count_mae", Task.named("segmentation", 2)).terms] == [-1.0]


def test_labels_that_overlap_have_no_costs():
    with pytest.raises(InputError, match="Received labels that may overlap"):
        objective_of("cost", Task.named("multilabel-classification", 2), ((0.0, 1.0), (1.0, 0.0)))


def test_a_folder_says_its_costs(tmp_path, capsys):
    """dataset.json of PREDICTIONS holds them, as ``diagnose`` reads them."""
    rng = np.random.default_rng(1)
    folder = tmp_path / "predictions"
    for name in ("scores", "labels"):
        (folder / name).mkdir(parents=True)
    for k in range(8):
        present = 1 / (1 + np.exp(2.0 - 2.5 * np.repeat(rng.normal(size=40), 5)))
        np.save(folder / "scores" / f"r{k}.npy", np.stack([1 - present, present], axis=1).astype("float32"))
        np.save(folder / "labels" / f"r{k}.npy", (rng.random(200) < present).astype(int))
    (folder / "dataset.json").write_text(json.dumps({"task": "segmentation", "labels": ["event"], "costs": COST}))
    arguments = [str(folder), "-o", str(tmp_path / "out"), "--objective", "cost", "--budget", "20s", "--json"]
    assert command(["mend", *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"]["after"]["cost"] < 0.7 * told["outcome"]["before"]["cost"]


def test_costs_of_pixels_are_taken_off_and_proven():
    """Images of which 9 x 9 pixels in each are torn: a missed one costs 25 times a false alarm."""
    rng = np.random.default_rng(2)
    present = np.full((16, 18, 18), 0.01)
    present[:, 4:13, 4:13] = 1 / (1 + np.exp(1.5 - rng.normal(size=(16, 9, 9))))
    y_true = (rng.random(present.shape) < present).astype(int)
    y_prob = np.stack([1 - present, present], axis=-1)
    mended = mend(y_true=y_true, y_prob=y_prob, task="segmentation", objective="cost", cost=COST, budget="40s")
    assert mended.certificate.chosen == "decode-expected-cost"
    outcome = mended.certificate.outcome
    assert outcome.after["cost"] < 0.6 * outcome.before["cost"]
