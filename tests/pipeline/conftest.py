"""Verbs have budgets, and what a test asserts must not depend on how busy the machine is."""

import pytest

from tests.clocks import clock_of_work


@pytest.fixture(scope="module", autouse=True)
def clock(request):
    """Seconds of work, of which a module that trains until its budgets are spent asks for ``HASTE``."""
    with clock_of_work(getattr(request.module, "HASTE", 1.0)):
        yield
