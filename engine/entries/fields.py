"""The kinds of values that entries have, each with its shape and how to write it.

Rule of this file: what reaches a switch's configuration (names, addresses, URIs, passwords) has a shape in which
nothing but itself can be said: no control characters anywhere, no blanks or separators in addresses.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import phonenumbers
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    ValidationInfo,
)

from engine.hours.holidays import STATES
from engine.hours.service import Week
from engine.hours.spans import format_week, parse_week
from engine.terms import E164, NotANumber, dialled

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
_SIP_URI = re.compile(
    rf"sip:(?:[A-Za-z0-9._~+!*&=$-]{{1,80}}@)?{_HOST}(?::([0-9]{{1,5}}))?(?:;transport=(?:udp|tcp|tls))?"
)
_LAST_PORT = 65_535
_LONGEST_NAME = 80
_LONGEST_TEXT = 2000
_SIP_USER = re.compile(r"[A-Za-z0-9._~+!*&=$-]{1,80}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_SECRET = re.compile(r"[!-~](?:[ -~]{0,126}[!-~])?")
_PHONE_SECRET = re.compile(r"[!-~][ -~]{6,126}[!-~]")


def _shaped(accepts: Callable[[str], object], how: str) -> AfterValidator:
    """Only texts that `accepts` says yes to; the mistake tells how to write it."""

    def check(value: str) -> str:
        if not accepts(value):
            raise ValueError(how)
        return value

    return AfterValidator(check)


def _sip_uri(text: str) -> bool:
    match = _SIP_URI.fullmatch(text)
    return match is not None and 0 < int(match[1] or 5060) <= _LAST_PORT


def _name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable() and text == text.strip()


def _free_text(text: str) -> bool:
    return 0 < len(text.strip()) <= _LONGEST_TEXT and text.replace("\n", "").isprintable()


def _network(text: str) -> str:
    """One address or network in its usual form. Raises ValueError."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        hint = " (did you mean the network or one address?)" if "host bits" in str(error) else ""
        raise ValueError(f"'{text}' is no address or network{hint}: write e.g. 192.0.2.1 or 192.0.2.0/24") from None
    if not network.prefixlen:
        raise ValueError(f"'{text}' is the whole internet: name the carrier's own addresses")
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _number(text: str, info: ValidationInfo) -> E164:
    return dialled(text, (info.context or {}).get("country", "49"))


def _line(number: E164) -> E164:
    """Also has a length that a number of its country can have. Raises NotANumber."""
    length = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(number))
    if length != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise NotANumber(f"'{number}' is too short or too long for a number of its country")
    return number


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("write the day as 2026-12-24") from None


def _week(value: object) -> Week:
    return value if isinstance(value, tuple) else parse_week(value)  # type: ignore[arg-type]


def _sorted(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sorted(set(values)))


def _round(seconds: float) -> int | float:
    return int(seconds) if seconds.is_integer() else seconds


Text = Annotated[str, Strict()]
Word = Annotated[
    Text,
    _shaped(_WORD.fullmatch, "write 1 to 40 letters, digits, '.', '_' and '-', beginning with a letter or digit"),
]
Name = Annotated[Text, _shaped(_name, "write 1 to 80 printable characters on one line, without blanks around them")]
FreeText = Annotated[Text, _shaped(_free_text, "write 1 to 2000 printable characters")]
Sound = Annotated[
    Text,
    _shaped(_SOUND.fullmatch, "write its name without ending: 1 to 40 letters, digits, '_' and '-'"),
]
SipUri = Annotated[
    Text,
    _shaped(_sip_uri, 'write e.g. "sip:name@192.0.2.1:5060", at most with ;transport=udp, tcp or tls after it'),
]
SipUser = Annotated[Text, _shaped(_SIP_USER.fullmatch, "write the SIP user name alone, without host")]
Password = Annotated[
    Text, _shaped(_SECRET.fullmatch, "write 1 to 128 printable ASCII characters, without blanks around them")
]
PhonePassword = Annotated[
    Text, _shaped(_PHONE_SECRET.fullmatch, "write 8 to 128 printable ASCII characters, without blanks around them")
]
State = Annotated[Text, _shaped(STATES.__contains__, f"write the code of a state: {', '.join(STATES)}")]

Names = Annotated[tuple[Name, ...], AfterValidator(_sorted)]
Match = Annotated[tuple[Annotated[Text, AfterValidator(_network)], ...], AfterValidator(_sorted)]
AccessNumber = Annotated[Text, AfterValidator(_number)]
LineNumber = Annotated[Text, AfterValidator(_number), AfterValidator(_line)]
Days = Annotated[tuple[Annotated[date, Strict(), BeforeValidator(_day)], ...], AfterValidator(_sorted)]
Hours = Annotated[Week, PlainValidator(_week), PlainSerializer(format_week)]
Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=1, le=100_000)]
Rate = Annotated[float, Strict(), Field(gt=0, le=10_000), PlainSerializer(_round)]
"""How often, per second."""
Seconds = Annotated[float, Strict(), Field(gt=0, le=86_400), PlainSerializer(_round)]
