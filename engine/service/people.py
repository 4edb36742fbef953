"""Trunks, groups and agents: listed, made, changed, removed by administrators, and taken over by the running engine.

Rules of this file: a change is judged as an import of it would be, on the very state that it changes; whatever of the
same fields somebody else has changed meanwhile is a conflict. Only then it is taken over, and what is stored stays
stored whatever the switch says to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from engine.accounts import Action, Identity
from engine.entries import SECTIONS, AgentEntry, Catalogue, Changes, KeyedEntry
from engine.entries.passwords import completed, lacks_password, open_values, password_of, with_phone_password
from engine.entries.paths import alike, join
from engine.ports.customers import AuditEntry
from engine.ports.people import AgentNow, Login, PeopleStore, Switchboard, TrunkNow
from engine.service.catalogue import new_password
from engine.service.catalogue_mistakes import explain
from engine.service.catalogue_reading import Key, read_entry
from engine.service.catalogue_rules import judge
from engine.service.customer_judging import FieldMistake, Refused
from engine.service.customer_rules import Installation
from engine.service.customers import Conflict, author_of
from engine.terms import AgentId, PhoneKind, Wrong

log = structlog.get_logger()
RIGHTS: Mapping[str, Action] = {
    "trunks": Action.MANAGE_TRUNKS,
    "groups": Action.MANAGE_AGENTS,
    "agents": Action.MANAGE_AGENTS,
}
"""What each section of a catalogue is changed with."""
Deciding = Callable[[Catalogue, KeyedEntry | None], KeyedEntry | None]


class Gone(LookupError):
    """There is no such trunk, group or agent (any more)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a change did. `taken_over`: whether engine and switch work with it by now."""

    entry: KeyedEntry | None
    password: str | None = field(default=None, repr=False)
    """Of an agent's phone, where it is a new one: to be shown this once."""
    taken_over: bool = True


class People:
    """Works on one store, for one running engine."""

    def __init__(
        self,
        store: PeopleStore,
        board: Switchboard,
        rules: Callable[[], Installation],
        make_password: Callable[[], str] = new_password,
    ) -> None:
        """`rules`: what holds at the moment of a change."""
        self._store, self._board, self._rules, self._make_password = store, board, rules, make_password

    @property
    def is_taken_over(self) -> bool:
        """Whether phones and trunks reach the switch by themselves."""
        return self._board.is_ours

    @property
    def sip_server(self) -> tuple[str, int]:
        """Address and port that telephones sign in at; `0.0.0.0` or `::` = every address of the machine."""
        return self._board.sip_server

    async def all(self) -> Catalogue:
        """Trunks, groups and agents, each by key. Passwords are in it: show `open_values`."""
        return await self._store.load()

    async def logins(self) -> Mapping[AgentId, Login]:
        """Who signs in as which agent."""
        return await self._store.logins()

    def agent_now(self, login: str) -> AgentNow | None:
        """What the agent does at this moment; None = the engine does not know."""
        return self._board.agent(AgentId(login))

    def trunk_now(self, name: str) -> TrunkNow:
        """How the trunk stands at this moment."""
        return self._board.trunk(name)

    async def history(self, limit: int = 100, before: int | None = None) -> Sequence[AuditEntry]:
        """The last changes, or the last ones before that id; the latest first."""
        return await self._store.history(limit, before)

    async def add(self, section: str, values: Mapping[str, Any], by: Identity) -> Written:
        """One more, of values in the words of YAML. Raises Refused with every mistake."""
        named = SECTIONS[section].key
        key = (section, str(values.get(named)))

        def decide(stored: Catalogue, before: KeyedEntry | None) -> KeyedEntry:
            if before is not None:
                text = f"there is '{key[1]}' already: choose another name"
                raise Refused([FieldMistake(named, Wrong("taken.name", text, name=key[1]))])
            return self._judged(key, values, stored, None)

        return await self._write(key, by, decide)

    async def save(self, key: Key, changes: Mapping[str, Any], seen: Mapping[str, Any], by: Identity) -> Written:
        """Let these fields have these values. `seen`: what the editor was shown; a field not in it is not compared.

        Raises Gone, Conflict, or Refused with every mistake; nothing is saved then.
        """

        def decide(stored: Catalogue, before: KeyedEntry | None) -> KeyedEntry:
            if before is None:
                raise Gone(key[1])
            values = open_values(before)
            edited = {name: value for name, value in changes.items() if not alike(values.get(name), value)}
            compared = [name for name in edited if name in seen]
            if theirs := {name: values.get(name) for name in compared if not alike(values.get(name), seen[name])}:
                raise Conflict(theirs)
            return self._judged(key, {**values, **edited}, stored, before)

        return await self._write(key, by, decide)

    async def renew_password(self, login: str, by: Identity) -> Written:
        """Another password for the agent's phone. Raises Gone, also for a phone that has none."""

        def decide(_: Catalogue, before: KeyedEntry | None) -> KeyedEntry:
            if not isinstance(before, AgentEntry) or before.phone.kind is PhoneKind.STATIC:
                raise Gone(login)
            return with_phone_password(before, self._make_password())

        return await self._write(("agents", login), by, decide)

    async def remove(self, key: Key, by: Identity) -> Written:
        """It goes, an agent with the user who signs in as it. Raises Gone."""

        def decide(_: Catalogue, before: KeyedEntry | None) -> None:
            if before is None:
                raise Gone(key[1])

        return await self._write(key, by, decide)

    def _judged(self, key: Key, values: Mapping[str, Any], stored: Catalogue, before: KeyedEntry | None) -> KeyedEntry:
        kind, rules = SECTIONS[key[0]], self._rules()
        read = read_entry(kind, dict(values), rules.country)
        mistakes = [FieldMistake(join(at), explain(error, kind, None)) for at, error in read.mistakes]
        if (whole := read.entry or read.remains) is not None:
            found = judge({**stored.by_key(), key: whole}, {key: whole}, (), rules)
            mistakes += [FieldMistake(join(path), wrong) for _, path, wrong in found]
        if read.entry is None or mistakes:
            raise Refused(mistakes)
        if wrong := lacks_password(completed(read.entry, before, self._make_password)):
            raise Refused([FieldMistake("password", wrong)])
        return read.entry

    async def _write(self, key: Key, by: Identity, decide: Deciding) -> Written:
        """Raises Refused for who has not the right."""
        if not by.may(RIGHTS[key[0]]):
            text = "only an administrator may change this: ask for it there"
            raise Refused([FieldMistake("", Wrong("right", text, role=by.role.value))])
        entry, password = None, None

        def changes(stored: Catalogue) -> Changes:
            nonlocal entry, password
            before = stored.by_key().get(key)
            wanted = decide(stored, before)
            if wanted is None:
                return Changes(drop=frozenset({key}))
            entry = completed(wanted, before, self._make_password)
            if isinstance(entry, AgentEntry) and password_of(entry) != password_of(before):
                password = password_of(entry)
            return Changes({key: entry} if entry != before else {})

        await self._store.change(author_of(by), changes)
        return Written(entry, password, await self._is_taken_over())

    async def _is_taken_over(self) -> bool:
        try:
            await self._board.take_over()
        except Exception:  # whatever stands against it, the change is stored and will be tried again
            log.exception("not_taken_over", mend="see above; then `vorzimmer reload`")
            return False
        return True
