"""The whole message as a telephone note: for mail, fax and whatever else has room for it (§5.2.3.1).

Rule of this file: what nobody has written is left out; the caller's words come last, as they were taken. No value but
the text has more than one line, so nothing in a slip can become a line of a mail's head.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from zoneinfo import ZoneInfo

from engine.message.slip import Slip, Tick
from engine.message.words import Wording, wording

WIDTH = 76
"""Characters of a line in a plain mail: below RFC 5322's 78, so that an answer has room for its `> `."""
_ZONE = ZoneInfo("Europe/Berlin")


def caller(slip: Slip, language: str) -> str:
    """Who has called, in one line: name and company, else the number, else words for nobody known."""
    name, company = _line(slip.caller_name), _line(slip.company)
    if name and company:
        return f"{name} ({company})"
    return name or company or _line(slip.number) or wording(language).stranger


def subject(slip: Slip, customer: str, language: str) -> str:
    """A mail's subject in one line: urgency where there is one, caller, for whom, subject. Never empty."""
    words = wording(language)
    told = words.headline.format(caller=caller(slip, language), contact=_contact(slip, customer, words))
    mark = words.urgencies.get(slip.urgency)
    marked = f"{mark}: {told}" if mark else told
    return f"{marked} – {_line(slip.subject)}" if _line(slip.subject) else marked


def rows(slip: Slip, customer: str, language: str) -> tuple[tuple[str, str], ...]:
    """Label and value of all that was written, in the order of a telephone note, the text last.

    `customer`: its name. Values have one line each, but the text may have several. An urgency that is normal is left
    out. When it was taken is wall time in Germany.
    """
    lines = ((label, _line(value)) for label, value in _lines(slip, customer, wording(language)))
    text = ((wording(language).text, slip.text),) if slip.text.strip() else ()
    return (*((label, value) for label, value in lines if value), *text)


def plain(slip: Slip, customer: str, language: str, url: str | None) -> str:
    """The whole message as text that ends with a new line.

    `url`: of the message in the portal. Lines have at most `WIDTH` characters where their words and labels allow it.
    """
    words = wording(language)
    told = rows(slip, customer, language)
    text = told[-1][1] if told[-1] == (words.text, slip.text) else ""
    heads = told[:-1] if text else told
    width = max(len(label) for label, _ in heads) + 3
    lines = [line for label, value in heads for line in _row(label, value, width)]
    if text:
        lines += ["", *(part for line in text.splitlines() for part in _wrapped(line))]
    if url:
        lines += ["", f"{words.in_portal}:", url]
    return "\n".join(lines) + "\n"


def _lines(slip: Slip, customer: str, words: Wording) -> Iterator[tuple[str, str]]:
    yield words.contact, _contact(slip, customer, words)
    yield words.caller, slip.caller_name
    yield words.company, slip.company
    yield words.number, slip.number
    yield words.subject, slip.subject
    yield words.urgency, words.urgencies.get(slip.urgency, "")
    yield words.ticks, ", ".join(words.wants[tick] for tick in Tick if tick in slip.ticks)
    yield from slip.fields
    at = slip.taken_at.astimezone(_ZONE)
    date, time = at.strftime(words.date), at.strftime(words.time)
    yield words.taken, words.taken_at.format(date=date, time=time, agent=slip.agent_name)


def _contact(slip: Slip, customer: str, words: Wording) -> str:
    return _line(slip.contact or "") or words.everybody.format(customer=_line(customer))


def _line(text: str) -> str:
    return " ".join(text.split())


def _row(label: str, value: str, width: int) -> list[str]:
    """`Label:  value`, further lines under the value's beginning."""
    first, *more = _wrapped(value, WIDTH - width)
    return [f"{label + ':':{width}}{first}", *(f"{'':{width}}{line}" for line in more)]


def _wrapped(line: str, width: int = WIDTH) -> list[str]:
    """The line in pieces of whole words; an empty one stays one."""
    plain_blanks = "".join(" " if sign.isspace() else sign for sign in line)
    return wrap(plain_blanks, max(width, 20), break_long_words=False, break_on_hyphens=False) or [""]
