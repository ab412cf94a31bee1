"""D204: labels that the file gives away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.giveaways import PositionSkill
from segmend.core.task import Kind, Task
from segmend.diagnosis.giveaways import Fact, Told, facts_of, told_by
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, number, percent

TELLS = 0.8
"""Area under the ROC curve: of a recording with the class and one without, the fact alone tells which is which, in four
pairs of five."""

ALL = 0.95
"""From here on a model need not look at the signal at all."""

CHANCE = 1e-3
"""Of a false alarm over all classes and facts."""

PLACED = (0.85, 0.75)
"""Area under the ROC curve of the place in a recording: the median over groups, and the lower quartile. In real sets
with an order of their own, such as songs, it is 0.8 at most."""

OTHERWISE = 0.75
"""Area that a linear model reaches without the level: from here on other things tell the class, too."""

NAMES = {
    "size": "the size of a file",
    "padding": "the padding at the end",
    "level": "the mean level",
    "order": "the row number",
}
MASK = Remedy(
    name="make-sizes-alike",
    safety="manual",
    advice="Cut or pad all to one size at random places, the same way for every class, and score the model again.",
)
LEVEL = Remedy(
    name="take-the-level-away",
    safety="manual",
    advice="Take the mean away from each by itself, and score the model again: x = x - x.mean(axis=0).",
)
SHUFFLE = Remedy(
    name="shuffle-the-rows",
    safety="manual",
    advice="Shuffle the rows, or split by group, before fit: its validation_split takes the last rows, which are of "
    "other classes than the first.",
)
MOVE = Remedy(
    name="cut-at-random-places",
    safety="manual",
    advice="Train on windows that are cut at random places, judge on recordings in another order, and compare.",
)
PAIR = Remedy(
    name="check-the-sources",
    safety="manual",
    advice="Ask where the files of each class come from: classes that were recorded or saved in other ways differ in "
    "more than this. Bring files of every class from every source.",
)
MENDS = {"size": (PAIR, MASK), "padding": (PAIR, MASK), "level": (PAIR, LEVEL), "order": (SHUFFLE,)}


class Shortcut(Rule):
    """Labels can be told from facts that carry no event: size, padding, level, or the place in a recording.

    What it finds:
        Classes of whole recordings that are told by how long (or large) the file is, by how much of its end is
        padding, by a slight offset of a channel's mean, or, in arrays, by the row number; and, in signals, classes of
        steps that are told by how far into the recording they lie.

    Why it matters:
        Models find the easiest way. Where all recordings of a class come from one device or were cut in one way, their
        length, their padding and their offset tell the class; where everybody did things in one order, the clock does.
        A model scores well without having looked at what it should recognise, and fails on the first file from
        elsewhere.

    Evidence:
        The area under the ROC curve of the fact alone for each class, over the means of each group's recordings with
        the class and without (of the training part, where there is one); it counts from 0.8 on where a rank test with
        correction for ties gives a chance of 0.001 at most, times the number of classes and facts, and 5 groups are on
        either side. Of levels only those within half of the spread of a recording count, because larger ones are what
        the class looks like. The place in a recording is judged by the shares that other groups have there
        (twentieths): it counts where the area is 0.85 at the median over groups and 0.75 for three in four. Severity is
        warning from 0.95 on, else info; of a level it is info, too, where a linear model without it tells the class
        (0.75), and of row numbers always.

    Remedy:
        Make sizes alike in the same way for every class, take levels away, cut at random places, and score again; ask
        where the files come from.

    Known limits:
        Each of these can belong to the matter, as the length of an exercise done twenty times does, or the order of a
        ritual: then the finding is true, and no fault. Only longer and shorter, higher and lower are seen, not a class
        in the middle. Padding with noise, and offsets as large as the signal, are not told from what a class looks
        like. Names of files are not looked at.
    """

    name = "shortcut"
    code = "D204"
    preview = True
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = (
        "slice-failure",
        "overfitting",
        "single-class-collapse",
        "missed-class",
        "confused-pair",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding for each kind of fact."""
        facts = chart.fingerprint
        assert facts is not None
        if chart.task.kind == "segmentation":
            placed = [each for each in facts.positions if each.auc >= PLACED[0] and each.low >= PLACED[1]]
            if placed:
                yield self._placed(placed)
            return
        every = list(facts_of(facts))
        for kind in NAMES:
            told = _told(facts, [each for each in every if each.kind == kind], len(every) * len(facts.labels))
            if told:
                yield self._of(kind, told, facts, chart.task)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A shortcut explains failures of the recordings that it does not serve."""
        kinds = {"size": ("length",), "padding": ("length",), "level": ("level",)}.get(mine.evidence["fact"], ())
        return super().causes(mine, other) and other.evidence.get("slice") in kinds

    def _of(self, kind: str, told: dict[str, Told], facts: Fingerprint, task: Task) -> Finding:
        names = sorted(told, key=lambda name: -told[name].off)
        first = told[names[0]]
        size = "steps" if task.rank == 1 else "pixels" if kind == "size" else "rows"
        unit = {"size": f" {size}", "padding": f" {size} of it"}.get(kind, "")
        of = f" of channel {first.fact.channel}" if first.fact.channel else ""
        verb = {"size": "have", "padding": "have", "level": "lie at", "order": "stand at"}[kind]
        severe = first.off >= ALL and kind != "order" and not (kind == "level" and _otherwise(facts, names[0]))
        return self.finding(
            f"{NAMES[kind]}{of} tells its class ({listed(names)}): {task.unit} of {names[0]} {verb} "
            f"{first.ours:.4g}{unit} and others {first.others:.4g} (medians), by which {number(100 * first.off)} of "
            f"100 pairs are told apart without looking at a sample",
            severity=Severity.WARNING if severe else Severity.INFO,
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={
                "fact": kind,
                "classes": {
                    name: {
                        "auc": each.auc,
                        "chance": each.chance,
                        "with": each.ours,
                        "without": each.others,
                        **({"channel": each.fact.channel} if each.fact.channel else {}),
                    }
                    for name, each in told.items()
                },
                "threshold": TELLS,
                "chance": CHANCE,
            },
            remedies=MENDS[kind],
        )

    def _placed(self, placed: list[PositionSkill]) -> Finding:
        first = max(placed, key=lambda each: each.auc)
        names = [each.name for each in sorted(placed, key=lambda each: -each.auc)]
        where = f"{percent(first.part / 20)} to {percent((first.part + 1) / 20)}"
        return self.finding(
            f"the place in a recording tells what is there ({listed(names)}): {first.name} holds "
            f"{percent(first.share)} of the steps from {where} of the way, by which {number(100 * first.auc)} of 100 "
            f"pairs of steps are told apart without looking at a sample",
            severity=Severity.WARNING if first.auc >= ALL else Severity.INFO,
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={
                "fact": "position",
                "classes": {each.name: each.to_dict() for each in placed},
                "threshold": PLACED[0],
                "threshold_quartile": PLACED[1],
            },
            remedies=(MOVE, PAIR),
        )


def _told(facts: Fingerprint, which: list[Fact], tests: int) -> dict[str, Told]:
    """The classes that some of the facts tell, each by the one that tells it best."""
    found = {}
    for place, name in enumerate(facts.labels):
        every = [told for fact in which if (told := told_by(fact, facts, place)) is not None]
        sure = [each._replace(chance=each.chance * tests) for each in every if each.chance * tests <= CHANCE]
        best = max(sure, key=lambda each: each.off, default=None)
        if best is not None and best.off >= TELLS:
            found[name] = best
    return found


def _otherwise(facts: Fingerprint, name: str) -> bool:
    """Whether a linear model tells the class without the level."""
    known = facts.separability.classes if facts.separability is not None else ()
    return any(each.name == name and (each.auc_without_level or 0.0) >= OTHERWISE for each in known)
