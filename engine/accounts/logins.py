"""Logins: an e-mail address or a word, the same however it is written.

Rule of this file: two logins that people would take for one are one (upper and lower case, compatible characters of
Unicode), so what is compared is a key; what was typed is only shown.
"""

from __future__ import annotations

import re
import unicodedata

_SHAPE = re.compile(r"[\w.+-]{1,64}(?:@[\w-]{1,63}(?:\.[\w-]{1,63})+)?")


class BadLogin(ValueError):
    """The text cannot be a login; says how to write one."""


def login_key(login: str) -> str:
    """What logins are compared by: NFKC, case-folded. Raises BadLogin."""
    key = unicodedata.normalize("NFKC", login).casefold()
    if not _SHAPE.fullmatch(key):
        raise BadLogin("write an e-mail address, or 1 to 64 letters, digits, '.', '_', '+' and '-'")
    return key
