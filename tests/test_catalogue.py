import pytest

from segmend import catalogue
from segmend.errors import InputError


@pytest.mark.parametrize(
    ("family", "name"), [(family, name) for family, names in catalogue.FAMILIES.items() for name in names]
)
def test_every_name_resolves(family, name):
    assert callable(catalogue.resolve(family, name))


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(InputError, match='did you mean "viterbi"'):
        catalogue.resolve("decoders", "viterby")
