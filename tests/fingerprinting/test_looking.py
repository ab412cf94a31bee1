import numpy as np

from segmend.core.recording import Recording
from segmend.fingerprinting import looking
from segmend.formats import decoded as holding
from segmend.formats.decoded import decoded


def test_an_image_that_is_not_held_is_decoded_once(monkeypatch):
    monkeypatch.setattr(holding.KEPT, "room", 100)
    monkeypatch.setattr(looking, "AT_ONCE", 100)
    pixels = np.random.default_rng(0).integers(0, 255, (700, 600, 3), dtype=np.uint8)
    asked = []

    def decode():
        asked.append(None)
        return pixels.copy()

    recordings = [Recording(name="a", signal=decoded(pixels.shape, pixels.dtype, decode), group="a")]
    (facts,), _, _ = looking.look(recordings, None, [], None)
    assert len(asked) == 1
    np.testing.assert_allclose(facts.moments.mean, pixels.reshape(-1, 3).mean(axis=0))
