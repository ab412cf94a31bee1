"""The page of rules is what the rules say of themselves."""

from pathlib import Path

from segmend.diagnosis import registry

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_of_rules_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == registry.as_markdown(), "write it again: segmend rules --markdown"
