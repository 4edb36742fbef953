"""What makes a password too weak (OWASP ASVS 5.0, 6.2).

Rule of this file: length and how hard it is to guess decide, never which kinds of characters it has (6.2.5). How many
tries an attacker needs is told by an estimator that knows common and leaked passwords (6.2.4); here is only the bar.

The floor of 6.2.1 is 8 characters, its advice 15. Twelve, of which nobody can guess the first half, is what people who
type it twice a day bear; who wants more has 128 (6.2.9 asks for 64).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

SHORTEST = 12
LONGEST = 128
"""Characters."""
ENOUGH = 8.0
"""The common logarithm of the tries that an attacker must need: hundreds of years from one address (`throttle`), and
four months from all the world at 10 tries a second, which is all that our hashing gives."""
_SHORTEST_WORD = 4
_OURS = ("vorzimmer", "passwort", "password", "sekretariat")
"""Words that say where the password is used (6.1.2); with them those of the user and the customer."""


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    OWN_WORDS = "own_words"
    """It has the login, a name of the user or customer, or the service's name in it."""
    GUESSABLE = "guessable"
    """Common, leaked, or built of what is."""


def own_words(*texts: str) -> frozenset[str]:
    """The words of login, name and customer that a password must not have in it: those of four letters or more."""
    words = {word for text in (*texts, *_OURS) for word in re.split(r"[\W_]+", text.casefold())}
    return frozenset(word for word in words if len(word) >= _SHORTEST_WORD)


def weaknesses(password: str, words: Collection[str], guesses: float) -> tuple[Weakness, ...]:
    """Every reason to refuse it; none = it is good.

    `words`: what `own_words` says; `guesses`: the common logarithm of the tries that guessing it takes.
    """
    folded = password.casefold()
    found = {
        Weakness.SHORT: len(password) < SHORTEST,
        Weakness.LONG: len(password) > LONGEST,
        Weakness.OWN_WORDS: any(word in folded for word in words),
        Weakness.GUESSABLE: guesses < ENOUGH,
    }
    return tuple(weakness for weakness, is_so in found.items() if is_so)
