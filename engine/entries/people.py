"""Entries of those who carry and answer calls: trunks, groups, agents with their phones."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, Strict, field_validator, model_validator

from engine.entries.base import Entry
from engine.entries.fields import (
    Count,
    Flag,
    Host,
    Match,
    Name,
    Names,
    Password,
    PhonePassword,
    Rate,
    SipUri,
    SipUser,
    Word,
)
from engine.terms import PhoneKind, Wrong
from engine.transfer.ways import Identity, Outbound, Writing

RESERVED_LOGINS = frozenset({"testcall"})
"""The switch has a phone of this name already: the one that places test calls."""


class OutboundEntry(Entry):
    """How calls go out by a trunk; without a priority none do."""

    priority: Annotated[int, Strict(), Field(ge=1, le=99)] | None = None
    """1 is tried first; equal ones by name."""
    uri: SipUri | None = None
    """Where calls go; None = to the registrar."""
    numbers: Writing = Writing.PLUS
    identity: Identity = Identity.ASSERTED
    from_account: Flag = False
    """The user stands in From, never the number that is shown."""
    from_host: Host | None = None
    """In From; None = that of the uri or the registrar."""
    auth_user: SipUser | None = None
    """Who answers for the password; None = the trunk's user."""
    diversion: Flag = False
    foreign_numbers: Flag = False
    """The carrier lets us show callers' own numbers."""
    check: Flag = True
    """Ask the carrier now and then whether it is there (OPTIONS)."""

    def way(self, registrar: str | None) -> Outbound | None:
        """As a call needs it, for a trunk with this registrar."""
        uri = self.uri or registrar
        if self.priority is None or uri is None:
            return None
        return Outbound(
            self.priority, uri, self.numbers, self.identity, self.from_account, self.from_host, self.auth_user,
            self.diversion, self.foreign_numbers, self.check,
        )  # fmt: skip


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
    outbound: OutboundEntry = OutboundEntry()

    @model_validator(mode="after")
    def _is_reachable(self) -> Self:
        if not self.match and self.registrar is None and self.outbound.priority is None:
            raise Wrong(
                "trunk.reach", "the trunk needs match (the carrier's addresses) or registrar, user and password"
            )
        if self.user is None and self.registrar is not None:
            raise Wrong("trunk.registrar", "to register, the trunk needs its user with the carrier: write user too")
        if self.user is not None and self.registrar is None and self.outbound.priority is None:
            text = "the user is for registering or dialling out: write registrar or outbound too, or leave it out"
            raise Wrong("trunk.user", text)
        if self.password is not None and self.user is None:
            raise Wrong("trunk.password", "the password is the user's: write user too, or leave the password out")
        return self

    @model_validator(mode="after")
    def _finds_its_way_out(self) -> Self:
        out = self.outbound
        if out.priority is None:
            return self
        if out.uri is None and self.registrar is None:
            text = 'to dial out, the trunk needs where calls go: write outbound: {uri: "sip:carrier.example"}'
            raise Wrong("trunk.way_out", text)
        if self.user is None and (out.from_account or out.auth_user is not None):
            text = "from_account and auth_user need the trunk's user with the carrier: write user too"
            raise Wrong("trunk.account", text)
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
