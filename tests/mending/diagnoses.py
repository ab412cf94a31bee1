"""Diagnoses and outcomes written by hand."""

from segmend.artifacts.finding import DiagnosisRecord, Expected, Finding, Remedy, Severity
from segmend.artifacts.trial import Interval, Outcome, Trial

OBJECTIVE = "segment_f1@50"


def remedy(decoder, at_most=0.9, safety="safe", **fields):
    given = {
        "name": f"decode-{decoder}",
        "safety": safety,
        "edits": {"decoder": decoder},
        "expected": None if at_most is None else Expected(objective=OBJECTIVE, before=0.2, at_most=at_most),
    }
    return Remedy(**{**given, **fields})


def finding(rule, *remedies):
    return Finding(rule=rule, code="P400", severity=Severity.ERROR, message=f"{rule} was found.", remedies=remedies)


def diagnosis(*findings):
    return DiagnosisRecord(task={}, judged_on="y_true, y_prob", findings=findings, oracle=(), checked=(), skipped=())


def outcome(decoder, *, inner=0.5, seconds=1.0, before=0.2, after=0.6, low=0.1, high=0.5, control=False, setting=None):
    edits = {"decoder": decoder} if setting is None else {"decoder": decoder, "setting": setting}
    known = after is not None and before is not None
    return Outcome(
        trial=Trial(name=f"decode-{decoder}", edits=edits, control=control),
        before={"objective": before},
        after={"objective": after},
        change=Interval(difference=after - before if known else None, low=low, high=high),
        inner=inner,
        seconds=seconds,
    )
