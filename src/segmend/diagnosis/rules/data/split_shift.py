"""D403: parts of a split that differ by more than chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import RecordingFacts
from segmend.core.roles import purpose
from segmend.core.task import Kind, Task
from segmend.diagnosis.remedies import decode
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.shift import Shift, quantities, shifts
from segmend.diagnosis.wording import listed, number, percent

CHANCE = 0.005
"""Of a false alarm on one part, all quantities together."""

LARGE = 0.8
"""Standard deviations between groups: a large effect after Cohen (1988); smaller ones are there in most splits."""

APART = 2.0
"""Standard deviations: two such parts share less than a third of their range."""

LEAST = (5, 3)
"""Groups in train and in the part: with fewer, how far groups spread is not known."""

SPLIT = Remedy(
    name="split-by-group",
    safety="manual",
    advice="If the parts are meant to be alike, split again: segmend.splitting.by_group balances lengths and classes.",
)
SAY = Remedy(
    name="judge-it-apart",
    safety="manual",
    advice="If the part is meant to be another site or sensor, report its score by itself, and choose no threshold, "
    "epoch or decoder on a part that is unlike what the model will meet.",
)
STANDARDISE = Remedy(
    name="standardise-each-recording",
    safety="manual",
    advice="Standardise each recording by itself: segmend plan DATA --set window.standardize=recording.",
)

SIGNAL = ("level", "spread")

OF_LEVELS = (
    "single-class-collapse",
    "missed-class",
    "over-segmentation",
    "under-segmentation",
    "spurious-segments",
    "missed-segments",
    "confused-pair",
    "flickering",
    "shifted-boundaries",
    "edge-artefacts",
    "wrong-threshold",
    "miscalibrated",
    "count-bias",
    "overparameterised",
    "oscillating",
)
"""What a model may do wrong with signals at levels that it never saw."""

OF_SHARES = ("wrong-threshold", "miscalibrated")
"""What it does wrong where classes are rarer or more frequent."""


class SplitShift(Rule):
    """A part of the split differs from train by more than chance.

    What it finds:
        Shares of classes, rates and lengths of their items, and levels and spreads of channels that lie elsewhere in a
        validation or test part than in train.

    Why it matters:
        A score is an estimate for data like those it was measured on. Where test differs from train, a poor score may
        tell of the split and not of the model; where val differs, thresholds and decoders are fitted to the wrong
        shares and lengths.

    Evidence:
        Each quantity's median over groups (people, where they are known) in both, and their distance in standard
        deviations between groups. It counts from 0.8 on (Cohen's large effect) where the means differ beyond a chance
        of 0.005, by a t test times the number of quantities (Bonferroni). A part needs 3 groups, train 5. Severity is
        warning from 2 standard deviations, where the parts hardly overlap, else info.

    Remedy:
        Split again where the parts should be alike; standardise each recording where levels differ; where another site
        was meant, judge it apart, and decode under its own class frequencies, which need no labels to be estimated.

    Known limits:
        With few groups only large shifts can be told from chance. Only means over groups are compared: a shift in how
        classes look, at the same levels and lengths, is not seen.
    """

    name = "split-shift"
    code = "D403"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = (
        "overfitting",
        "unfamiliar-input",
        "slice-failure",
        *dict.fromkeys((*OF_LEVELS, *OF_SHARES)),
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per part."""
        facts = chart.fingerprint
        assert facts is not None
        groups = _groups(list(facts.recordings))
        parts = [part for part, _ in groups]
        held_out = [part for part in dict.fromkeys(parts) if part != "train"]
        if "train" not in parts or not held_out:
            return
        found = quantities(facts, chart.task, list(groups.values()))
        here = np.array([part == "train" for part in parts])
        for part in held_out:
            compared = shifts(found, here, np.array([each == part for each in parts]), least=LEAST)
            beyond = [each for each in compared if each.p <= CHANCE and abs(each.effect) >= LARGE]
            if beyond:
                yield self._shifted(chart.task, part, beyond, parts.count(part))

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A shift explains what goes wrong by the quantity that is shifted."""
        if not super().causes(mine, other):
            return False
        shifted = {(each["what"], each["of"]) for each in mine.evidence["shifts"]}
        kinds, evidence = {what for what, _ in shifted}, other.evidence
        if other.rule == "unfamiliar-input":
            return (evidence.get("kind"), evidence.get("channel")) in shifted
        if other.rule == "slice-failure":
            return evidence.get("slice") in kinds
        if other.rule == "overfitting":
            return purpose(mine.evidence["part"]) == "val"
        far = max(
            (abs(each.get("effect", 0.0)) for each in mine.evidence["shifts"] if each["what"] in SIGNAL), default=0.0
        )
        by_share = other.rule in OF_SHARES and bool(kinds & {"share", "rate"})
        return by_share or (other.rule in OF_LEVELS and far >= APART)

    def _shifted(self, task: Task, part: str, beyond: list[Shift], groups: int) -> Finding:
        signals = any(each.what in SIGNAL for each in beyond)
        far = max(abs(each.effect) for each in beyond)
        where = {"channel" if signals else "label": beyond[0].of} if len(beyond) == 1 else {}
        return self.finding(
            f"{part} differs from train beyond chance: {listed([_told(each, task) for each in beyond], 3)}, train "
            f"first; the first of them lies {number(far)} standard deviations apart",
            severity=Severity.WARNING if far >= APART else Severity.INFO,
            where=where,
            evidence={
                "part": part,
                "groups": groups,
                "shifts": [asdict(each) for each in beyond],
                "chance": CHANCE,
                "threshold": LARGE,
            },
            remedies=_remedies(task, {each.what for each in beyond}, signals=signals),
        )


def _remedies(task: Task, kinds: set[str], *, signals: bool) -> tuple[Remedy, ...]:
    frequencies = bool(kinds & {"share", "rate"}) and (task.kind == "classification" or task.rank == 1)
    return (SPLIT, *([STANDARDISE] if signals else []), *([decode("prior_shift")] if frequencies else []), SAY)


def _groups(recordings: list[RecordingFacts]) -> dict[tuple[str, str], list[RecordingFacts]]:
    """The annotated recordings of train, val and test parts by part and group."""
    found: dict[tuple[str, str], list[RecordingFacts]] = {}
    for each in recordings:
        for role in (each.role, *each.also_in):
            if role is not None and purpose(role) is not None and each.judged:
                found.setdefault((role, each.group), []).append(each)
    return found


def _told(shift: Shift, task: Task) -> str:
    if shift.what == "share":
        return f"the share of {shift.of} is {percent(shift.train)} against {percent(shift.part)}"
    one, other = f"{shift.train:.3g}", f"{shift.part:.3g}"
    if shift.what == "rate":
        if not shift.train:
            return f"{task.item} of {shift.of} are there in this part alone"
        return f"{task.item} of {shift.of} come {number(shift.part / shift.train)} times as often"
    if shift.what == "duration":
        size = "steps long" if task.rank == 1 else "pixels large"
        return f"{task.item} of {shift.of} are {one} against {other} {size}"
    name = "the mean of" if shift.what == "level" else "the spread within"
    return f"{name} channel {shift.of} is {one} against {other}"
