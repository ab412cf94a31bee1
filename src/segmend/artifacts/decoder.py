"""A fitted decoder as data."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from segmend.artifacts.base import Artifact


class DecoderRecord(Artifact):
    """What ``decoder.json`` holds: the decoder's name in the catalogue and its fitted parameters."""

    schema_: int = Field(default=1, alias="schema")
    name: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    labels: tuple[str, ...]
    background: int | None
    objective: str | None = None
    fitted_on: str | None = None
    temperature: float | None = None
