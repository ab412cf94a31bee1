"""``python -m segmend`` is the ``segmend`` command."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command and return its exit code."""
    from segmend.cli import run

    if sys.stdout is None:  # the caller closed it
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
