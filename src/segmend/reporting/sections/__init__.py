"""One section, one file: ``TITLE``, and ``context(content)`` -> what its template shows, or None where it has nothing.

The template of section NAME is ``assets/NAME.html.j2``; the order here is the order on the page.
"""

from __future__ import annotations

SECTIONS = (
    "results",
    "findings",
    "ladder",
    "images",
    "timelines",
    "mistakes",
    "overlaps",
    "lengths",
    "confusion",
    "curves",
    "reliability",
    "certificate",
    "review",
    "plan",
    "data",
    "method",
)
