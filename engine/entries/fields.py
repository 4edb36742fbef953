"""The kinds of values that entries have, each with its shape and how to write it.

Rule of this file: what reaches a switch's configuration (names, addresses, URIs, passwords) has a shape in which
nothing but itself can be said: no control characters anywhere, no blanks or separators in addresses.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from unicodedata import normalize

import phonenumbers
from phonenumbers import PhoneNumberType
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
from engine.law.outgoing import is_forbidden
from engine.terms import E164, NotANumber, Wrong, dialled, readable, unreadable

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
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_WEB = re.compile(
    rf"(?:https?://)?(?:{_HOST}|{_LABEL}(?:\.{_LABEL}){{0,20}})(?::[0-9]{{1,5}})?(?:[/?#][!-~\w]{{0,400}})?"
)
"""People write such an address and read it: umlauts stand in it as they are."""
_TRUNK_ZERO = re.compile(r"\s*(?:\+|00)\s*([1-9][0-9]{0,2})[\s/.-]*\(\s*0\s*\)(.*)", re.DOTALL)
_VAT_ID = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}")
_PUSHOVER_USER = re.compile(r"[A-Za-z0-9]{30}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}")
_GERMANY = 49
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.PAGER, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_PHONE_SECRET = re.compile(r"[!-~][ -~]{6,126}[!-~]")


def _shaped(code: str, accepts: Callable[[str], object], how: str) -> AfterValidator:
    """Only texts that `accepts` says yes to; the mistake tells how to write it."""

    def check(value: str) -> str:
        if not accepts(value):
            raise Wrong(code, how)
        return value

    return AfterValidator(check)


def _sip_uri(text: str) -> bool:
    match = _SIP_URI.fullmatch(text)
    return match is not None and 0 < int(match[1] or 5060) <= _LAST_PORT


def is_name(text: str) -> bool:
    """Whether somebody or something can be called so."""
    return (
        0 < len(text) <= _LONGEST_NAME and text == readable(text).strip() and "\n" not in text and not unreadable(text)
    )


def _free_text(text: str) -> bool:
    return 0 < len(text.strip()) <= _LONGEST_TEXT


def _readable(text: str) -> str:
    """As it is written, without what only sets it. Raises Wrong for what nobody can read."""
    text = readable(text)
    if sign := unreadable(text):
        raise Wrong("text.sign", f"{sign} is no character that can be read: delete it", sign=sign)
    return text


def _network(text: str) -> str:
    """One address or network in its usual form. Raises ValueError."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        hint = " (did you mean the network or one address?)" if "host bits" in str(error) else ""
        how = f"'{text}' is no address or network{hint}: write e.g. 192.0.2.1 or 192.0.2.0/24"
        raise Wrong("network", how, written=text) from None
    if not network.prefixlen:
        raise Wrong("network.all", f"'{text}' is the whole internet: name the carrier's own addresses", written=text)
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _number(text: str, info: ValidationInfo) -> E164:
    return dialled(_without_zero(readable(text)), (info.context or {}).get("country", "49"))


def _without_zero(text: str) -> str:
    """`+49 (0)30 …` means `+49 30 …` wherever a 0 is dialled within the country only; in Italy, say, it is kept."""
    found = _TRUNK_ZERO.fullmatch(text)
    region = phonenumbers.region_code_for_country_code(int(found[1])) if found else ""
    if found and phonenumbers.ndd_prefix_for_region(region, True) == "0":
        return f"+{found[1]} {found[2]}"
    return text


def _line(number: E164) -> E164:
    """Also has a length that a number of its country can have. Raises NotANumber."""
    length = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(number))
    if length != phonenumbers.ValidationResult.IS_POSSIBLE:
        how = f"'{number}' is too short or too long for a number of its country"
        raise NotANumber("number.length", how, number=number)
    return number


def _kind(number: E164) -> tuple[bool, bool]:
    """Whether the number is German, and whether it is one of a mobile phone."""
    parsed = phonenumbers.parse(number)
    return parsed.country_code == _GERMANY, phonenumbers.number_type(parsed) in _MOBILE


def _mobile(number: E164) -> E164:
    if _kind(number) != (True, True):
        how = f"{number} is no German mobile number: write e.g. 0171 3920001"
        raise NotANumber("number.mobile", how, number=number)
    return number


def _landline(number: E164) -> E164:
    if _kind(number) != (True, False) or is_forbidden(number, str(_GERMANY)):
        how = f"{number} is no German landline: write e.g. 030 23125001"
        raise NotANumber("number.landline", how, number=number)
    return number


def _mail(text: str) -> str:
    """The address in its usual form; whether it exists is not asked. Raises Wrong."""
    # Here, for it takes a while to load: an engine that takes calls needs no addresses.
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        how = f"{text[:_LONGEST_NAME]!r} is no mail address: write e.g. name@business.example"
        raise Wrong("mail", how, written=text[:_LONGEST_NAME]) from None


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise Wrong("day", "write the day as 2026-12-24") from None


def _moment(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(second=0, microsecond=0)
    try:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong("moment", 'write day and time as "2026-12-24 08:00"')


def _format_moment(value: datetime) -> str:
    return value.isoformat(" ", "minutes")


def _week(value: object) -> Week:
    return value if isinstance(value, tuple) else parse_week(value)  # type: ignore[arg-type]


def each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values of a set, in their order."""
    return tuple(sorted(set(values)))


def ends_later(until: Any, info: ValidationInfo) -> Any:
    """Refuse a time that ends before it begins, for the field `until` below a field `since`."""
    since = info.data.get("since")
    if since is not None and until is not None and until <= since:
        raise Wrong("until", "until must be later than since")
    return until


def named_once(key: Callable[[Any], str]) -> AfterValidator:
    """Refuse a list in which two values have the same `key`."""

    def check(values: tuple[Any, ...]) -> tuple[Any, ...]:
        keys = [key(value) for value in values]
        if twice := sorted({one for one in keys if keys.count(one) > 1}):
            named = ", ".join(twice)
            raise Wrong("twice", f"{named} is named twice: write it once", named=named)
        return values

    return AfterValidator(check)


def _round(seconds: float) -> int | float:
    return int(seconds) if seconds.is_integer() else seconds


Text = Annotated[str, Strict()]
Word = Annotated[
    Text,
    _shaped(
        "word", _WORD.fullmatch, "write 1 to 40 letters, digits, '.', '_' and '-', beginning with a letter or digit"
    ),
]
Name = Annotated[
    Text,
    AfterValidator(lambda text: _readable(text).strip()),
    _shaped("name", is_name, "write 1 to 80 printable characters on one line, without blanks around them"),
]
FreeText = Annotated[
    Text, AfterValidator(_readable), _shaped("text", _free_text, "write 1 to 2000 printable characters")
]
Sound = Annotated[
    Text,
    _shaped("sound", _SOUND.fullmatch, "write its name without ending: 1 to 40 letters, digits, '_' and '-'"),
]
SipUri = Annotated[
    Text,
    _shaped(
        "sip_uri", _sip_uri, 'write e.g. "sip:name@192.0.2.1:5060", at most with ;transport=udp, tcp or tls after it'
    ),
]
Host = Annotated[Text, _shaped("host", re.compile(_HOST).fullmatch, "write a host name or an address alone")]
SipUser = Annotated[Text, _shaped("sip_user", _SIP_USER.fullmatch, "write the SIP user name alone, without host")]
Password = Annotated[
    Text,
    _shaped("password", _SECRET.fullmatch, "write 1 to 128 printable ASCII characters, without blanks around them"),
]
PhonePassword = Annotated[
    Text,
    _shaped(
        "phone_password",
        _PHONE_SECRET.fullmatch,
        "write 8 to 128 printable ASCII characters, without blanks around them",
    ),
]
State = Annotated[Text, _shaped("state", STATES.__contains__, f"write the code of a state: {', '.join(STATES)}")]

WebAddress = Annotated[
    Text,
    AfterValidator(lambda text: normalize("NFC", readable(text)).strip()),
    _shaped("web", _WEB.fullmatch, 'write e.g. "www.business.example" or "https://business.example/contact"'),
]
VatId = Annotated[
    Text,
    AfterValidator(lambda text: "".join(readable(text).split()).upper()),
    _shaped("vat_id", _VAT_ID.fullmatch, 'write it as "DE123456789"'),
]
PushoverUser = Annotated[
    Text, _shaped("pushover_user", _PUSHOVER_USER.fullmatch, "write the user key, 30 letters and digits")
]

Names = Annotated[tuple[Name, ...], AfterValidator(each_once)]
Match = Annotated[tuple[Annotated[Text, AfterValidator(_network)], ...], AfterValidator(each_once)]
AccessNumber = Annotated[Text, AfterValidator(_number)]
CallerNumber = Annotated[Text, AfterValidator(_number)]
"""Of any length: callers show numbers too that nobody can have."""
LineNumber = Annotated[Text, AfterValidator(_number), AfterValidator(_line)]
MobileNumber = Annotated[LineNumber, AfterValidator(_mobile)]
Landline = Annotated[LineNumber, AfterValidator(_landline)]
Mail = Annotated[Text, AfterValidator(_mail)]
Day = Annotated[date, Strict(), BeforeValidator(_day)]
Days = Annotated[tuple[Day, ...], AfterValidator(each_once)]
Moment = Annotated[datetime, PlainValidator(_moment), PlainSerializer(_format_moment)]
"""Day and time on the customer's own clocks, to the minute and without zone; in YAML `"2026-12-24 08:00"`."""
Hours = Annotated[Week, PlainValidator(_week), PlainSerializer(format_week)]
Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=1, le=100_000)]
Rate = Annotated[float, Strict(), Field(gt=0, le=10_000), PlainSerializer(_round)]
"""How often, per second."""
Seconds = Annotated[float, Strict(), Field(gt=0, le=86_400), PlainSerializer(_round)]
