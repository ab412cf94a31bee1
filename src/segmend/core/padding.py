"""How convolutions pad, and how long their output is."""

from __future__ import annotations

from segmend.errors import InputError

PADDINGS = ("same", "causal", "valid")


def paddings(kernel: int, dilation: int, stride: int, padding: str, steps: int | None = None) -> list[int]:
    """Steps of zeros in front that the padding may mean, as TensorFlow (and so Keras on every backend) counts them.

    Raises:
        InputError: the padding is none of "same", "causal", "valid".

    Example:
        >>> paddings(5, 1, 2, "same"), paddings(5, 1, 2, "same", steps=8), paddings(5, 1, 1, "causal")
        ([2, 1], [1], [4])
    """
    reach = dilation * (kernel - 1) + 1
    if padding == "valid":
        return [0]
    if padding == "causal":
        return [reach - 1]
    if padding != "same":
        raise InputError(f'padding: expected one of {list(PADDINGS)}. Received "{padding}"')
    lasts = range(1, stride + 1) if steps is None else [(steps - 1) % stride + 1]
    return list(dict.fromkeys(max(reach - last, 0) // 2 for last in lasts))


def steps_after_conv(steps: int, kernel: int, *, dilation: int = 1, stride: int = 1, padding: str = "same") -> int:
    """Output length of a convolution or pooling; 0 where the input is too short.

    Example:
        >>> steps_after_conv(10, 3, stride=2), steps_after_conv(10, 3, dilation=2, padding="valid")
        (5, 6)
    """
    cut = dilation * (kernel - 1) if padding == "valid" else 0
    return max(-(-(steps - cut) // stride), 0)
