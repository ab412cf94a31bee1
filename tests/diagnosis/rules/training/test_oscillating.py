import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.oscillating import Oscillating
from tests.diagnosis.rules.training import simulated

RULE = Oscillating()


def _swinging(epochs=30, size=0.6, rng=None):
    rng = rng or np.random.default_rng(0)
    return simulated.noisy(rng, simulated.falling(epochs, floor=0.4), size)


def sick():
    return simulated.chart({"loss": _swinging()}, anatomy=simulated.anatomy(rate=3e-3), steps=10)


def healthy():
    loss = simulated.falling(30)
    return simulated.chart({"loss": loss, "val_loss": 1.1 * loss})


def test_moves_and_rises_by_hand():
    loss = [4.0, 3.0, 2.0, 1.0, 1.0, 1.5, 1.0, 1.5, 1.0, 1.5, 1.0]
    (finding,) = RULE.examine(simulated.chart({"loss": loss}))
    assert finding.evidence["move"] == 0.5 and finding.evidence["level"] == 1.25
    assert finding.evidence["rises"] == pytest.approx(2 / 5)
    assert finding.severity is Severity.WARNING


def test_the_rate_is_worked_out():
    advice = next(iter(RULE.examine(sick()))).remedies[1].advice
    assert "learning_rate=0.001" in advice and "CosineDecay(0.003, 300)" in advice


def test_severity_is_how_far_the_score_moves():
    score = 0.7 + 0.15 * (-1.0) ** np.arange(30)
    (finding,) = RULE.examine(simulated.chart({"loss": _swinging(), "accuracy": score, "val_accuracy": score}))
    assert finding.severity is Severity.ERROR and finding.evidence["score_moves"] == pytest.approx(0.3)


def test_a_validation_loss_alone_may_swing_more():
    calm, rng = simulated.falling(40), np.random.default_rng(0)
    told = {"loss": calm, "val_loss": simulated.noisy(rng, calm, 0.1)}
    assert list(RULE.examine(simulated.chart(told))) == []
    told["val_loss"] = simulated.noisy(rng, calm, 0.6)
    (finding,) = RULE.examine(simulated.chart(told))
    assert finding.evidence["column"] == "val_loss" and finding.severity is Severity.INFO


def _seeded(seed):
    rng = np.random.default_rng(seed)
    epochs = simulated.epochs_of(rng, 12)
    loss = _swinging(epochs, rng.uniform(0.25, 1.0), rng)
    columns = {"loss": loss} if seed % 3 else {"loss": simulated.falling(epochs), "val_loss": 1.5 * loss}
    if not seed % 3:
        columns["val_loss"] = _swinging(epochs, rng.uniform(0.5, 1.0), rng)
    return simulated.chart(columns, task=simulated.TASKS[seed % 8])


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.silent_on_healthy(RULE)
