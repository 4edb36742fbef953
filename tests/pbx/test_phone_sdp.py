"""Offers and answers that phones and carriers send."""

import pytest

from pbx.phone import sdp
from pbx.phone.g711 import PCMA, PCMU

HEAD = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"


def read(*media: str) -> sdp.Remote:
    return sdp.read((HEAD + "".join(line + "\r\n" for line in media)).encode())


def test_our_offer_names_both_laws_and_our_answer_one() -> None:
    offer, answer = sdp.describe("192.0.2.1", 4000, 1), sdp.describe("192.0.2.1", 4000, 2, PCMU)
    assert b"m=audio 4000 RTP/AVP 8 0 101\r\n" in offer
    assert b"m=audio 4000 RTP/AVP 0 101\r\n" in answer
    assert sdp.read(offer) == sdp.Remote("192.0.2.1", 4000, PCMA, True)
    assert sdp.read(answer) == sdp.Remote("192.0.2.1", 4000, PCMU, True)


def test_a_law_is_preferred_whatever_their_order() -> None:
    assert read("m=audio 9000 RTP/AVP 9 0 8 101") == sdp.Remote("192.0.2.1", 9000, PCMA, True)


def test_the_media_line_has_its_own_address_and_direction() -> None:
    video = ("m=video 9002 RTP/AVP 96", "c=IN IP4 192.0.2.3", "a=inactive")
    own = ("m=audio 9000 RTP/AVP 0", "c=IN IP4 192.0.2.2")
    assert read(*own, *video) == sdp.Remote("192.0.2.2", 9000, PCMU, True)


@pytest.mark.parametrize(
    "media",
    [
        ("m=audio 9000 RTP/AVP 8", "a=sendonly"),
        ("m=audio 9000 RTP/AVP 8", "a=inactive"),
        ("m=audio 0 RTP/AVP 8",),
        ("m=audio 9000 RTP/AVP 8", "c=IN IP4 0.0.0.0"),
    ],
)
def test_on_hold_nothing_is_wanted(media: tuple[str, ...]) -> None:
    assert not read(*media).wants_sound


@pytest.mark.parametrize(
    ("media", "problem"),
    [
        (("m=audio 9000 RTP/AVP 9 18",), "neither PCMA nor PCMU among the payload types [9, 18]"),
        (("m=audio 9000 RTP/SAVP 8",), "no RTP/AVP audio stream in the session description"),
        ((), "no RTP/AVP audio stream in the session description"),
    ],
)
def test_what_we_cannot_speak_is_said(media: tuple[str, ...], problem: str) -> None:
    with pytest.raises(sdp.NoAudio) as raised:
        read(*media)
    assert str(raised.value) == problem
