"""Losses for imbalanced segmentation that respect masks, weights and ignored steps."""

from segmend.losses.asymmetric import Asymmetric as Asymmetric
from segmend.losses.base import Loss as Loss
from segmend.losses.base import Sum as Sum
from segmend.losses.base import Terms as Terms
from segmend.losses.binary_cross_entropy import BinaryCrossEntropy as BinaryCrossEntropy
from segmend.losses.boundary import Boundary as Boundary
from segmend.losses.boundary_tolerant import BoundaryTolerant as BoundaryTolerant
from segmend.losses.cross_entropy import CrossEntropy as CrossEntropy
from segmend.losses.dice import Dice as Dice
from segmend.losses.expected_cost import ExpectedCost as ExpectedCost
from segmend.losses.focal import Focal as Focal
from segmend.losses.generalised_cross_entropy import GeneralisedCrossEntropy as GeneralisedCrossEntropy
from segmend.losses.generalised_dice import GeneralisedDice as GeneralisedDice
from segmend.losses.jaccard import Jaccard as Jaccard
from segmend.losses.ldam import LDAM as LDAM
from segmend.losses.lovasz import Lovasz as Lovasz
from segmend.losses.ramp import Ramp as Ramp
from segmend.losses.region import Region as Region
from segmend.losses.smoothness import Smoothness as Smoothness
from segmend.losses.temporal_focal import TemporalFocal as TemporalFocal
from segmend.losses.topological import Topological as Topological
from segmend.losses.transition_count import TransitionCount as TransitionCount
from segmend.losses.tversky import FocalTversky as FocalTversky
from segmend.losses.tversky import Tversky as Tversky

__all__ = [
    "LDAM",
    "Asymmetric",
    "BinaryCrossEntropy",
    "Boundary",
    "BoundaryTolerant",
    "CrossEntropy",
    "Dice",
    "ExpectedCost",
    "Focal",
    "FocalTversky",
    "GeneralisedCrossEntropy",
    "GeneralisedDice",
    "Jaccard",
    "Loss",
    "Lovasz",
    "Ramp",
    "Region",
    "Smoothness",
    "Sum",
    "TemporalFocal",
    "Terms",
    "Topological",
    "TransitionCount",
    "Tversky",
]
