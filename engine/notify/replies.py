"""The signature in a mail's reply address: by it an answer is known to be one to that message, from who has got it.

Rule of this file: what is signed is customer, message and recipient together; nobody who has one signature can make
another. Letters of either case count the same, for servers change them (RFC 5321 §2.4 lets them not, but they do).
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import b32encode
from hashlib import sha256

from engine.terms import CustomerId

_BYTES = 16
"""128 bits of the HMAC: RFC 2104 §5 advises half of the hash at least."""
_SHAPE = re.compile(r"([0-9]{1,12})-([a-z2-7]{26})")
LONGEST = 12 + 1 + 26
"""Characters of a signature."""


def signature(key: bytes, customer: CustomerId, message: int, recipient: str) -> str:
    """What stands between `+` and `@` of the reply address, lower-case letters, digits and `-`.

    `key`: of this installation, 256 bits; `recipient`: the mail address that gets the message.
    """
    return written(message, made(key, [customer, message, recipient.casefold()]))


def made(key: bytes, content: list[int | str]) -> bytes:
    """The signature of this."""
    return hmac.digest(key, json.dumps(content, ensure_ascii=True).encode("ascii"), sha256)[:_BYTES]


def written(number: int, signed: bytes) -> str:
    """A number of ours and a signature, as they stand in an address."""
    return f"{number}-{b32encode(signed).decode('ascii').rstrip('=').lower()}"


def message_of(signed: str) -> int | None:
    """The message that a signature is said to be of; None = this is none. It is not known to be true by that."""
    found = _SHAPE.fullmatch(signed.lower())
    return int(found[1]) if found else None


def is_signed(key: bytes, signed: str, customer: CustomerId, message: int, recipient: str) -> bool:
    """Whether we have made this signature for them."""
    right = signature(key, customer, message, recipient)
    return hmac.compare_digest(right.encode("ascii"), signed.lower().encode("utf-8"))


def reply_address(inbound: str, signed: str) -> str:
    """`name@domain` with the signature: `name+signature@domain`."""
    name, _, domain = inbound.rpartition("@")
    return f"{name}+{signed}@{domain}"


def delivered_by(address: str, inbound: str) -> str | None:
    """What stands after the `+`, in lower case, of an address that begins as `inbound` does; empty = nothing.

    None = it is another address.
    """
    (local, _, domain), (name, _, ours) = address.lower().rpartition("@"), inbound.lower().rpartition("@")
    mark = local.removeprefix(name)
    if domain != ours or not local.startswith(name) or mark[:1] not in ("", "+"):
        return None
    return mark[1:]
