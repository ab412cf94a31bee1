"""Which rule explains which: one graph over the whole catalogue."""

import graphlib
import importlib

import pytest

from segmend import catalogue
from segmend.artifacts.finding import Finding, Severity
from segmend.diagnosis.linking import classes_of, share_a_class

RULES = {name: catalogue.resolve("rules", name)() for name in catalogue.RULES}
EDGES = {(cause, effect) for cause, rule in RULES.items() for effect in rule.explains}

OUTCOMES = {
    "boundary-jitter",
    "overparameterised",
    "last-step-on-padding",
    "padding-leak",
    "dead-units",
    "non-finite-weights",
    "too-few-segments",
    "constant-labels",
    "accuracy-only",
    "activation-loss-mismatch",
}
"""Faults of data and models that follow from others: what a grid does to borders, items that touch and so are one, too
many weights for so few items, masks that are lost on the way, losses for labels that are none, weights as training
left them."""

BETWEEN_PREDICTIONS = {
    "single-class-collapse",
    "missed-class",
    "flickering",
    "over-segmentation",
    "under-segmentation",
    "missed-segments",
    "spurious-segments",
    "shifted-boundaries",
    "wrong-threshold",
    "miscalibrated",
    "confused-pair",
    "edge-artefacts",
    "unfamiliar-input",
}
"""Faults of predictions that lead to others."""

WANTED = [
    ("receptive-field-too-short", "flickering"),
    ("split-shift", "unfamiliar-input"),
    ("split-shift", "slice-failure"),
    ("overparameterised", "overfitting"),
    ("learning-rate-too-high", "diverged"),
    ("learning-rate-too-high", "oscillating"),
    ("class-weight-ignored", "missed-class"),
    ("misaligned-labels", "shifted-boundaries"),
    ("output-too-coarse", "missed-segments"),
    ("output-too-coarse", "under-segmentation"),
    ("activation-loss-mismatch", "underfitting"),
    ("activation-loss-mismatch", "wrong-threshold"),
    ("unscaled-input", "diverged"),
    ("non-finite-signal", "diverged"),
    ("label-noise", "underfitting"),
    ("over-regularised", "underfitting"),
    ("underparameterised", "underfitting"),
    ("underfitting", "confused-pair"),
]


def test_every_effect_is_another_rule_and_named_once():
    for name, rule in RULES.items():
        assert set(rule.explains) <= set(RULES) - {name}, name
        assert len(set(rule.explains)) == len(rule.explains), name


def test_nothing_is_its_own_cause_by_any_way_round():
    graph = {name: set(rule.explains) for name, rule in RULES.items()}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(RULES)


def test_causes_come_before_effects_in_the_making_of_a_model():
    for cause, effect in EDGES:
        before, after = RULES[cause].code[0], RULES[effect].code[0]
        if effect in OUTCOMES:
            assert before in "DMT", (cause, effect)
        elif after == "P":
            assert before != "P" or cause in BETWEEN_PREDICTIONS, (cause, effect)
        else:
            assert after == "T" and before in "DMT", (cause, effect)


@pytest.mark.parametrize(("cause", "effect"), WANTED)
def test_what_everybody_knows_is_there(cause, effect):
    assert (cause, effect) in EDGES


def test_only_rules_that_explain_a_fault_of_counts_say_which_way_they_move_them():
    counted = {"count-bias", "over-segmentation", "under-segmentation"}
    assert {name for name, rule in RULES.items() if rule.moves and not counted & set(rule.explains)} == set()


def test_kinds_of_tasks_meet():
    for cause, effect in EDGES:
        assert set(RULES[cause].kinds) & set(RULES[effect].kinds), (cause, effect)
        assert set(RULES[cause].ranks) & set(RULES[effect].ranks), (cause, effect)


def finding(rule, severity="warning", where=None, **evidence):
    return Finding(
        rule=rule, code=RULES[rule].code, severity=Severity(severity), where=where or {}, message="1", evidence=evidence
    )


RARE = finding("class-imbalance", rare=["b"])
LATE = finding("misaligned-labels", shift_steps=4)
COARSE = finding("output-too-coarse", block_steps=8.0, shorter={"gaps of a": 3.0})
BRIEF = finding("output-too-coarse", block_steps=8.0, shorter={"a": 3.0})
SHIFT = finding("split-shift", part="test", shifts=[{"what": "level", "of": "x"}])
NOISY = finding("label-noise", rates={"a": {"rate": 0.1}, "b": {"rate": 0.0}, "c": {"rate": 0.0}})


@pytest.mark.parametrize(
    ("cause", "effect", "explained"),
    [
        (RARE, finding("missed-class", lost=["b", "c"]), True),
        (RARE, finding("missed-class", lost=["c"]), False),
        (RARE, finding("wrong-threshold", lower=True, thresholds={"b": 0.2}), True),
        (RARE, finding("wrong-threshold", lower=False, thresholds={"b": 0.8}), False),
        (LATE, finding("shifted-boundaries", start_steps=-4.0, stop_steps=-3.0), True),
        (LATE, finding("shifted-boundaries", start_steps=4.0, stop_steps=3.0), False),
        (LATE, finding("missed-segments"), False),
        (LATE.model_copy(update={"severity": Severity.ERROR}), finding("missed-segments"), True),
        (COARSE, finding("under-segmentation", where={"label": "a"}), True),
        (COARSE, finding("under-segmentation", where={"label": "b"}), False),
        (COARSE, finding("missed-segments", where={"label": "a"}), False),
        (BRIEF, finding("missed-segments", where={"label": "a"}), True),
        (BRIEF, finding("under-segmentation", where={"label": "a"}), False),
        (BRIEF, finding("shifted-boundaries", start_steps=20.0), False),
        (BRIEF, finding("count-bias", ratio=0.5), True),
        (BRIEF, finding("count-bias", ratio=1.5), False),
        (SHIFT, finding("unfamiliar-input", kind="level", channel="x"), True),
        (SHIFT, finding("unfamiliar-input", kind="noise", channel="x"), False),
        (SHIFT, finding("slice-failure", slice="level"), True),
        (SHIFT, finding("slice-failure", slice="duration"), False),
        (SHIFT, finding("wrong-threshold", lower=True), False),
        (SHIFT, finding("overfitting"), False),
        (NOISY, finding("confused-pair", pair=["a", "b"]), True),
        (NOISY, finding("confused-pair", pair=["b", "c"]), False),
        (finding("non-finite-signal"), finding("diverged", loss_end=None), True),
        (finding("non-finite-signal"), finding("diverged", loss_end=9.0), False),
        (finding("unseen-class", where={"label": "b"}), finding("confused-pair", pair=["a", "b"]), True),
        (finding("unseen-class", where={"label": "c"}), finding("confused-pair", pair=["a", "b"]), False),
        (finding("unseen-class", where={"label": "b"}), finding("diverged", absent=["a", "b"]), True),
        (finding("unseen-class", where={"label": "b"}), finding("diverged"), False),
        (finding("too-few-segments", segments={"a": 3}, independent={"a": 3}), finding("overfitting"), True),
        (finding("too-few-segments", segments={"val": {"a": 3}}), finding("overfitting"), False),
        (finding("needless-causality"), finding("shifted-boundaries", start_steps=5.0), True),
        (finding("needless-causality"), finding("shifted-boundaries", start_steps=-5.0), False),
        (finding("flat-channel", channels=["x"], recordings=9), finding("slice-failure", of="y"), False),
        (finding("flat-channel", channels=3, recordings=["r1"]), finding("slice-failure", of="r1"), True),
        (finding("class-weight-ignored"), finding("wrong-threshold", lower=False), False),
        (finding("focal-alpha-ignored"), finding("wrong-threshold", lower=True), True),
        (finding("corrected-twice"), finding("wrong-threshold", lower=False), True),
        (finding("corrected-twice"), finding("wrong-threshold", lower=True), False),
        (finding("overfitting"), finding("miscalibrated", "info"), True),
        (finding("overfitting", "info"), finding("miscalibrated", "info"), False),
        (finding("learning-rate-too-high", "info"), finding("oscillating", "info"), True),
    ],
)
def test_a_cause_explains_what_it_can_have_done(cause, effect, explained):
    assert RULES[cause.rule].causes(cause, effect) is explained


def test_classes_of_a_finding():
    assert classes_of(finding("confused-pair", pair=["a", "b"])) == {"a", "b"}
    assert classes_of(finding("missed-segments", where={"label": "c"}, labels=["d"])) == {"c", "d"}
    assert share_a_class({"a"}, finding("count-bias")) and not share_a_class(
        {"a"}, finding("count-bias", where={"label": "b"})
    )


def _sick(name):
    family, module = catalogue.RULES[name].partition(":")[0].split(".")[-2:]
    return importlib.import_module(f"tests.diagnosis.rules.{family}.test_{module}").sick()


def test_every_pair_of_findings_can_be_asked():
    found = [each for name, rule in RULES.items() for each in rule.examine(_sick(name))]
    caused = [(a.rule, b.rule) for a in found for b in found if RULES[a.rule].causes(a, b)]
    assert len({each.rule for each in found}) == len(RULES) and set(caused) <= EDGES


@pytest.mark.parametrize(
    "evidence",
    [
        {"channels": ["x"], "recordings": 3},
        {"recordings": ["r1"], "channels": 2},
        {"parts": ["val"], "recordings": {"val": 4}},
        {"channels": {"x": ["r1"]}, "recordings": 1},
    ],
)
def test_flat_channels_of_every_kind_explain_what_is_strange_about_them(evidence):
    flat = finding("flat-channel", where={"channel": "x", "recording": "r1"}, **evidence)
    strange = finding("unfamiliar-input", where={"channel": "x", "recording": "r1"}, channel="x")
    assert RULES["flat-channel"].causes(flat, strange)
