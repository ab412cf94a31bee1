"""The programs of people who ask for help: what the doctor must say of each, and must not, and that its mend helps."""

import importlib
import math
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import segmend
from segmend.artifacts.finding import Severity

FOLDER = Path(__file__).parents[2] / "examples" / "patients"


class Case(NamedTuple):
    """One patient.

    Attributes:
        name: of the file.
        first: rule that must stand first.
        must: other rules that must be found.
        must_not: rules that must be silent.
        gone: rules that must be silent on the mended program.
        score: path to the score that the mend brings.
        reached: what it must reach at least.
    """

    name: str
    first: str
    must: set[str]
    must_not: set[str]
    gone: set[str]
    score: tuple[str, str]
    reached: float


COUNTED, CLASSED = ("segment", "f1@50"), ("step", "macro_f1")
CASES = [
    Case("p1_touching_ones", "constant-labels", {"output-length-mismatch"}, {"receptive-field-too-short"},
         {"constant-labels", "output-length-mismatch"}, COUNTED, 0.9),
    Case("p2_wide_kernels", "constant-labels", {"output-length-mismatch"}, {"receptive-field-too-long"},
         {"constant-labels", "output-length-mismatch"}, COUNTED, 0.95),
    Case("p3_dice_on_ones", "constant-labels", {"output-length-mismatch"}, {"pooled-dice", "unserialisable-loss"},
         {"constant-labels", "output-length-mismatch"}, COUNTED, 0.95),
    Case("p4_unbalanced_folder", "stopped-early", {"class-imbalance", "accuracy-only", "missed-class"},
         {"overfitting", "diverged"}, {"accuracy-only", "missed-class"}, CLASSED, 0.9),
    Case("p5_random_targets", "invalid-encoding", {"activation-loss-mismatch"}, {"underparameterised"},
         {"invalid-encoding", "activation-loss-mismatch"}, CLASSED, 0.9),
    Case("p7_three_labels", "activation-loss-mismatch", {"wrong-threshold"}, {"invalid-encoding"},
         {"activation-loss-mismatch"}, CLASSED, 0.85),
    Case("p7_three_labels_per_step", "activation-loss-mismatch", {"over-segmentation", "count-bias"},
         {"invalid-encoding", "receptive-field-too-short"}, {"activation-loss-mismatch"}, COUNTED, 0.9),
    Case("p8_infinite_weights", "unseen-class", {"diverged", "non-finite-weights", "unserialisable-loss"},
         {"dead-units", "learning-rate-too-high"},
         {"diverged", "non-finite-weights", "unserialisable-loss", "unseen-class"}, COUNTED, 0.7),
]  # fmt: skip

# NumPy's warning is part of the eighth patient's story.
pytestmark = pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")


@cache
def program(name: str) -> Any:
    """The file as a module; as where it is run, it finds those beside it."""
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(FOLDER))


def diagnosed(case: Case, which: str, seed: int = 0) -> Any:
    return segmend.diagnose(**getattr(program(case.name), which)(seed))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_cause_stands_first(case: Case):
    found = diagnosed(case, "patient")
    rules = [finding.rule for finding in found.findings]
    assert rules[0] == case.first
    assert found.is_grave
    assert case.must <= set(rules)
    assert not case.must_not & set(rules)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_mend_that_the_doctor_names_helps(case: Case):
    found = diagnosed(case, "mended")
    rules = {finding.rule for finding in found.findings}
    assert not case.gone & rules
    assert [finding.rule for finding in found.findings if finding.severity is Severity.ERROR] == []
    level, score = case.score
    assert getattr(found.chart.scores, level)[score] >= case.reached


@pytest.mark.parametrize("case", CASES[:3], ids=lambda case: case.name)
def test_other_random_numbers_change_nothing(case: Case):
    assert diagnosed(case, "patient", seed=1).findings[0].rule == case.first
    level, score = case.score
    after = diagnosed(case, "mended", seed=1).chart.scores
    assert math.isfinite(getattr(after, level)[score])


def test_every_patient_is_run():
    written = {path.stem for path in FOLDER.glob("p*.py") if not path.stem.startswith("p6")}
    assert written == {case.name for case in CASES}
