"""The part of SDP (RFC 8866) and of offer/answer (RFC 3264) that a G.711 telephone needs.

Rule: one audio stream, PCMA before PCMU, telephone-event beside it; 20 ms a packet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pbx.phone.g711 import LAWS, Law

CONTENT_TYPE = "application/sdp"


class NoAudio(ValueError):
    """The session description has no audio stream that this phone can take."""


@dataclass(frozen=True, slots=True)
class Remote:
    """Where and how the other side wants its sound."""

    host: str
    port: int
    law: Law
    wants_sound: bool
    """False on hold (sendonly, inactive, 0.0.0.0, port 0)."""


def describe(host: str, port: int, version: int, law: Law | None = None, way: str = "sendrecv") -> bytes:
    """Our session description: an offer of both laws, or the agreed `law` only. `version` counts up.

    `way`: `sendrecv`, or `sendonly` or `inactive` to hold the call (RFC 3264 § 8.4).
    """
    kinds = [law] if law else list(LAWS.values())
    maps = [f"a=rtpmap:{k.payload_type} {k.name}/8000" for k in kinds]
    formats = " ".join(str(k.payload_type) for k in kinds)
    lines = [
        "v=0", f"o=- {port} {version} IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0",
        f"m=audio {port} RTP/AVP {formats} 101", *maps,
        "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", f"a={way}",
    ]  # fmt: skip
    return "".join(line + "\r\n" for line in lines).encode()


def read(body: bytes) -> Remote:
    """What the other side's description says. Raises NoAudio if there is no G.711 audio in it."""
    text = body.decode(errors="replace")
    audio = re.search(r"^m=audio (\d+) RTP/AVP ([\d ]+?)\s*$(.*?)(?=^m=|\Z)", text, re.MULTILINE | re.DOTALL)
    if audio is None:
        raise NoAudio("no RTP/AVP audio stream in the session description")
    port, law = int(audio[1]), _law([int(number) for number in audio[2].split()])
    # What the stream does not say for itself holds as said for the whole session (RFC 8866 § 5.7, § 6.7).
    told = audio[3] + text.partition("m=")[0]
    host = re.search(r"^c=IN IP4 ([\d.]+)", told, re.MULTILINE)
    if host is None:
        raise NoAudio("no IPv4 address in the session description")
    way = re.search(r"^a=(sendrecv|recvonly|sendonly|inactive)\s*$", told, re.MULTILINE)
    held = way is not None and way[1] in ("sendonly", "inactive")
    return Remote(host[1], port, law, not held and port > 0 and host[1] != "0.0.0.0")


def _law(offered: list[int]) -> Law:
    for law in LAWS.values():
        if law.payload_type in offered:
            return law
    raise NoAudio(f"neither PCMA nor PCMU among the payload types {offered}")
