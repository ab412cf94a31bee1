"""What every rule is: one fault, looked for in a chart."""

from __future__ import annotations

import abc
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind, Task


class Rule(abc.ABC):
    """One fault that the doctor can find.

    A rule is one file under ``diagnosis/rules/FAMILY/``, named after the fault, and one line in ``catalogue.RULES``.
    Its class docstring is the only text about it: source, ``segmend explain``, the report and the documentation page
    show the same words. It opens with a summary line and has the sections *What it finds*, *Why it matters*,
    *Evidence*, *Remedy* and *Known limits*. ``examine`` never touches a model or a file and takes milliseconds.

    Attributes:
        name: kebab-case name of the fault, its key in the catalogue.
        code: letter of the family (D data, M model, T training, P predictions) and a number.
        needs: parts of the chart without which the rule is skipped: attributes of Chart, with a dot for a part of a
            part ("prediction.y_prob", "fingerprint.channels").
        explains: names of rules whose findings this fault causes.
        moves: which counts it can cause: "down" those that are too low, "up" those that are too high, None any.
        spent_as_info: its findings for information are of what the judged weights do not suffer from, as where those
            of the best epoch were kept; they explain no fault of predictions.
        condition: healthy models live with it too: where something else explains as grave a fault, that comes first.
        kinds: of tasks in which the fault can be.
        ranks: numbers of spatial axes of the data in which it can be.
        overlapping: whether it can be where labels may overlap.
        preview: it runs on request only, until it is proven to fire on at least 90 % of seeded cases and on at most 1 %
            of healthy ones.
    """

    name: ClassVar[str]
    code: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    explains: ClassVar[tuple[str, ...]] = ()
    moves: ClassVar[Literal["down", "up"] | None] = None
    spent_as_info: ClassVar[bool] = False
    condition: ClassVar[bool] = False
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation",)
    ranks: ClassVar[tuple[int, ...]] = (1, 2)
    overlapping: ClassVar[bool] = True
    preview: ClassVar[bool] = False

    def serves(self, task: Task) -> bool:
        """Whether the fault can be where labels answer this question."""
        fits = task.kind in self.kinds and task.rank in self.ranks
        return fits and (self.overlapping or task.labels != "multilabel")

    @abc.abstractmethod
    def examine(self, chart: Chart) -> Iterable[Finding]:
        """The findings on this chart; none when nothing is wrong."""

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Whether a finding of this rule causes another one.

        A cause that is confined to a class explains faults of that class, and those of no one class.
        """
        label, ratio = mine.where.get("label"), other.evidence.get("ratio")
        if self.moves is not None and ratio is not None and not (ratio < 1 if self.moves == "down" else ratio > 1):
            return False
        if self.spent_as_info and mine.severity is Severity.INFO and other.code.startswith("P"):
            return False
        return other.rule in self.explains and (label is None or other.where.get("label") in (None, label))

    def finding(
        self,
        message: str,
        *,
        severity: Severity,
        where: Mapping[str, Any] | None = None,
        evidence: Mapping[str, Any] | None = None,
        remedies: Iterable[Remedy] = (),
        gain: float = 0.0,
    ) -> Finding:
        """A finding of this rule; the doctor fills ``explained_by``.

        Args:
            message: one or two sentences with the numbers in them.
            severity: how much it matters; ``severity.from_oracle`` judges what costs score.
            where: what it concerns: any of label, recording, channel, layer, output.
            evidence: the numbers behind the message, with the thresholds that were used.
            remedies: cheapest first.
            gain: segment F1@50 that repairing it can bring, for ranking.
        """
        return Finding(
            rule=self.name,
            code=self.code,
            severity=severity,
            where=dict(where or {}),
            message=message,
            evidence=dict(evidence or {}),
            remedies=tuple(remedies),
            gain=gain,
        )
