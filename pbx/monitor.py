"""The monitor: whose phone is there, which trunk is registered, how the voice goes, how busy Asterisk is.

Rules of this file: it only looks, and nothing here is needed for a call. Whatever goes wrong, calls go on, the truth is
"unknown", and the connection is tried again; only a wrong password ends the attempts. On every connect the whole truth
is read, then events are followed, and the whole is read again when something hints at a change that no event describes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

import structlog

from engine.terms import AgentId
from pbx.monitoring import reading
from pbx.monitoring.session import Fields, Session, SessionEnded, WrongSecret, connected

log = structlog.get_logger()
_SIP_QUEUES = "pjsip/distributor"


class Link(StrEnum):
    """How the monitor stands with Asterisk."""

    AWAY = "away"
    """Not connected: what it knew counts no more."""
    WATCHING = "watching"
    REFUSED = "refused"
    """Our password is wrong: no more attempts."""
    OFF = "off"
    """There is none: Asterisk is somebody else's."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds, > 0."""

    look: float = 5.0
    """Between two looks at the task processors, which tell at the same time whether Asterisk answers."""
    patience: float = 4.0
    """How long an answer may take."""
    retry: float = 2.0


@dataclass(slots=True)
class Seen:
    """What is known now."""

    link: Link = Link.AWAY
    phones: dict[AgentId, bool] = field(default_factory=dict)
    """Phones that register: whether they can be rung."""
    trunks: dict[str, str] = field(default_factory=dict)
    """Trunks that register: `Registered`, `Rejected` or `Unregistered`."""
    away: set[str] = field(default_factory=set)
    """Trunks whose carrier was asked (OPTIONS) and does not answer."""
    tasks: reading.Tasks = field(default_factory=reading.Tasks)


class Monitor:
    """Watches one Asterisk. `on_phone(login, there)` tells of every change, None = unknown; `on_report` of voice."""

    def __init__(
        self,
        address: tuple[str, int],
        user: str,
        password: str,
        on_phone: Callable[[AgentId, bool | None], None],
        on_report: Callable[[reading.Report], None],
        pace: Pace = Pace(),
    ) -> None:
        """Not connected yet."""
        self.seen = Seen()
        self._address, self._user, self._password, self._pace = address, user, password, pace
        self._on_phone, self._on_report = on_phone, on_report
        self._contacts: dict[str, dict[str, bool]] = {}
        self._held: list[reading.Contact] | None = None
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Watch until cancelled, or until our password is refused. Raises nothing."""
        while True:
            try:
                await self._watch()
            except SessionEnded as why:
                self._lost(str(why))
            except WrongSecret:
                log.error("monitor_refused", mend="end this Asterisk with `vorzimmer pbx stop` and start again")
                self.seen.link = Link.REFUSED
                return
            except Exception:
                log.exception("monitor_failed")
                self._lost("a fault of the monitor's own")
            await asyncio.sleep(self._pace.retry)

    def look_again(self) -> None:
        """Phones or trunks were changed in the configuration: read the whole truth soon."""
        self._changed.set()

    async def _watch(self) -> NoReturn:
        who = (self._address, self._user, self._password)
        async with connected(*who, self._heard, self._pace.patience) as session:
            await self._read_all(session)
            self.seen.link = Link.WATCHING
            log.info("monitor_watching", phones=len(self.seen.phones), trunks=len(self.seen.trunks))
            while True:
                if await self._changes(session):
                    await self._read_all(session)
                else:
                    await self._read_tasks(session)

    async def _changes(self, session: Session) -> bool:
        """Wait for a hint, for the next look or for the end; whether it was a hint."""
        waits = {asyncio.ensure_future(self._changed.wait()), asyncio.ensure_future(session.ended())}
        try:
            await asyncio.wait(waits, timeout=self._pace.look, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return self._changed.is_set()

    async def _read_all(self, session: Session) -> None:
        self._changed.clear()
        self._held = []  # what happens while the lists are on the way comes after them
        phones = reading.registering(await session.ask("PJSIPShowAors"))
        there = reading.contacts(await session.ask("PJSIPShowContacts"))
        held, self._held = self._held, None
        self._contacts = {phone: {} for phone in phones}
        self.seen.away.clear()
        for contact in [*there, *held]:
            self._take(contact)
        for gone in set(self.seen.phones) - set(map(AgentId, phones)):
            self._tell(gone, None)
        for phone in phones:
            self._judge(phone)
        self.seen.trunks = reading.registrations(await session.ask("PJSIPShowRegistrationsOutbound"))
        await self._read_tasks(session)

    async def _read_tasks(self, session: Session) -> None:
        alerted = await session.ask("Command", Command="core show taskprocessor alerted subsystems")
        queues = await session.ask("Command", Command=f"core show taskprocessors like {_SIP_QUEUES}")
        self.seen.tasks = reading.tasks(alerted, queues)

    def _heard(self, event: Fields) -> None:
        match event.get("Event"):
            case "ContactStatus":
                self._contact(reading.contact(event))
            case "Registry":  # it names no trunk
                self._changed.set()
            case _:
                if report := reading.report(event):
                    self._on_report(report)

    def _contact(self, contact: reading.Contact | None) -> None:
        if contact and self._held is not None:
            self._held.append(contact)
        elif contact:
            self._take(contact)
            if contact.phone in self._contacts:
                self._judge(contact.phone)

    def _take(self, contact: reading.Contact) -> None:
        """A phone that registers from elsewhere has two addresses for a moment: one that is there is enough."""
        if trunk := reading.trunk_of(contact):
            (self.seen.away.discard if contact.there or contact.removed else self.seen.away.add)(trunk)
        known = self._contacts.get(contact.phone)
        if known is None:
            return
        if contact.removed:
            known.pop(contact.uri, None)
        else:
            known[contact.uri] = contact.there

    def _judge(self, phone: str) -> None:
        self._tell(AgentId(phone), any(self._contacts[phone].values()))

    def _tell(self, login: AgentId, there: bool | None) -> None:
        if there is None:
            self.seen.phones.pop(login, None)
        else:
            self.seen.phones[login] = there
        self._on_phone(login, there)

    def _lost(self, why: str) -> None:
        if self.seen.link is Link.WATCHING:
            log.info("monitor_away", why=why)
        for login in list(self.seen.phones):
            self._tell(login, None)
        self.seen = Seen()
        self._contacts, self._held = {}, None
