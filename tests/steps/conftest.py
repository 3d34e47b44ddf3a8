"""The steps on a rig of fakes."""

import pytest

from tests.steps.rig import Rig


@pytest.fixture
def rig() -> Rig:
    """The steps with ordinary settings."""
    return Rig()
