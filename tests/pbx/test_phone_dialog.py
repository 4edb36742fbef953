"""A dialog behind a proxy: which way its requests go (RFC 3261 § 12)."""

from sipmessage import URI, Address, Request, Response
from sipmessage.message import Message

from pbx.phone.dialog import Dialog

HERE = ("192.0.2.1", 5070)
ROUTES = ["<sip:192.0.2.10;lr>", "<sip:192.0.2.11:5080;lr>, <sip:proxy.example;lr>"]
CONTACT = "<sip:anna@192.0.2.1:5070>"


def response() -> Response:
    raw = (
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1\r\nTo: <sip:1@192.0.2.10>;tag=theirs\r\n"
        f"Record-Route: {ROUTES[0]}\r\nRecord-Route: {ROUTES[1]}\r\nContact: <sip:bert@192.0.2.20>\r\n\r\n"
    )
    message = Message.parse(raw.encode())
    assert isinstance(message, Response)
    return message


def test_the_caller_goes_back_along_the_route_in_reverse() -> None:
    there = Address(URI("sip", "192.0.2.10", "1"))
    dialog = Dialog(
        HERE, Address.parse("<sip:anna@192.0.2.1>;tag=ours"), there, there.uri, ("192.0.2.10", 5060), CONTACT
    )
    dialog.learn(response())
    bye = dialog.request("BYE")
    assert str(bye.uri) == "sip:bert@192.0.2.20"
    assert bye.headers.getlist("Route") == [
        "<sip:proxy.example;lr>", "<sip:192.0.2.11:5080;lr>", "<sip:192.0.2.10;lr>",
    ]  # fmt: skip
    assert bye.headers["To"] == "<sip:1@192.0.2.10>;tag=theirs"
    assert dialog.next_hop == ("192.0.2.10", 5060), "a host name goes where the call went"


def test_the_called_side_goes_along_the_route_as_it_stands() -> None:
    raw = (
        "INVITE sip:bert@192.0.2.20 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.11;branch=z9hG4bKx\r\nCall-ID: c\r\n"
        f"From: <sip:anna@192.0.2.1>;tag=hers\r\nTo: <sip:1@x>\r\nRecord-Route: {ROUTES[0]}\r\n"
        f"Contact: {CONTACT}\r\nCSeq: 1 INVITE\r\n\r\n"
    )
    invite = Message.parse(raw.encode())
    assert isinstance(invite, Request)
    local = Address.parse("<sip:1@x>;tag=his")
    dialog = Dialog.called(("192.0.2.20", 5060), invite, ("192.0.2.11", 5060), "<sip:bert@192.0.2.20>", local)
    bye = dialog.request("BYE")
    assert (str(bye.uri), bye.headers["Route"]) == ("sip:anna@192.0.2.1:5070", "<sip:192.0.2.10;lr>")
    assert (bye.headers["From"], bye.headers["To"]) == ("<sip:1@x>;tag=his", "<sip:anna@192.0.2.1>;tag=hers")
    assert dialog.next_hop == ("192.0.2.10", 5060)
    assert [dialog.request("BYE").cseq.sequence, dialog.request("ACK", number=7).cseq.sequence] == [2, 7]
