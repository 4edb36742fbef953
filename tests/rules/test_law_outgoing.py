"""Numbers that are never dialled nor shown (L7), that cost too much, or that are in no country of ours."""

import pytest

from engine.law.outgoing import is_abroad, is_dear, is_forbidden
from engine.terms import E164, dialled
from tests.catalogue import CLASSES


@pytest.mark.parametrize(
    "number",
    [
        "110", "112", "116116", "11833", "118000", "0900123", "+49137123", "004911833", "+49110", "0112",
        "030110", "+4989112", "030115", "02241 116117", "030 11833",
    ],
)  # fmt: skip
def test_forbidden(number: str) -> None:
    assert is_forbidden(dialled(number))


@pytest.mark.parametrize("number", ["+13705551234", "0800110", "+9001234", "01511833", "030 1151234", "+33112345678"])
def test_allowed(number: str) -> None:
    assert not is_forbidden(dialled(number))


DEAR = [
    "0180 1123456", "0180 5123456", "0180 6123456", "0180 7123456", "0700 12345678", "0900 1123456", "032 22123456",
    "0137 1234567", "01033 030123", "0192 123456", "031 1234567", "+43 900 123456", "+43 810 123456", "+41 900 123456",
    "+44 70 1234 5678", "+1 900 555 1234", "+881 6 12345678", "+882 16 1234567", "+883 5100 1234567", "+870 773111632",
    "+979 123456789", "+999 12345678",
]  # fmt: skip
USUAL = [
    "030 23125001",
    "0171 3920001",
    "0800 1234567",
    "+800 12345678",
    "+43 1 5330000",
    "+43 664 1234567",
    "+1 212 5551234",
]


@pytest.mark.parametrize("number", DEAR)
def test_dear(number: str) -> None:
    assert is_dear(dialled(number), CLASSES)


@pytest.mark.parametrize("number", USUAL)
def test_usual(number: str) -> None:
    assert not is_dear(dialled(number), CLASSES)


def test_countries() -> None:
    numbers = ["+493023125001", "+4315330000", "+12125551234", "+80012345678", "+999123456"]
    abroad = [is_abroad(E164(number), frozenset({"49", "43"})) for number in numbers]
    assert abroad == [False, False, True, False, True]
