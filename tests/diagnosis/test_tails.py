import pytest
from scipy import stats

from segmend.diagnosis.alike import independent
from segmend.diagnosis.tails import beta, fisher, student


@pytest.mark.parametrize("freedom", [1, 2, 7, 60, 1000])
@pytest.mark.parametrize("t", [0.0, 0.3, 2.0, 9.0, 40.0])
def test_students_tail_is_scipys(t, freedom):
    assert student(t, freedom) == pytest.approx(2 * stats.t.sf(t, freedom), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("between", [1, 4, 30])
@pytest.mark.parametrize("within", [3, 50, 3000])
@pytest.mark.parametrize("ratio", [0.2, 1.0, 3.0, 20.0])
def test_fishers_tail_is_scipys(ratio, between, within):
    assert fisher(ratio, between, within) == pytest.approx(stats.f.sf(ratio, between, within), rel=1e-8, abs=1e-300)


def test_the_ends_of_the_distributions():
    assert beta(0.0, 2, 3) == 0 and beta(1.0, 2, 3) == 1
    assert independent(30.0, [30, 30]) == 0 and independent(2.0, [5]) == 1
