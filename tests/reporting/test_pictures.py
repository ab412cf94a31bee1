"""PNGs hold the pixels they were given, and stay small."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from segmend.reporting.pictures import Picture, encode, picture


def decoded(png):
    """Pixels of a PNG with filters Sub or Up, read chunk by chunk; checks every checksum."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        (size,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        content = png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + content)
        chunks[kind], at = content, at + 12 + size
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, rest) == (8, [0, 0, 0])
    channels = {0: 1, 2: 3}[colour]
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + width * channels)
    rows = lines[:, 1:].reshape(height, width, channels).astype(int)
    return np.cumsum(rows, axis={1: 1, 2: 0}[lines[0, 0]]) % 256


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (40, 60)])
def test_a_png_holds_its_pixels(shape, channels):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, channels)).astype(np.uint8)
    np.testing.assert_array_equal(decoded(encode(pixels, "x")), pixels)


def test_a_shrunk_picture_holds_means_of_squares():
    image = np.zeros((4, 6, 1), np.uint8)
    image[:2, :2] = 200
    image[0, 5] = 240
    shown = picture(image, side=3)
    assert (shown.every, shown.stretched) == (2, False)
    assert decoded(shown.png)[..., 0].tolist() == [[200, 0, 60], [0, 0, 0]]


def test_a_picture_keeps_to_its_bytes_and_says_what_was_done():
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 4)).astype(np.uint8)
    shown = picture(noise, most=20_000)
    assert len(shown.png) <= 20_000
    assert shown.every >= 4
    assert Picture.of(shown.png) == shown


def test_deep_and_dark_images_are_brightened():
    ramp = np.linspace(0, 4000, 256).reshape(16, 16, 1).astype(np.uint16)
    shown = picture(ramp)
    assert shown.stretched
    assert decoded(shown.png).max() == 255
    assert picture(np.full((8, 8, 3), 40, np.uint8)).stretched
    assert decoded(picture(np.full((8, 8, 1), np.nan)).png).max() == 0


@pytest.mark.parametrize("shape", [(2, 3000), (3000, 1)])
def test_an_image_that_is_hardly_a_line_has_a_picture(shape):
    assert decoded(picture(np.full((*shape, 3), 250, np.uint8), side=100).png).min() == 250
