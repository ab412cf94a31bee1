"""The definitions once more, in plain loops over lists: slow, obvious, and sharing no code with the package."""

import itertools
from fractions import Fraction


def segments(steps, background, cut_by=None):
    """Runs of one label as (start, stop, label), by looking at each step."""
    cut_by = steps if cut_by is None else cut_by
    found = []
    for t, label in enumerate(steps):
        if cut_by[t] == -1 or label == background:
            continue
        continues = t > 0 and cut_by[t - 1] != -1 and steps[t - 1] == label
        if continues:
            found[-1] = (found[-1][0], t + 1, label)
        else:
            found.append((t, t + 1, label))
    return found


def shared(a, b):
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def iou(a, b):
    both = shared(a, b)
    return Fraction(both, (a[1] - a[0]) + (b[1] - b[0]) - both)


def matching_size(reference, prediction, threshold):
    """Maximum number of one-to-one pairs of one class, by augmenting paths (Kuhn)."""
    bar = Fraction(threshold, 100)
    partner = {}

    def place(i, seen):
        for j, predicted in enumerate(prediction):
            fits = (
                predicted[2] == reference[i][2]
                and shared(reference[i], predicted)
                and iou(reference[i], predicted) >= bar
            )
            if fits and j not in seen:
                seen.add(j)
                if j not in partner or place(partner[j], seen):
                    partner[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(reference)))


def largest_substitution(reference, prediction):
    """Largest one-to-one set of lone segments of different classes with IoU >= 0.5, over all subsets of pairs."""
    pairs = [
        (i, j)
        for i, r in enumerate(reference)
        for j, p in enumerate(prediction)
        if r[2] != p[2] and iou(r, p) >= Fraction(1, 2)
    ]
    for size in range(len(pairs), 0, -1):
        for chosen in itertools.combinations(pairs, size):
            if len({i for i, _ in chosen}) == size == len({j for _, j in chosen}):
                return chosen
    return ()


def errors(reference, prediction):
    """Number of errors of each kind in one recording."""
    meets = {j: [i for i, r in enumerate(reference) if r[2] == p[2] and shared(r, p)] for j, p in enumerate(prediction)}
    met = {i: [j for j in meets if i in meets[j]] for i in range(len(reference))}
    lone_r = [r for i, r in enumerate(reference) if not met[i]]
    lone_p = [p for j, p in enumerate(prediction) if not meets[j]]
    substitutions = len(largest_substitution(lone_r, lone_p))
    over = under = 0
    for i, r in enumerate(reference):
        if len(met[i]) == 1 and len(meets[met[i][0]]) == 1:
            p = prediction[met[i][0]]
            over += sum(1 for t in range(p[0], p[1]) if not r[0] <= t < r[1])
            under += sum(1 for t in range(r[0], r[1]) if not p[0] <= t < p[1])
    return {
        "insertion": len(lone_p) - substitutions,
        "deletion": len(lone_r) - substitutions,
        "fragmentation": sum(len(js) - 1 for js in met.values() if js),
        "merge": sum(len(rows) - 1 for rows in meets.values() if rows),
        "substitution": substitutions,
        "overfill_steps": over,
        "underfill_steps": under,
    }


def repaired(reference, prediction, kind):
    """The predicted segments after one repair."""
    meets = [[r for r in reference if r[2] == p[2] and shared(r, p)] for p in prediction]
    met = [[p for p in prediction if r[2] == p[2] and shared(r, p)] for r in reference]
    lone_r = [r for r, found in zip(reference, met, strict=True) if not found]
    lone_p = [p for p, found in zip(prediction, meets, strict=True) if not found]
    swapped = [(lone_r[i], lone_p[j]) for i, j in largest_substitution(lone_r, lone_p)]
    if kind == "insertion":
        return [p for p in prediction if p not in lone_p or p in [q for _, q in swapped]]
    if kind == "deletion":
        return prediction + [r for r in lone_r if r not in [s for s, _ in swapped]]
    if kind == "substitution":
        new = {p: (p[0], p[1], r[2]) for r, p in swapped}
        return [new.get(p, p) for p in prediction]
    if kind == "borders":
        pairs = {m[0]: r for r, m in zip(reference, met, strict=True) if len(m) == 1}
        return [pairs[p] if p in pairs and len(m) == 1 else p for p, m in zip(prediction, meets, strict=True)]
    if kind == "merge":
        return [piece for p, m in zip(prediction, meets, strict=True) for piece in cut(p, sorted(m))]
    return hulls(prediction, met)


def cut(p, met):
    """A prediction without the gaps between the references it meets."""
    starts = [p[0], *(r[0] for r in met[1:])]
    stops = [*(r[1] for r in met[:-1]), p[1]]
    return [(a, b, p[2]) for a, b in zip(starts, stops, strict=True)]


def hulls(prediction, met):
    """Pieces of one reference joined, and joined again until nothing changes."""
    groups = [{p} for p in prediction]
    for pieces in met:
        touched = [g for g in groups if g & set(pieces)]
        if touched:
            groups = [g for g in groups if g not in touched] + [set().union(*touched)]
    return sorted((min(p[0] for p in g), max(p[1] for p in g), min(p[2] for p in g)) for g in groups)


def levenshtein(a, b):
    """Edit distance by the textbook recurrence."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def greedy(reference, prediction, threshold):
    """True positives as the published evaluation scripts count them, in time order."""
    used = set()
    for p in prediction:
        rates = [iou(r, p) if r[2] == p[2] else Fraction(0) for r in reference]
        if not rates:
            continue
        best = rates.index(max(rates))
        if rates[best] >= Fraction(threshold, 100) and best not in used:
            used.add(best)
    return len(used)
