"""The words of a message on its way out, in German and in English: a telephone note's (§5.2.3).

Rule of this file: words only. They stand here and not in the pages' catalogues, for what leaves the house is in the
recipient's language and knows no page. A language that is not here gets German.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.message.slip import Tick, Urgency


@dataclass(frozen=True, slots=True)
class Wording:
    """Every word of one language; what stands in braces is filled in."""

    contact: str
    caller: str
    company: str
    number: str
    subject: str
    urgency: str
    ticks: str
    taken: str
    text: str
    everybody: str
    """For whom a message is that is for no contact; `{customer}`."""
    taken_at: str
    """`{date}`, `{time}` and `{agent}`."""
    date: str
    """As `strftime` has it, in numbers alone."""
    time: str
    headline: str
    """A subject: `{caller}` and `{contact}`."""
    stranger: str
    """A caller who has told neither name nor company nor number."""
    no_number: str
    in_portal: str
    """What a link to the message in the portal says."""
    page: str
    """Of a fax: `{page}` and `{pages}`."""
    urgencies: Mapping[Urgency, str]
    """What is marked; `NORMAL` is not."""
    wants: Mapping[Tick, str]


_GERMAN = Wording(
    contact="Nachricht für",
    caller="Anrufer",
    company="Firma",
    number="Rückrufnummer",
    subject="Betreff",
    urgency="Dringlichkeit",
    ticks="Der Anrufer",
    taken="Aufgenommen",
    text="Nachricht",
    everybody="alle bei {customer}",
    taken_at="am {date} um {time} Uhr von {agent}",
    date="%d.%m.%Y",
    time="%H:%M",
    headline="{caller} für {contact}",
    stranger="Unbekannter Anrufer",
    no_number="Ohne Nummer",
    in_portal="Nachricht im Portal",
    page="Seite {page} von {pages}",
    urgencies={Urgency.URGENT: "Dringend", Urgency.EMERGENCY: "Notfall"},
    wants={
        Tick.CALL_BACK: "bittet um Rückruf",
        Tick.WILL_CALL_AGAIN: "ruft wieder an",
        Tick.CALLED_BACK: "hat zurückgerufen",
        Tick.APPOINTMENT: "bittet um einen Termin",
        Tick.INFORMATION: "nur zur Kenntnis",
    },
)
_ENGLISH = Wording(
    contact="Message for",
    caller="Caller",
    company="Company",
    number="Call-back number",
    subject="Subject",
    urgency="Urgency",
    ticks="The caller",
    taken="Taken",
    text="Message",
    everybody="everybody at {customer}",
    taken_at="on {date} at {time} by {agent}",
    date="%d/%m/%Y",
    time="%H:%M",
    headline="{caller} for {contact}",
    stranger="Unknown caller",
    no_number="No number",
    in_portal="Message in the portal",
    page="Page {page} of {pages}",
    urgencies={Urgency.URGENT: "Urgent", Urgency.EMERGENCY: "Emergency"},
    wants={
        Tick.CALL_BACK: "asks to be called back",
        Tick.WILL_CALL_AGAIN: "will call again",
        Tick.CALLED_BACK: "has called back",
        Tick.APPOINTMENT: "asks for an appointment",
        Tick.INFORMATION: "for information only",
    },
)
_LANGUAGES = {"de": _GERMAN, "en": _ENGLISH}


def wording(language: str) -> Wording:
    """The words of a language, `de` or `en`; German for every other one."""
    return _LANGUAGES.get(language, _GERMAN)
