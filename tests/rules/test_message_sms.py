"""A message as one SMS (§5.2.3.2): 160 septets, whatever anybody has typed."""

from __future__ import annotations

from dataclasses import replace

import gsm0338
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.gsm import DEFAULT, EXTENSION, septets, written
from engine.message.letters import LETTERS
from engine.message.slip import Slip, Tick, Urgency
from engine.message.sms import LONGEST, sms_text
from tests.rules.slips import BARE, WHOLE, slip

CODEC = gsm0338.Codec()
ANYTHING = st.text(st.characters(categories=None), max_size=300)
"""Every code point there is, halves of letters too."""
NUMBERS = st.from_regex(r"\+[1-9][0-9]{5,13}", fullmatch=True)


@st.composite
def slips(draw: st.DrawFn, number: st.SearchStrategy[str] = ANYTHING) -> Slip:
    """A message with anything in it."""
    return replace(
        BARE,
        number=draw(number),
        caller_name=draw(ANYTHING),
        company=draw(ANYTHING),
        subject=draw(ANYTHING),
        text=draw(ANYTHING),
        urgency=draw(st.sampled_from(Urgency)),
        ticks=draw(st.frozensets(st.sampled_from(Tick))),
        fields=tuple(draw(st.lists(st.tuples(ANYTHING, ANYTHING), max_size=2))),
    )


def sent(text: str) -> bytes:
    """What goes over the air, by the codec of others; raises for what the alphabet does not have."""
    encoded: bytes = CODEC.encode(text, "strict")[0]
    return encoded


@given(slips(), st.sampled_from(["de", "en"]))
def test_5_2_3_2_whatever_is_typed_it_is_one_sms_that_comes_out_as_it_went_in(taken: Slip, language: str) -> None:
    text = sms_text(taken, language=language)
    assert len(sent(text)) == septets(text) <= LONGEST
    assert CODEC.decode(sent(text))[0] == text
    assert text == written(text), "nothing is left to be replaced"


@given(slips(NUMBERS))
def test_5_2_3_2_the_callers_number_stands_whole_in_front(taken: Slip) -> None:
    assert sms_text(taken).split()[0] == taken.number


def test_every_sign_of_europe_and_its_neighbours_has_its_writing() -> None:
    shown = {chr(code): written(f"a{chr(code)}b") for code in range(0x3000)}
    assert max(septets(text) for text in shown.values()) <= 20
    assert [sign for sign, text in shown.items() if written(text) != text] == []
    assert [sign for sign, text in shown.items() if sign.isalpha() and ord(sign) < 0x180 and "?" in text] == []


@given(ANYTHING)
def test_what_is_written_in_the_alphabet_stays_so(text: str) -> None:
    assert written(written(text)) == written(text)


@given(st.text(sorted({*DEFAULT, *EXTENSION} - {*"ΔΦΓΛΩΠΨΣΘΞ"})))
def test_what_is_in_the_alphabet_is_not_touched_but_blanks(text: str) -> None:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    assert written(text) == "\n".join(line for line in lines if line)


@pytest.mark.parametrize("sign", "ΔΦΓΛΩΠΨΣΘΞ")
def test_a_greek_capital_stays_where_it_is_no_part_of_a_greek_word(sign: str) -> None:
    assert written(f"{sign} = {sign}5") == f"{sign} = {sign}5"
    assert set(written(sign * 2)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZhs")


def test_the_alphabet_is_that_of_the_standard() -> None:
    assert len(DEFAULT) == 126, "128 without carriage return and escape"
    for sign in DEFAULT:
        assert (len(sent(sign)), septets(sign)) == (1, 1), sign
    for sign in EXTENSION:
        assert (len(sent(sign)), septets(sign)) == (2, 2), sign
    assert {sign for value in LETTERS.values() for sign in value} <= set(DEFAULT + EXTENSION)


@pytest.mark.parametrize("sign", ["ç", "„", "`", "\r", "🙂", "\ud800", "\f"])
def test_what_is_not_in_the_alphabet_has_no_length(sign: str) -> None:
    with pytest.raises(ValueError, match="not in the alphabet"):
        septets(f"a{sign}")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Äpfel, Öl, Übermaß", "Äpfel, Öl, Übermaß"),
        ("U\u0308bermaß", "Übermaß"),
        ("„Ofen“ – ‚kalt‘ … l’été", "\"Ofen\" - 'kalt' ... l'été"),
        ("François, Noël, São, Ñandú", "Francois, Noel, Sao, Ñandu"),
        ("50 € | [ok]", "50 € | [ok]"),
        ("Łódź, Wałęsa, Škoda, Đorđe, Ţară, İnci", "Lodz, Walesa, Skoda, Dorde, Tara, Inci"),
        ("Œuvre, Þór, GROẞ, Øre, Ħamrun", "Oeuvre, Thor, GROSS, Øre, Hamrun"),
        ("Щукин Хрущёв, Київ", "Shchukin Khrushchev, Kiiv"),
        ("Қанат Өтегенов", "Qanat Otegenov"),
        ("Δημήτρης Ψαρός, 10 Ω, ΔT", "Dimitris Psaros, 10 Ω, ΔT"),
        ("20 °C, 5 m², ½ h, 3 × 4, 10 µm, № 7", "20 Grad C, 5 m2, 1/2 h, 3 x 4, 10 um, No 7"),
        ("١٢٣ ４５", "123 45"),
        ("gut 👍🏽 🙂, ☎️ 🇩🇪", "gut OK :-), Tel. DE"),
        ("王小明 hier, 🦄🦄", "? hier, ?"),
        ("a\ud800b\u200bc\u202ed\x07e", "a?bcde"),
        ("eins\r\n\r\n zwei\u00a0 drei\tvier\u2028fünf ", "eins\nzwei drei vier fünf"),
    ],
)
def test_how_foreign_signs_are_written(typed: str, shown: str) -> None:
    assert written(typed) == shown


def test_5_2_3_2_number_then_who_then_how_urgent_then_the_beginning() -> None:
    assert sms_text(WHOLE) == (
        "+4930123450 Jürgen Groß, Mühle Krüger\nDRINGEND: Ofen\nbittet um Rückruf, bittet um einen Termin\n"
        "Der Ofen ist kalt.\nBitte heute noch.\nKundennummer: 4711"
    )
    assert sms_text(replace(WHOLE, subject="Der große, kalte Ofen")).endswith("\nBitte heute noch...")
    assert sms_text(replace(WHOLE, urgency=Urgency.EMERGENCY, ticks=frozenset()), language="en") == (
        "+4930123450 Jürgen Groß, Mühle Krüger\nEMERGENCY: Ofen\nDer Ofen ist kalt.\nBitte heute noch.\n"
        "Kundennummer: 4711"
    )


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("030 / 123450", "+4930123450"),
        ("+44 20 7946 0000", "+442079460000"),
        ("Durchwahl 12", "Durchwahl 12"),
        ("0", "0"),
        ("", "Ohne Nummer"),
    ],
)
def test_the_number_is_one_that_a_telephone_dials(number: str, shown: str) -> None:
    assert sms_text(slip(number=number, text="Ofen")) == f"{shown}\nOfen"


def test_a_number_without_country_is_of_the_installations() -> None:
    assert sms_text(slip(number="01 234567", text="Ofen"), country="43") == "+431234567\nOfen"


def test_names_without_end_leave_half_to_the_message() -> None:
    text = sms_text(
        slip(number="+4930123450", caller_name="Anna Maria " * 7, company="Krüger " * 11, text="Ofen " * 99)
    )
    head, body = text.split("\n")
    assert head == "+4930123450 " + "Anna Maria " * 3 + "Anna Maria..."
    assert len(body) > LONGEST / 2


@pytest.mark.parametrize("word", [3, 7, 19])
@pytest.mark.parametrize("at", range(6))
def test_it_is_cut_after_a_whole_word(word: int, at: int) -> None:
    text = sms_text(slip(number="1" * (at + 1), text=" ".join(["€" + "x" * (word - 1)] * 60)))
    assert text.endswith("x...") and LONGEST - (word + 2) <= septets(text) <= LONGEST
    assert set(text.removesuffix("...").split()[1:]) == {"€" + "x" * (word - 1)}


def test_a_word_without_end_is_cut_within() -> None:
    text = sms_text(slip(number="+4930123450", text="Siehe https://" + "x" * 300))
    assert text == "+4930123450\nSiehe https://" + "x" * 131 + "..."
    assert septets(text) == LONGEST


def test_what_just_fits_is_not_cut() -> None:
    fits = slip(number="+4930123450", text="€" + "x" * 146)
    assert sms_text(fits) == f"+4930123450\n{fits.text}"
    assert sms_text(replace(fits, text=fits.text + "x")).endswith("x...")
