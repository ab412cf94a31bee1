"""D103: items that are labelled as another class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import DOUBTED
from segmend.artifacts.finding import Finding, Remedy
from segmend.artifacts.opinion import ClassOpinion, SecondOpinion
from segmend.core.task import Kind
from segmend.diagnosis import severity
from segmend.diagnosis.intervals import wilson
from segmend.diagnosis.linking import share_a_class
from segmend.diagnosis.remedies import train_again
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, percent

LEAST = 0.01
"""Share of items that is doubted, with 99 per cent of certainty: below it a few odd items explain doubts."""

TIMES = 2.0
"""So many times the share that is doubted by chance where scores are normal: real ones have longer tails."""

FEWEST = (5, 3)
"""Items, and groups that they are of: what is odd in one person is a person, and no noise."""

FOUND = 0.5
"""Share of wrong labels that is doubted: a doubt asks for a score that half of the other class's own items have."""


class LabelNoise(Rule):
    """Items are labelled as one class and look, out of sample, like another.

    What it finds:
        Segments, or recordings where these are classified, of which a linear model that was fitted on other people, or
        the model itself, says another class, as surely as it does of that class's own items; and from their number
        the share of wrong labels.

    Why it matters:
        Wrong labels cost twice: a model learns them, and is then judged by them. Where one label in ten is wrong, no
        model can score above 0.9, and the one that copies the mistakes scores best.

    Evidence:
        The share that is doubted with its 99 per cent interval over groups, the noise rate of each class, which is
        twice that share since half of the wrong ones are doubted, with its 95 per cent interval (Wilson), and the items
        to look at, worst first. It counts where the interval lies above 0.01 and above twice what chance gives, with 5
        items of 3 groups or more. Classes of which the nearest other one lies less than 3 robust standard deviations
        away are left out, because right labels are doubted there too. Severity follows the rate, which is what the best
        score falls short by: warning from 2 per cent, error from 10.

    Remedy:
        Look at the listed items and correct them by hand; correct the test part first. Do not drop unseen what is
        doubted, for rare kinds of a class are doubted too; ``mend`` tries a training without the listed items of
        classes that are not rare, and keeps it only where held-out recordings prove it.

    Known limits:
        Classes that neither model tells apart are not looked at. What a model was trained on, it may know by heart: its
        own opinion is worth something of held-out data, and counts where the wrong labels that it makes out are as many
        as the items that it is torn over, or more: weak models are torn over many. Only classes that were taken for one
        another are seen, and none of which nearly half of the labels are wrong; whether a border is right, or an item
        is missing, is not asked. Mistakes that everyone makes alike, such as two classes with exchanged names, look
        right.
    """

    name = "label-noise"
    code = "D103"
    preview = True
    needs: ClassVar[tuple[str, ...]] = ("opinions",)
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "overfitting",
        "confused-pair",
        "fails-in-the-same-places",
        "miscalibrated",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")
    overlapping = False

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        own = chart.own_opinion
        sure = [each for each in chart.opinions if _is_sure(each) and (each is not own or each.torn <= _wrong(each))]
        if sure:
            yield self._of(chart, max(sure, key=lambda each: each.low))

    def _of(self, chart: Chart, found: SecondOpinion) -> Finding:
        chance = _by_chance(found)
        rates = {each.name: _rate(each) for each in found.classes}
        noisy = sorted((name for name in rates if rates[name]["rate"] > 0), key=lambda name: -rates[name]["rate"])
        overall = min(1.0, _wrong(found) / found.items)
        told = [f"{name} {percent(rates[name]['rate'])}" for name in noisy]
        first = found.suspects[0]
        place = f" at {chart.task.unit} {first.start} to {first.stop}" if first.stop else ""
        who = "the model itself" if found is chart.own_opinion else "a linear model that never saw them"
        return self.finding(
            f"about {percent(overall)} of {found.items} {chart.task.item} have a wrong label ({listed(told)}): "
            f"{found.doubted} look like another class to {who}; first {first.recording}{place}, "
            f"labelled {first.given}, which looks like {first.looks_like}",
            severity=severity.of_change(overall, 0.0),
            where={"label": noisy[0]} if len(noisy) == 1 else {},
            evidence={
                "items": found.items,
                "doubted": found.doubted,
                "doubted_share": [found.low, found.doubted / found.items, found.high],
                "by_chance": chance,
                "threshold": max(LEAST, TIMES * chance),
                "rates": rates,
                "review": [each.to_dict() for each in found.suspects],
            },
            remedies=_remedies(found, chart),
        )

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Wrong labels explain confusions of the classes that have them."""
        noisy = {name for name, found in mine.evidence["rates"].items() if found["rate"] > 0}
        return super().causes(mine, other) and share_a_class(noisy, other)


def _is_sure(found: SecondOpinion) -> bool:
    """Whether more is doubted than a few odd items, or one odd group, or chance explain."""
    enough = found.doubted >= FEWEST[0] and found.groups >= FEWEST[1]
    return enough and found.low > max(LEAST, TIMES * _by_chance(found))


def _wrong(found: SecondOpinion) -> float:
    """Number of wrong labels, of those that are doubted."""
    return found.doubted / FOUND


def _by_chance(found: SecondOpinion) -> float:
    """Share that would be doubted of normal scores."""
    return sum(each.tail * each.items for each in found.classes) / max(1, found.items)


def _rate(each: ClassOpinion) -> dict[str, float]:
    """Share of wrong labels of a class, with its interval."""
    low, high = wilson(each.doubted, each.items)
    return {
        "rate": min(1.0, each.doubted / each.items / FOUND),
        "low": min(1.0, low / FOUND),
        "high": min(1.0, high / FOUND),
        "items": each.items,
    }


def _remedies(found: SecondOpinion, chart: Chart) -> tuple[Remedy, ...]:
    look = Remedy(
        name="review-the-listed-items",
        safety="manual",
        advice=f"Look at the {len(found.suspects)} {chart.task.item} of the review list (evidence of this finding), "
        "those of val and test first, and correct the labels that are wrong; keep the others.",
    )
    if chart.task.rank > 1 and chart.task.kind == "segmentation":
        return (look,)
    advice = f"Train again without the listed {chart.task.item} of classes that are not rare."
    return (look, train_again("leave-out-the-doubted", advice, {DOUBTED: "left out"}))
