"""How the headers that people's words stand in are folded and encoded (RFC 5322 §2.2.3, RFC 2047).

Rule of this file: what is read is what was typed, and nothing that was typed is ever decoded here. Python's own way
does: to it `=?utf-8?q?=0d=0aBcc:_…?=` in a subject is a header of its own (CVE-2024-6923). It also loses blanks between
encoded words, and quotation marks around long names, after which nobody finds the address.
"""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from email.message import EmailMessage

    _Policy = EmailPolicy[EmailMessage]
else:
    _Policy = EmailPolicy

_LINE = 76
"""Characters, the header's name among them; an encoded word has at most 75."""
_TYPED = "Subject"
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_END = "\r\n"


class _Headers(_Policy):
    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Called for each header when it is set: those with people's words are kept as they will be sent."""
        if isinstance(value, Address):
            return name, _mailbox(name, value.display_name, value.addr_spec)
        return (name, _words(name, value)) if name == _TYPED else super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Called for each header when the mail is turned into bytes."""
        return f"{name}: {value}{_END}".encode() if type(value) is str else super().fold_binary(name, value)


def _mailbox(name: str, display: str, address: str) -> str:
    if not display:
        return address
    if not display.isascii() or "=?" in display:
        return f"{_words(name, display)}{_END} <{address}>"
    if not _ATOMS.fullmatch(display):
        display = '"' + re.sub(r'(["\\])', r"\\\1", display) + '"'
    return f"{display} <{address}>"


def _words(name: str, text: str) -> str:
    """As it is where it can be; what looks like an encoded word would be read as one."""
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    return Header(str(text), charset, _LINE, name).encode(linesep=_END)


IN_ASCII = _Headers(linesep=_END)
IN_UTF8 = _Headers(linesep=_END, utf8=True)
"""For an address beyond ASCII (RFC 6532)."""
