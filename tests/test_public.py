import subprocess
import sys

import pytest

import segmend


@pytest.mark.parametrize("name", segmend.__all__)
def test_every_public_name_resolves(name):
    assert getattr(segmend, name) is not None
    assert name in dir(segmend)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="segmentation"):
        _ = segmend.segmentation


def test_importing_segmend_imports_no_library():
    code = "import sys, segmend; print(sorted({'numpy', 'keras', 'pydantic', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
