"""What is read of mails that come back: reports of failure and delay as mail servers write them, and nothing else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.message.states import DeliveryState, Trouble
from engine.notify.bounces import LARGEST, Bounce, bounce_of
from engine.notify.replies import reply_address, signature
from engine.notify.returns import delivery_of, return_path
from engine.settings.notify import LONGEST_INBOUND
from engine.terms import CustomerId

KEY = bytes(range(32))
RETURNS = "bounce@portal.example.net"
FAILED, SENT = DeliveryState.FAILED, DeliveryState.SENT


def report(
    status: str, diagnostic: str, action: str = "failed", kind: str = "delivery-status", more: str = ""
) -> bytes:
    """As Postfix writes it, which calls its reports auto-replied."""
    return f"""From: MAILER-DAEMON@mx.muster.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="=_x"

--=_x
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--=_x
Content-Type: message/{kind}
{more}
Reporting-MTA: dns; mx.muster.example
Arrival-Date: Tue,  1 Dec 2026 10:30:10 +0100 (CET)

Final-Recipient: rfc822; j.gross@muster.example
Action: {action}
Status: {status}
Remote-MTA: dns; mail.muster.example
Diagnostic-Code: {diagnostic}

--=_x
Content-Type: message/rfc822

From: nachricht@portal.example.net
Subject: Anruf von Frau Albers

550 5.1.1 is what the caller has said.

--=_x--
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("status", "diagnostic", "trouble", "words"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <j.gross@muster.example>: User\n    unknown", Trouble.ADDRESS,
         "550 5.1.1 <j.gross@muster.example>: User unknown"),
        ("5.0.0", "smtp; 550 No such user", Trouble.ADDRESS, "5.0.0 550 No such user"),
        ("5.0.0", "smtp; 550-5.7.1 We take nothing from you", Trouble.REFUSED,
         "5.0.0 550-5.7.1 We take nothing from you"),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full", Trouble.REFUSED, "552 5.2.2 Mailbox full"),
        ("5.1.10", "smtp; 556 5.1.10 Domain takes no mail", Trouble.ADDRESS, "556 5.1.10 Domain takes no mail"),
        ("4.4.7", "x-local; too old", Trouble.UNREACHABLE, "4.4.7 too old"),
        ("5.4.4", "", Trouble.ADDRESS, "5.4.4"),
    ],
)  # fmt: skip
def test_a_failure_has_its_reason_and_the_other_sides_words(
    status: str, diagnostic: str, trouble: Trouble, words: str
) -> None:
    assert bounce_of(report(status, diagnostic), is_from_nobody=True) == Bounce(FAILED, trouble, words)


def test_a_delay_is_no_failure_and_an_arrival_no_news() -> None:
    late = report("4.4.1", "smtp; no answer", "delayed")
    assert bounce_of(late, is_from_nobody=True) == Bounce(SENT, None, "4.4.1 no answer")
    for action in ("delivered", "relayed", "expanded"):
        assert bounce_of(report("2.0.0", "smtp; 250 ok", action), is_from_nobody=True) is None


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_one_about_an_address_beyond_ascii(encoding: str) -> None:
    """RFC 6533: the block may be UTF-8, and encoded."""
    plain = report("5.1.1", "smtp; 550 5.1.1 jürgen is unknown", kind="global-delivery-status")
    begin, end = plain.index(b"Reporting-MTA"), plain.index(b"--=_x\r\nContent-Type: message/rfc822")
    block = plain[begin:end]
    coded = block if encoding == "8bit" else base64.encodebytes(block).replace(b"\n", b"\r\n")
    raw = plain[:begin].rstrip(b"\r\n") + f"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + coded
    failed = Bounce(FAILED, Trouble.ADDRESS, "550 5.1.1 jürgen is unknown")
    assert bounce_of(raw + plain[end:], is_from_nobody=True) == failed


QMAIL = b"""From: MAILER-DAEMON@muster.example
Subject: failure notice

Hi. This is the qmail-send program at muster.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<j.gross@muster.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.
"""
EXIM = b"""X-Failed-Recipients: j.gross@muster.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@muster.example>
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  j.gross@muster.example
    SMTP error from remote mail server after RCPT TO:<j.gross@muster.example>:
    550 User unknown
"""


@pytest.mark.parametrize(
    ("raw", "words"),
    [(QMAIL, "Sorry, no mailbox here by that name. (#5.1.1)"), (EXIM, "550 User unknown")],
)
def test_older_forms_are_known_where_they_come_from_a_server(raw: bytes, words: str) -> None:
    assert bounce_of(raw, is_from_nobody=True) == Bounce(FAILED, Trouble.ADDRESS, words)
    assert bounce_of(raw, is_from_nobody=False) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"Auto-Submitted: auto-replied\nSubject: Abwesend\n\nIch bin im Urlaub. 550 5.1.1 User unknown\n",
        b"Subject: Re: Anruf\n\nBitte Herrn Blau anrufen. Undelivered mail, 550.\n",
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n--x\nContent-Type: "
        b"message/disposition-notification\n\nDisposition: automatic-action; displayed\nAction: failed\n\n--x--\n",
        # Somebody passes on a report that he has got himself: what is in a mail within is nobody's business here.
        b"Content-Type: multipart/mixed; boundary=y\n\n--y\nContent-Type: message/rfc822\n\n"
        + report("5.1.1", "smtp; 550") + b"\n--y--\n",
        b"", b"\0\xff" * 500, b"Content-Type: multipart/report; boundary=x\n\n--x\n" * 3000,
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n" + b"\n:\n" * 99,
    ],
)  # fmt: skip
def test_what_is_no_report_is_none(raw: bytes) -> None:
    assert bounce_of(raw, is_from_nobody=True) is None


@given(st.binary(max_size=400), st.integers(0, 900), st.integers(0, 300))
@settings(max_examples=300, deadline=None)
def test_whatever_is_in_it_nothing_is_raised(noise: bytes, at: int, gone: int) -> None:
    """A report with a piece of it replaced by anything."""
    raw = report("5.1.1", "smtp; 550 5.1.1 unknown", kind="global-delivery-status" if at % 2 else "delivery-status")
    found = bounce_of(raw[:at] + noise + raw[at + gone :], is_from_nobody=True)
    assert found is None or found.words.isprintable()


def test_no_more_is_read_than_a_report_needs() -> None:
    raw = report("5.1.1", "smtp; 550 5.1.1 unknown")
    assert bounce_of(b"X-Pad: " + b"a" * LARGEST + b"\n" + raw, is_from_nobody=True) is None


def test_a_return_path_is_of_one_delivery_and_nobody_else_can_make_one() -> None:
    path = return_path(RETURNS, KEY, 4711)
    assert delivery_of(path, RETURNS, KEY) == delivery_of(path.upper(), RETURNS, KEY) == 4711
    assert path.startswith("bounce+4711-")
    forged = [
        path.replace("4711", "4712"), path.replace("net", "org"), path.replace("bounce+", "antwort+"), RETURNS,
        path[: path.index("@") - 1] + path[path.index("@") :], path.replace("+", "+x"), "", "@", path + "\u212a",
        path.replace("4711", "９711"),
    ]  # fmt: skip
    assert [delivery_of(one, RETURNS, KEY) for one in forged] == [None] * len(forged)
    assert delivery_of(path, RETURNS, KEY[::-1]) is None
    longest = return_path("a" * LONGEST_INBOUND + "@example.net", KEY, 10**12 - 1)
    assert len(longest.partition("@")[0]) == 64


def test_the_signature_of_an_answer_is_no_return_path() -> None:
    answer = reply_address(RETURNS, signature(KEY, CustomerId(1), 4711, "eva@korn.example"))
    assert delivery_of(answer, RETURNS, KEY) is None
