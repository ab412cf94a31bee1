"""What of the budget is kept for what comes after training."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from segmend.fingerprinting import fingerprint
from segmend.pipeline.runs.judging import ANATOMIES, READINGS, judged_once
from segmend.pipeline.runs.reserve import MOST_READING, Afterwards
from segmend.pipeline.runs.translate import model_of
from tests.pipeline.runs import tasks

SECONDS = st.floats(0, 1000)


@given(SECONDS, SECONDS, st.floats(1, 1e5), st.integers(1, 4))
def test_what_is_kept_fits_into_the_budget(predicting, reading, budget, networks):
    after = Afterwards(predicting, reading)
    trained, decoded = after.trained_by(budget, networks), after.decoded_by(budget)
    assert trained <= decoded <= budget
    assert trained + networks * predicting <= decoded + 1e-6 * budget
    assert decoded + min(reading, MOST_READING * budget) <= budget * (1 + 1e-9)


def test_small_data_leave_training_and_the_search_their_shares():
    after = Afterwards(predicting=0.1, reading=1.0)
    assert (after.trained_by(100, 1), after.decoded_by(100)) == (approx(85), approx(95))


def test_one_compilation_and_one_validation_on_the_clock_say_what_will_come(monkeypatch):
    task = tasks.TASKS[0]
    data = tasks.dataset(task)
    values = tasks.values_of(task, data)
    seconds = iter([0.5, 2.0])

    def clocked(work):
        work()
        return next(seconds)

    monkeypatch.setattr("segmend.pipeline.runs.judging.clocked", clocked)
    model = model_of(values, fingerprint(data))
    judge, after = judged_once(model, values, data, ["val", "test"])
    validations = 2.0 * (22 + 23) / 22
    assert judge.lasted == 2.0
    assert after == Afterwards(approx(validations), approx(READINGS * validations + ANATOMIES * 0.5))
