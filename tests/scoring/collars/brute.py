"""Collars once more, in plain loops over pairs: slow, obvious, sharing no code with the package."""

from fractions import Fraction


def fits(r, p, tolerance, share, condition):
    """Whether a (recording, start, stop, label) prediction lies within a reference's collar, whatever the class."""
    onset = abs(p[1] - r[1]) <= tolerance
    offset = abs(p[2] - r[2]) <= max(tolerance, Fraction(str(share)) * (r[2] - r[1]))
    return r[0] == p[0] and {"onset": onset, "offset": offset, "both": onset and offset}[condition]


def matching_size(reference, prediction, tolerance, share, condition):
    """Largest number of one-to-one pairs of one recording and class, by augmenting paths (Kuhn)."""
    partner = {}

    def place(i, seen):
        for j, p in enumerate(prediction):
            if j not in seen and p[3] == reference[i][3] and fits(reference[i], p, tolerance, share, condition):
                seen.add(j)
                if j not in partner or place(partner[j], seen):
                    partner[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(reference)))
