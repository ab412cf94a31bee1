"""What counts as found, as a false alarm and as a confusion, and what each costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from segmend.errors import InputError


@dataclass(frozen=True, slots=True)
class Criteria:
    """Parameters of a PSDS; the defaults are those of the package psds_eval.

    Attributes:
        dtc_threshold: detection tolerance: a detection passes if at least this share of it lies in references of its
            class; one that does not pass is a false alarm.
        gtc_threshold: reference tolerance: a reference is found if passing detections cover at least this share of it.
        cttc_threshold: cross-trigger tolerance: a false alarm confuses its class with another if at least this share
            of it lies in references of the other.
        alpha_ct: cost of a confusion, added to the false alarm itself, from 0 to 1.
        alpha_st: cost of classes that differ: standard deviations taken off the mean true positive ratio, at least 0.
        max_efpr: effective false alarms per hour up to which the area is taken.

    Raises:
        InputError: a share is not within 0 and 1, a cost is negative or the highest rate is not positive.

    Examples:
        >>> Criteria(dtc_threshold=0.7).sentence
        'DTC 0.7, GTC 0.5, CTTC 0.3, alpha_ct 0, alpha_st 0, up to 100 false alarms per hour'
    """

    dtc_threshold: float = 0.5
    gtc_threshold: float = 0.5
    cttc_threshold: float = 0.3
    alpha_ct: float = 0.0
    alpha_st: float = 0.0
    max_efpr: float = 100.0

    def __post_init__(self) -> None:
        for name in ("dtc_threshold", "gtc_threshold", "cttc_threshold", "alpha_ct"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name}: expected a number from 0 to 1. Received {getattr(self, name)}")
        if not 0 <= self.alpha_st < math.inf:
            raise InputError(f"alpha_st: expected a finite number of at least 0. Received {self.alpha_st}")
        if not 0 < self.max_efpr < math.inf:
            raise InputError(f"max_efpr: expected a finite number above 0. Received {self.max_efpr}")

    @property
    def sentence(self) -> str:
        """The parameters in words, to print beside the score."""
        return (
            f"DTC {self.dtc_threshold:g}, GTC {self.gtc_threshold:g}, CTTC {self.cttc_threshold:g}, "
            f"alpha_ct {self.alpha_ct:g}, alpha_st {self.alpha_st:g}, up to {self.max_efpr:g} false alarms per hour"
        )


CRITERIA = {
    "psds_eval": Criteria(),
    "dcase-1": Criteria(dtc_threshold=0.7, gtc_threshold=0.7, alpha_st=1.0),
    "dcase-2": Criteria(dtc_threshold=0.1, gtc_threshold=0.1, alpha_ct=0.5, alpha_st=1.0),
}
"""Published parameter sets: the package's own, and the two scenarios of DCASE task 4 from 2021 on."""


def criteria_named(name: str) -> Criteria:
    """The published parameter set of a name.

    Raises:
        InputError: there is none of that name.
    """
    if name not in CRITERIA:
        raise InputError(f'criteria: expected one of {list(CRITERIA)}. Received "{name}"')
    return CRITERIA[name]
