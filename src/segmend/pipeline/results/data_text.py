"""A data set in figures, for ``segmend audit`` on a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from segmend.artifacts.fingerprint import Extent, Fingerprint
from segmend.artifacts.relations import CoOccurrence
from segmend.artifacts.separability import Separability
from segmend.core.words import aligned, counted
from segmend.pipeline.results.data_summary import classes, parts_of, totals
from segmend.pipeline.results.data_words import Words, duration, words_of

LENGTHS = {"p5": "p5", "p50": "median", "p95": "p95"}

ALIKE = 0.5
"""Below this share of independent segments their likeness is told."""

APART = 1.5
"""From this ratio on (or below its inverse) two labels are told to keep company, or to keep apart."""

ENOUGH = 20
"""Things that two labels would be expected to hold together, from which on their ratio means something."""


def overview(facts: Fingerprint) -> Iterator[str]:
    """The size of the data set, and what stands out in it, a sentence each."""
    figures, words = totals(facts), words_of(facts)
    yield _size(figures, words, facts)
    if figures["split"]:
        told = ", ".join(f"{part} {each['recordings']:,}" for part, each in figures["split"].items())
        measured = "" if words.whole else f"; {words.length}s are measured on {facts.measured_on}"
        yield f"split: {told} {words.recording}s{measured}"
    if words.overlap and not words.whole:
        yield f"no label holds in {100 * facts.background_share:.1f} % of the {words.unit}s{_of(facts)}"
    yield from _worth(facts, words)
    yield from _company(facts.co_occurrence, words)
    if facts.separability is not None:
        yield from _floor(facts, facts.separability, words)


def table(facts: Fingerprint) -> str:
    """Steps, segments and lengths of each class, and its share of the time in each part of the split."""
    words = words_of(facts)
    parts = [part for part in parts_of(facts) if part]
    shares = [f"share {part}" for part in parts] or ["share"]
    head = ["class", f"{words.recording}s", *shares] if words.whole else _head(words, shares)
    rows = [head]
    for each in classes(facts):
        length = each["length"] or {}
        held = [each["share"][part] for part in parts] if parts else [each["share"]["all"]]
        count = "" if each["segments"] is None else f"{each['segments']:,}"
        cells = [] if words.whole else [count, *(_figure(length.get(key)) for key in LENGTHS)]
        told = ["" if share is None else f"{100 * share:.1f} %" for share in held]
        rows.append([each["name"], f"{each['steps']:,}", *cells, *told])
    return aligned(rows)


def _head(words: Words, shares: list[str]) -> list[str]:
    first, *others = LENGTHS.values()
    return ["class", f"{words.unit}s", f"{words.item}s", f"{words.length} {first}", *others, *shares]


def _size(figures: dict[str, Any], words: Words, facts: Fingerprint) -> str:
    seconds = figures["seconds"]
    if seconds is not None and words.unit == "step":
        span = f" ({duration(seconds)} at {facts.sampling_rate_hz:g} steps per second)"
    else:
        span = f" ({_extent(facts.extent)})" if words.unit == "pixel" and facts.extent else ""
    told = [
        f"{counted(figures['recordings'], words.recording)} of {counted(figures['groups'], 'group')}",
        f"{counted(figures['steps'], words.unit)}{span}",
        counted(figures["channels"], "channel"),
    ]
    if not words.whole or words.overlap:
        told.append(counted(figures["segments"], words.item))
    return ", ".join(told)


def _extent(sides: tuple[Extent, ...]) -> str:
    least, most = (" x ".join(str(getattr(side, end)) for side in sides) for end in ("min", "max"))
    return least if least == most else f"{least} to {most}"


def _worth(facts: Fingerprint, words: Words) -> Iterator[str]:
    worth = facts.effective_segments
    if not words.whole and worth is not None and worth < ALIKE * facts.segments:
        sizes = f"{words.length}s within a group are alike"
        yield f"{counted(facts.segments, words.item)}{_of(facts)} are worth {worth:,.0f} independent ones: {sizes}"


def _of(facts: Fingerprint) -> str:
    return " of train" if facts.measured_on == "train" else ""


def _company(pairs: tuple[CoOccurrence, ...], words: Words) -> Iterator[str]:
    """The pair of labels furthest from independence, where it is far."""
    told = [pair for pair in pairs if pair.expected >= ENOUGH]
    if not told:
        return
    far = max(told, key=lambda pair: abs(math.log(max(pair.together, 0.5) / pair.expected)))
    if 1 / APART < far.together / far.expected < APART:
        return
    what = f"{words.recording if words.whole else words.unit}s"
    yield (
        f"{far.one} and {far.other} hold together in {far.together:,} {what}; independent labels would in "
        f"{far.expected:,.0f}"
    )


def _floor(facts: Fingerprint, floor: Separability, words: Words) -> Iterator[str]:
    """How well a linear model does, and where it does worst: among classes of which there are enough to tell."""
    if floor.auc is None:
        return
    many = {each.name for each in facts.classes if each.segments >= ENOUGH}
    known = {each.name: each.auc for each in floor.classes if each.auc is not None}
    told = {name: auc for name, auc in known.items() if name in many} or known
    worst = min(told, key=lambda name: told[name])
    by = "group" if floor.folds_by == "groups" else f"{words.recording}, as there is one group only"
    hardest = f"; hardest: {worst} ({told[worst]:.3f})" if len(known) > 2 else ""
    yield (
        f"a linear model on windowed features tells the classes apart with AUC {floor.auc:.3f} out of sample, folds by "
        f"{by}{hardest}"
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
