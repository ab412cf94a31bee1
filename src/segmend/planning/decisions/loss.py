"""What training minimises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.sides import task_of

EVEN = 10.0
"""Between the most frequent and the rarest class; up to here Dice and sampling suffice, and weights would only bias
probabilities, and with them counts, towards the rare classes."""

CAP = 10.0


def choose_cross_entropy(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Always there: the only term with a useful gradient at every step."""
    task = task_of(facts)
    of = "of each label by itself; " if task.labels == "multilabel" else ""
    because = f"{of}gives every {task.unit[:-1]} a gradient and keeps probabilities honest"
    return Choice(value=1.0, because=because, source="default")


def choose_dice(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Per-class overlap beside the cross-entropy."""
    task = task_of(facts)
    if task.kind == "classification":
        return Choice(value=0.0, because="not used: one label for the whole overlaps with nothing", source="task")
    because = f"per-class overlap: each class counts the same, however few its {task.unit}"
    return Choice(value=1.0, because=because, source="default")


def choose_class_weights(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Square root of the balanced weights, capped: Dice and balanced sampling correct the rest.

    Weights are normalised to a mean of 1 over the steps, so that the learning rate keeps its meaning. A class
    without a step gets 0.
    """
    shares, task = class_shares(facts), task_of(facts)
    if task.labels == "multilabel":
        because = "each label by itself: it starts at its own share, and weights would push its count up"
        return Choice(value=[1.0] * len(shares), because=because, source="task")
    if task.kind == "classification":
        because = f"{task.holders} are drawn by class: weights would correct a second time"
        return Choice(value=[1.0] * len(shares), because=because, source="sampling.balanced")
    present, unit = [share for share in shares if share > 0], task.unit[:-1]
    if not present:
        return Choice(value=[1.0] * len(shares), because=f"no labelled {unit} to weigh", source="classes.step_share")
    ratio = max(present) / min(present)
    absent = [name for name, share in zip(facts.labels, shares, strict=True) if share == 0]
    note = f"; no {unit} of {', '.join(absent)}, so weight 0" if absent else ""
    if ratio <= EVEN:
        weights = [1.0 if share > 0 else 0.0 for share in shares]
        because = (
            f"{ratio:.1f} times between the most frequent and the rarest class: Dice and sampling suffice, and weights "
            f"would push counts of rare classes up{note}"
        )
    else:
        weights = weights_by(shares, 0.5, CAP)
        because = (
            f"square root of balanced (at most {CAP:g} to 1): {ratio:.1f} times between the most frequent and the "
            f"rarest class; Dice and sampling correct the rest{note}"
        )
    return Choice(value=weights, because=because, source="classes.step_share, background_share")


def class_shares(facts: Fingerprint) -> list[float]:
    """Share of steps per class number, the background included."""
    known = {c.name: c.step_share for c in facts.classes}
    return [
        facts.background_share if number == facts.background else known.get(name, 0.0)
        for number, name in enumerate(facts.labels)
    ]


def weights_by(shares: list[float], power: float, most: float) -> list[float]:
    """Weights that fall with the share of a class; their mean over the steps is 1, and a class without a step gets 0.

    Args:
        shares: of steps, by class number; one or more above 0.
        power: 0 gives flat weights, 1 balanced ones, 0.5 their square root.
        most: the heaviest over the lightest.

    Examples:
        >>> weights_by([0.8, 0.2, 0.0], 1.0, 100.0)
        [0.625, 2.5, 0.0]
        >>> weights_by([0.8, 0.2], 0.0, 100.0)
        [1.0, 1.0]
    """
    raw = [share**-power if share > 0 else 0.0 for share in shares]
    least = min(weight for weight in raw if weight > 0)
    capped = [min(weight, most * least) for weight in raw]
    mean = sum(share * weight for share, weight in zip(shares, capped, strict=True)) / sum(shares)
    return [round(weight / mean, 4) for weight in capped]
