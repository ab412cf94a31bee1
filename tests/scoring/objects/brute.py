"""Objects once more, by flood fill and pair loops over pixels: slow, obvious, and sharing no code with the package."""

import itertools
from fractions import Fraction


def pixels(image):
    """Every pixel's place and value."""
    return {at: int(image[at]) for at in itertools.product(*map(range, image.shape))}


def neighbours(at, connectivity):
    """Places that differ by one along 1 to ``connectivity`` axes."""
    for offset in itertools.product((-1, 0, 1), repeat=len(at)):
        if 1 <= sum(map(abs, offset)) <= connectivity:
            yield tuple(a + d for a, d in zip(at, offset, strict=True))


def flood(image, background, connectivity):
    """Connected pixels of one class as (class, set of places)."""
    left = {at: label for at, label in pixels(image).items() if label not in (-1, background)}
    found = []
    while left:
        at, label = next(iter(left.items()))
        del left[at]
        inside, edge = {at}, [at]
        while edge:
            for near in neighbours(edge.pop(), connectivity):
                if left.get(near) == label:
                    del left[near]
                    inside.add(near)
                    edge.append(near)
        found.append((label, inside))
    return found


def numbered(image, numbers, background):
    """Pixels of one class and instance number as (class, set of places)."""
    found = {}
    for at, label in pixels(image).items():
        if label not in (-1, background) and numbers[at]:
            found.setdefault((label, int(numbers[at])), set()).add(at)
    return [(label, inside) for (label, _), inside in found.items()]


def sides(true, pred, background, connectivity, reference=None, prediction=None):
    """Reference and predicted objects as (class, judged places, number of unjudged places)."""
    judged = {at for at, label in pixels(true).items() if label != -1}
    for image, numbers in ((true, reference), (pred, prediction)):
        whole = flood(image, background, connectivity) if numbers is None else numbered(image, numbers, background)
        yield [(label, inside & judged, len(inside - judged)) for label, inside in whole if inside & judged]


def edges(references, predictions):
    """(reference, prediction, shared, union) of all pairs that share a pixel."""
    return [
        (i, j, len(r & p), len(r | p))
        for i, (_, r, _) in enumerate(references)
        for j, (_, p, _) in enumerate(predictions)
        if r & p
    ]


def panoptic(references, predictions, label):
    """Sum of IoU, tp, fp and fn of one class: first the pairs, then what is left."""
    references = [inside for k, inside, _ in references if k == label]
    predictions = [(inside, unjudged) for k, inside, unjudged in predictions if k == label]
    iou, free = Fraction(0), list(range(len(predictions)))
    tp = 0
    for r in references:
        for j, (p, _) in enumerate(predictions):
            ratio = Fraction(len(r & p), len(r | p))
            if ratio > Fraction(1, 2):
                iou, tp = iou + ratio, tp + 1
                free.remove(j)
    fp = sum(
        1 for j in free if Fraction(predictions[j][1], len(predictions[j][0]) + predictions[j][1]) <= Fraction(1, 2)
    )
    return float(iou), tp, fp, len(references) - tp


def matching_size(references, predictions, threshold):
    """Most one-to-one pairs of one class with IoU of at least so many per cent, by augmenting paths."""
    partner = {}

    def place(i, seen):
        for j, (label, p, _) in enumerate(predictions):
            same, r = label == references[i][0], references[i][1]
            if same and j not in seen and r & p and Fraction(len(r & p), len(r | p)) >= Fraction(threshold, 100):
                seen.add(j)
                if j not in partner or place(partner[j], seen):
                    partner[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(references)))
