"""The places that findings about labels name, as one list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.review import Doubt, Review
from segmend.core.dataset import Dataset

RULES = ("label-noise", "missing-segments", "boundary-jitter")
"""The rules whose evidence holds places."""

RARE = 0.5
"""A class is rare with less than this share of the items that classes have on average."""


def review_of(diagnosis: DiagnosisRecord, facts: Fingerprint | None) -> Review:
    """What a person should look at, in the order of the findings, and within each by doubt.

    Args:
        diagnosis: findings, those of ``RULES`` among them.
        facts: how many items each class has; None makes no class rare.
    """
    rare = rare_classes(facts)
    places = [place for finding in diagnosis.findings for place in _places(finding.rule, finding.evidence, rare)]
    return Review(places=tuple(places), rare=tuple(rare))


def rare_classes(facts: Fingerprint | None) -> list[str]:
    """Names of the classes that have far fewer items than the others."""
    counts = {each.name: each.segments for each in facts.classes if each.segments} if facts is not None else {}
    mean = sum(counts.values()) / max(1, len(counts))
    return [name for name, count in counts.items() if count < RARE * mean]


def hidden(data: Dataset, review: Review) -> dict[str, list[tuple[int, int]]]:
    """Stretches of training recordings that are doubted and may be left out unseen, by name; of a whole all of it.

    None of images with objects: there are no stretches in them.
    """
    if data.task.rank > 1 and data.task.kind == "segmentation":
        return {}
    learnt = {each.name: each for each in (data.part("train") if "train" in data.split else data.recordings)}
    found: dict[str, list[tuple[int, int]]] = {}
    for place in review.places:
        if place.recording not in learnt or place.rare or place.kind == "shifted":
            continue
        whole = (0, learnt[place.recording].steps)
        ends = (place.start, place.stop) if isinstance(place.start, int) and isinstance(place.stop, int) else whole
        found.setdefault(place.recording, []).append(ends)
    return found


def _places(rule: str, evidence: dict[str, Any], rare: list[str]) -> Iterator[Doubt]:
    for place in evidence.get("review", ()) if rule in RULES else ():
        label = str(place.get("label", place.get("given")))
        common = {"recording": place["recording"], "label": label, "rare": label in rare}
        if rule == "label-noise":
            other, whole = place["looks_like"], not place["stop"]
            start, stop = (None, None) if whole else (place["start"], place["stop"])
            told = f"{label} looks like {other}"
            yield Doubt(kind="mislabelled", start=start, stop=stop, looks_like=other, told=told, **common)
        elif rule == "missing-segments":
            told = f"{label} seems to be here and is not marked"
            yield Doubt(kind="missing", start=place["start"], stop=place["stop"], told=told, **common)
        else:
            yield _border(place, common)


def _border(place: dict[str, Any], common: dict[str, Any]) -> Doubt:
    step, off = int(place["step"]), round(float(place["off"]))
    way = "later" if off > 0 else "earlier"
    told = f"{place['end']} of {common['label']}: the signal changes {abs(off)} steps {way}"
    start, stop = sorted((step, max(0, step + off)))
    return Doubt(kind="shifted", start=start, stop=max(stop, start + 1), told=told, **common)
