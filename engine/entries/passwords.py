"""The passwords of phones and trunks: left out where an entry is shown, compared or noted, kept where it is written.

Rule of this file: whoever shows an entry to people asks here, so there is one place that knows where passwords stand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.entries.catalogue import KeyedEntry
from engine.entries.people import AgentEntry, TrunkEntry
from engine.terms import PhoneKind, Wrong


def open_values(entry: KeyedEntry, *, exclude_defaults: bool = False) -> dict[str, Any]:
    """The entry in the words of YAML, without its password."""
    values = entry.model_dump(mode="json", by_alias=True, exclude_defaults=exclude_defaults)
    values.pop("password", None)
    values.get("phone", {}).pop("password", None)
    return values


def password_of(entry: KeyedEntry | None) -> str | None:
    """The password of the trunk, or of the agent's phone."""
    if isinstance(entry, AgentEntry):
        return entry.phone.password
    return entry.password if isinstance(entry, TrunkEntry) else None


def completed(entry: KeyedEntry, stored: KeyedEntry | None, make: Callable[[], str]) -> KeyedEntry:
    """The entry with the password that it has in the store, or for a phone a new one, where none is written."""
    if password_of(entry) is not None:
        return entry
    if isinstance(entry, TrunkEntry) and entry.user is not None:
        return entry.model_copy(update={"password": password_of(stored)})
    if isinstance(entry, AgentEntry) and entry.phone.kind is not PhoneKind.STATIC:
        return with_phone_password(entry, password_of(stored) or make())
    return entry


def with_phone_password(agent: AgentEntry, password: str) -> AgentEntry:
    """The agent with this password for the phone."""
    return agent.model_copy(update={"phone": agent.phone.model_copy(update={"password": password})})


def lacks_password(entry: KeyedEntry) -> Wrong | None:
    """What is wrong with a completed entry that has no password but needs one."""
    if isinstance(entry, TrunkEntry) and entry.user is not None and entry.password is None:
        return Wrong("trunk.no_password", "a trunk with a user needs its password")
    return None
