"""How often each class occurs."""

from __future__ import annotations

from segmend.artifacts.chart import Chart


def class_shares(chart: Chart) -> tuple[float, ...] | None:
    """Share of each class number in the steps (or recordings) that carry a label; None where nothing is known.

    Where labels may overlap, the shares sum to anything.

    Args:
        chart: with a fingerprint.
    """
    facts = chart.fingerprint
    if facts is None:
        return None
    known = {each.name: each.step_share for each in facts.classes}
    if facts.background is not None:
        known[facts.labels[facts.background]] = facts.background_share
    shares = tuple(known.get(name, 0.0) for name in facts.labels)
    return shares if any(shares) else None


def always_right(chart: Chart) -> tuple[float, float, str] | None:
    """What one and the same answer gets right, what it would get right were classes even, and the answer in words.

    Args:
        chart: with a fingerprint; None where fewer than two answers occur.
    """
    shares = class_shares(chart)
    if shares is None or chart.fingerprint is None:
        return None
    if chart.task.labels == "multilabel":
        best = [max(share, 1 - share) for share in shares]
        return sum(best) / len(best), 0.5, "the more frequent answer to each label"
    present = [share for share in shares if share > 0]
    if len(present) < 2:
        return None
    most = max(range(len(shares)), key=shares.__getitem__)
    return shares[most], 1 / len(present), chart.fingerprint.labels[most]
