"""Which windows training sees, and how each draw is varied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.sides import task_of

MOST_BACKGROUND = 0.5
LONG_BACKGROUND = 0.9
"""Share of steps without a label from which on windows that hold nothing else are thinned out."""


def choose_balanced(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Half of the windows around a segment of a class drawn evenly; never all, since the weights correct too."""
    counts = [c.segments for c in facts.classes if c.segments]
    what = task_of(facts).item
    if len(counts) < 2:
        return Choice(value=0.0, because="one class or none: any window is as good", source="classes.segments")
    ratio = max(counts) / min(counts)
    because = (
        f"half of the windows are of {what} of a class drawn evenly, so that each class appears "
        f"({ratio:.1f} times between the most frequent and the rarest); not all, so that common ones stay varied"
    )
    return Choice(value=0.5, because=because, source="classes.segments")


def choose_transitions(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Windows around changes of class, rare changes as often as frequent ones."""
    task = task_of(facts)
    if task.kind == "classification" or task.rank > 1 or task.labels == "multilabel":
        return Choice(value=0.0, because="no order of classes to learn", source="task")
    because = "changes of class are seen as often as they come; set it where rare ones are missed"
    return Choice(value=0.0, because=because, source="default")


def choose_hard(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Windows where the model was wrong: an option, since label errors are the hardest examples of all."""
    because = "no preference for windows that went wrong: wrong labels would be sought out first"
    return Choice(value=0.0, because=because, source="default")


def choose_background(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """The largest share of windows that hold nothing but background."""
    task = task_of(facts)
    if facts.background is None:
        return Choice(value=1.0, because="not used: no class is background", source="task")
    told = f"{100 * facts.background_share:.0f} % of the {task.unit} are background"
    if task.kind == "segmentation" and facts.background_share >= LONG_BACKGROUND:
        because = f"{told}: at most half of the windows hold nothing else"
        return Choice(value=MOST_BACKGROUND, because=because, source="background_share")
    because = f"{told}: windows without anything are drawn as they come"
    return Choice(value=1.0, because=because, source="background_share")


def choose_augment(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Changes that keep the labels, drawn anew for every window."""
    task = task_of(facts)
    if task.rank > 1:
        low, high = _values(facts)
        value: list[dict[str, Any]] = [
            {"name": "flip", "mode": "horizontal"},
            {"name": "flip", "mode": "vertical"},
            {"name": "brightness", "distance": 0.1, "value_range": [low, high]},
            {"name": "contrast", "by": 0.2, "value_range": [low, high]},
        ]
        because = "mirrored along both axes, and brighter or darker: no class is known to depend on either"
        return Choice(value=value, because=because, source="task, channels")
    whole = {"name": "scaling", "factor": 1.5, "around": "mean", "per_channel": False}
    noise = {"name": "noise", "snr": [20.0, 40.0]}
    if task.kind == "classification":
        pace = {"name": "stretch", "speed": 1.15}
        because = "pace and amplitude differ between people; levels, and channels beside each other, may be the label"
        return Choice(value=[pace, whole, noise], because=because, source="task")
    value = [whole, {**whole, "per_channel": True}, {"name": "offset", "height": 0.2}, noise]
    because = "amplitude and offset differ from person to person and sensor to sensor; a little noise against learning"
    return Choice(value=value, because=f"{because} samples by heart", source="default")


def _values(facts: Fingerprint) -> tuple[float, float]:
    """The range of pixel values: that of 8 bits where all fit into it, or else what occurs."""
    low = min((c.min for c in facts.channels if c.min is not None), default=0.0)
    high = max((c.max for c in facts.channels if c.max is not None), default=255.0)
    return (0.0, 255.0) if low >= 0 and 1 < high <= 255 else (float(low), float(high))
