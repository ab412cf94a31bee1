"""Kinds of pixels, and when they are read."""

from __future__ import annotations

import gc
import struct
import zlib

import numpy as np
import pytest

from segmend.errors import InputError, MissingDependencyError
from segmend.formats import pillow
from segmend.formats.base import Image
from segmend.formats.decoded import Kept, decoded
from segmend.formats.jpeg import Jpeg
from segmend.formats.png import Png
from segmend.formats.tiff import Tiff

pytest.importorskip("PIL")
tifffile = pytest.importorskip("tifffile")
from PIL import Image as Picture  # noqa: E402

RNG = np.random.default_rng(0)
NUMBERS = RNG.integers(0, 3, (4, 6)).astype(np.uint8)
COLOURS = RNG.integers(0, 256, (4, 6, 3)).astype(np.uint8)


def png(width, height, depth, kind, rows):
    """A PNG as bytes; ``rows`` are packed samples."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_an_alpha_channel_is_dropped(tmp_path):
    alpha = np.full((4, 6, 1), 7, np.uint8)
    Picture.fromarray(np.concatenate([COLOURS, alpha], axis=2)).save(tmp_path / "a.png")
    Picture.fromarray(np.concatenate([NUMBERS[..., None], alpha], axis=2)).save(tmp_path / "b.png")
    tifffile.imwrite(tmp_path / "a.tif", np.concatenate([COLOURS, alpha], axis=2), photometric="rgb")
    np.testing.assert_array_equal(Png().open(tmp_path / "a.png").values, COLOURS)
    np.testing.assert_array_equal(Png().open(tmp_path / "b.png").values[..., 0], NUMBERS)
    np.testing.assert_array_equal(Tiff().open(tmp_path / "a.tif").values, COLOURS)
    for form, name in ((Png, "a.png"), (Png, "b.png"), (Tiff, "a.tif")):
        with pytest.raises(InputError, match=rf"{name}: expected one (whole )?number for each pixel"):
            form().open_mask(tmp_path / name)


def test_a_palette_gives_colours_in_images_and_indices_in_masks(tmp_path):
    picture = Picture.frombytes("P", (6, 4), NUMBERS.tobytes())
    palette = np.array([[0, 0, 0], [200, 10, 30], [4, 5, 6]], np.uint8)
    picture.putpalette(palette.tobytes())
    picture.save(tmp_path / "a.png")
    np.testing.assert_array_equal(Png().open_mask(tmp_path / "a.png"), NUMBERS)
    np.testing.assert_array_equal(Png().open(tmp_path / "a.png").values, palette[NUMBERS])
    table = np.zeros((3, 256), np.uint16)
    table[:, :3] = palette.T.astype(np.uint16) * 257
    tifffile.imwrite(tmp_path / "a.tif", NUMBERS, photometric="palette", colormap=table)
    np.testing.assert_array_equal(Tiff().open_mask(tmp_path / "a.tif"), NUMBERS)
    np.testing.assert_array_equal(Tiff().open(tmp_path / "a.tif").values, palette[NUMBERS])


@pytest.mark.parametrize(("depth", "packed"), [(1, 0b01100000), (2, 0b01101100), (4, 0x9F)])
def test_few_bits_of_grey_are_numbers_in_masks(depth, packed, tmp_path):
    (tmp_path / "a.png").write_bytes(png(2, 1, depth, 0, [bytes([packed])]))
    stored = [packed >> 8 - depth, packed >> 8 - 2 * depth & 2**depth - 1]
    assert np.asarray(Png().open_mask(tmp_path / "a.png")).tolist() == [stored]


def test_sixteen_bits_are_kept_or_refused(tmp_path):
    values = RNG.integers(0, 2**16, (4, 6, 1)).astype(np.uint16)
    Png().write(tmp_path / "a.png", Image(values))
    assert Png().open(tmp_path / "a.png").values.dtype == np.uint16
    np.testing.assert_array_equal(Png().open(tmp_path / "a.png").values, values)
    (tmp_path / "b.png").write_bytes(png(1, 1, 16, 2, [bytes(6)]))
    with pytest.raises(InputError, match=r"b\.png: expected 16 bits in grey only"):
        Png().open(tmp_path / "b.png")
    colours = COLOURS.astype(np.uint16) * 257
    Tiff().write(tmp_path / "a.tif", Image(colours, ("red", "green", "blue")))
    np.testing.assert_array_equal(Tiff().open(tmp_path / "a.tif").values, colours)


def test_a_tiff_of_many_channels_of_floats(tmp_path):
    values = RNG.normal(size=(5, 7, 4)).astype(np.float32)
    Tiff().write(tmp_path / "a.tif", Image(values))
    tifffile.imwrite(tmp_path / "b.tif", np.moveaxis(values, -1, 0), photometric="minisblack", planarconfig="separate")
    for name in ("a.tif", "b.tif"):
        back = Tiff().open(tmp_path / name)
        assert (back.values.shape, back.values.dtype, back.channels) == ((5, 7, 4), np.float32, None)
        np.testing.assert_array_equal(back.values, values)


@pytest.mark.parametrize("endian", ["<", ">"])
def test_either_byte_order(endian, tmp_path):
    values = np.arange(24, dtype=np.int16).reshape(4, 6) - 1
    tifffile.imwrite(tmp_path / "a.tif", values, byteorder=endian)
    assert Tiff().open_mask(tmp_path / "a.tif").dtype == np.int16
    np.testing.assert_array_equal(Tiff().open_mask(tmp_path / "a.tif"), values)


def test_pages_fractions_and_complex_numbers_are_refused(tmp_path):
    tifffile.imwrite(tmp_path / "pages.tif", np.zeros((3, 5, 8), np.uint8), photometric="minisblack")
    tifffile.imwrite(tmp_path / "floats.tif", np.zeros((5, 8), np.float32))
    tifffile.imwrite(tmp_path / "complex.tif", np.zeros((5, 8), np.complex64))
    with pytest.raises(InputError, match=r"pages\.tif: expected one image\. Received 3 pages"):
        Tiff().open(tmp_path / "pages.tif")
    with pytest.raises(InputError, match=r"floats\.tif: expected one whole number"):
        Tiff().open_mask(tmp_path / "floats.tif")
    with pytest.raises(InputError, match=r"complex\.tif: expected real numbers"):
        Tiff().open(tmp_path / "complex.tif")


def test_a_compression_that_needs_a_package_says_so(tmp_path, monkeypatch):
    tifffile.imwrite(tmp_path / "a.tif", NUMBERS)
    values = Tiff().open(tmp_path / "a.tif").values

    def lacking(*_, **__):
        raise ValueError("<COMPRESSION.LZW: 5> requires the 'imagecodecs' package")

    monkeypatch.setattr(tifffile.TiffPage, "asarray", lacking)
    with pytest.raises(MissingDependencyError, match=r"a\.tif: .* pip install imagecodecs"):
        np.asarray(values)


def test_what_cannot_be_written(tmp_path):
    for values in (np.zeros((2, 2, 2), np.uint8), np.zeros((2, 2, 3), np.uint16), np.zeros((0, 2, 1), np.uint8)):
        with pytest.raises(InputError, match=r"a\.png: expected uint8"):
            Png().write(tmp_path / "a.png", Image(values))
    with pytest.raises(InputError, match="only read"):
        Jpeg().write(tmp_path / "a.jpg", Image(COLOURS))
    with pytest.raises(InputError, match=r"a\.tif: expected real pixels"):
        Tiff().write(tmp_path / "a.tif", Image(COLOURS.astype(complex)))
    with pytest.raises(InputError, match="PNG or TIFF, which keep its numbers"):
        Jpeg().open_mask(tmp_path / "a.jpg")


def test_grey_and_four_inks_of_jpeg(tmp_path):
    Picture.fromarray(np.full((8, 8), 90, np.uint8)).save(tmp_path / "a.jpg")
    Picture.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "b.jpg")
    grey, ink = Jpeg().open(tmp_path / "a.jpg"), Jpeg().open(tmp_path / "b.jpg")
    assert (grey.values.shape, grey.channels) == ((8, 8, 1), ("gray",))
    assert np.asarray(grey.values).mean() == pytest.approx(90, abs=1)
    np.testing.assert_allclose(np.asarray(ink.values)[0, 0], [255, 0, 0], atol=6)


def test_only_the_header_is_read_until_pixels_are_asked_for(tmp_path):
    Png().write(tmp_path / "a.png", Image(RNG.integers(0, 256, (64, 64, 1)).astype(np.uint8)))
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    values = Png().open(tmp_path / "a.png").values
    assert values.shape == (64, 64, 1)
    with pytest.raises(InputError, match=r"a\.png: expected a whole PNG image"):
        values[:3]


def test_a_file_that_has_changed_its_size_is_refused(tmp_path):
    Png().write(tmp_path / "a.png", Image(COLOURS))
    values = Png().open(tmp_path / "a.png").values
    Png().write(tmp_path / "a.png", Image(COLOURS[:2]))
    with pytest.raises(InputError, match="as when it was loaded"):
        np.asarray(values)


def test_an_image_of_too_many_pixels_is_refused(tmp_path, monkeypatch):
    Png().write(tmp_path / "a.png", Image(COLOURS))
    monkeypatch.setattr(Picture, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(InputError, match=r"a\.png: expected at most 20 pixels"):
        pillow.open_image(tmp_path / "a.png", "PNG")


def test_what_was_read_last_is_kept_while_there_is_room():
    made, kept = [], Kept(room=100)

    def make(number):
        made.append(number)
        return np.full(40, number, np.uint8)

    class Owner:
        pass

    owners = [Owner() for _ in range(3)]
    for number in (0, 1, 0, 2, 0, 1):
        assert kept.get(owners[number], lambda n=number: make(n))[0] == number
    assert made == [0, 1, 2, 1]
    assert kept.taken == 80
    assert not kept.get(owners[0], lambda: make(0)).flags.writeable
    assert len(kept.get(Owner(), lambda: np.zeros(101, np.uint8))) == 101
    assert kept.taken == 80
    owners.clear()
    gc.collect()
    assert kept.taken == 0


def test_slices_are_those_of_an_array():
    values = decoded((4, 6, 3), np.uint8, lambda: COLOURS.copy())
    for key in (2, slice(1, 3), ..., (slice(None), slice(2, 5), 1), (..., 0), (slice(None, None, -1), 3), [2, 0]):
        np.testing.assert_array_equal(values[key], COLOURS[key])
    assert (values.ndim, values.size, len(values)) == (3, 72, 4)
