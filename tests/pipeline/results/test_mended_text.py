"""What a mend tells of remedies that were not tried."""

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.trial import Untried
from segmend.core.task import Task
from segmend.mending.certificate import certify
from segmend.pipeline.results.mended import Mended
from segmend.reporting.sections.certificate import context
from tests.mending.diagnoses import outcome


def _certificate():
    left = [
        ("viterbi", 0.004, 60.0, "gain"),
        ("hysteresis", 0.0, 60.0, "gain"),
        ("thresholds", 0.0, 60.0, "gain"),
        ("expected_f1", 0.2, 60.0, "time"),
    ]
    untried = [
        Untried(trial=outcome(name).trial, gain=gain, seconds=seconds, why=why) for name, gain, seconds, why in left
    ]
    return certify(
        [outcome("majority")],
        [],
        chosen=None,
        proof=None,
        control_choice=None,
        objective="segment_f1@50",
        judged_on="groups",
        recordings=12,
        held_out=True,
        mean_count_mae=None,
        untried=untried,
    )


def test_what_was_not_tried_is_told_with_its_gain_and_its_seconds():
    record = DecoderRecord(name="argmax", parameters={}, labels=("a", "b"), background=0, objective="", fitted_on="")
    text = str(Mended(certificate=_certificate(), task=Task.named("segmentation", 2), record=record))
    assert "Not tried: decode-viterbi, at most +0.004 of segment_f1@50 for 60 s." in text
    assert "Not tried, for the diagnosis expects no more of them: decode-hysteresis, decode-thresholds." in text
    assert "Not tried, for no time was left: decode-expected_f1." in text


def test_the_page_lists_it_with_what_was_tried():
    class Content:
        certificate = _certificate()

    told = {row["name"]: row["told"] for row in context(Content())["untried"]}
    assert told["decode-viterbi"] == "not tried: at most +0.004 for 60 s"
    assert told["decode-expected_f1"] == "not tried: no time was left"
