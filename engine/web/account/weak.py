"""Why a password is refused, in the user's words."""

from __future__ import annotations

from engine.accounts import LONGEST, SHORTEST, Weakness
from engine.service.accounts import WeakPassword
from engine.web.languages import N_, Words

_SENTENCES = {
    Weakness.SHORT: N_("It needs at least {shortest} characters."),
    Weakness.LONG: N_("It may have at most {longest} characters."),
    Weakness.OWN_WORDS: N_("It must not have your login, your name or our name in it."),
    Weakness.GUESSABLE: N_("It is easy to guess: take several words that do not belong together."),
}


def sentences(weak: WeakPassword, words: Words) -> str:
    """Every reason, one sentence each."""
    return " ".join(words(_SENTENCES[reason], shortest=SHORTEST, longest=LONGEST) for reason in weak.reasons)
