import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.learning_rate_too_low import LearningRateTooLow
from tests.diagnosis.rules.training import simulated, test_stopped_early, test_underfitting

RULE = LearningRateTooLow()
SLOW = [("Adam", 1e-5), ("Adam", 1e-7), ("AdamW", 5e-5), ("SGD", 1e-4), ("SGD", 1e-3), ("RMSprop", 3e-6)]


def sick():
    return dataclasses.replace(test_stopped_early.sick(), anatomy=simulated.anatomy(rate=1e-5))


def healthy():
    return dataclasses.replace(test_stopped_early.healthy(), anatomy=simulated.anatomy(rate=1e-5))


def test_times_less_by_hand():
    (finding,) = RULE.examine(sick())
    assert finding.evidence["times"] == pytest.approx(0.01) and "100 times less" in finding.message
    assert finding.severity is Severity.INFO
    assert "learning_rate=0.001" in finding.remedies[0].advice


def test_a_loss_that_does_not_move_at_all():
    chart = dataclasses.replace(test_underfitting.sick(), anatomy=simulated.anatomy(rate=1e-7))
    columns = {"loss": np.full(5, 1.09)}
    (finding,) = RULE.examine(dataclasses.replace(chart, history=simulated.history(columns)))
    assert finding.severity is Severity.WARNING and "it stayed at 1.09 in 5 epochs" in finding.message


def test_a_usual_rate_and_one_that_was_lowered_on_purpose_are_let_alone():
    chart = test_stopped_early.sick()
    assert list(RULE.examine(dataclasses.replace(chart, anatomy=simulated.anatomy(rate=5e-4)))) == []
    rate = np.geomspace(1e-4, 1e-6, 20)
    columns = {"loss": chart.history.columns["loss"], "learning_rate": rate}
    assert list(RULE.examine(simulated.chart(columns, anatomy=simulated.anatomy(rate=1e-6)))) == []


def _seeded(seed):
    rng = np.random.default_rng(seed)
    name, rate = SLOW[seed % len(SLOW)]
    task = simulated.TASKS[seed % 8]
    nats = simulated.chance(task, simulated.EVEN)[1]
    epochs = simulated.epochs_of(rng, 12)
    halts = rng.uniform(0.3, 1.3) if seed % 2 else 0.01
    loss = simulated.noisy(rng, simulated.falling(epochs, first=nats, floor=0.2 * nats, halts=halts), 0.003)
    told = {"fingerprint": simulated.fingerprint(task), "anatomy": simulated.anatomy(task, optimizer=name, rate=rate)}
    return simulated.chart({"loss": loss}, task=task, **told)


def _healthy(seed):
    """Also healthy with a rate that is low, as in fine-tuning."""
    chart = simulated.healthy_chart(seed)
    name, rate = SLOW[seed % len(SLOW)]
    return dataclasses.replace(chart, anatomy=simulated.anatomy(chart.task, optimizer=name, rate=rate))


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.fires(RULE, map(_healthy, range(simulated.SEEDS))) <= 0.01
    assert simulated.silent_on_healthy(RULE)
