"""The daily summary: the messages of a day in a few lines each, and how many calls there were (§5.2.3).

Rule of this file: it says enough to decide what to look at first; the whole message is in the portal. No line but the
last of an item has a line break in it, whatever was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.message.digest_words import DigestWording, digest_wording
from engine.message.letter import caller
from engine.message.slip import Slip, one_line
from engine.message.states import State, Summary
from engine.message.words import wording

MOST = 200
"""Messages that are told one by one."""
_LONGEST = 160
"""Characters of the text that are shown."""
_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Told:
    """A message of that time, as it stands when the summary is written."""

    id: int
    slip: Slip
    state: State
    delivery: Summary


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a summary is about. Times are aware."""

    contact: str | None
    """Whose messages: those for this one and for everybody; None = all of the customer's."""
    begin: datetime
    end: datetime
    messages: tuple[Told, ...]
    """In the order in which they were taken, `MOST` of them at most."""
    count: int
    """Of all of them."""
    unread: int
    calls: int
    """All that the customer has had."""
    without: int
    """Calls in which no message was taken."""


@dataclass(frozen=True, slots=True)
class Item:
    """A message in words, each of one line."""

    head: str
    """When, and who has called."""
    about: str
    """The number, for whom it is, its subject."""
    text: str
    """How it begins."""
    state: str
    """Unread, read or done; what is wrong with its delivery."""
    is_unread: bool
    path: str
    """In the portal."""


def subject(digest: Digest, customer: str, language: str) -> str:
    """The mail's, in one line. `customer`: its name."""
    words = digest_wording(language)
    date = digest.end.astimezone(_ZONE).strftime(wording(language).date)
    return words.subject.format(title=title(digest, customer, language), date=date, messages=_messages(digest, words))


def title(digest: Digest, customer: str, language: str) -> str:
    """Whose summary it is."""
    return digest_wording(language).title.format(whose=one_line(digest.contact or customer))


def figures(digest: Digest, language: str) -> tuple[str, ...]:
    """From when to when, how many messages, how many calls; and that there is nothing, if so."""
    words = digest_wording(language)
    begin, end = (at.astimezone(_ZONE).strftime(words.moment) for at in (digest.begin, digest.end))
    told = (
        words.span.format(begin=begin, end=end),
        _messages(digest, words),
        words.calls.format(n=digest.calls, without=digest.without),
    )
    return told if digest.count else (*told, words.nothing)


def more(digest: Digest, language: str) -> str:
    """That there are more than are told one by one; empty if not."""
    left = digest.count - len(digest.messages)
    return digest_wording(language).more.format(n=left) if left > 0 else ""


def items(digest: Digest, customer: str, language: str) -> list[Item]:
    """The messages in words."""
    return [_item(told, customer, language) for told in digest.messages]


def plain(digest: Digest, customer: str, language: str, portal: str) -> str:
    """All of it as text that ends with a new line. `portal`: the origin of its links, without a slash at the end."""
    lines = [title(digest, customer, language), "", *figures(digest, language)]
    for item in items(digest, customer, language):
        told = (item.about, item.text, portal + item.path)
        lines += ["", f"{'*' if item.is_unread else '-'} {item.head} [{item.state}]"]
        lines += [f"  {line}" for line in told if line]
    rest = more(digest, language)
    return (
        "\n".join(
            [*lines, *(["", rest] if rest else []), "", digest_wording(language).portal + ":", f"{portal}/messages"]
        )
        + "\n"
    )


def _messages(digest: Digest, words: DigestWording) -> str:
    return words.messages.format(n=digest.count, unread=digest.unread)


def _item(told: Told, customer: str, language: str) -> Item:
    slip, words, usual = told.slip, digest_wording(language), wording(language)
    at = slip.taken_at.astimezone(_ZONE).strftime(words.moment)
    known = slip.caller_name.strip() or slip.company.strip()
    contact = one_line(slip.contact or "") or usual.everybody.format(customer=one_line(customer))
    about = (
        one_line(slip.number) if known else "",
        words.contact.format(contact=contact),
        usual.urgencies.get(slip.urgency, ""),
        one_line(slip.subject),
    )
    state = (words.states[told.state], words.deliveries.get(told.delivery, ""))
    return Item(
        f"{at} {caller(slip, language)}",
        " · ".join(filter(None, about)),
        _beginning(slip, language),
        ", ".join(filter(None, state)),
        told.state is State.NEW,
        f"/messages/{told.id}",
    )


def _beginning(slip: Slip, language: str) -> str:
    """The first words; what was ticked where there are none."""
    wants = wording(language).wants
    text = one_line(slip.text) or ", ".join(wants[tick] for tick in wants if tick in slip.ticks)
    if len(text) <= _LONGEST:
        return text
    kept = text[:_LONGEST]
    at_word = kept.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > _LONGEST // 2 else kept).rstrip() + " …"
