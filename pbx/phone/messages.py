"""SIP messages as this phone writes them; parsing and the grammar of headers are the library's (sipmessage).

Rule: every message has its Content-Length, and a response copies what RFC 3261 § 8.2.6 names.
"""

from __future__ import annotations

import contextlib
import secrets
from ipaddress import IPv4Address

from sipmessage import URI, Address, CSeq, Parameters, Request, Response, Via

from pbx.phone.sdp import CONTENT_TYPE

AGENT = "Vorzimmer phone"
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, NOTIFY"
Peer = tuple[str, int]
"""IPv4 address and UDP port."""

TRYING, OK, REFUSED = 100, 200, 300
"""The first codes of provisional, successful and refusing responses (§ 7.2)."""
_PHRASES = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 400: "Bad Request", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 486: "Busy Here", 487: "Request Terminated",
    488: "Not Acceptable Here", 500: "Server Internal Error", 503: "Service Unavailable",
    600: "Busy Everywhere", 603: "Decline",
}  # fmt: skip


def token() -> str:
    """A fresh word for tags, branches and Call-IDs."""
    return secrets.token_hex(8)


def tagged(address: Address, tag: str) -> Address:
    """The address with this tag."""
    return Address(address.uri, address.name, address.parameters.replace(tag=tag))


def tag_of(value: str) -> str | None:
    """The tag in a From or To header. Raises ValueError if the header is malformed."""
    return Address.parse(value).parameters.get("tag")


def via(here: Peer) -> str:
    """A Via with a fresh branch (RFC 3261 § 8.1.1.7) and rport (RFC 3581)."""
    return str(Via("UDP", here[0], here[1], Parameters(branch="z9hG4bK" + token(), rport=None)))


def branch_of(message: Request | Response) -> str:
    """The branch of the topmost Via. Raises ValueError if there is none."""
    vias = message.via
    branch = vias[0].parameters.get("branch") if vias else None
    if branch is None:
        raise ValueError("no branch in the topmost Via")
    return branch


def finish(message: Request | Response, body: bytes = b"") -> None:
    """Give the message its body, and the headers that say how long and what it is."""
    message.body = body
    message.headers.set("User-Agent" if isinstance(message, Request) else "Server", AGENT)
    if body:
        message.headers.set("Content-Type", CONTENT_TYPE)
    message.headers.set("Content-Length", str(len(body)))


def reply(request: Request, code: int, to_tag: str | None = None, body: bytes = b"") -> Response:
    """A response to `request`; `to_tag` is added unless the request has one (or `code` is 100)."""
    response = Response(code, _PHRASES.get(code, "Response"))
    for name in ("Via", "From", "To", "Call-ID", "CSeq", "Record-Route"):
        if values := request.headers.getlist(name):
            response.headers.setlist(name, list(values))
    if to_tag and code > TRYING and tag_of(request.headers["To"]) is None:
        response.headers.set("To", str(tagged(Address.parse(request.headers["To"]), to_tag)))
    response.headers.set("Allow", ALLOW)
    finish(response, body)
    return response


def within_transaction(method: str, invite: Request, to: str) -> Request:
    """The CANCEL (§ 9.1), or the ACK to a refusal (§ 17.1.1.3), that belongs to `invite`."""
    request = Request(method, invite.uri)
    request.headers.set("Via", invite.headers["Via"])
    for name in ("From", "Call-ID", "Route"):
        if values := invite.headers.getlist(name):
            request.headers.setlist(name, list(values))
    request.headers.set("To", to)
    request.headers.set("Max-Forwards", "70")
    request.cseq = CSeq(invite.cseq.sequence, method)
    finish(request)
    return request


def peer_of(uri: URI, otherwise: Peer) -> Peer:
    """Where to send a request for `uri`: its IPv4 address and port; `otherwise` if it names a host."""
    with contextlib.suppress(ValueError):
        return str(IPv4Address(uri.host)), uri.port or 5060
    return otherwise
