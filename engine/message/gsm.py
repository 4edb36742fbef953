"""The alphabet of an SMS with 160 signs, and how any text is written in it (3GPP TS 23.038, formerly GSM 03.38).

Rule of this file: whatever comes in, what goes out has signs of this alphabet alone. One sign outside of it would turn
the whole SMS into UCS-2, with 70. German letters stay; foreign ones are written as in passports; what has no writing
here becomes one `?` that shows that there was something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, decimal, name, normalize

from engine.message.letters import LETTERS

DEFAULT = (
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""One septet each. Without the carriage return and the escape, which are no signs."""
EXTENSION = "^{}\\[~]|€"
"""Two septets each: an escape and one more. Without the page break."""
_SEPTETS = dict.fromkeys(DEFAULT, 1) | dict.fromkeys(EXTENSION, 2)
_UNKNOWN = "\ufffd"
_GREEK_WORD = re.compile("[\u0370-\u03ff]{2,}")
_LATIN = re.compile("LATIN (CAPITAL|SMALL) LETTER ([A-Z])( WITH .*)?")
_FLAGS = range(0x1F1E6, 0x1F200)
"""Regional indicators: two of them are a flag, and are the letters of a country."""


def septets(text: str) -> int:
    """How long the text is in an SMS. Raises ValueError if it has a sign that is not in the alphabet."""
    try:
        return sum(_SEPTETS[sign] for sign in text)
    except KeyError as missing:
        raise ValueError(f"{missing.args[0]!a} is not in the alphabet of SMS") from None


def written(text: str) -> str:
    """The text in the alphabet, without blanks at the ends; lines stay lines. Doing it again changes nothing."""
    whole = normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    signs = "".join(part for sign in _in_latin(whole) for part in _written(sign))
    signs = re.sub(f"{_UNKNOWN}+", "?", _in_latin(signs))
    return "\n".join(filter(None, (" ".join(line.split()) for line in signs.split("\n"))))


def _written(sign: str) -> Iterator[str]:
    """What stands for one sign: signs of the alphabet, or `_UNKNOWN`."""
    if sign in _SEPTETS:
        yield sign
    elif sign in LETTERS:
        yield LETTERS[sign]
    elif len(parts := normalize("NFKD", sign)) > 1 or parts != sign:
        for part in parts:
            yield from _written(part)
    else:
        yield _by_kind(sign)


def _by_kind(sign: str) -> str:
    kind = category(sign)
    if kind[0] == "Z" or sign.isspace():
        return " "
    if kind[0] == "M" or kind in ("Cc", "Cf", "Sk"):
        return ""  # accents, directions, colours of skin: they change a sign and are none
    if kind == "Nd":
        return str(decimal(sign))
    if ord(sign) in _FLAGS:
        return chr(ord("A") + ord(sign) - _FLAGS.start)
    if found := _LATIN.fullmatch(name(sign, "")):
        return found[2] if found[1] == "CAPITAL" else found[2].lower()
    return _UNKNOWN


def _in_latin(text: str) -> str:
    """With its Greek words in Latin letters; a Greek capital that stands alone stays, for it is in the alphabet."""
    return _GREEK_WORD.sub(lambda found: "".join(LETTERS.get(sign, sign) for sign in _bare(found[0])), text)


def _bare(word: str) -> str:
    """Without accents."""
    return "".join(sign for sign in normalize("NFD", word) if category(sign) != "Mn")
