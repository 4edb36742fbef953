"""Numbers that must never be dialled by us nor shown as ours (L7; TKG § 120), and those that would cost too much.

Rule of this file: who is put through, told of a message or shown has a number like anybody's. The table of classes
says what a number of its countries is; elsewhere numbering plans do, as far as `phonenumbers` knows them: what it
does not know for a fixed line, a mobile or a free one counts as dear.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from engine.law.classes import NOT_LISTED, ClassTable
from engine.terms import E164, NumberClass

_WHOLE = re.compile(r"\+(110|112|116116|118[0-9]{2,3})")
"""As somebody would write them without an area; no country code begins with 11."""
_PREFIXES = ("110", "112", "118", "137", "900")
"""Emergency calls, directory enquiries, mass traffic, premium rate: of Germany's national numbers."""
_IN_AN_AREA = re.compile(r"110|112|115|116[0-9]{3}|118[0-9]{2,3}")
"""The same behind an area code, where no telephone has such a number."""
_EMERGENCY = ("110", "112")
_FREELY = frozenset({NumberClass.GEOGRAPHIC, NumberClass.MOBILE, NumberClass.FREE})
_FREE_EVERYWHERE = 800
_NO_COUNTRY = frozenset({808, 870, 878, 881, 882, 883, 888, 979})
"""Codes of no country: shared cost, satellites, personal numbers, networks of the world, premium rate."""
_USUAL = frozenset({
    PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.TOLL_FREE
})  # fmt: skip
_BESIDE_THE_MAIN_REGION = {1: {"CA"}, 39: {"VA"}, 47: {"SJ"}, 358: {"AX"}}
"""Regions that share another one's code, and its prices. Those that are left out do not: Jamaica (+1 876) costs ten
times what the United States cost, Kazakhstan (+7 7) is not Russia."""


def is_forbidden(number: E164, country: str = "49") -> bool:
    """Whether the number is one for emergencies (110, 112), 118xy, 0137 or 0900; `country`: the installation's code."""
    if _WHOLE.fullmatch(number) or number.removeprefix(f"+{country}").startswith(_PREFIXES):
        return True
    area = _area(number)
    return area > 0 and bool(_IN_AN_AREA.fullmatch(number[len("+49") + area :]))


def is_emergency(number: E164, country: str = "49") -> bool:
    """Whether the number is one of the police or the rescue services (110, 112), with or without an area."""
    national = number.removeprefix(f"+{country}").removeprefix("+")
    area = _area(number)
    return national in _EMERGENCY or (area > 0 and number[len("+49") + area :] in _EMERGENCY)


def is_dear(number: E164, classes: ClassTable) -> bool:
    """Whether it is a number of a service with a price of its own, of a satellite or of no telephone that we know."""
    rule, parsed = classes.rule_for(number), _parsed(number)
    if rule is not NOT_LISTED:
        return rule.number_class not in _FREELY
    if parsed is None or parsed.country_code in _NO_COUNTRY or classes.knows(f"+{parsed.country_code}"):
        return True
    return not phonenumbers.is_valid_number(parsed) or phonenumbers.number_type(parsed) not in _USUAL


def is_abroad(number: E164, countries: frozenset[str]) -> bool:
    """Whether its country is none of these; 00800 is everywhere.

    `countries`: codes without plus, each for its main region (`1`: the United States, with Canada), and regions of
    ISO 3166 (`JM`).
    """
    parsed = _parsed(number)
    if parsed is None or parsed.country_code == _FREE_EVERYWHERE:
        return parsed is None
    code, region = parsed.country_code or 0, phonenumbers.region_code_for_number(parsed)
    if region in countries:
        return False
    main = phonenumbers.region_code_for_country_code(code)
    return str(code) not in countries or region not in {main, *_BESIDE_THE_MAIN_REGION.get(code, ())}


def _area(number: E164) -> int:
    """Digits of the German area code; 0 if there is none."""
    parsed = _parsed(number) if number.startswith("+49") else None
    return phonenumbers.length_of_geographical_area_code(parsed) if parsed else 0


def is_mobile(number: E164) -> bool:
    """Whether it is one of a mobile phone, as far as its country tells them apart."""
    parsed = _parsed(number)
    return parsed is not None and phonenumbers.number_type(parsed) is PhoneNumberType.MOBILE


def _parsed(number: E164) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number)
    except NumberParseException:
        return None
