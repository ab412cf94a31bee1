from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.models import attention

# Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

STAGES = [{"kernel": 3, "stride": 2}, {"kernel": 3, "up": 2}]


def test_every_step_is_seen_from_everywhere_and_a_mask_hides_it():
    keras.utils.set_random_seed(0)
    model = attention(STAGES, channels=1, classes=2, filters=4, heads=2)
    for variable in model.weights:
        if variable.path.endswith("logits/kernel"):
            variable.assign(np.random.default_rng(0).normal(size=variable.shape))
    x = np.random.default_rng(0).normal(size=(1, 40, 1)).astype("float32")
    far = x.copy()
    far[0, 39] += 5
    mask = np.ones((1, 40), bool)
    mask[0, 36:] = False

    def first(signal, **options):
        return keras.ops.convert_to_numpy(model(signal, **options))[0, 0]

    assert np.abs(first(far) - first(x)).max() > 1e-4
    np.testing.assert_allclose(first(far, mask=mask), first(x, mask=mask), atol=1e-6)


@pytest.mark.parametrize(
    ("options", "told"), [({"filters": 6, "heads": 4}, "multiple of heads"), ({"depth": 0}, "depth: expected")]
)
def test_what_cannot_be_is_refused(options, told):
    with pytest.raises(InputError, match=told):
        attention(STAGES, channels=1, classes=2, **options)
