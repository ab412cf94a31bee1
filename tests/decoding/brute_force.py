"""Decoding by trying every labelling: slow, obvious and independent."""

import itertools

import numpy as np
from scipy import ndimage


def segments_of(path):
    return [(label, len(list(group))) for label, group in itertools.groupby(path)]


def every_path(steps, classes):
    return itertools.product(range(classes), repeat=steps)


def best(score_of, steps, classes):
    """The highest score that any labelling of the steps has, and all labellings that have it."""
    scored = [(score_of(path), path) for path in every_path(steps, classes)]
    top = max(score for score, _ in scored)
    return top, [path for score, path in scored if score >= top - 1e-9]


def potts_score(score, penalty):
    def score_of(path):
        changes = sum(a != b for a, b in itertools.pairwise(path))
        return sum(score[t, c] for t, c in enumerate(path)) - penalty * changes

    return score_of


def log_normal(steps, mean, spread):
    return -np.log(steps * spread * np.sqrt(2 * np.pi)) - (np.log(steps) - mean) ** 2 / (2 * spread**2)


def semi_markov_score(decoder, score, duration):
    """Written from the definition in the decoder's docstring; ``duration(label, steps)`` is its log weight."""

    def score_of(path):
        runs = segments_of(path)
        value = decoder.emission * sum(score[t, c] for t, c in enumerate(path))
        value += sum(duration(label, steps) for label, steps in runs) - decoder.price * len(runs)
        value += decoder.begin[runs[0][0]] + decoder.end[runs[-1][0]]
        return value + sum(decoder.follow[a, b] for (a, _), (b, _) in itertools.pairwise(runs))

    return score_of


def components(height, inside):
    """Births and deaths of the superlevel sets' components, as pairs of distinct heights; 0 for what never dies.

    A step is a birth if nothing higher is connected with it at its own height; it dies at the highest level at which
    something higher is.
    """
    levels = np.sort(height[inside])[::-1]
    found = []
    for step in zip(*np.nonzero(inside), strict=True):
        death = 0.0
        for level in levels[levels <= height[step]]:
            part, _ = ndimage.label(inside & (height >= level))
            if height[part == part[step]].max() > height[step]:
                death = level
                break
        if death < height[step]:
            found.append((height[step], death))
    return sorted(found)
