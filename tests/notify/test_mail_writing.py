"""How a mail is written: headers that are right and hold nothing foreign, text, and HTML that is only text."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, message_from_string, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.slip import Urgency
from engine.message.states import Means, Occasion
from engine.notify.mail_writing import Sender, in_ascii, write
from engine.notify.replies import LONGEST, is_signed, message_of, reply_address, signature
from engine.ports.outbox import Parcel
from engine.settings.notify import LONGEST_INBOUND
from engine.terms import CustomerId
from tests.notify.parcels import NOW, parcel
from tests.rules.test_digest import DIGEST, NEW

KEY = b"k" * 32
FROM = Sender("nachricht@portal.example.net", "Sekretariat", "https://portal.example.net")
WITH_REPLIES = replace(FROM, replies="antwort@portal.example.net", key=KEY)
TO = "j.gross@muster.example"


def read(delivery: Parcel, sender: Sender = FROM) -> EmailMessage:
    """As its recipient's program reads it, from the bytes that are sent."""
    raw = write(delivery, sender, NOW).as_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part
    text: str = part.get_content()
    return text


def test_the_headers() -> None:
    mail = read(parcel(Means.MAIL, TO), WITH_REPLIES)
    signed = signature(KEY, CustomerId(3), 4711, TO)
    assert {name: str(value) for name, value in mail.items() if name not in ("Subject", "Content-Type")} == {
        "Message-ID": "<d7k3m9q2x5@portal.example.net>",
        "Date": "Tue, 01 Dec 2026 09:30:10 +0000",
        "From": "Sekretariat <nachricht@portal.example.net>",
        "To": "Jürgen Groß <j.gross@muster.example>",
        "Reply-To": f"antwort+{signed}@portal.example.net",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
        "MIME-Version": "1.0",
    }
    assert "Kranz für Freitag" in mail["Subject"]
    assert mail.get_content_type() == "multipart/alternative"


def test_without_an_inbound_address_nobody_is_told_to_answer_there() -> None:
    assert "Reply-To" not in read(parcel(Means.MAIL, TO))


def test_text_and_html_hold_the_whole_message() -> None:
    mail = read(parcel(Means.MAIL, TO))
    for kind in ("plain", "html"):
        said = content(mail, kind)
        for word in ("Özdemir", "+491701234567", "Kranz für Freitag", "zurückrufen."):
            assert word.replace("+49170", "") in re.sub(r"[\s\xa0]", " ", said).replace("+49170", ""), (kind, word)
        assert "https://portal.example.net/messages/4711" in said


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


EVIL = "<img src=x onerror=alert(1)> </p><script>alert(2)</script> {{ 7*7 }} &amp;"


def test_nothing_that_was_typed_is_markup_and_nothing_is_loaded() -> None:
    evil: dict[str, Any] = {name: EVIL for name in ("caller_name", "company", "subject", "text", "contact")}
    html = content(read(parcel(Means.MAIL, TO, **evil, fields=((EVIL, EVIL),))), "html")
    tags = Tags(html).seen
    assert {tag for tag, _ in tags} <= {
        "html", "head", "meta", "title", "body", "div", "h1", "table", "tr", "th", "td", "p", "br", "a",
    }  # fmt: skip
    assert [attrs["href"] for tag, attrs in tags if "href" in attrs] == ["https://portal.example.net/messages/4711"]
    assert not [attrs for _, attrs in tags if attrs.keys() & {"src", "background", "srcset"} or "onerror" in attrs]
    assert "url(" not in html
    assert "{{ 7*7 }}" in html


def test_what_is_urgent_is_marked() -> None:
    marks = [
        "border-left" in content(read(parcel(Means.MAIL, TO, urgency=urgency)), "html")
        for urgency in (Urgency.NORMAL, Urgency.URGENT, Urgency.EMERGENCY)
    ]
    assert marks == [False, True, True]


def test_a_word_without_an_end_makes_no_page_wider_than_a_telephone() -> None:
    html = content(read(parcel(Means.MAIL, TO, subject="W" * 120)), "html")
    assert [
        attrs["style"]
        for tag, attrs in Tags(html).seen
        if tag in ("h1", "td", "p") and "overflow-wrap:anywhere" not in (attrs["style"] or "")
    ] == ["margin:24px 0 0"]


@pytest.mark.parametrize("urgency", Urgency)
def test_a_message_of_ticks_alone_can_be_written(urgency: Urgency) -> None:
    bare = parcel(Means.MAIL, TO, urgency=urgency, text="", subject="", company="", caller_name="", number="")
    assert "messages/4711" in content(read(bare), "plain")


def test_names_with_commas_quotes_and_umlauts() -> None:
    """Long ones are several encoded words, whose blanks are none (RFC 2047 §6.2); Python's own reader keeps them."""
    for name in ('Müller, "Jörg" (Büro)', "Groß; Söhne <evil@example.net>", "Ä" * 80, "Ö, " * 25 + "ß"):
        raw = write(replace(parcel(Means.MAIL, TO), recipient=name), FROM, NOW).as_bytes()
        to = raw.partition(b"\r\nTo: ")[2].partition(b"\r\nSubject:")[0].decode("ascii").replace("\r\n", "")
        assert str(make_header(decode_header(to))) == f"{name} <{TO}>"


def test_a_domain_goes_where_its_owner_is() -> None:
    """RFC 5891: `ß` is a letter of its own since 2010, and the domain with `ss` may be somebody else's."""
    assert in_ascii("eva@straße.example") == "eva@xn--strae-oqa.example"
    assert in_ascii("müller@Bücher.example") == "müller@xn--bcher-kva.example"
    assert in_ascii("eva@_dmarc.Muster.example") == "eva@_dmarc.Muster.example"
    for wrong in ("eva", "eva@", "@muster.example", "eva@☃..example", "eva@ä" + "ä" * 63 + ".example"):
        with pytest.raises(ValueError, match=r".+"):
            in_ascii(wrong)


def test_a_long_subject_is_folded_and_whole() -> None:
    subject = (
        "Grüße aus Köln, bitte dringend zurückrufen wegen des Auftrags, der gestern kam und heute fertig sein muss"
    )
    assert subject in read(parcel(Means.MAIL, TO, subject=subject))["Subject"]


def header(raw: bytes, name: bytes) -> str:
    """As mail programs read it, for Python's own reader loses blanks and makes some."""
    line = re.search(rb"\r\n" + name + rb":[ \t]*(.*?)\r\n(?![ \t])", raw, re.DOTALL)
    assert line
    words, less, address = line[1].replace(b"\r\n", b"").decode().rpartition(" <")
    return str(make_header(decode_header(words or address))) + (less + address if words else "")


WORDS = ("Frau", "Özdemir", "(Blumen", "&", "Söhne)", "für", "–", "Müller-Lüdenscheidt", "Nr.", "4711,", "Kranz",
         "=?utf-8?q?x?=", '"Eilt"', "Größe", "Wasserrohrbruch")  # fmt: skip


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
    st.sampled_from([TO, "jörg@muster.example"]),
)
def test_no_blank_of_a_name_or_a_subject_is_lost_and_none_is_made(text: str, address: str) -> None:
    delivery = replace(parcel(Means.MAIL, address, subject=text, caller_name="", company=""), recipient=text)
    raw = write(delivery, FROM, NOW).as_bytes()
    assert header(raw, b"Subject").endswith(f" für Jürgen Groß – {text}")
    assert header(raw, b"To").replace('\\"', '"') in (f"{text} <{address}>", f'"{text}" <{address}>')
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "typed",
    [
        "=?utf-8?q?a=0d=0aBcc:_evil@x.example?=",
        "=?utf-8?q?=0aBcc:evil@x.example?= b",
        "=?utf-8?b?YQ0KQmNjOiBldmlsQHguZXhhbXBsZQ0KDQpib2R5?=",
        "ä =?utf-8?q?a=0d=0a=0d=0abody?= =?utf-8?q?=00?=",
        "=?utf-8?q?eva=40evil=2Eexample=3E=2C=20=3Cx?=",
    ],
)
@pytest.mark.parametrize("address", [TO, "jörg@muster.example"])
def test_what_looks_like_an_encoded_word_is_text(typed: str, address: str) -> None:
    delivery = replace(parcel(Means.MAIL, address, subject=typed, caller_name=typed, company=""), recipient=typed)
    raw = write(delivery, replace(FROM, name=typed), NOW).as_bytes()
    assert header(raw, b"Subject") == f"{typed} für Jürgen Groß – {typed}"
    assert header(raw, b"To") == f"{typed} <{address}>"
    assert header(raw, b"From") == f"{typed} <{FROM.address}>"
    head = raw.partition(b"\r\n\r\n")[0]
    assert [line.partition(b":")[0] for line in head.splitlines() if not line.startswith(b" ")] == [
        b"Message-ID", b"Date", b"From", b"To", b"Subject", b"Auto-Submitted", b"X-Auto-Response-Suppress",
        b"MIME-Version", b"Content-Type",
    ]  # fmt: skip


@pytest.mark.parametrize("address", [TO, "jörg@muster.example"])
def test_a_long_name_with_signs_of_addresses_hides_no_address(address: str) -> None:
    name = '<C"f-;f\\}0ßß(déC%déCC <evil@example.net>, ' * 3
    raw = write(replace(parcel(Means.MAIL, address), recipient=name), FROM, NOW).as_bytes()
    mail = message_from_string(raw.decode(), policy=policy.SMTPUTF8)
    assert [one.addr_spec for one in mail["To"].addresses] == [address]


def test_a_subject_that_is_too_long_shows_that_it_was_cut() -> None:
    subject = read(parcel(Means.MAIL, TO, caller_name="W" * 80, company="W" * 80, subject="W" * 120))["Subject"]
    assert (len(subject), subject[-1]) == (200, "…")


ANY: dict[str, Any] = {"max_size": 120}


@given(st.text(**ANY), st.text(**ANY), st.text(**ANY))
def test_whatever_is_typed_makes_no_header(subject: str, name: str, recipient: str) -> None:
    injected = "x\r\nBcc: evil@example.net\r\n\r\nevil"
    delivery = parcel(Means.MAIL, TO, subject=subject + injected, caller_name=name + injected)
    delivery = replace(delivery, recipient=recipient + injected, customer_name=name + injected)
    mail = read(delivery, WITH_REPLIES)
    assert sorted(mail.keys()) == sorted([
        "Message-ID", "Date", "From", "To", "Subject", "Reply-To", "Auto-Submitted", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type",
    ])  # fmt: skip
    assert [one.addr_spec for one in mail["To"].addresses] == [TO]


def test_a_signature_is_of_one_customer_message_and_recipient() -> None:
    signed = signature(KEY, CustomerId(3), 4711, TO)
    assert message_of(signed) == message_of(signed.upper()) == 4711
    assert is_signed(KEY, signed, CustomerId(3), 4711, TO)
    assert is_signed(KEY, signed.upper(), CustomerId(3), 4711, TO.upper())
    others = [
        (b"x" * 32, CustomerId(3), 4711, TO),
        (KEY, CustomerId(4), 4711, TO),
        (KEY, CustomerId(3), 4712, TO),
        (KEY, CustomerId(3), 4711, "x@muster.example"),
    ]
    assert [is_signed(key, signed, *of) for key, *of in others] == [False] * 4  # type: ignore[arg-type]
    assert [message_of(text) for text in ("", "4711", "4711-x", "ä", "-" + "a" * 26)] == [None] * 5


def test_the_longest_reply_address_is_one() -> None:
    """RFC 5321 §4.5.3.1.1: 64 octets before the @."""
    longest = signature(KEY, CustomerId(3), 10**12 - 1, TO)
    assert len(longest) == LONGEST
    assert len(reply_address("a" * LONGEST_INBOUND + "@example.net", longest).partition("@")[0]) == 64


def test_a_daily_summary_is_a_mail_of_its_own_and_a_test_is_no_message_to_answer() -> None:
    summary = replace(
        parcel(Means.MAIL, TO), occasion=Occasion.DIGEST, message=0,
        digest=replace(DIGEST, messages=(replace(NEW, slip=replace(NEW.slip, subject="<b>Mehl</b>")),)),
    )  # fmt: skip
    mail = read(summary, WITH_REPLIES)
    assert "Reply-To" not in mail
    assert mail["Subject"].startswith("Tagesübersicht für Muster GmbH, 26.11.2026: Nachrichten: 2")
    assert "<b>Mehl</b>" in content(mail, "plain")
    html = content(mail, "html")
    assert "&lt;b&gt;Mehl&lt;/b&gt;" in html and "<b>" not in html
    assert set(re.findall(r'(?:href|src)="([^"]*)"', html)) == {
        "https://portal.example.net/messages/7", "https://portal.example.net/messages",
    }  # fmt: skip
    test = read(replace(parcel(Means.MAIL, TO), occasion=Occasion.TEST, message=0), WITH_REPLIES)
    assert "Reply-To" not in test and "https://portal.example.net/contacts" in content(test, "plain")
