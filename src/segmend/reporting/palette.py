"""One colour per class, the same in every lane and plot, in light and in dark.

Every colour has a contrast of at least 3 : 1 to both page grounds (WCAG 2.1, graphical objects). Neighbours in the list
differ in hue and in lightness, so that they stay apart for colour-blind readers; after Okabe and Ito (2008), with the
light hues darkened.
"""

from __future__ import annotations

from segmend.core.labels import Labels

LIGHT_GROUND = "#ffffff"
DARK_GROUND = "#14171b"
BACKGROUND = "#8a9099"
CLASSES = (
    "#1f77b8",
    "#dd6a1f",
    "#0f9370",
    "#c2569b",
    "#a8850a",
    "#7566d8",
    "#d0504d",
    "#2a93a8",
    "#9a7048",
    "#6b9023",
    "#b06ad0",
    "#63799a",
)


def colours(labels: Labels) -> tuple[str, ...]:
    """A colour for each class number; the background is grey, and beyond twelve classes colours come again.

    >>> colours(Labels.of(["P", "QRS"]))
    ('#8a9099', '#1f77b8', '#dd6a1f')
    """
    place = {k: n for n, k in enumerate(labels.foreground)}
    return tuple(CLASSES[place[k] % len(CLASSES)] if k in place else BACKGROUND for k in range(len(labels)))


def ink(ground: str) -> str:
    """Black or white, whichever reads better on a colour.

    >>> ink("#dd6a1f"), ink("#103050")
    ('#000000', '#ffffff')
    """
    return max(("#000000", "#ffffff"), key=lambda text: contrast(text, ground))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21 (WCAG 2.1).

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
