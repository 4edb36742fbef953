"""Which passwords are refused (OWASP ASVS 5.0, 6.2), which codes count, how long everything lives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.accounts import (
    LIVES,
    LONGEST,
    SHORTEST,
    Role,
    Weakness,
    expiry,
    is_fresh,
    link_life,
    own_words,
    weaknesses,
)

WORDS = own_words("erika@muster.de", "Erika Wegner", "Muster GmbH & Co. KG", "K1001")
HARD = 12.0
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_words_that_a_password_must_not_have() -> None:
    assert {"erika", "muster", "wegner", "gmbh", "k1001", "vorzimmer", "passwort", "password", "sekretariat"} == WORDS


@pytest.mark.parametrize(
    ("password", "guesses", "found"),
    [
        ("nebel ueber dem deich", HARD, ()),
        ("x" * SHORTEST, HARD, ()),
        ("x" * LONGEST, HARD, ()),
        ("x" * (SHORTEST - 1), HARD, (Weakness.SHORT,)),
        ("", 0.0, (Weakness.SHORT, Weakness.GUESSABLE)),
        ("x" * (LONGEST + 1), HARD, (Weakness.LONG,)),
        ("nebel-ERIKA-ueber-dem-deich", HARD, (Weakness.OWN_WORDS,)),
        ("das VORZIMMER im ersten Stock", HARD, (Weakness.OWN_WORDS,)),
        ("nebel ueber dem deich", 7.99, (Weakness.GUESSABLE,)),
        ("nebel ueber dem deich", 8.0, ()),
        ("muster", 2.0, (Weakness.SHORT, Weakness.OWN_WORDS, Weakness.GUESSABLE)),
    ],
)
def test_every_reason_to_refuse_a_password(password: str, guesses: float, found: tuple[Weakness, ...]) -> None:
    assert weaknesses(password, WORDS, guesses) == found


@given(st.text(min_size=SHORTEST, max_size=LONGEST))
def test_no_kind_of_character_is_asked_for_or_forbidden(password: str) -> None:
    assert weaknesses(password, (), HARD) == ()


@given(st.lists(st.integers(0, 2**31)))
def test_a_time_step_is_good_once_and_none_before_it(steps: list[int]) -> None:
    last, accepted = None, []
    for step in steps:
        if is_fresh(step, last):
            last = step
            accepted.append(step)
    assert accepted == sorted(set(accepted))


@pytest.mark.parametrize("role", Role)
def test_a_session_ends_when_it_is_idle_and_however_it_is_used(role: Role) -> None:
    life = LIVES[role]
    assert expiry(role, NOW, NOW) == NOW + life.idle
    late = NOW + life.absolute - timedelta(minutes=1)
    assert expiry(role, NOW, late) == NOW + life.absolute


def test_the_lives_are_as_the_documentation_says() -> None:
    hours = {role: (life.idle / timedelta(hours=1), life.absolute / timedelta(hours=1)) for role, life in LIVES.items()}
    assert hours == {
        Role.CUSTOMER: (1, 24), Role.AGENT: (8, 12), Role.SUPERVISOR: (8, 12), Role.SUPPORT: (1, 12),
        Role.ADMIN: (0.5, 12),
    }  # fmt: skip
    assert (link_life(False), link_life(True)) == (timedelta(days=7), timedelta(days=1))
