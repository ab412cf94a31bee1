import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.stopped_early import StoppedEarly
from tests.diagnosis.rules.model.test_underparameterised import beside_a_linear_model
from tests.diagnosis.rules.training import simulated

RULE = StoppedEarly()


def _cut_short(halts=1.0, epochs=20, **parts):
    loss = simulated.falling(epochs, halts=halts)
    return simulated.chart({"loss": loss, "val_loss": 1.1 * loss}, **parts)


def sick():
    return _cut_short()


def healthy():
    return _cut_short(halts=6)


def test_what_half_as_many_epochs_would_bring_by_hand():
    (finding,) = RULE.examine(sick())
    fall, last = np.exp(-np.arange(30) / 20), np.exp(-19 / 20)
    gained = (fall[0] + fall[1]) / 2 - fall[18]
    assert finding.evidence["share"] == pytest.approx((last - np.exp(-29 / 20)) / gained, rel=0.05)
    assert "10 more epochs" in finding.message
    assert "epochs=40" in finding.remedies[0].advice


def test_early_stopping_is_named():
    (finding,) = RULE.examine(_cut_short(planned=100))
    assert finding.remedies[0].advice.endswith("Early stopping ended this one at 20 of 100.")
    assert "epochs=200" in finding.remedies[0].advice


def test_severity_is_what_the_score_would_gain():
    loss = simulated.falling(20, halts=1)
    for top, grade in ((1.0, Severity.ERROR), (0.3, Severity.WARNING)):
        score = top * (1 - loss / 1.2)
        told = {"loss": loss, "val_loss": loss, "accuracy": score, "val_accuracy": score}
        (finding,) = RULE.examine(simulated.chart(told))
        assert finding.severity is grade


def test_a_training_whose_rate_fell_to_nothing_is_over():
    loss = simulated.falling(20, halts=1)
    rate = np.geomspace(1e-3, 1e-5, 20)
    assert list(RULE.examine(simulated.chart({"loss": loss, "val_loss": loss, "learning_rate": rate}))) == []
    schedule = simulated.anatomy(schedule="CosineDecay")
    assert list(RULE.examine(_cut_short(anatomy=schedule))) == []


def test_training_loss_alone_must_fall_fast():
    assert list(RULE.examine(simulated.chart({"loss": simulated.falling(20, halts=2)}))) == []
    (finding,) = RULE.examine(simulated.chart({"loss": simulated.falling(20, halts=1)}))
    assert finding.severity is Severity.INFO and "training loss" in finding.message


@pytest.mark.parametrize(
    ("val_loss", "loss", "linear", "fires"),
    [
        ([1.0, 0.85], [1.0, 0.99], 0.9, True),  # 18 % of the level at which it stands
        ([1.0, 0.93], [1.0, 0.93], 0.9, False),  # 8 % of it
        ([1.0, 0.99], [1.0, 0.85], 0.9, True),  # the training loss
        ([1.0, 1.01], [1.0, 0.85], 0.9, False),  # which learns by heart, perhaps
        ([1.0, 0.3, 0.25], [1.0, 0.3, 0.25], 0.9, False),  # a fifteenth of all that it fell
        ([1.0, 0.8, 0.9], [1.0, 0.8, 0.7], 0.9, False),
        ([1.0, 0.85], [1.0, 0.85], 0.5, False),
        ([1.0, 0.85], [1.0, 0.85], None, False),
    ],
)
def test_a_few_epochs_are_judged_by_their_last_one_and_a_linear_model(val_loss, loss, linear, fires):
    chart = beside_a_linear_model(wrong=0.4, macro_f1=linear)
    told = simulated.history({"loss": loss, "val_loss": val_loss})
    found = list(RULE.examine(dataclasses.replace(chart, history=told)))
    assert bool(found) is fires
    assert [finding.severity for finding in found] == [Severity.WARNING] * fires


@pytest.mark.parametrize(("val_loss", "told"), [([1.0, 0.85], "validation"), ([1.0, 0.99], "training")])
def test_of_a_few_epochs_the_loss_that_tells_is_named(val_loss, told):
    chart = beside_a_linear_model(wrong=0.4, macro_f1=0.9)
    history = simulated.history({"loss": [1.0, 0.85], "val_loss": val_loss})
    (finding,) = RULE.examine(dataclasses.replace(chart, history=history))
    assert f"the {told} loss is 0.85 and still falling" in finding.message
    assert finding.evidence["gained"] == pytest.approx(0.15) and finding.evidence["threshold"] == 0.2


def _seeded(seed):
    rng = np.random.default_rng(seed)
    epochs = simulated.epochs_of(rng, 12)
    shape = simulated.falling(epochs, halts=rng.uniform(0.6, 1.6))
    columns = {"loss": simulated.noisy(rng, shape, rng.uniform(0, 0.03))}
    columns["val_loss"] = simulated.noisy(rng, 1.1 * shape, rng.uniform(0, 0.04))
    return simulated.chart(columns, task=simulated.TASKS[seed % 8])


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.silent_on_healthy(RULE)


def test_an_epoch_without_a_number_does_not_stop_the_rule():
    curve = simulated.falling(20, halts=0.5)
    for gap in (10, -1):  # a loss that broke is for another rule
        loss = curve.copy()
        loss[gap] = np.nan
        assert len(list(RULE.examine(simulated.chart({"loss": loss})))) == (gap == 10)
    assert list(RULE.examine(simulated.chart({"loss": [0.0] * 22 + [np.nan]}))) == []
