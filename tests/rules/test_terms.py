"""Telephone numbers as carriers and people write them (SPEC, The call §2.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.terms import HangupCause, NotANumber, dialled, readable, unreadable

NATIONAL = st.from_regex(r"[1-9][0-9]{2,10}", fullmatch=True)
SEPARATORS = st.text(" /().-\t\u00a0", max_size=2)


@pytest.mark.parametrize(
    "text",
    ["+4930123450", "004930123450", "4930123450", "030123450", "030 / 12 34-50", "+49 (30) 123.450"],
)
def test_every_spelling_is_one_number(text: str) -> None:
    assert dialled(text) == "+4930123450"


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("0043 1 58858", "49", "+43158858"),
        ("01 58858", "43", "+43158858"),
        ("+800 1234 5678", "49", "+80012345678"),
    ],
)
def test_other_countries(text: str, country: str, number: str) -> None:
    assert dialled(text, country) == number


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "+", "0", "00", "000493012345", "++4930123450", "+49+30123450", "anonymous", "030abc",
        "+49 (0)30 123450",
        "+4930123450123456", "٠٣٠١٢٣٤٥٠", "\uff10\uff13\uff10\uff11\uff12\uff13", "+49³⁰123450",
        "030123450;tag=1", "030123450\x00", "\ud800",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        dialled(text)


def test_the_refusal_is_one_short_line_however_bad_the_text() -> None:
    with pytest.raises(NotANumber) as refused:
        dialled("\r\n\x1b[31m" + "x" * 10_000)
    assert str(refused.value) == (
        "'\\r\\n\\x1b[31m" + "x" * 33 + "' is not a telephone number: write it as +49…, 0049…, 49… or 0…, without (0)"
    )


@given(NATIONAL, st.data())
def test_four_spellings_with_any_separators_agree(national: str, data: st.DataObject) -> None:
    spelled = [
        "".join(digit + data.draw(SEPARATORS) for digit in prefix + national) for prefix in ("+49", "0049", "49", "0")
    ]
    assert [dialled(text) for text in spelled] == [f"+49{national}"] * 4


@given(
    st.text(st.characters(), max_size=30)
    | st.text("+0123456789 ()/-.٣", max_size=20)
    | st.integers(0, 10_000).map(lambda length: "+4930" + "1" * length)
)
def test_any_text_gives_a_number_that_stays_itself_or_is_refused(text: str) -> None:
    try:
        number = dialled(text)
    except NotANumber as refused:
        assert str(refused).isprintable()
        return
    assert dialled(number) == number
    assert number[0] == "+"
    assert set(number[1:]) <= set("0123456789")
    assert 3 <= len(number[1:]) <= 15


@pytest.mark.parametrize(
    ("code", "cause"), [(17, HangupCause.BUSY), (None, HangupCause.UNKNOWN), (99, HangupCause.UNKNOWN)]
)
def test_a_cause_without_a_word_is_unknown(code: int | None, cause: HangupCause) -> None:
    assert HangupCause.of(code) is cause


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("Dr.\u00a0Brandt\tund\u202fCo", "Dr. Brandt und Co"),
        ("Rechts\u00adanwältin\u200b \ufeffKern\u2060", "Rechtsanwältin Kern"),
        ("\u200e+49\u200f \u2066030\u2069\u202c", "+49 030"),
        ("eins\r\nzwei\rdrei\nvier", "eins\nzwei\ndrei\nvier"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 ", "\U0001f468\u200d\U0001f469\u200d\U0001f467 "),
        ("\U0001f44b\U0001f3fd\u200d\u2642\ufe0f", "\U0001f44b\U0001f3fd\u200d\u2642\ufe0f"),
        ("\u200da\u200db\u200d\U0001f468\u200d", "ab\U0001f468"),
        ("\x07", "\x07"),
        ("", ""),
    ],
)
def test_what_only_sets_a_text_is_taken_out(pasted: str, kept: str) -> None:
    assert readable(pasted) == readable(kept) == kept


@given(st.text())
def test_a_readable_text_stays_as_it_is(text: str) -> None:
    assert readable(readable(text)) == readable(text)


@pytest.mark.parametrize(("text", "sign"), [("a\x07b\x00", "U+0007"), ("\ud800", "U+D800"), ("ä \n\u00b2\u200d", "")])
def test_what_nobody_can_read_is_named(text: str, sign: str) -> None:
    assert unreadable(text) == sign
