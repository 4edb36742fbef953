"""The return path of a mail: where it comes back to if it cannot be delivered, signed (RFC 5321 §4.4; VERP).

Rule of this file: what is signed is the delivery alone, in another shape than the signature of a reply address, so that
neither passes for the other. Who has got a mail knows its return path, and can make no other. Letters of either case
count the same.
"""

from __future__ import annotations

import hmac

from engine.notify.replies import delivered_by, made, message_of, written


def return_path(returns: str, key: bytes, delivery: int) -> str:
    """`name+mark@domain` for `returns`, `name@domain`. `key`: of this installation, 256 bits."""
    name, _, domain = returns.rpartition("@")
    return f"{name}+{_mark(key, delivery)}@{domain}"


def delivery_of(address: str, returns: str, key: bytes) -> int | None:
    """The delivery whose mail comes back to this address; None = it is none of our return paths."""
    mark = delivered_by(address, returns)
    delivery = message_of(mark) if mark else None
    if mark is None or delivery is None:
        return None
    right = hmac.compare_digest(_mark(key, delivery).encode("ascii"), mark.encode("utf-8", "replace"))
    return delivery if right else None


def _mark(key: bytes, delivery: int) -> str:
    return written(delivery, made(key, ["return", delivery]))
