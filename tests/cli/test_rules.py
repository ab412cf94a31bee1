import json

import pytest

from segmend import catalogue
from segmend.cli import run


def test_rules_lists_every_rule_by_family(capsys):
    assert run(["rules"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in catalogue.RULES)
    assert [line for line in out.splitlines() if not line.startswith(" ")][:3] == ["data", "model", "predictions"]


def test_rules_as_json(capsys):
    assert run(["rules", "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)["rules"]
    assert {rule["rule"] for rule in rules} == set(catalogue.RULES)
    assert all(rule["code"] and rule["summary"] for rule in rules)


def test_rules_as_a_page_has_every_rule_with_its_sections(capsys):
    assert run(["rules", "--markdown"]) == 0
    page = capsys.readouterr().out
    assert page.count("\n### ") == page.count("**Known limits.**") == len(catalogue.RULES)
    assert "### P402 over-segmentation\n\nMore segments are predicted than there are" in page


@pytest.mark.parametrize("name", ["over-segmentation", "P402", "p402"])
def test_explain_prints_the_docstring(name, capsys):
    assert run(["explain", name]) == 0
    out = capsys.readouterr().out
    assert out.startswith("P402 over-segmentation\n\nMore segments are predicted than there are")
    assert "\nKnown limits:\n    Long insertions" in out


def test_an_unknown_rule_is_refused_with_the_nearest(capsys):
    assert run(["explain", "over-segmentatoin"]) == 2
    assert 'did you mean "over-segmentation"?' in capsys.readouterr().err
