"""What every artifact that is written to disk can do."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from segmend.core.files import nulled
from segmend.errors import InputError


class Artifact(BaseModel):
    """Frozen data with ``to_dict`` and ``from_dict``; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=True)

    def to_dict(self) -> dict[str, Any]:
        """The artifact as JSON can hold it: plain lists and dicts, NaN as None."""
        content: dict[str, Any] = nulled(self.model_dump(mode="python", by_alias=True))
        return content

    @classmethod
    def from_dict(cls, content: dict[str, Any], source: str = "") -> Self:
        """The artifact back from ``to_dict``.

        Args:
            content: what ``to_dict`` gave.
            source: the file it came from, for the message.

        Raises:
            InputError: a key is unknown, missing or of the wrong type; the message names it.
        """
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(
                f"{source or cls.__name__}: {where}: {first['msg'].lower()}. Received {first['input']!r:.80}"
            ) from None
