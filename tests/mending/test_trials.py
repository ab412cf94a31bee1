import numpy as np

from segmend.artifacts.finding import Expected
from segmend.mending.trials import next_trial, waiting
from segmend.mending.worth import Stakes
from tests.mending.diagnoses import diagnosis, finding, outcome, remedy

RNG = np.random.default_rng(0)


def _next(record, outcomes=(), budget=100.0, **options):
    trial = next_trial(record, outcomes, budget, RNG, **options)
    return trial and trial.edits["decoder"]


def test_cheapest_first_whatever_the_order_of_findings():
    record = diagnosis(finding("a", remedy("semi_markov"), remedy("viterbi")), finding("b", remedy("min_duration")))
    outcomes = []
    for expected in ("min_duration", "viterbi", "semi_markov"):
        assert _next(record, outcomes) == expected
        outcomes.append(outcome(expected))
    assert _next(record, outcomes) is None


def test_a_remedy_is_tried_because_findings_name_it():
    record = diagnosis(finding("a", remedy("viterbi")), finding("b", remedy("viterbi")), finding("c"))
    trial = next_trial(record, (), 10.0, RNG)
    assert trial.because == ("a", "b")
    assert not trial.control
    assert next_trial(diagnosis(finding("c")), (), 10.0, RNG) is None


def test_what_cannot_gain_any_more_is_passed_over():
    record = diagnosis(finding("a", remedy("min_duration", at_most=0.5), remedy("viterbi", at_most=0.8)))
    assert _next(record, [outcome("semi_markov", inner=0.6)]) == "viterbi"
    assert _next(record, [outcome("semi_markov", inner=0.8)]) is None


def test_nothing_is_tried_once_the_objective_cannot_rise():
    record = diagnosis(finding("a", remedy("viterbi")))
    perfect = [outcome("min_duration", inner=1.0)]
    assert _next(record, perfect) is None
    assert _next(record, perfect, stakes=Stakes(objective="segment_f1@50 + step_accuracy")) == "viterbi"


def test_the_most_hopeful_of_several_expectations_counts():
    record = diagnosis(finding("a", remedy("viterbi", at_most=0.3)), finding("b", remedy("viterbi", at_most=0.9)))
    assert _next(record, [outcome("min_duration", inner=0.6)]) == "viterbi"


def test_an_expectation_of_another_objective_says_nothing():
    record = diagnosis(finding("a", remedy("viterbi", at_most=0.3)))
    done = [outcome("min_duration", inner=0.6)]
    assert _next(record, done) is None
    assert _next(record, done, stakes=Stakes(objective="segment_f1@25")) == "viterbi"
    unknown = Expected(objective="segment_f1@50", before=None, at_most=None)
    assert _next(diagnosis(finding("a", remedy("viterbi", expected=unknown))), done) == "viterbi"


def test_no_trial_begins_with_hardly_any_time():
    record = diagnosis(finding("a", remedy("viterbi")))
    assert _next(record, [outcome("min_duration", seconds=8.0)], budget=1.9) is None
    assert _next(record, [outcome("min_duration", seconds=8.0)], budget=2.1) == "viterbi"
    assert _next(record, budget=0.0) is None


def test_what_the_answers_as_they_came_have_reached_is_no_gain():
    record = diagnosis(finding("a", remedy("viterbi", at_most=0.4), remedy("semi_markov", at_most=0.6)))
    assert _next(record, stakes=Stakes(before=0.4)) == "semi_markov"


def test_the_next_is_expected_to_take_as_long_as_the_longest_and_has_to_be_worth_it():
    # All that can be gained is 0.5. 60 of 120 seconds are half of a budget that is worth a tenth of that: 0.025.
    record = diagnosis(finding("a", remedy("viterbi", at_most=0.72), remedy("semi_markov", at_most=0.73)))
    done = [outcome("min_duration", inner=0.7, seconds=60.0), outcome("majority", inner=0.6, seconds=2.0)]
    assert _next(record, done, stakes=Stakes(before=0.5, budget_s=120.0)) == "semi_markov"
    assert _next(record, done, stakes=Stakes(before=0.5, budget_s=150.0)) == "viterbi"  # now 0.02
    assert _next(record, done, stakes=Stakes(before=0.5, budget_s=80.0)) is None  # now 0.0375


def test_seconds_of_a_training_are_no_decoder_s():
    record = diagnosis(finding("a", remedy("viterbi", at_most=0.71)))
    trained = outcome("min_duration", inner=0.7, seconds=100.0)
    trained = trained.model_copy(update={"trial": trained.trial.model_copy(update={"edits": {"loss.dice": 0.5}})})
    assert _next(record, [trained], stakes=Stakes(before=0.5, budget_s=120.0)) == "viterbi"


def test_what_is_waiting_is_what_will_be_tried():
    record = diagnosis(finding("a", remedy("semi_markov"), remedy("viterbi"), remedy("min_duration", at_most=0.1)))
    names = [trial.edits["decoder"] for trial in waiting(record, [outcome("viterbi", inner=0.4)])]
    assert names == ["semi_markov"]


def test_safety():
    unsafe = diagnosis(finding("a", remedy("viterbi", safety="unsafe")))
    assert _next(unsafe) is None
    assert _next(unsafe, unsafe=True) == "viterbi"
    assert _next(diagnosis(finding("a", remedy("viterbi", safety="manual"))), unsafe=True) is None


def test_edits_that_ask_for_more_than_a_decoder_are_left_to_others():
    training = remedy("viterbi", edits={"training.loss": "dice", "decoder": "viterbi"})
    unknown = remedy("viterbi", edits={"decoder": "no_such_decoder"})
    assert _next(diagnosis(finding("a", training, unknown))) is None
