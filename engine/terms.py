"""The value words of the trade, used by every other room.

Rule of this file: words only. Nothing here decides, asks a clock or knows a store or a switch.
"""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from typing import NewType
from unicodedata import category

CallId = NewType("CallId", str)
"""One call: the unique id that the switch gave the caller's channel."""
LegId = NewType("LegId", str)
"""One attempt to reach an agent's phone: `<call id>-leg-<n>`, made by the rules before it is dialled."""
PlayId = NewType("PlayId", str)
"""One announcement to a caller: `<call id>-play-<n>`."""
AgentId = NewType("AgentId", str)
"""An agent's login, e.g. `agent1`."""
CustomerId = NewType("CustomerId", int)
"""The store's own key of a customer; people use the customer number (`K1001`)."""
UserId = NewType("UserId", int)
"""The store's own key of somebody who signs in; people use the login."""
Skill = NewType("Skill", str)
Group = NewType("Group", str)
E164 = NewType("E164", str)
"""A telephone number in international form with its plus: `+4930123450` (ITU-T E.164, at most 15 digits)."""


class Wrong(ValueError):
    """A value that cannot be taken. Its text is one English sentence that says how to write it.

    `code` never changes and `values` are what the sentence names, so that it can be said in another language.
    """

    def __init__(self, code: str, text: str, **values: str) -> None:
        super().__init__(text)
        self.code = code
        self.values = values


class NotANumber(Wrong):
    """The text is not a telephone number that a customer can have."""


class Treatment(StrEnum):
    """What a caller hears while waiting, and when the call is answered (§2.2, §5.7)."""

    RINGING = "ringing"
    """180 only; nothing is answered before an agent has picked up."""
    RINGING_ANNOUNCED = "ringing_announced"
    """183: ring tone and interim announcements as early media; answered at pick-up."""
    ANSWERED = "answered"
    """200 at once, then greeting announcement, music, interim announcements."""
    DELAYED_CONNECT = "delayed_connect"
    """183: music and announcements as early media; 200 only at pick-up (TKG § 115)."""


class AfterMaxWait(StrEnum):
    """What happens to a caller who has waited for the longest time allowed."""

    BUSY = "busy"
    KEEP = "keep"


class NumberClass(StrEnum):
    """The class of the number that the caller dialled (TKG § 3 no. 73, § 115)."""

    GEOGRAPHIC = "geographic"
    MOBILE = "mobile"
    FREE = "free"
    FIXED_PRICE = "fixed_price"
    PER_MINUTE = "per_minute"
    BUDGET_30S = "budget_30s"
    """0180-7: the first 30 s of waiting are free in all."""
    UNKNOWN = "unknown"
    """Treated as per minute until support has confirmed another class."""


class PhoneKind(StrEnum):
    """How an agent's phone is reached."""

    REGISTERED = "registered"
    STATIC = "static"
    BROWSER = "browser"


class AgentState(StrEnum):
    """What an agent is doing; the ACD rings only those who are ready."""

    OFFLINE = "offline"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


class HangupCause(IntEnum):
    """Why a call or a leg ended (ITU-T Q.850; 0 and 26 as Asterisk uses them)."""

    UNKNOWN = 0
    UNALLOCATED = 1
    NO_ROUTE = 3
    NORMAL = 16
    BUSY = 17
    NO_USER_RESPONSE = 18
    NO_ANSWER = 19
    SUBSCRIBER_ABSENT = 20
    REJECTED = 21
    ANSWERED_ELSEWHERE = 26
    OUT_OF_ORDER = 27
    CONGESTION = 34
    NETWORK_FAILURE = 38
    TEMPORARY_FAILURE = 41
    INTERWORKING = 127

    @classmethod
    def of(cls, code: int | None) -> HangupCause:
        """The cause with this number; `UNKNOWN` for numbers that have no word here."""
        try:
            return cls(code or 0)
        except ValueError:
            return cls.UNKNOWN


_SHAPE = re.compile(r"\+[1-9][0-9]{2,14}")
_SHOWN = 40


def dialled(text: str, country: str = "49") -> E164:
    """The access number that a carrier means by `text`, in E.164.

    Carriers send `+4930…`, `004930…`, `4930…` or `030…`; blanks and `/-.()` between digits are dropped.
    `country` is the installation's country code, without plus. An E.164 number never begins with `+490`.
    Raises NotANumber for anything else, e.g. letters, an empty text or more than 15 digits.
    """
    bare = re.sub(r"[\s/().-]", "", text)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    elif bare.startswith("0"):
        bare = "+" + country + bare[1:]
    elif not bare.startswith("+"):
        bare = "+" + bare
    if not _SHAPE.fullmatch(bare) or bare.startswith(f"+{country}0"):
        # The text comes from outside: shown short and with control characters escaped, for it is logged.
        raise NotANumber(
            "number",
            f"{text[:_SHOWN]!r} is not a telephone number: "
            f"write it as +{country}…, 00{country}…, {country}… or 0…, without (0)",
            written=text[:_SHOWN],
            country=country,
        )
    return E164(bare)


def spellings(number: E164, country: str = "49") -> tuple[str, ...]:
    """The ways in which carriers write this number, itself first; `country` as of `dialled`."""
    bare = number.removeprefix("+")
    own = (f"0{bare.removeprefix(country)}",) if bare.startswith(country) else ()
    return (number, bare, f"00{bare}", *own)


_PROMPT_SOUND = re.compile(r"ask-([1-9][0-9]{0,8})")
_OWN_SOUND = re.compile(r"own-([1-9][0-9]{0,8})")


def own_sound(key: int) -> str:
    """What calls name a customer's own announcement by, of the store's key, which nobody else ever gets again."""
    return f"own-{key}"


def is_own_sound(name: str) -> bool:
    """Whether it names some customer's own announcement; the installation's have other names."""
    return own_key(name) is not None


def prompt_sound(n: int) -> str:
    """What one call's own question is named by; `n` ≥ 1, different for each that is there."""
    return f"ask-{n}"


def is_prompt_sound(name: str) -> bool:
    """Whether it names such a question."""
    return _PROMPT_SOUND.fullmatch(name) is not None


def own_key(name: str) -> int | None:
    """The store's key of a customer's own announcement; None for another name."""
    found = _OWN_SOUND.fullmatch(name)
    return int(found[1]) if found else None


_JOINER = "\u200d"
_FORMATTING = frozenset(
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff\u202a\u202b\u202c\u202d\u202e"
)
"""Signs that show nothing and only say how to set a text: soft hyphens, widths of zero, directions."""


def readable(text: str) -> str:
    """The text without what only says how to set it, as it comes along with what is pasted: blanks are plain ones.

    A joiner stays within a picture such as a family, which it holds together. Doing it again changes nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    signs = (
        " " if sign.isspace() and sign != "\n" else sign
        for place, sign in enumerate(text)
        if sign not in _FORMATTING or (sign == _JOINER and _joins(text, place))
    )
    return "".join(signs)


def unreadable(text: str) -> str:
    """The first sign that nobody can read in a readable text, e.g. `U+0007`; empty if there is none."""
    signs = (sign for sign in text if not (sign.isprintable() or sign in ("\n", _JOINER)))
    return next((f"U+{ord(sign):04X}" for sign in signs), "")


def _joins(text: str, place: int) -> bool:
    before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    pictures = before and after and category(after) == "So"
    return bool(pictures) and (before == "\ufe0f" or category(before) in ("So", "Sk"))
