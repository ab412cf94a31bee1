"""PSDS once more, in plain loops over thresholds, steps and pairs: slow, obvious, sharing no code with the package."""

import math
from fractions import Fraction


def psds(y_prob, events, judged, background, rate, criteria):
    """Value, and area by class; ``events[k]`` are (start, stop, label) rows of recording k."""
    events = [[row for row in rows if row[2] != background] for rows in events]
    true = [
        [piece for row in united(rows) for piece in pieces(row, keep)]
        for rows, keep in zip(events, judged, strict=True)
    ]
    present = sorted({row[2] for rows in true for row in rows})
    points = {c: [(0.0, 0.0)] for c in present}
    for c in present:
        scores = {
            row[c]
            for rows, keep in zip(y_prob, judged, strict=True)
            for row, kept in zip(rows, keep, strict=True)
            if kept
        }
        for threshold in scores:
            points[c].append(operating_point(y_prob, true, judged, c, threshold, present, rate, criteria))
    areas = {c: area([points[c]], 0.0, criteria.max_efpr) for c in present}
    return (area(list(points.values()), criteria.alpha_st, criteria.max_efpr) if present else math.nan), areas


def united(rows):
    """Rows of one class that share a step become one."""
    rows = [row for row in rows if row[0] < row[1]]
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            if i < j and a[2] == b[2] and a[0] < b[1] and b[0] < a[1]:
                rest = [row for k, row in enumerate(rows) if k not in (i, j)]
                return united([*rest, (min(a[0], b[0]), max(a[1], b[1]), a[2])])
    return rows


def pieces(row, keep):
    """A row without the steps that are not judged."""
    found = []
    for t in range(max(row[0], 0), min(row[1], len(keep))):
        if keep[t]:
            if found and found[-1][1] == t:
                found[-1] = (found[-1][0], t + 1, row[2])
            else:
                found.append((t, t + 1, row[2]))
    return found


def runs(active):
    found = []
    for t, on in enumerate(active):
        if on and found and found[-1][1] == t:
            found[-1] = (found[-1][0], t + 1)
        elif on:
            found.append((t, t + 1))
    return found


def overlap(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def decimal(number):
    """The decimal that a person wrote, not the binary number next to it."""
    return Fraction(str(number))


def operating_point(y_prob, true, judged, c, threshold, present, rate, criteria):
    found = references = false = seconds = 0
    crossed, activity = dict.fromkeys(present, 0), dict.fromkeys(present, 0)
    for rows, events, keep in zip(y_prob, true, judged, strict=True):
        detections = runs([kept and row[c] >= threshold for row, kept in zip(rows, keep, strict=True)])
        own = [event for event in events if event[2] == c]
        passing = []
        for d in detections:
            inside = sum(overlap(d, event) for event in own)
            if inside > 0 and Fraction(inside, d[1] - d[0]) >= decimal(criteria.dtc_threshold):
                passing.append(d)
                continue
            false += 1
            for other in present:
                strange = sum(overlap(d, event) for event in events if event[2] == other != c)
                share = Fraction(strange, d[1] - d[0])
                crossed[other] += strange > 0 and share >= decimal(criteria.cttc_threshold)
        for event in own:
            covered = sum(overlap(d, event) for d in passing)
            references += 1
            found += covered > 0 and Fraction(covered, event[1] - event[0]) >= decimal(criteria.gtc_threshold)
        for event in events:
            activity[event[2]] += Fraction(event[1] - event[0]) / Fraction(rate)
        seconds += Fraction(sum(keep)) / Fraction(rate)
    others = [crossed[other] * 3600 / activity[other] for other in present if other != c]
    confusion = Fraction(sum(others)) / len(others) if others else 0
    return float(false * 3600 / seconds + decimal(criteria.alpha_ct) * confusion), found / references


def area(curves, alpha_st, highest):
    """Under max(0, mean - alpha_st * std) of the best points at or below each rate."""
    rates = sorted({rate for curve in curves for rate, _ in curve if rate < highest})
    total = 0.0
    for left, right in zip(rates, [*rates[1:], highest], strict=True):
        best = [max(tpr for rate, tpr in curve if rate <= left) for curve in curves]
        mean = sum(best) / len(best)
        std = math.sqrt(sum((b - mean) ** 2 for b in best) / len(best))
        total += (right - left) * max(0.0, mean - alpha_st * std)
    return total / highest
