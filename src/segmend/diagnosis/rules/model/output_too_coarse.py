"""M301: the output changes in strides longer than the shortest items and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from segmend.artifacts.anatomy import OutputFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.task import Task
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.linking import share_a_class
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, number

GAPS = "gaps of "


class OutputTooCoarse(Rule):
    """The output can only change every so many steps or pixels, and items or gaps are shorter than that.

    What it finds:
        A stride of the output, or blocks of an output that was upsampled by repetition with nothing behind it that
        tells steps within a block apart, longer than the 5th percentile of some class's lengths or gaps.

    Why it matters:
        An item shorter than a block is either missed or drawn as long as a block; a gap shorter than a block is
        filled, and two items become one. No training and no decoding brings back what the output cannot say.

    Evidence:
        The block, in steps or pixels of the input, and the 5th percentiles that fall below it, which are the
        threshold. Severity is read off the oracle ladder: deletions, merges or borders, whichever costs most.

    Remedy:
        The largest power of two that is at most half of the shortest length or gap as stride; a skip connection from
        the fine grid; or a transposed convolution instead of repetition.

    Known limits:
        Only what is constant in blocks whatever the input is found: an output that was interpolated between coarse
        steps, or smoothed behind the repetition by a kernel as long as a block, changes everywhere and passes.
    """

    name = "output-too-coarse"
    code = "M301"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.outputs", "fingerprint")
    explains: ClassVar[tuple[str, ...]] = (
        "single-class-collapse",
        "missed-class",
        "under-segmentation",
        "missed-segments",
        "shifted-boundaries",
        "count-bias",
    )
    moves = "down"

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, about the first output."""
        assert chart.anatomy is not None
        assert chart.fingerprint is not None
        output = chart.anatomy.outputs[0]
        block = coarseness(output)
        short = {name: least for name, least in _shortest(chart.fingerprint, chart.task).items() if least < block}
        if block >= 2 and short:
            yield self._of(chart, output, block, short)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Gaps shorter than a block explain items that run together, items shorter than one those that are missed."""
        if not super().causes(mine, other):
            return False
        gaps = {name.removeprefix(GAPS) for name in mine.evidence["shorter"] if name.startswith(GAPS)}
        items = {name for name in mine.evidence["shorter"] if not name.startswith(GAPS)}
        if other.rule == "under-segmentation":
            return "block_pixels" in mine.evidence or (bool(gaps) and share_a_class(gaps, other))
        if other.rule == "shifted-boundaries":
            return bool(abs(other.evidence.get("start_steps") or 0) <= mine.evidence["block_steps"])
        short = items if other.rule != "count-bias" else items | gaps
        return bool(short) and share_a_class(short, other)

    def _of(self, chart: Chart, output: OutputFacts, block: float, short: Mapping[str, float]) -> Finding:
        unit, item = chart.task.unit, chart.task.item
        grave, expected = severity.at_stake(chart, "deletion", "merge", "borders")
        least = min(short.values())
        return self.finding(
            f"The output can change every {number(block)} {unit} only, but one in twenty {item} or gaps has "
            f"{number(least)} {unit} or less{' across' if chart.task.rank > 1 else ''}: {listed(list(short))}",
            severity=grave,
            where={"output": output.name},
            evidence={f"block_{unit}": block, "threshold": least, "shorter": dict(short)},
            remedies=_remedies(chart.task, least, expected),
            gain=severity.gain(expected),
        )


def coarseness(output: OutputFacts) -> float:
    """Steps of the input within which the output cannot change; 0 where it has no steps or nothing is known."""
    stride = output.fields[0].stride if output.fields else 0.0
    return max(stride, output.grain or 0.0)


def _shortest(facts: Fingerprint, task: Task) -> dict[str, float]:
    """The 5th percentile of length and of gap of each class, by what it is of; of objects, the diameter."""
    found: dict[str, float] = {}
    for each in facts.classes:
        if each.duration.p5 is not None:
            found[each.name] = each.duration.p5
        if task.rank == 1 and each.gap.p5:
            found[f"{GAPS}{each.name}"] = each.gap.p5
    return found


def _remedies(task: Task, least: float, expected: Expected) -> list[Remedy]:
    stride = 1
    while 4 * stride <= least:
        stride *= 2
    if stride > 1:
        finer = f"Train again with strides and pooling that come to {stride} in all, half of the shortest at most"
    else:
        finer = f"Train again without strides and pooling, since {number(least)} {task.unit} leave no room for any"
    return [
        Remedy(name="finer-grid", safety="manual", advice=f"{finer}.", expected=expected),
        Remedy(
            name="join-the-fine-grid",
            safety="manual",
            advice=(
                f"Concatenate the features from before the first stride behind the upsampling, and end in a "
                f"Conv{task.rank}D of kernel 3: segmend.models.unet does."
            ),
            expected=expected,
        ),
        remedies.rebuild(expected),
    ]
