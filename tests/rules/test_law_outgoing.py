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
    "+979 123456789", "+999 12345678", "+39 899 12345678", "+39 892 1234567", "+32 901 234567", "+358 600 1234",
    "+48 70012345", "+385 60 1234567", "+1 211", "0164 123456", "0168 1234567", "0169 12345678",
]  # fmt: skip
USUAL = [
    "030 23125001",
    "0171 3920001",
    "0800 1234567",
    "+800 12345678",
    "+43 1 5330000",
    "+43 664 1234567",
    "+1 212 5551234",
    "+1 800 5551234",
    "+39 06 12345678",
    "+41 800 123456",
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


SHARED = [
    "+12125551234",
    "+14165551234",
    "+18765551234",
    "+18095551234",
    "+14412361234",
    "+79161234567",
    "+77012345678",
]
"""The United States, Canada, Jamaica, the Dominican Republic, Bermuda; Russia, Kazakhstan."""


@pytest.mark.parametrize(
    ("allowed", "diallable"),
    [
        ("1", SHARED[:2]),
        ("7", SHARED[5:6]),
        ("1 JM 7", [*SHARED[:3], SHARED[5]]),
        ("KZ", SHARED[6:]),
        ("DO BM", SHARED[3:5]),
    ],
)
def test_a_code_that_countries_share_is_its_main_ones(allowed: str, diallable: list[str]) -> None:
    countries = frozenset({"49", *allowed.split()})
    assert [number for number in SHARED if not is_abroad(E164(number), countries)] == diallable


@pytest.mark.parametrize("number", ["+390669812345", "+4779021234", "+35818123456"])
def test_the_vatican_spitsbergen_and_aland_are_no_abroad_of_their_mainland(number: str) -> None:
    assert not is_abroad(E164(number), frozenset({"39", "47", "358"}))
