"""P408: segments start or end late, or early, as a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy
from segmend.core.types import FloatArray, IntArray
from segmend.diagnosis import severity
from segmend.diagnosis.chance import SURE, same_sign
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.shifts import Shifts, shifts_of
from segmend.diagnosis.wording import labels_apart, number, percent

THRESHOLD = 0.05
"""Of the median length; such a shift takes about 10 % off the IoU; annotators often agree no better."""
FEWEST = 12
AGREEMENT = 0.75
MOSTLY_APART = 0.25


class ShiftedBoundaries(Rule):
    """Predicted segments start or end late, or early, by about the same time.

    What it finds:
        Classes with at least 12 predicted segments that stand for one reference segment each, whose starts or ends
        lie off by at least 1 step and 5 % of the median length at the median, with at least 75 % of them off in that
        direction, and more of one sign than chance gives (sign test below 0.001). When more than half of the classes
        (and at least 3) are concerned, one finding speaks for all of them.

    Why it matters:
        Jitter to either side averages out, a shift does not: every onset, duration and interval that is read off is
        wrong by the same amount, and short segments lose their overlap with what is really there. It is also the
        cheapest fault to mend.

    Evidence:
        Median of predicted minus reference start and end, in steps and, where the rate is known, in seconds: above 0 is
        late. The share of segments off in that direction, and how many do not even overlap. Severity is what
        moving the ends back by these medians gains in segment F1@50.

    Remedy:
        Both ends off alike: look for a delay, of padding that is "valid" or "causal" (half the receptive field), of a
        filter, or between the clocks of signals and annotations; or move what is predicted. Ends off in opposite
        directions: segments are too short or too long; weigh the steps around borders more when training, or move the
        ends.

    Known limits:
        A shift of more than 1.5 lengths of a segment pairs nothing. Segments in pieces or run together are left out.
        Annotators have habits too: where the annotations start early as a rule, the model is told to be late.
    """

    name = "shifted-boundaries"
    code = "P408"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores", "oracle")
    explains: ClassVar[tuple[str, ...]] = ("missed-segments", "spurious-segments")
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per class, or one for all that are off in the same direction when most classes are concerned."""
        assert chart.prediction is not None
        found = {
            chart.labels.names[k]: part
            for k, part in enumerate(shifts_of(chart.prediction))
            if k != chart.labels.background and len(part) >= FEWEST
        }
        sick = {label: part for label, part in found.items() if any(_shift(part))}
        for names in labels_apart(list(sick), len(found)):
            for alike in _by_direction({name: sick[name] for name in names}):
                yield self._of(chart, list(alike), list(alike.values()))

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A shift explains missed and invented segments where it leaves many without overlap."""
        return super().causes(mine, other) and mine.evidence["apart"] >= MOSTLY_APART * mine.evidence["pairs"]

    def _of(self, chart: Chart, names: Sequence[str], parts: Sequence[Shifts]) -> Finding:
        label = names[0] if len(names) == 1 else None
        start, stop = (float(np.median([_shift(part)[k] for part in parts])) for k in (0, 1))
        pairs, apart = sum(map(len, parts)), sum(int(part.apart.sum()) for part in parts)
        rate = _rate(chart)
        expected = _expected(chart, parts)
        told = " and ".join(_told(verb, value, rate) for verb, value in (("start", start), ("end", stop)) if value)
        agreeing = [_agreeing(ends, np.sign(value)) for ends, value in _ends(parts, start, stop)]
        return self.finding(
            f"{chart.task.item} of {label or f'{len(names)} classes'} {told} at the median of {pairs}; "
            f"{percent(min(agreeing))} of them are off in that direction",
            severity=severity.of_change(severity.gain(expected), 0.0),
            where={"label": label} if label else {},
            evidence={
                "start_steps": start,
                "stop_steps": stop,
                "start_s": start / rate if rate else None,
                "stop_s": stop / rate if rate else None,
                "median_length": float(np.median(np.concatenate([part.length for part in parts]))),
                "threshold": THRESHOLD,
                "agreeing": min(agreeing),
                "pairs": pairs,
                "apart": apart,
                **({} if label else {"labels": list(names)}),
            },
            remedies=_remedies(start, stop, expected),
            gain=severity.gain(expected),
        )


def _shift(part: Shifts) -> tuple[float, float]:
    """How late starts and ends are as a rule, in steps; 0 where there is no rule."""
    least = max(1.0, THRESHOLD * float(np.median(part.length)))
    found = []
    for ends in (part.start, part.stop):
        middle = float(np.median(ends))
        surely = abs(middle) >= least and _agreeing(ends, np.sign(middle)) >= AGREEMENT and same_sign(ends) < SURE
        found.append(middle if surely else 0.0)
    return found[0], found[1]


def _by_direction(parts: Mapping[str, Shifts]) -> list[dict[str, Shifts]]:
    """The classes whose starts, and whose ends, are off to the same side."""
    found: dict[tuple[float, ...], dict[str, Shifts]] = {}
    for name, part in parts.items():
        found.setdefault(tuple(np.sign(_shift(part))), {})[name] = part
    return list(found.values())


def _agreeing(ends: IntArray | FloatArray, sign: float) -> float:
    return float((np.sign(ends) == sign).mean())


def _ends(parts: Sequence[Shifts], start: float, stop: float) -> list[tuple[IntArray, float]]:
    """The ends that are off, with how far."""
    sides = [(np.concatenate([part.start for part in parts]), start), (np.concatenate([p.stop for p in parts]), stop)]
    return [(ends, value) for ends, value in sides if value]


def _expected(chart: Chart, parts: Sequence[Shifts]) -> Expected:
    """What moving the ends back gains: pairs that reach an IoU of 0.5 and did not."""
    return severity.with_matches(chart, max(0, sum(part.matched(*_shift(part)) - part.matched() for part in parts)))


def _rate(chart: Chart) -> float | None:
    own = chart.prediction.sampling_rate_hz if chart.prediction else None
    return own or (chart.fingerprint.sampling_rate_hz if chart.fingerprint else None)


def _told(verb: str, value: float, rate: float | None) -> str:
    seconds = "" if not rate else f" ({number(abs(value) / rate * 1000)} ms)"
    return f"{verb} {abs(value):g} steps{seconds} {'late' if value > 0 else 'early'}"


def _remedies(start: float, stop: float, expected: Expected) -> list[Remedy]:
    same = np.sign(start) * np.sign(stop) > 0
    move = f"start += {-round(start)}; stop += {-round(stop)}"
    steps = round((start + stop) / 2)
    advice = f"Move the ends of what is predicted: {move}."
    if same and steps:
        advice = f"Move what is predicted by {-steps} steps: y_pred = np.roll(y_pred, {-steps}, axis=1)."
    reason = "Weigh the steps around borders more when training, since the model decides too late or too soon there."
    if same:
        reason = (
            'Look for a delay: padding="valid" or "causal" in the model, a filter that is run in one direction, or '
            "other clocks of signals and annotations."
        )
    return [
        Remedy(name="move-ends", safety="manual", advice=advice, expected=expected),
        Remedy(name="find-the-delay" if same else "weigh-borders", safety="manual", advice=reason),
    ]
