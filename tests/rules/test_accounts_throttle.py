"""Guessing is slowed down, and nobody is locked out by strangers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.accounts import LONGEST_WAIT, WINDOW, Failures, Tries, network_of, seconds_to_wait
from engine.accounts.throttle import ATTACK, FREE, FREE_OF_ADDRESS

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
COUNTS = st.integers(0, 10**6)
AGES = st.floats(-1e6, 1e6)


def failures(count: int, ago: float = 0.0) -> Failures:
    return Failures(count, NOW - timedelta(seconds=ago) if count else None)


@dataclass
class Watched:
    """Every failure there was, as (second, login, network, whether the password was right)."""

    failed: list[tuple[float, str, str, bool]] = field(default_factory=list)

    def wait(self, at: float, login: str, network: str) -> float:
        """As the store counts them."""
        recent = [f for f in self.failed if f[0] > at - WINDOW.total_seconds()]

        def of(found: list[tuple[float, str, str, bool]]) -> Failures:
            return Failures(len(found), NOW + timedelta(seconds=found[-1][0]) if found else None)

        tries = Tries(
            own=of([f for f in recent if f[1:3] == (login, network)]),
            address=of([f for f in recent if f[2] == network]),
            codes=of([f for f in recent if f[1] == login and f[3]]),
            elsewhere=len([f for f in recent if f[1] == login and f[2] != network]),
        )
        return seconds_to_wait(tries, NOW + timedelta(seconds=at))

    def fails(self, at: float, login: str, network: str, code: bool = False) -> None:
        self.failed.append((at, login, network, code))


@given(COUNTS, COUNTS, COUNTS, COUNTS, AGES, AGES, AGES)
def test_no_wait_is_longer_than_its_bound(
    own: int, address: int, codes: int, elsewhere: int, first: float, second: float, third: float
) -> None:
    tries = Tries(failures(own, first), failures(address, second), failures(codes, third), elsewhere)
    assert 0 <= seconds_to_wait(tries, NOW) <= LONGEST_WAIT


@given(COUNTS)
def test_a_quiet_address_gets_in_at_once_whatever_strangers_did(elsewhere: int) -> None:
    assert seconds_to_wait(Tries(elsewhere=elsewhere), NOW) == 0


@given(st.lists(st.tuples(st.floats(0, 20_000), st.sampled_from(["erika", "sven"]), st.integers(0, 30))))
def test_a_customer_at_its_own_address_never_waits_for_what_strangers_do(
    attempts: list[tuple[float, str, int]],
) -> None:
    watched = Watched()
    for at, login, stranger in sorted(attempts):
        assert watched.wait(at, "erika", "own") == 0
        watched.fails(at, login, f"stranger {stranger}")


@given(st.integers(1, 2000), st.floats(0, 900))
def test_who_has_failed_gets_in_after_a_quarter_of_an_hour(count: int, longer: float) -> None:
    assert seconds_to_wait(Tries(failures(count, LONGEST_WAIT + longer)), NOW) == 0


def test_the_waits_at_one_address_double_up_to_the_longest() -> None:
    waits = [seconds_to_wait(Tries(own=failures(count)), NOW) for count in range(18)]
    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]
    assert seconds_to_wait(Tries(own=failures(FREE + 3, ago=6)), NOW) == 10
    assert seconds_to_wait(Tries(own=failures(FREE, ago=2)), NOW) == 0


def test_one_address_may_not_try_many_logins() -> None:
    assert seconds_to_wait(Tries(address=failures(FREE_OF_ADDRESS - 1)), NOW) == 0
    assert seconds_to_wait(Tries(address=failures(FREE_OF_ADDRESS)), NOW) == 2


def test_while_strangers_are_at_a_login_each_address_has_one_try() -> None:
    assert seconds_to_wait(Tries(own=failures(1), elsewhere=ATTACK - 1), NOW) == 0
    assert seconds_to_wait(Tries(own=failures(1), elsewhere=ATTACK), NOW) == 2
    assert seconds_to_wait(Tries(own=failures(4), elsewhere=ATTACK), NOW) == 16


def test_wrong_codes_count_from_everywhere() -> None:
    assert seconds_to_wait(Tries(codes=failures(FREE - 1)), NOW) == 0
    assert seconds_to_wait(Tries(codes=failures(FREE + 1)), NOW) == 4


def test_who_guesses_without_pause_at_one_address_has_few_tries_an_hour() -> None:
    watched, at, tried = Watched(), 0.0, 0
    while at < 24 * 3600:
        at += watched.wait(at, "erika", "one")
        watched.fails(at, "erika", "one")
        tried += 1
    assert tried < 24 * 20


def test_a_clock_that_was_set_back_makes_no_wait_longer() -> None:
    assert seconds_to_wait(Tries(own=failures(FREE, ago=-5000)), NOW) == 2


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("x" * 70, "x" * 64),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network
