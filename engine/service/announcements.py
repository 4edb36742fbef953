"""A customer's own announcements: uploaded or typed, listened to, replaced, deleted (§5.7).

Rule of this file: the store is the truth, and what the switch plays are copies that can be made anew at any time. A
name belongs to one customer for ever; who asks for another's is told that there is none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from engine.accounts import Action, Identity
from engine.ports.announcements import Announcement, AnnouncementStore, Recording, Shelf, Studio
from engine.ports.customers import Author
from engine.service.customers import NoSuchCustomer
from engine.terms import CustomerId, Wrong, own_sound, readable, unreadable

LARGEST = 10 * 1024 * 1024
"""Bytes of a file."""
LONGEST_TEXT = 1000
"""Characters that are spoken: a minute and a half."""
MOST = 20
"""Announcements of one customer."""
log = structlog.get_logger()


class NoSuchAnnouncement(LookupError):
    """There is none, or it is none of this user's business."""


class Announcements:
    """Works on one store and for one switch."""

    def __init__(self, store: AnnouncementStore, studio: Studio, shelf: Shelf, now: Callable[[], datetime]) -> None:
        """`now`: this moment, in UTC."""
        self._store, self._studio, self._shelf, self._now = store, studio, shelf, now
        self._laying = asyncio.Lock()
        """Store and shelf change together, one announcement after the other."""

    def can_speak(self) -> bool:
        """Whether typed text can be spoken here."""
        return self._studio.can_speak()

    async def of(self, customer: CustomerId, by: Identity) -> Sequence[Announcement]:
        """The customer's, by name. Raises NoSuchCustomer."""
        _refuse_others(customer, by)
        return await self._store.of_customer(customer)

    async def one(self, customer: CustomerId, key: int, by: Identity) -> Announcement:
        """One of them. Raises NoSuchCustomer, NoSuchAnnouncement."""
        return _of_key(await self.of(customer, by), key)

    async def play(self, customer: CustomerId, key: int, by: Identity) -> bytes:
        """One of them as a WAV file. Raises NoSuchCustomer, NoSuchAnnouncement."""
        _refuse_others(customer, by)
        sound = await self._store.sound(customer, key)
        if sound is None:
            raise NoSuchAnnouncement(key)
        return await asyncio.to_thread(self._studio.playable, sound)

    async def upload(
        self, customer: CustomerId, file: bytes, by: Identity, *, name: str = "", key: int | None = None
    ) -> int:
        """Make a new one of a sound file, or let it be what the one with this key says; its key.

        Raises NoSuchCustomer, NoSuchAnnouncement, or Wrong with a code that begins with `announcement.`.
        """
        wanted = await self._wanted(customer, name, key, by)
        if len(file) > LARGEST:
            raise Wrong("announcement.size", "the file is larger than 10 MB: use a shorter or a compressed one")
        return await self._keep(customer, key, Recording(wanted, await self._studio.record(file), self._now()), by)

    async def speak(
        self, customer: CustomerId, text: str, language: str, by: Identity, *, name: str = "", key: int | None = None
    ) -> int:
        """The same of a text that is `speakable`; `language` of the voice: `de` or `en`."""
        wanted = await self._wanted(customer, name, key, by)
        sound = await self._studio.speak(speakable(text), language)
        return await self._keep(customer, key, Recording(wanted, sound, self._now(), text, language), by)

    async def delete(self, customer: CustomerId, key: int, by: Identity) -> None:
        """Forget it. Raises NoSuchCustomer, NoSuchAnnouncement, or Wrong while it is chosen."""
        _refuse_others(customer, by)

        def check(there: Sequence[Announcement]) -> None:
            one = _of_key(there, key)
            if one.greets or one.interim:
                text = f"'{one.name}' is chosen for callers: choose another one first"
                raise Wrong("announcement.chosen", text, name=one.name)

        async with self._laying:
            await self._store.drop(customer, key, _author(by), check)
            await asyncio.to_thread(self._shelf.drop, own_sound(key))

    async def lay_out(self) -> int:
        """Let the switch have all that the store has, and nothing else; how many were lacking. Raises StoreError."""
        there = await asyncio.to_thread(self._shelf.names)  # before the store: what comes meanwhile is no stray
        wanted = await self._store.everyone()
        for stray in there - {one.sound for one in wanted}:
            await asyncio.to_thread(self._shelf.drop, stray)
        lacking = await asyncio.to_thread(self._shelf.lacking, wanted)
        for key in lacking:
            async with self._laying:
                recording = await self._store.recording(key)
                if recording is not None:
                    await asyncio.to_thread(self._shelf.put, own_sound(key), recording.sound, recording.made_at)
        if lacking:
            log.info("announcements_laid_out", count=len(lacking))
        return len(lacking)

    async def _wanted(self, customer: CustomerId, name: str, key: int | None, by: Identity) -> str:
        """The name that it will have; refused before anything is made of a file."""
        there = await self.of(customer, by)
        if key is not None:
            return _of_key(there, key).name
        _check_new(there, name)
        return name

    async def _keep(self, customer: CustomerId, key: int | None, recording: Recording, by: Identity) -> int:
        def check(there: Sequence[Announcement]) -> None:
            if key is None:
                _check_new(there, recording.name)
            else:
                _of_key(there, key)

        async with self._laying:
            put = await self._store.put(customer, key, recording, _author(by), check)
            await asyncio.to_thread(self._shelf.put, own_sound(put), recording.sound, recording.made_at)
        return put


def speakable(text: str) -> str:
    """The text as `readable`, of 1 to LONGEST_TEXT characters that can be read. Raises Wrong for another."""
    text = readable(text)
    if sign := unreadable(text):
        raise Wrong("text.sign", f"{sign} is no character that can be read: delete it", sign=sign)
    if not 0 < len(text.strip()) <= LONGEST_TEXT:
        raise Wrong("announcement.text", f"write 1 to {LONGEST_TEXT} characters", most=str(LONGEST_TEXT))
    return text


def _refuse_others(customer: CustomerId, by: Identity) -> None:
    if not (by.sees(customer) and by.may(Action.EDIT_OWN)):
        raise NoSuchCustomer(customer)


def _of_key(there: Sequence[Announcement], key: int) -> Announcement:
    found = next((one for one in there if one.id == key), None)
    if found is None:
        raise NoSuchAnnouncement(key)
    return found


def _check_new(there: Sequence[Announcement], name: str) -> None:
    if len(there) >= MOST:
        raise Wrong("announcement.many", f"there are {MOST} already: delete one first", most=str(MOST))
    if any(one.name == name for one in there):
        raise Wrong("announcement.taken", f"there is an announcement '{name}' already: give it another name", name=name)


def _author(by: Identity) -> Author:
    return Author(by.login, by.role.value, by.acting_for)
