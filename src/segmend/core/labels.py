"""Which number means which class."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from segmend.errors import InputError

IGNORE = -1
"""The label of a step that is not judged."""

NOT_JUDGED = "-1"
"""The same among class names, in tables."""

MOST_CLASSES = 2**12
"""Numbers from here on are measurements or codes, not classes; a table of all pairs of them would fill the memory."""

BACKGROUND_NAME = "background"


@dataclass(frozen=True, slots=True)
class Labels:
    """The classes of a task, in the order of their numbers.

    Attributes:
        names: one name per class number, the background's included.
        background: the number of the class "no label here", or None where every step is labelled.

    Examples:
        >>> labels = Labels.of(["P", "QRS", "T"])
        >>> labels.names, labels.background, labels.foreground
        (('background', 'P', 'QRS', 'T'), 0, (1, 2, 3))
        >>> Labels.of(["Rest", "Stroke"], background=None).foreground
        (0, 1)
    """

    names: tuple[str, ...]
    background: int | None = 0

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise InputError(f"labels: expected distinct names. Received {list(self.names)}")
        if self.background is not None and not 0 <= self.background < len(self.names):
            raise InputError(
                f"background: expected None or a class number below {len(self.names)}. Received {self.background}"
            )

    @classmethod
    def of(cls, names: Sequence[str], background: int | None = 0) -> Labels:
        """Number the given foreground names, leaving out the number that the background takes."""
        every = [str(name) for name in names]
        if background is not None:
            if not 0 <= background <= len(every):
                raise InputError(f"background: expected a class number from 0 to {len(every)}. Received {background}")
            every.insert(background, BACKGROUND_NAME)
        return cls(tuple(every), background)

    @classmethod
    def numbered(cls, classes: int, background: int | None = 0) -> Labels:
        """Names for bare arrays: the class numbers themselves.

        >>> Labels.numbered(3).names
        ('background', '1', '2')
        """
        names = [str(k) for k in range(classes)]
        if background is not None and background < classes:
            names[background] = BACKGROUND_NAME
        return cls(tuple(names), background)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def foreground(self) -> tuple[int, ...]:
        """Class numbers without the background."""
        return tuple(k for k in range(len(self.names)) if k != self.background)

    @property
    def foreground_names(self) -> tuple[str, ...]:
        """Class names without the background, in the order of their numbers."""
        return tuple(self.names[k] for k in self.foreground)

    def number(self, name: str) -> int:
        """The number of a class.

        Raises:
            InputError: the name is not among the labels; the message offers the nearest one.
        """
        try:
            return self.names.index(name)
        except ValueError:
            near = difflib.get_close_matches(name, self.names, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise InputError(f'unknown label "{name}": expected one of {list(self.names)}{hint}') from None
