"""What segmend raises.

::

    SegmendError
    ├── InputError (ValueError)                 the call, a file or an array is wrong
    │   └── OutputExistsError                   the output folder is not empty
    ├── MissingDependencyError (ImportError)    an extra is not installed
    └── NotYetError (NotImplementedError)       a task or verb that a later version brings

Messages are one sentence that names the file, line or array, what was received and what was expected.
"""

from __future__ import annotations


class SegmendError(Exception):
    """Base of every error that segmend raises on purpose."""


class InputError(SegmendError, ValueError):
    """The call, a file or an array is not what was expected."""


class OutputExistsError(InputError):
    """The output folder exists and is not empty."""


class MissingDependencyError(SegmendError, ImportError):
    """A package that an extra brings is not installed."""


class NotYetError(SegmendError, NotImplementedError):
    """The call is valid, but this version cannot serve it."""
