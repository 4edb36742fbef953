"""What a daily summary says (§5.2.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.message.digest import Digest, Told, figures, items, plain, subject
from engine.message.slip import Slip, Tick, Urgency
from engine.message.states import State, Summary
from engine.terms import AgentId

END = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
SLIP = Slip(
    AgentId("anna"), "Anna Lindner", END - timedelta(hours=8), "Eva Korn", "Jan Krüger", "Mühle", "+493055", "Mehl",
    Urgency.URGENT, "Bitte\nzurückrufen.",
)  # fmt: skip
NEW = Told(7, SLIP, State.NEW, Summary.FAILED)
DONE = Told(9, replace(SLIP, contact=None, caller_name="", company="", urgency=Urgency.NORMAL, text="", subject="",
                       ticks=frozenset({Tick.CALL_BACK})), State.DONE, Summary.SENT)  # fmt: skip
DIGEST = Digest(None, END - timedelta(days=1), END, (NEW, DONE), 2, 1, 12, 10)
PORTAL = "https://portal.example.net"


def test_the_whole_of_it_in_german() -> None:
    assert subject(DIGEST, "Bäckerei Korn", "de") == (
        "Tagesübersicht für Bäckerei Korn, 26.11.2026: Nachrichten: 2, davon ungelesen: 1"
    )
    assert plain(DIGEST, "Bäckerei Korn", "de", PORTAL) == (
        "Tagesübersicht für Bäckerei Korn\n\n"
        "Von 25.11.2026, 18:00 Uhr bis 26.11.2026, 18:00 Uhr\n"
        "Nachrichten: 2, davon ungelesen: 1\n"
        "Anrufe: 12, davon ohne Nachricht: 10\n\n"
        "* 26.11.2026, 10:00 Jan Krüger (Mühle) [ungelesen, nicht zugestellt]\n"
        "  +493055 · für Eva Korn · Dringend · Mehl\n"
        "  Bitte zurückrufen.\n"
        f"  {PORTAL}/messages/7\n\n"
        "- 26.11.2026, 10:00 +493055 [erledigt]\n"
        "  für alle bei Bäckerei Korn\n"
        "  bittet um Rückruf\n"
        f"  {PORTAL}/messages/9\n\n"
        f"Alle Nachrichten im Portal:\n{PORTAL}/messages\n"
    )


def test_a_contacts_own_in_english_an_empty_one_and_one_with_more_than_it_tells() -> None:
    eva = replace(DIGEST, contact="Eva Korn", count=203)
    assert subject(eva, "Korn", "en") == "Daily summary for Eva Korn, 26/11/2026: Messages: 203, unread: 1"
    assert "More messages, in the portal only: 201" in plain(eva, "Korn", "en", PORTAL)
    assert figures(Digest(None, END - timedelta(days=1), END, (), 0, 0, 3, 3), "de")[1:] == (
        "Nachrichten: 0, davon ungelesen: 0", "Anrufe: 3, davon ohne Nachricht: 3", "Es gibt keine Nachrichten.",
    )  # fmt: skip


@given(st.text(max_size=400), st.text(max_size=80), st.text(max_size=80))
def test_whatever_was_typed_each_part_is_one_line_and_short(text: str, name: str, caption: str) -> None:
    slip = replace(SLIP, text=text, caller_name=name, company=name, subject=caption, contact=name, number=caption)
    (item,) = items(replace(DIGEST, messages=(replace(NEW, slip=slip),)), name, "de")
    assert all("\n" not in part and "\r" not in part for part in (item.head, item.about, item.text, item.state))
    assert len(item.text) <= 162
