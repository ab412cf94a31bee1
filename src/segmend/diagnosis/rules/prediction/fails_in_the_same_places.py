"""P417: models that know nothing of each other fail in the same places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import repaired, severity
from segmend.diagnosis.failing_together import Together, together, with_right
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number, percent

LIFT = 2.0
"""So many times what chance gives, at least, with 99 per cent."""

SHARE = 0.01
"""Of the items, at least, that all get wrong."""

FEWEST = (5, 3)
"""Items, and groups that they are of."""

LISTED = 50


class FailsInTheSamePlaces(Rule):
    """Models that were made independently get the same items wrong, in the same way.

    What it finds:
        Segments (objects, whole recordings) that the judged model and every other one get wrong, with the same wrong
        answer, far more often than models do that err independently.

    Why it matters:
        What one model gets wrong another one may get right: then training, averaging or another architecture helps.
        What all get wrong is not in the models. Its label is wrong, or the input does not tell; no model mends either.

    Evidence:
        How many items all get wrong in the same way, how many that would be if errors were independent, the ratio of
        the two and what it is at least, with 99 per cent, groups being what is drawn; and which items, to look at. It
        counts from 5 items of 3 groups and 1 per cent of all on, where the ratio is 2 at least. Other models are those
        that were handed in (diagnose(others=...)): folds, members of an ensemble, an earlier model. Where there are
        none, it is a linear model that was fitted on other recordings than the item's, with what it doubts. Severity is
        what getting these items right would gain.

    Remedy:
        Look at the listed items: correct labels that are wrong; where the input does not tell, bring a channel that
        does, or leave them out of the judgement (label -1).

    Known limits:
        Models that were trained on the same data by the same code share their weaknesses: the more alike they are, the
        less their agreement says. Items that are hard, short or noisy, are wrong in all models too, and are listed. The
        linear model speaks of recordings that it was fitted on, by folds: where a split keeps the judged ones apart,
        hand in other models. Of labels that overlap and of images it is not asked which wrong answer was given.
    """

    name = "fails-in-the-same-places"
    code = "P417"
    preview = True
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.prediction is not None
        found = together(chart)
        if found is not None and _sure(found):
            yield self._of(chart, found)

    def _of(self, chart: Chart, found: Together) -> Finding:
        grave, expected = _cost(chart, found)
        least = min(found.wrong)
        first = found.places[0]
        return self.finding(
            f"{found.both} of {found.items} {chart.task.item} are wrong in the same way for this model and for "
            f"{found.witness}, {number(found.lift)} times as many as by chance ({number(found.expected)}) and "
            f"{percent(found.both / max(1, least))} of what the better one gets wrong: their labels are wrong, or the "
            f"input does not tell; first {_told(first, chart)}",
            severity=grave,
            evidence={
                "both": found.both,
                "items": found.items,
                "wrong": found.wrong,
                "models": found.models,
                "witness": found.witness,
                "expected": found.expected,
                "lift": found.lift,
                "lift_at_least": found.low,
                "threshold": LIFT,
                "groups": found.groups,
                "review": found.places[:LISTED],
            },
            remedies=(_review(min(LISTED, len(found.places)), chart),),
            gain=severity.gain(expected),
        )


def _sure(found: Together) -> bool:
    enough = found.both >= max(FEWEST[0], SHARE * found.items) and found.groups >= FEWEST[1]
    return enough and found.low >= LIFT


def _cost(chart: Chart, found: Together) -> tuple[Severity, Expected]:
    prediction = chart.prediction
    assert prediction is not None
    if prediction.rank == 0:
        sides = prediction.y_pred, with_right(prediction, found)
        return repaired.judged(chart, *(repaired.measured(prediction, rows) for rows in sides))
    expected = severity.with_matches(chart, found.both)
    return severity.of_change(severity.gain(expected), 0.0), expected


def _told(place: dict[str, Any], chart: Chart) -> str:
    where = f" at {chart.task.unit} {place['start']} to {place['stop']}" if place["stop"] else ""
    said = f", labelled {place['given']}, for {place['said']}" if place["said"] is not None else ""
    return f"{place['recording']}{where}{said}"


def _review(places: int, chart: Chart) -> Remedy:
    return Remedy(
        name="look-where-all-fail",
        safety="manual",
        advice=f"Look at the {places} {chart.task.item} of the review list (evidence of this finding): correct wrong "
        "labels, and label -1 what the input does not tell.",
    )
