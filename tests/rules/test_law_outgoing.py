"""Numbers that are never dialled nor shown (L7)."""

import pytest

from engine.law.outgoing import is_forbidden
from engine.terms import dialled


@pytest.mark.parametrize(
    "number", ["110", "112", "116116", "11833", "118000", "0900123", "+49137123", "004911833", "+49110", "0112"]
)
def test_forbidden(number: str) -> None:
    assert is_forbidden(dialled(number))


@pytest.mark.parametrize("number", ["030110", "+4989112", "+13705551234", "0800110", "+9001234", "01511833"])
def test_allowed(number: str) -> None:
    assert not is_forbidden(dialled(number))
