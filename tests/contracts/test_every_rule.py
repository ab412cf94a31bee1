"""What holds for every rule of the catalogue.

Each rule brings two builders beside its tests, ``sick()`` and ``healthy()``, both without arguments and giving a Chart:
``tests/diagnosis/rules/FAMILY/test_RULE.py``.
"""

import dataclasses
import importlib
import importlib.util
import re
import time

import pytest

from segmend import catalogue
from segmend.artifacts.edits import PLANNED
from segmend.artifacts.finding import Finding
from segmend.diagnosis import doctor, registry
from segmend.diagnosis.rule import Rule
from segmend.mending.edits import training_edit
from segmend.planning.values import check_value, full_key


def _rule(name):
    return catalogue.resolve("rules", name)()


def _builders(name):
    family, module = catalogue.RULES[name].partition(":")[0].split(".")[-2:]
    return importlib.import_module(f"tests.diagnosis.rules.{family}.test_{module}")


every_rule = pytest.mark.parametrize("name", catalogue.RULES)


def _findings(name, chart):
    return list(_rule(name).examine(chart))


@every_rule
def test_class_and_catalogue_agree(name):
    rule = _rule(name)
    assert isinstance(rule, Rule)
    assert rule.name == name
    assert re.fullmatch(r"[DMTP]\d{3}", rule.code)
    family = catalogue.RULES[name].split(".")[3]
    assert rule.code[0] == {"data": "D", "model": "M", "training": "T", "prediction": "P"}[family]
    assert set(rule.explains) <= set(catalogue.RULES) - {name}
    assert all(hasattr(doctor.Chart, need.partition(".")[0]) for need in rule.needs)


def test_codes_are_distinct():
    codes = [_rule(name).code for name in catalogue.RULES]
    assert len(set(codes)) == len(codes)


@every_rule
def test_docstring_has_its_sections_in_order_and_they_are_filled(name):
    text = registry.read(name).text
    summary, _, rest = text.partition("\n\n")
    assert "\n" not in summary and summary.endswith(".")
    titles = re.findall(r"^([A-Z][a-z ]+):$", rest, flags=re.MULTILINE)
    assert tuple(titles) == registry.SECTIONS
    bodies = re.split(r"^[A-Z][a-z ]+:$", rest, flags=re.MULTILINE)[1:]
    assert all(len(body.split()) >= 5 for body in bodies)


@every_rule
def test_explain_reads_what_the_class_says(name):
    rule = _rule(name)
    text = registry.read(name)
    assert (text.name, text.code) == (rule.name, rule.code)


@every_rule
def test_fires_on_sick(name):
    chart = _builders(name).sick()
    assert doctor.missing(chart, _rule(name).needs) is None
    findings = _findings(name, chart)
    assert findings
    for finding in findings:
        assert (finding.rule, finding.code) == (name, _rule(name).code)
        assert finding.evidence, "a finding shows its numbers"
        assert finding.remedies, "a finding says what to do"


@every_rule
def test_silent_on_healthy(name):
    chart = _builders(name).healthy()
    assert doctor.missing(chart, _rule(name).needs) is None, "a healthy case must not be silent by being skipped"
    assert _findings(name, chart) == []


@every_rule
def test_messages_are_for_people(name):
    for finding in _findings(name, _builders(name).sick()):
        assert "\n" not in finding.message
        assert len(finding.message) <= 400
        assert re.search(r"\d", finding.message) or finding.where, "numbers or a place stand in the message"
        assert not re.search(r"np\.|array\(|nan\b|None", finding.message)


@every_rule
def test_findings_survive_json(name):
    import json

    for finding in _findings(name, _builders(name).sick()):
        content = finding.to_dict()
        assert Finding.from_dict(json.loads(json.dumps(content))).to_dict() == content


@every_rule
def test_remedies_name_what_exists(name):
    remedies = [remedy for finding in _findings(name, _builders(name).sick()) for remedy in finding.remedies]
    for remedy in remedies:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", remedy.name)
        assert remedy.advice.endswith(".")
        assert remedy.safety in ("safe", "unsafe", "manual")
        assert bool(remedy.edits) == (remedy.safety != "manual"), "only a manual remedy has nothing to edit"
        if "decoder" in remedy.edits:
            catalogue.resolve("decoders", remedy.edits["decoder"])
        elif remedy.edits:
            _can_be_trained_by(remedy)


def _can_be_trained_by(remedy):
    """Its keys and values are those of a plan, or change a copy of a model; what keeps the network is safe."""
    asked = training_edit(remedy.edits)
    assert asked is not None, remedy.edits
    assert asked.rebuild == (remedy.safety == "unsafe")
    for key, value in asked.values.items():
        assert full_key(key) == key
        if value != PLANNED:
            check_value(key, value, remedy.name)


@every_rule
def test_a_missing_need_is_a_skipped_entry_with_a_reason(name):
    rule, chart = _rule(name), _builders(name).sick()
    for need in rule.needs:
        part = need.partition(".")[0]
        empty = {"oracle": (), "fit_arguments": {}}.get(part)
        emptied = {"fingerprint": None, "own_opinion": None} if part == "opinions" else {part: empty}
        record = doctor.examine(dataclasses.replace(chart, **emptied), only={name}, strict=True)
        assert record.findings == () and record.checked == ()
        assert record.skipped[0].rule == name and record.skipped[0].because


@every_rule
def test_takes_milliseconds(name):
    chart = _builders(name).sick()
    _findings(name, chart)
    start = time.process_time()
    _findings(name, chart)
    assert time.process_time() - start < 5


def _decoded(chart, decoder):
    """The chart after a decoder of the catalogue was fitted to its own probabilities."""
    from segmend import decoding
    from segmend.pipeline.charting.chart import chart_of
    from segmend.scoring import objective

    sick = chart.prediction
    record = decoding.fit(
        decoder,
        sick.y_prob,
        sick.y_true,
        labels=sick.labels,
        groups=sick.groups,
        objective=objective.parse("segment_f1@50 - 0.02*count_mae" if chart.cost is None else "-cost", chart.cost),
    )
    restored = decoding.restore(record)
    mended = dataclasses.replace(sick, y_pred=tuple(restored.decode(rows) for rows in sick.y_prob))
    return dataclasses.replace(chart_of(mended, judged_on=chart.judged_on), cost=chart.cost)


NOT_OF_DECODING = (
    "shifted-boundaries",
    "miscalibrated",
    "edge-artefacts",
    "unfamiliar-input",
    "slice-failure",
    "fails-in-the-same-places",
)
"""Faults of predictions that no decoder of the catalogue mends."""


@pytest.mark.parametrize(
    "name", [name for name in catalogue.RULES if catalogue.RULES[name].split(".")[3] == "prediction"]
)
def test_silent_after_its_safe_remedy(name):
    chart = _builders(name).sick()
    remedies = {
        remedy.edits["decoder"] for f in _findings(name, chart) for remedy in f.remedies if "decoder" in remedy.edits
    }
    if name in NOT_OF_DECODING:
        assert not remedies
        return
    assert remedies, "a fault of predictions has a remedy that needs no training"
    grave = {decoder: _findings(name, _decoded(chart, decoder)) for decoder in sorted(remedies)}
    assert [] in grave.values(), grave
