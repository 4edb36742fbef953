"""The customer as one aggregate: loaded, found, made and changed, whoever does it (§5, §6).

Rule of this file: a save names the values that are changed and those that its editor was shown. It is decided and
written in one transaction: whatever of the same fields somebody else has changed meanwhile is a conflict, all other
fields stay as they are by then, and a mistake anywhere saves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.accounts import Action, Identity
from engine.directory.greeting import greeting_locked
from engine.entries import Catalogue, CustomerEntry
from engine.entries.directory import service_hours
from engine.entries.edits import edit
from engine.entries.paths import alike, differences, split, value_at, values_of
from engine.hours.service import ZONE_NAME, ServiceHours
from engine.ports.customers import AuditEntry, Author, CustomerEntries, CustomerView, FoundCustomer, Teams
from engine.service.catalogue_export import export_text
from engine.service.customer_blocks import noted
from engine.service.customer_judging import FieldMistake, Refused, read_customer
from engine.service.customer_rights import right_for
from engine.service.customer_rules import Installation
from engine.service.known_customers import KnownCustomers
from engine.service.pushover_keys import IsUser, strangers, strangers_of
from engine.terms import CustomerId, Wrong

ZONE = ZoneInfo(ZONE_NAME)
"""Where customers' days begin."""


class NoSuchCustomer(LookupError):
    """There is no customer with this id, or it is none of this user's business."""


class Conflict(Exception):
    """Nothing was saved: somebody else has changed these fields since they were shown."""

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        super().__init__(", ".join(theirs))
        self.paths = tuple(theirs)
        self.theirs = dict(theirs)
        """What stands there now, by path."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did."""

    customer: CustomerId
    entry: CustomerEntry
    changed: tuple[str, ...] = ()
    """The paths of what is another value now; none of a customer that was made."""


class CustomerService:
    """Works on one store."""

    def __init__(
        self,
        store: CustomerEntries,
        rules: Callable[[], Installation],
        now: Callable[[], datetime],
        changed: Callable[[], None] = lambda: None,
        is_pushover_user: IsUser | None = None,
    ) -> None:
        """`rules`: what holds at the moment of a save, for announcements come and go; `now`: this moment, in UTC.

        `changed()` is called after every change, for who keeps a copy. `is_pushover_user`: asked for new keys.
        """
        self._store, self._rules, self._now, self._tell = store, rules, now, changed
        self._is_pushover_user = is_pushover_user
        self._known = KnownCustomers(store)

    async def load(self, customer: CustomerId) -> CustomerEntry:
        """The customer as it stands in the store now. Raises NoSuchCustomer."""
        found = await self._store.load(customer)
        if found is None:
            raise NoSuchCustomer(customer)
        return found

    async def known(self, customer: CustomerId) -> CustomerEntry:
        """The same, for who asks again and again (`known_customers`). Raises NoSuchCustomer."""
        found = await self._known.entry(customer)
        if found is None:
            raise NoSuchCustomer(customer)
        return found

    async def edition(self, customer: CustomerId) -> int:
        """Another number after each change of the customer; 0 = nothing was ever changed."""
        return await self._known.edition(customer)

    def rules(self) -> Installation:
        """What customers are judged by at this moment."""
        return self._rules()

    async def hours(self, customer: CustomerEntry) -> ServiceHours:
        """When the customer's calls are answered; never, should its tariff be gone."""
        tariff = await self._store.tariff(customer.tariff)
        return service_hours(customer, tariff) if tariff else ServiceHours(((),) * 7)

    async def is_greeting_locked(self, customer: CustomerId, entry: CustomerEntry) -> bool:
        """Whether support alone may change the greeting by now (§5.1.1)."""
        return self._is_locked(entry, await self._store.first_call_of(customer) if entry.live_since is None else None)

    async def teams(self) -> Teams:
        """What agents can be asked for by."""
        return await self._store.teams()

    async def find(self, text: str, limit: int = 20) -> Sequence[FoundCustomer]:
        """At most `limit` customers by parts of name, number, access number or forwarded line; the best first."""
        return await self._store.find(text, limit) if text.isprintable() else []

    async def history(self, customer: CustomerId, limit: int = 100, before: int | None = None) -> Sequence[AuditEntry]:
        """The customer's last changes, or the last ones before that id; the latest first."""
        return await self._store.history(customer, limit, before)

    async def export_own(self, customer: CustomerId) -> str:
        """Everything that is entered of the customer, as YAML that can be imported. Raises NoSuchCustomer."""
        return export_text(Catalogue(customers=(await self.load(customer),)), secrets=False)

    async def create(self, values: Mapping[str, Any], by: Identity) -> Saved:
        """Make a customer of values in the words of YAML. Raises Refused with every mistake."""
        made: CustomerEntry | None = None
        if not by.may(Action.CREATE_CUSTOMER):
            raise Refused([_no_right("number", by)])
        nobodys = await strangers_of(values, self._is_pushover_user) if self._is_pushover_user else []

        def decide(view: CustomerView) -> CustomerEntry:
            nonlocal made
            made, mistakes = read_customer(values, view, self._rules())
            if made is None or mistakes or nobodys:
                raise Refused([*nobodys, *mistakes])
            return made

        key = await self._store.change(None, author_of(by), decide)
        assert made is not None
        self._changed()
        return Saved(key, made)

    async def save(
        self, customer: CustomerId, changes: Mapping[str, Any], seen: Mapping[str, Any], by: Identity
    ) -> Saved:
        """Let these values stand at these paths (`engine.entries.paths`), in the words of YAML.

        `seen`: what the editor was shown there; a path that is not in it is written whatever stands there. Raises
        NoSuchCustomer, Conflict, or Refused with every mistake; nothing is saved then.
        """
        if not by.sees(customer):
            raise NoSuchCustomer(customer)
        strangers = await self._strangers(customer, changes)
        saved: Saved | None = None

        def decide(view: CustomerView) -> CustomerEntry:
            nonlocal saved
            if view.customer is None:
                raise NoSuchCustomer(customer)
            wanted = self._decided(view, view.customer, changes, seen, by, strangers)
            changed = tuple(change.path for change in differences(view.customer, wanted))
            saved = Saved(customer, wanted, changed)
            return wanted

        await self._store.change(customer, author_of(by), decide)
        assert saved is not None
        if saved.changed:
            self._changed()
        return saved

    async def _strangers(self, customer: CustomerId, changes: Mapping[str, Any]) -> list[FieldMistake]:
        if self._is_pushover_user is None:
            return []
        return await strangers(await self.load(customer), changes, self._is_pushover_user)

    def _changed(self) -> None:
        self._known.changed()
        self._tell()

    def _decided(
        self,
        view: CustomerView,
        stored: CustomerEntry,
        changes: Mapping[str, Any],
        seen: Mapping[str, Any],
        by: Identity,
        strangers: Sequence[FieldMistake],
    ) -> CustomerEntry:
        """The customer with these changes. Raises Conflict or Refused."""
        values = values_of(stored)
        edited = {path: value for path, value in changes.items() if not alike(value_at(values, path), value)}
        _refuse_conflicts(values, edited, seen)
        mistakes = [*strangers]
        mistakes += [_no_right(path, by) for path in edited if not by.may(right_for(split(path)[0]))]
        if (
            "greeting" in edited
            and not by.may(Action.EDIT_GREETING_LOCKED)
            and self._is_locked(stored, view.first_call())
        ):
            text = "the greeting can be changed by support alone once the account has been live for two weeks (§5.1.1)"
            mistakes.append(FieldMistake("greeting", Wrong("greeting.locked", text)))
        # What may not be changed is not judged either: it could tell whose an access number is.
        refused = {mistake.path for mistake in mistakes}
        allowed = {path: value for path, value in edited.items() if path not in refused}
        mistakes += [FieldMistake(path, wrong) for path, wrong in edit(values, allowed).items()]
        entry, found = read_customer(values, view, self._rules())
        if entry is not None and "back_from" in allowed and "back_from" not in {one.path for one in found}:
            found += self._over_already(entry)
        if entry is None or found or mistakes:
            raise Refused([*mistakes, *found])
        return noted(entry, stored, by, self._now().astimezone(ZONE).replace(tzinfo=None))

    def _over_already(self, entry: CustomerEntry) -> list[FieldMistake]:
        """Whoever writes a time gone by would never be told of, nor the reason of the absence."""
        if entry.back_from is None or entry.back_from > self._now().astimezone(ZONE).replace(tzinfo=None):
            return []
        text = "this is over already: write a time to come, or leave it out"
        return [FieldMistake("back_from", Wrong("back_from.over", text))]

    def _is_locked(self, stored: CustomerEntry, first: datetime | None) -> bool:
        return greeting_locked(live_since(stored, first), self._now().astimezone(ZONE).date())


def live_since(customer: CustomerEntry, first_call: datetime | None) -> date | None:
    """The day on which the account went live: as entered, else that of the first call; None = not yet."""
    if customer.live_since is None and first_call is not None:
        return first_call.astimezone(ZONE).date()
    return customer.live_since


def _refuse_conflicts(values: dict[str, Any], edited: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    now = {path: value_at(values, path) for path in edited if path in seen}
    if theirs := {path: value for path, value in now.items() if not alike(value, seen[path])}:
        raise Conflict(theirs)


def _no_right(path: str, by: Identity) -> FieldMistake:
    text = "only support may change this: ask for it there"
    return FieldMistake(path, Wrong("right", text, role=by.role.value))


def author_of(by: Identity) -> Author:
    """As whom this user's changes are noted."""
    return Author(by.login, by.role.value, by.acting_for)
