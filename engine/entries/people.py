"""Entries of those who carry and answer calls: trunks, groups, agents with their phones."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from engine.entries.base import Entry
from engine.entries.fields import Count, Match, Name, Names, Password, PhonePassword, Rate, SipUri, SipUser, Word
from engine.terms import PhoneKind, Wrong

RESERVED_LOGINS = frozenset({"testcall"})
"""The switch has a phone of this name already: the one that places test calls."""


class TrunkEntry(Entry):
    """A carrier's line: known by the addresses it calls from, or registered with the carrier, or both."""

    key: ClassVar[str] = "name"

    name: Word
    match: Match = ()
    registrar: SipUri | None = None
    user: SipUser | None = None
    password: Password | None = Field(default=None, repr=False)
    """Where it is left out, the stored one stays."""
    number_from: Literal["request_uri", "to", "p_called_party_id"] = "request_uri"
    max_calls: Count | None = None
    """Calls at once; None = no limit."""
    max_rate: Rate | None = None
    """Calls per second; None = the installation's."""

    @model_validator(mode="after")
    def _is_reachable(self) -> Self:
        if not self.match and self.registrar is None:
            raise Wrong(
                "trunk.reach", "the trunk needs match (the carrier's addresses) or registrar, user and password"
            )
        if (self.registrar is None) != (self.user is None):
            raise Wrong("trunk.registrar", "registrar and user go together: write both or neither")
        if self.password is not None and self.user is None:
            raise Wrong(
                "trunk.password", "the password is for registering: write registrar and user too, or leave it out"
            )
        return self


class GroupEntry(Entry):
    """A group of agents."""

    key: ClassVar[str] = "name"

    name: Name


class PhoneEntry(Entry):
    """An agent's phone."""

    kind: PhoneKind
    uri: SipUri | None = None
    """Of a static phone; the others tell their address by registering."""
    password: PhonePassword | None = Field(default=None, repr=False)
    """Where it is left out, the stored one stays, or a new one is made."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        static = self.kind is PhoneKind.STATIC
        if static and self.uri is None:
            raise Wrong("phone.uri", 'a static phone needs its uri, e.g. "sip:name@192.0.2.1:5060"')
        if static and self.password is not None:
            raise Wrong("phone.password", "a static phone does not register: leave the password out")
        if not static and self.uri is not None:
            raise Wrong(
                "phone.no_uri",
                f"a {self.kind} phone tells its address by registering: leave the uri out",
                kind=self.kind.value,
            )
        return self


class AgentEntry(Entry):
    """An employee who answers. Whether they are ready is no part of it; they say so themselves."""

    key: ClassVar[str] = "login"

    login: Word
    name: Name
    skills: Names = ()
    groups: Names = ()
    phone: PhoneEntry = PhoneEntry(kind=PhoneKind.REGISTERED)

    @field_validator("login")
    @classmethod
    def _is_free(cls, login: str) -> str:
        if login.lower() in RESERVED_LOGINS:
            how = f"'{login}' is taken by the phone that places test calls: choose another"
            raise Wrong("login.reserved", how, login=login)
        return login
