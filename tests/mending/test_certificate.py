import pytest

from segmend.artifacts.finding import Remedy
from segmend.artifacts.trial import Certificate
from segmend.mending.certificate import certify
from tests.mending.diagnoses import diagnosis, finding, outcome, remedy


def _certify(proof, controls=(), **options):
    given = {
        "chosen": "decode-viterbi",
        "proof": proof,
        "control_choice": None,
        "objective": "segment_f1@50",
        "judged_on": "groups",
        "recordings": 12,
        "held_out": True,
        "mean_count_mae": 1.5,
    }
    return certify([outcome("viterbi")], list(controls), **{**given, **options})


@pytest.mark.parametrize(
    ("after", "low", "high", "verdict", "kept"),
    [
        (0.6, 0.1, 0.5, "helped", True),
        (0.6, 0.0, 0.5, "not proven", True),
        (0.25, -0.1, 0.2, "not proven", True),
        (0.2, 0.0, 0.0, "nothing helped", False),
        (0.1, -0.2, -0.05, "nothing helped", False),
    ],
)
def test_the_interval_decides(after, low, high, verdict, kept):
    certificate = _certify(outcome("viterbi", after=after, low=low, high=high))
    assert certificate.verdict == verdict
    assert certificate.chosen == ("decode-viterbi" if kept else None)
    assert bool(certificate.note) == (verdict != "helped")


def test_five_recordings_prove_nothing():
    assert _certify(outcome("viterbi"), recordings=5).verdict == "not proven"
    assert _certify(outcome("viterbi"), recordings=6).verdict == "helped"
    assert "Only 5" in _certify(outcome("viterbi"), recordings=5).note


def test_recordings_the_model_was_trained_on_prove_nothing():
    certificate = _certify(outcome("viterbi"), held_out=False)
    assert certificate.verdict == "not proven"
    assert "validation_data" in certificate.note


def test_a_loss_is_not_kept_even_where_nothing_is_proven():
    certificate = _certify(outcome("viterbi", after=0.1, low=-0.2, high=0.0), recordings=3)
    assert (certificate.verdict, certificate.chosen) == ("not proven", None)


def test_an_undefined_objective_proves_nothing():
    certificate = _certify(outcome("viterbi", after=None, low=None, high=None))
    assert certificate.verdict == "not proven"


def test_nothing_chosen_is_nothing_helped():
    certificate = _certify(None, chosen=None)
    assert (certificate.verdict, certificate.chosen, certificate.outcome) == ("nothing helped", None, None)


def test_the_share_of_random_remedies_beaten():
    controls = [outcome("viterbi", after=after, control=True) for after in (0.1, 0.3, 0.6, 0.7, None)]
    choice = outcome("viterbi", after=0.55, control=True)
    control = _certify(outcome("viterbi", after=0.6), controls, control_choice=choice).control
    shares = {"beaten_share": 0.5, "best_by_inner_folds": 0.55}
    assert control == {"drawn": 5, "trained": 0, **shares, "seconds": 5.0}
    assert _certify(outcome("viterbi")).control["beaten_share"] is None


def test_what_to_look_at_next_is_a_remedy_that_is_no_decoder():
    label = Remedy(name="review-labels", safety="manual", advice="Review the labels of QRS.")
    record = diagnosis(finding("a", remedy("viterbi")), finding("b", remedy("viterbi"), label))
    note = _certify(None, chosen=None, diagnosis=record).note
    assert "b" in note and "Review the labels of QRS." in note
    alone = _certify(None, chosen=None, diagnosis=diagnosis(finding("a", remedy("viterbi")))).note
    assert "a was found." in alone
    assert "no fault" in _certify(None, chosen=None, diagnosis=diagnosis()).note


def test_survives_json():
    certificate = _certify(outcome("viterbi"))
    assert Certificate.from_dict(certificate.to_dict()) == certificate
