"""T107: so much is done against learning by heart that nothing is learnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import DROPOUT, PENALISED
from segmend.artifacts.finding import Finding, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, courses, level
from segmend.diagnosis.regularisation import STRONG, Means, means
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.skill import unlearnt
from segmend.diagnosis.symptoms import broken, reached
from segmend.diagnosis.wording import listed, number, percent

WORSE = 1.25
FEWEST = 5
SCORE_BELOW = 0.05
BELOW_LINEAR = 0.1
USUAL = {"dropout": "0.2", "penalty": "1e-4", "weight decay": "0.01", "noise": "0.1"}


class OverRegularised(Rule):
    """So much is done against learning by heart that the model hardly learns at all.

    What it finds:
        Dropout of 0.6 or more, an L1 or L2 penalty of 0.01 or more, a weight decay of 0.3 or more or noise of a
        standard deviation of 1 or more, together with a training that learnt hardly more than how frequent each class
        is, or to a macro F1 at least 0.1 below that of a linear model; or, with such dropout or noise, a loss in
        training at least 25 % above that on validation data and a score at least 0.05 below it.

    Why it matters:
        A penalty that outweighs the loss draws all weights to nothing, and units that are mostly switched off cannot
        pass on what the signal holds. The model then looks as if it were too small or the data too hard.

    Evidence:
        Each means with its layer, its strength and the threshold, and what was learnt. Strong regularisation alone
        is no fault; it must show.

    Remedy:
        The usual strength: dropout 0.2, L2 1e-4, weight decay 0.01. First without any, to see that the model can
        learn the training data; then as little as keeps the validation loss from rising.

    Known limits:
        Where the data themselves say little, a strong means is found guilty that is not. A penalty inside a loss of
        one's own is not seen.
    """

    name = "over-regularised"
    code = "T107"
    needs: ClassVar[tuple[str, ...]] = ("history", "anatomy", "anatomy.layers")
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "single-class-collapse",
        "missed-class",
        "confused-pair",
        "wrong-threshold",
        "miscalibrated",
        "missed-segments",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.history is not None
        assert chart.anatomy is not None
        strong = [each for each in means(chart.anatomy) if each.strong]
        if not strong:
            return
        for course in courses(chart.history):
            seen = None if broken(course) else _symptom(chart, course, strong)
            if seen:
                yield self._of(strong, seen)
                return

    def _of(self, strong: Sequence[Means], seen: str) -> Finding:
        told = [f"{each.kind} {each.strength:g} in {each.where}" for each in strong]
        kinds = list(dict.fromkeys(each.kind for each in strong))
        usual = listed([f"{kind} {USUAL[kind]}" for kind in kinds])
        return self.finding(
            f"Much is done against learning by heart ({listed(told, 2)}), and {seen}",
            severity=Severity.WARNING,
            evidence={
                "means": [[each.kind, each.where, each.strength] for each in strong],
                "threshold": {kind: STRONG[kind] for kind in kinds},
            },
            remedies=[
                remedies.train_again(
                    "regularise-less",
                    f"Train once without {listed(kinds)}, to see that the model can learn; then with {usual}.",
                    {PENALISED: False, DROPOUT: 0.0},
                )
            ],
        )


def _symptom(chart: Chart, course: Course, strong: Sequence[Means]) -> str | None:
    """How the training shows that it is too much."""
    skill = unlearnt(chart, course)
    if skill is not None:
        return f"{percent(max(skill.skill, 0.0))} of what there is to learn was learnt ({skill.column})"
    linear, own = reached(chart)
    if linear - own >= BELOW_LINEAR:
        return f"the macro F1 is {number(own)}, where a linear model reaches {number(linear)} on the same data"
    _, loss, val = course.paired
    found = course.score()
    only_in_training = any(each.kind in ("dropout", "noise") for each in strong)
    if not only_in_training or len(val) < FEWEST or found is None or found[2] is None:
        return None
    if level(loss) < WORSE * level(val) or level(val) <= 0 or level(found[2]) - level(found[1]) < SCORE_BELOW:
        return None
    return (
        f"in training the loss is {number(level(loss))} and {found[0]} {number(level(found[1]))}, on validation data, "
        f"where it is switched off, {number(level(val))} and {number(level(found[2]))}"
    )
