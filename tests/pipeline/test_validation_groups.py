"""Whom the recordings of ``validation_data`` belong to: said once, it holds for the diagnosis and for the proof."""

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.pipeline.diagnose import diagnose
from segmend.pipeline.mend import mend

TRUTH = np.array([[0] * 10 + [1] * 20 + [0] * 10] * 8)
SUBJECTS = ["a", "a", "b", "b", "c", "c", "d", "d"]


def _flickering(rows):
    said = np.eye(2)[TRUTH[: len(rows)]] * 0.8 + 0.1
    said[:, 12:28:4] = [0.6, 0.4]
    return said


def test_the_prediction_carries_them():
    x = np.zeros((8, 40, 1), np.float32)
    found = diagnose(_flickering, x, TRUTH, validation_data=(x, TRUTH), validation_groups=np.array(SUBJECTS))
    assert found.chart.prediction.groups == tuple(SUBJECTS)


def test_the_certificate_holds_out_whole_groups():
    x = np.zeros((8, 40, 1), np.float32)
    data = {"validation_data": (x, TRUTH), "validation_groups": SUBJECTS, "budget": "10s"}
    mended = mend(_flickering, x, TRUTH, **data)
    assert set(mended.certificate.outcome.per_group) == set(SUBJECTS)


@pytest.mark.parametrize("validation_data", [None, (np.zeros((8, 40, 1), np.float32), TRUTH)])
def test_another_number_of_them_is_refused(validation_data):
    with pytest.raises(
        InputError, match=r"validation_groups: expected one entry for each of \d recordings .*Received 3"
    ):
        x = np.zeros((8, 40, 1), np.float32)
        diagnose(_flickering, x, TRUTH, validation_data=validation_data, validation_groups=["a", "b", "c"])
