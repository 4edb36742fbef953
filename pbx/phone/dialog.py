"""The dialog of one call (RFC 3261 § 12): who speaks with whom, by which route, and the next number.

Rule: it builds requests; sending them is the wire's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sipmessage import URI, Address, CSeq, Request, Response

from pbx.phone.messages import ALLOW, Peer, finish, peer_of, tag_of, token, via


@dataclass(slots=True)
class Dialog:
    """One dialog. `local` has our tag, `remote` theirs once known; `target` is whom requests are for."""

    here: Peer
    local: Address
    remote: Address
    target: URI
    peer: Peer
    contact: str
    call_id: str = field(default_factory=token)
    cseq: int = 0
    routes: list[str] = field(default_factory=list)

    @classmethod
    def called(cls, here: Peer, invite: Request, peer: Peer, contact: str, local: Address) -> Dialog:
        """The dialog of an INVITE that came in. Raises ValueError if a header that it needs is malformed."""
        origin = invite.contact[0].uri if invite.contact else Address.parse(invite.headers["From"]).uri
        return cls(
            here, local, Address.parse(invite.headers["From"]), origin, peer, contact, invite.call_id,
            routes=_split(invite.headers.getlist("Record-Route")),
        )  # fmt: skip

    def learn(self, response: Response) -> None:
        """Take tag, target and route from a response that makes the dialog early or confirmed."""
        if tag_of(response.headers["To"]):
            self.remote = Address.parse(response.headers["To"])
        if response.contact:
            self.target = response.contact[0].uri
        if routes := response.headers.getlist("Record-Route"):
            self.routes = _split(routes)[::-1]

    def request(self, method: str, body: bytes = b"", number: int | None = None) -> Request:
        """A request in this dialog with a fresh branch. `number`: its CSeq, that of the INVITE for an ACK."""
        if number is None:
            self.cseq += 1
            number = self.cseq
        request = Request(method, self.target)
        headers = request.headers
        headers.set("Via", via(self.here))
        headers.set("Max-Forwards", "70")
        headers.set("From", str(self.local))
        headers.set("To", str(self.remote))
        headers.set("Call-ID", self.call_id)
        request.cseq = CSeq(number, method)
        headers.set("Contact", self.contact)
        if self.routes:
            headers.setlist("Route", list(self.routes))
        headers.set("Allow", ALLOW)
        finish(request, body)
        return request

    @property
    def next_hop(self) -> Peer:
        """Where the next request of this dialog is sent: the first route, or the target itself."""
        first = Address.parse(self.routes[0]).uri if self.routes else self.target
        return peer_of(first, self.peer)


def _split(headers: list[str]) -> list[str]:
    return [str(address) for header in headers for address in Address.parse_many(header)]
