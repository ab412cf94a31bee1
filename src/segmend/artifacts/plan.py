"""A plan: every choice with its value, its reason and the fact it came from."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from segmend.artifacts.base import Artifact


class Choice(Artifact):
    """One planned value.

    Attributes:
        value: what was chosen.
        because: one sentence that says why, with numbers.
        source: the field of the fingerprint (or "--set", "budget", "default") that it came from.
    """

    value: Any
    because: str
    source: str


class Plan(Artifact):
    """Choices by section and key, as plan.toml shows them: ``plan.choices["model"]["filters"].value``."""

    schema_: int = Field(default=1, alias="schema")
    choices: dict[str, dict[str, Choice]]
