"""A message as one SMS: the caller's number and as much of the rest as 160 septets hold (§5.2.3.2).

Rule of this file: the number stands first and whole, in E.164, so that a telephone dials it when it is touched, abroad
too. Then who it is, how urgent, and the beginning of the message; a line costs what a blank costs. Nothing is ever sent
as UCS-2.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.message.gsm import septets, written
from engine.message.slip import Slip, Tick
from engine.message.words import wording
from engine.terms import NotANumber, dialled

__all__ = ["LONGEST", "septets", "sms_text"]

LONGEST = 160
"""Septets of one SMS (3GPP TS 23.040)."""
_LONGEST_WHO = 48
"""Septets for name and company, so that the message has half of the SMS or more."""
_CUT = "..."
_FAR = 20
"""Signs of a word that is cut within, for so many would be lost if it were left out: an address on the web, say."""


def sms_text(slip: Slip, country: str = "49", language: str = "de") -> str:
    """The message in at most `LONGEST` septets of the alphabet of SMS.

    `country`: the installation's code without plus, for a number that stands as it was typed; what is no number stays
    as it is ("Durchwahl 12"). What is left out is shown by three dots.
    """
    words = wording(language)
    number = written(_number(slip.number, country)) or words.no_number
    who = written(", ".join(filter(None, (slip.caller_name.strip(), slip.company.strip()))))
    head = " ".join(filter(None, (number, _fitted(who, _LONGEST_WHO))))
    mark = words.urgencies.get(slip.urgency)
    told = "\n".join(_told(slip, language))
    body = f"{mark.upper()}: {told}" if mark else told
    return _fitted(written(f"{head}\n{body}"), LONGEST)


def _told(slip: Slip, language: str) -> Iterator[str]:
    """Subject, what the caller wants, text, the customer's own fields: what an SMS has the beginning of."""
    wants = wording(language).wants
    yield slip.subject
    yield ", ".join(wants[tick] for tick in Tick if tick in slip.ticks)
    yield slip.text
    yield from (f"{label}: {value}" for label, value in slip.fields if value.strip())


def _number(text: str, country: str) -> str:
    try:
        return dialled(text, country) if text.startswith(("+", "0")) else text
    except NotANumber:
        return text


def _fitted(text: str, most: int) -> str:
    """The text in at most so many septets, cut at a word, with dots that show it."""
    if septets(text) <= most:
        return text
    room = most - septets(_CUT)
    kept = 0
    for sign in text:
        room -= septets(sign)
        if room < 0:
            break
        kept += 1
    return text[: _end(text, kept)].rstrip(" \n.,;:-") + _CUT


def _end(text: str, kept: int) -> int:
    """Where to cut at or before this place: after the last whole word, if that is not far away."""
    if text[kept].isspace():
        return kept
    blank = max(text.rfind(" ", 0, kept), text.rfind("\n", 0, kept))
    return blank if blank > 0 and kept - blank <= _FAR else kept
