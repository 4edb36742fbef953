"""Telephone numbers grouped for reading: `+49 30 123450` (ITU-T E.123; phonenumbers' international format).

Rule of this file: for the eye alone. What is typed, sent, searched or exported stays as it is stored (E.164).
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

_NUMBER = re.compile(r"(?<![\w+*#@.:/-])\+[1-9][0-9]{4,14}(?![\w*#@])")


def grouped(text: object) -> str:
    """The text with every E.164 number in it grouped; all else stays."""
    return _NUMBER.sub(lambda found: _grouped(found[0]), str(text))


def unbroken(text: object) -> str:
    """The same for a page: no number is broken at the end of a line. Our fields take such blanks as others."""
    return _NUMBER.sub(lambda found: _grouped(found[0]).replace(" ", "\u00a0"), str(text))


@lru_cache(maxsize=4096)
def _grouped(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:  # a country code that does not exist
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
