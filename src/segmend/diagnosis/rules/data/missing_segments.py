"""D105: items that nobody marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.unmarked import UnmarkedClass
from segmend.core.task import Task
from segmend.diagnosis import severity
from segmend.diagnosis.chance import SURE, at_least
from segmend.diagnosis.forgotten import Forgotten, forgotten
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, percent

FEWEST = (5, 3)
"""Sure items, and groups that they are of."""

SHARE = (0.01, 0.05)
"""Of the marked items, at least, as a linear model and as the judged model sees them."""

ALIKE = (0.15, 0.3)
"""Share of what looks like the class where nothing is marked that is as sure as half of its items: of real items it
would be a half, of what only resembles them it is small. Of a linear model, and of the judged one."""

KNOWN = 0.9
"""Area under the ROC curve from which on a linear model knows a class."""

TOLERATED = 0.02


class MissingSegments(Rule):
    """Items are there, as far as a model can tell, and nobody marked them.

    What it finds:
        Classes of which a model says, where nothing is marked, that there is an item: as surely as of half of the
        marked ones, and as long (large) as they are.

    Why it matters:
        An item that nobody marked teaches a model not to find such items, and counts as invented when it finds it.
        The count is too low in the truth, and the better a model is, the worse it looks.

    Evidence:
        For each class how many, beside how many are marked; their share, doubled because half of the real ones are
        less sure; and the surest places, to look at. Where signals are known, a linear model that was fitted on other
        people is asked: it counts from 5 of 3 groups and 1 per cent of the items on, with 99 per cent of certainty over
        groups, where it tells the class from the rest (area under the ROC curve of 0.9 or more) and 15 per cent or more
        of all that it takes for the class is as sure. Else the judged predictions are asked: from 5 per cent on, more
        than chance makes of 2, with 30 per cent or more as sure. Severity follows the share of items that are not
        marked: warning from 2 per cent, error from 10; a warning at most where the judged model is the witness.

    Remedy:
        Look at the listed places and mark what is there, in val and test first; leave out of training (label -1) what
        cannot be decided.

    Known limits:
        What looks just like an item and is none, such as a sound from elsewhere, is listed too: a person must look.
        Only items that stand alone are seen. A model that is sure of all that it says tells nothing by being sure.
    """

    name = "missing-segments"
    code = "D105"
    preview = True
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = (
        "missed-segments",
        "spurious-segments",
        "fails-in-the-same-places",
        "count-bias",
    )
    moves = "up"

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.fingerprint is not None
        linear = chart.fingerprint.unmarked
        if linear is not None:
            sick = {each.name: _row(each) for each in linear.classes if _told(each)}
            places = [each.to_dict() for each in linear.places if each.label in sick]
        else:
            found = _asked(chart)
            sick = {name: _row_of(each) for name, each in found.items()}
            places = sorted((place for each in found.values() for place in each.places), key=_doubt)
        if sick:
            yield self._of(chart, sick, places, own=linear is None)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Items that nobody marked explain faults of their classes."""
        label = other.where.get("label")
        return super().causes(mine, other) and (label is None or label in mine.evidence["classes"])

    def _of(
        self, chart: Chart, sick: dict[str, dict[str, float]], places: list[dict[str, Any]], *, own: bool
    ) -> Finding:
        names = sorted(sick, key=lambda name: -sick[name]["share"])
        sure = sum(int(row["sure"]) for row in sick.values())
        marked = _marked(chart.fingerprint, names) or sum(int(row["marked"]) for row in sick.values())
        share = 2 * sure / (marked + 2 * sure)
        grave = severity.of_change(share, 0.0)
        who = "the judged model" if own else "a model that never saw them"
        told = [f"{name} {int(sick[name]['sure'])}" for name in names]
        return self.finding(
            f"{sure} {chart.task.item} seem to be there and are not marked ({listed(told)}): {who} is as sure of them "
            f"as of half of the marked ones, so that about {percent(share)} are missing; first "
            f"{_told_place(places[0], chart.task)}",
            severity=Severity.WARNING if own and grave is Severity.ERROR else grave,
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={
                "classes": sick,
                "sure": sure,
                "share": share,
                "threshold": SHARE[own],
                "witness": "prediction" if own else "linear model",
                "review": places,
            },
            remedies=(_review(len(places), chart.task),),
        )


def _told(each: UnmarkedClass) -> bool:
    enough = each.sure >= max(FEWEST[0], SHARE[0] * each.items) and each.groups >= FEWEST[1] and each.low > 0
    return enough and each.sure >= ALIKE[0] * each.runs and (each.auc or 0.0) >= KNOWN


def _row(each: UnmarkedClass) -> dict[str, float]:
    share = 2 * each.sure / (each.items + 2 * each.sure)
    return {"sure": each.sure, "like": each.runs, "marked": each.items, "groups": each.groups, "share": share}


def _row_of(each: Forgotten) -> dict[str, float]:
    share = 2 * each.sure / (each.reference + 2 * each.sure)
    return {"sure": each.sure, "like": each.beside, "marked": each.reference, "groups": each.groups, "share": share}


def _asked(chart: Chart) -> dict[str, Forgotten]:
    """What the judged predictions say, where they are of data that the model was not fitted to."""
    prediction = chart.prediction
    if prediction is None or prediction.y_prob is None or prediction.y_true is None or chart.judged_on == "x, y":
        return {}
    if chart.labels.background is None and not prediction.multilabel:
        return {}
    found = {chart.labels.names[k]: forgotten(prediction, k) for k in chart.labels.foreground}
    return {name: each for name, each in found.items() if each is not None and _many(each)}


def _many(each: Forgotten) -> bool:
    enough = each.sure >= max(FEWEST[0], SHARE[1] * each.reference) and each.groups >= FEWEST[1]
    chance = at_least(min(each.sure, each.reference), each.reference, TOLERATED)
    return enough and each.sure >= ALIKE[1] * each.beside and chance < SURE


def _marked(facts: Fingerprint | None, names: list[str]) -> int:
    return sum(each.segments for each in facts.classes if each.name in names) if facts is not None else 0


def _doubt(place: dict[str, Any]) -> float:
    return -float(place["confidence"])


def _told_place(place: dict[str, Any], task: Task) -> str:
    start, stop = place["start"], place["stop"]
    if isinstance(start, list):
        middle = ", ".join(str((a + b) // 2) for a, b in zip(start, stop, strict=True))
        return f"{place['recording']} around row and column {middle}"
    return f"{place['recording']} at {task.unit} {start} to {stop}"


def _review(places: int, task: Task) -> Remedy:
    return Remedy(
        name="mark-what-is-there",
        safety="manual",
        advice=f"Look at the {places} places of the review list (evidence of this finding), those of val and test "
        f"first: mark the {task.item} that are there, and label -1 what cannot be decided.",
    )
