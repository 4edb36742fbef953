"""The words of a daily summary, in German and in English.

Rule of this file: words only, as in `engine.message.words`; a language that is not here gets German.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.message.states import State, Summary


@dataclass(frozen=True, slots=True)
class DigestWording:
    """Every word of one language; what stands in braces is filled in."""

    title: str
    """`{whose}`: the contact's name or the customer's."""
    subject: str
    """`{title}`, `{date}` and `{messages}`."""
    span: str
    """`{begin}` and `{end}`."""
    moment: str
    """As `strftime` has it, in numbers alone."""
    messages: str
    """`{n}` and `{unread}`."""
    calls: str
    """`{n}` and `{without}`."""
    nothing: str
    more: str
    """`{n}`."""
    portal: str
    contact: str
    """For whom one is; `{contact}`."""
    states: Mapping[State, str]
    deliveries: Mapping[Summary, str]
    """What is said of how it was delivered; nothing of the others."""


_GERMAN = DigestWording(
    title="Tagesübersicht für {whose}",
    subject="{title}, {date}: {messages}",
    span="Von {begin} Uhr bis {end} Uhr",
    moment="%d.%m.%Y, %H:%M",
    messages="Nachrichten: {n}, davon ungelesen: {unread}",
    calls="Anrufe: {n}, davon ohne Nachricht: {without}",
    nothing="Es gibt keine Nachrichten.",
    more="Weitere Nachrichten, die nur im Portal stehen: {n}",
    portal="Alle Nachrichten im Portal",
    contact="für {contact}",
    states={State.NEW: "ungelesen", State.READ: "gelesen", State.DONE: "erledigt"},
    deliveries={
        Summary.ACKNOWLEDGED: "bestätigt",
        Summary.PARTLY_FAILED: "teilweise nicht zugestellt",
        Summary.FAILED: "nicht zugestellt",
    },
)
_ENGLISH = DigestWording(
    title="Daily summary for {whose}",
    subject="{title}, {date}: {messages}",
    span="From {begin} to {end}",
    moment="%d/%m/%Y, %H:%M",
    messages="Messages: {n}, unread: {unread}",
    calls="Calls: {n}, without a message: {without}",
    nothing="There are no messages.",
    more="More messages, in the portal only: {n}",
    portal="All messages in the portal",
    contact="for {contact}",
    states={State.NEW: "unread", State.READ: "read", State.DONE: "done"},
    deliveries={
        Summary.ACKNOWLEDGED: "acknowledged",
        Summary.PARTLY_FAILED: "partly not delivered",
        Summary.FAILED: "not delivered",
    },
)
_LANGUAGES = {"de": _GERMAN, "en": _ENGLISH}


def digest_wording(language: str) -> DigestWording:
    """The words of a language, `de` or `en`; German for every other one."""
    return _LANGUAGES.get(language, _GERMAN)
