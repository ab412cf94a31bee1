from __future__ import annotations

import pytest

from segmend import models
from segmend.errors import InputError

SECTION = {"architecture": "tcn", "filters": 8, "dropout": 0.1, "stages": [{"kernel": 3}]}


def test_a_section_is_the_architecture_and_its_arguments():
    model = models.build(SECTION, channels=3, classes=2, window=16)
    assert (model.input_shape, model.output_shape) == ((None, 16, 3), (None, 16, 2))
    assert SECTION["architecture"] == "tcn"


def test_an_unknown_architecture_is_refused_with_a_suggestion():
    with pytest.raises(InputError, match='did you mean "tcn"'):
        models.build({**SECTION, "architecture": "tcnn"}, channels=1, classes=2)


def test_an_unknown_argument_is_refused():
    with pytest.raises(InputError, match=r'model "tcn": .*Received "filter"'):
        models.build({**SECTION, "filter": 8}, channels=1, classes=2)
