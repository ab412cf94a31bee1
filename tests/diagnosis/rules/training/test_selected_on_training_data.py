import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.selected_on_training_data import SelectedOnTrainingData
from tests.diagnosis.rules.training import simulated

RULE = SelectedOnTrainingData()


def sick():
    return simulated.chart({"loss": simulated.falling(10)}, planned=50)


def healthy():
    loss = simulated.falling(10)
    return simulated.chart({"loss": loss, "val_loss": 1.1 * loss}, planned=50)


def _shared(share, recordings=20):
    facts = simulated.fingerprint(recordings=recordings, roles=("train", "val"))
    trained = [each.digest for each in facts.recordings if each.role == "train"]
    held_out = iter([*trained[: int(share * recordings)], *["own"] * recordings])
    rows = [
        each if each.role == "train" else each.model_copy(update={"digest": next(held_out)})
        for each in facts.recordings
    ]
    return facts.model_copy(update={"recordings": tuple(rows)})


def test_a_training_that_ended_early_without_validation_was_ended_by_its_own_metric():
    (finding,) = RULE.examine(sick())
    assert finding.severity is Severity.WARNING and "after 10 of 50" in finding.message
    (finding,) = RULE.examine(simulated.chart({"loss": simulated.falling(10)}))
    assert finding.severity is Severity.INFO
    assert list(RULE.examine(simulated.chart({"loss": [1.0]}))) == []


@pytest.mark.parametrize(("share", "found"), [(1.0, True), (0.5, True), (0.4, False), (0.0, False)])
def test_the_same_recordings(share, found):
    findings = list(RULE.examine(dataclasses.replace(healthy(), fingerprint=_shared(share))))
    assert bool(findings) is found
    if found:
        assert findings[0].severity is Severity.ERROR and findings[0].evidence["same"] == 20 * share


def test_an_epoch_that_a_training_column_chose():
    columns = {"loss": np.linspace(1, 0.1, 8), "val_loss": [1, 0.8, 0.6, 0.5, 0.55, 0.6, 0.7, 0.8]}
    (finding,) = RULE.examine(simulated.chart(columns, best=7))
    assert finding.evidence["column"] == "loss" and "epoch 8" in finding.message
    assert list(RULE.examine(simulated.chart(columns, best=3))) == []
    columns["val_segment_f1"] = np.linspace(0, 1, 8)
    assert list(RULE.examine(simulated.chart(columns, best=7))) == []


def _seeded(seed):
    rng = np.random.default_rng(seed)
    task = simulated.TASKS[seed % 8]
    columns = simulated.healthy_columns(rng, *simulated.chance(task, simulated.EVEN))
    if seed % 3 == 0:
        return simulated.chart({n: v for n, v in columns.items() if not n.startswith("val_")}, task=task)
    if seed % 3 == 1:
        return simulated.chart(columns, task=task, fingerprint=_shared(rng.uniform(0.6, 1)))
    epochs = simulated.epochs_of(rng, 12)
    loss = simulated.noisy(rng, simulated.falling(epochs), 0.02)
    val = simulated.falling(epochs, halts=15) + np.linspace(0, rng.uniform(0.3, 2), epochs)
    return simulated.chart({"loss": loss, "val_loss": val}, task=task, best=int(np.argmin(loss)))


def _healthy(seed):
    """Watched by validation data of its own, the best epoch by one of their columns."""
    chart = simulated.healthy_chart(seed)
    columns = dict(chart.history.columns)
    columns.setdefault("val_loss", columns["loss"])
    val = np.array([np.inf if v is None else v for v in columns["val_loss"]])
    told = {"columns": columns, "best_epoch": int(np.argmin(val)) if seed % 2 else None}
    facts = _shared(0.2) if seed % 3 else chart.fingerprint
    return dataclasses.replace(chart, history=chart.history.model_copy(update=told), fingerprint=facts)


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.fires(RULE, map(_healthy, range(simulated.SEEDS))) <= 0.01


def test_validation_data_that_are_the_training_data():
    import segmend

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(6, 20, 2)), np.repeat([[0, 1]], 10, axis=1).repeat(6, axis=0)

    def told(held_out):
        model = lambda signals: np.tile([0.6, 0.4], (*np.shape(signals)[:2], 1))  # noqa: E731
        history = {"loss": [1.0, 0.5], "val_loss": [1.0, 0.5]}
        diagnosis = segmend.diagnose(
            model, x[:4], y[:4], validation_data=(held_out, y[:2]), history=history, preview=True
        )
        return {finding.rule for finding in diagnosis.findings}

    assert RULE.name in told(x[:2])
    assert RULE.name not in told(x[4:])
