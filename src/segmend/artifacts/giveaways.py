"""Facts of recordings that carry no event, and how well they tell labels."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class PositionSkill(Artifact):
    """How well the place in a recording alone tells the steps of one class.

    Attributes:
        name: class name.
        auc: area under the ROC curve of the share that the class has at that part of other groups' recordings; median
            over groups.
        low: lower quartile over groups.
        groups: number of groups (recordings, where there is one group only) that have the class and something else.
        part: the twentieth of a recording in which the class is most frequent, from 0.
        share: its share there, over all recordings.
    """

    name: str
    auc: float
    low: float
    groups: int
    part: int
    share: float
