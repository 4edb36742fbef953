"""What programs send and get, but for the customer itself, which is `engine.entries.CustomerEntry`.

Rule of this file: a key that is not here is refused; nothing is taken over that was not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.accounts import Role
from engine.ports import CallAttempt
from engine.ports.accounts import User
from engine.ports.customer_calls import CustomerCall
from engine.ports.customers import AuditEntry
from engine.service.customer_judging import FieldMistake
from engine.web.portal.call_words import talked_ms

Values = dict[str, JsonValue]
_PATHS = 500
_NAMES = ("answered_by", "agents")


class Sent(BaseModel):
    """Something that a program sends."""

    model_config = ConfigDict(extra="forbid")


class Edit(Sent):
    """Values by path: `greeting`, `wait/max_wait`, `contacts/Eva Brandt/absence`; null = back to the default."""

    changes: Values = Field(
        min_length=1, max_length=_PATHS, examples=[{"greeting": "Muster GmbH, mein Name ist {agent}."}]
    )
    seen: Values = Field(default={}, max_length=_PATHS, examples=[{"greeting": "Muster, {agent}, guten Tag."}])
    """What stood there when the program looked. Does it no more, nothing is saved."""


class NewUser(Sent):
    """A user to be made, who gets a one-time link."""

    login: str = Field(max_length=200, examples=["eva@muster.example"])
    name: str = Field(max_length=200, examples=["Eva Brandt"])
    role: Role = Role.CUSTOMER
    customer: str | None = Field(default=None, max_length=80)
    """The customer's number; needed of staff for the role customer."""
    agent: str | None = Field(default=None, max_length=80)
    language: Literal["de", "en"] = "de"


class UserChange(Sent):
    """What can be changed of a user."""

    disabled: bool


class Mistake(BaseModel):
    """One reason why nothing was saved. Codes never change; `text` is one English sentence."""

    path: str
    code: str
    values: dict[str, str]
    text: str


class ProblemShown(BaseModel):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str | None = None
    mistakes: list[Mistake] | None = None
    theirs: dict[str, Any] | None = None
    fault: str | None = None


class Changed(BaseModel):
    """What a save did: the paths of what is another value now."""

    changed: tuple[str, ...]


class Own(BaseModel):
    """A customer by number and name."""

    number: str
    name: str


class Me(BaseModel):
    """The token's user."""

    login: str
    name: str
    role: Role
    language: str
    customer: Own | None


class Found(Own):
    """A customer that a search has found."""

    tariff: str
    blocked: bool
    access_numbers: tuple[str, ...]
    lines: tuple[str, ...]


class HistoryEntry(BaseModel):
    """One value that was changed; `null` = its default."""

    id: int
    at: datetime
    who: str
    role: str | None
    path: str
    old: Any
    new: Any

    @classmethod
    def of(cls, entry: AuditEntry) -> HistoryEntry:
        """As the store has it."""
        by = entry.author
        return cls(id=entry.id, at=entry.at, who=by.who, role=by.role, path=entry.path, old=entry.old, new=entry.new)


class UserShown(BaseModel):
    """Somebody who may sign in."""

    id: int
    login: str
    name: str
    role: Role
    language: str
    disabled: bool
    customer: str | None
    agent: str | None
    has_password: bool
    has_code: bool
    signed_in_at: datetime | None

    @classmethod
    def of(cls, user: User) -> UserShown:
        """Without anything secret."""
        return cls(
            id=user.id,
            login=user.login,
            name=user.name,
            role=user.role,
            language=user.language,
            disabled=user.disabled,
            customer=user.customer_number,
            agent=user.agent,
            has_password=user.password is not None,
            has_code=user.totp is not None,
            signed_in_at=user.signed_in_at,
        )


class Invited(BaseModel):
    """The path of a one-time link by which the user chooses a password; it is told this once."""

    user: int
    link: str


class CallShown(BaseModel):
    """A call. Times are UTC; `null` = did not happen, or is not known."""

    id: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    caller: str | None
    line: str | None
    access_number: str | None
    outcome: str
    answered_by: str | None
    """The last one."""
    agents: tuple[str, ...]
    """All who have talked in it, in order."""
    waited_ms: int
    talked_ms: int
    charged_minutes: int
    transferred_ms: int

    @classmethod
    def of(cls, call: CustomerCall) -> CallShown:
        """Without what is ours alone."""
        return cls(**_of_call(call))


class Step(BaseModel):
    """Something that happened in a call; `what` is a word, `detail` names the music or announcement."""

    what: str
    after_ms: int
    detail: str


class Attempt(BaseModel):
    """A number that was dialled to put the caller through; times as above, `talked_ms` with the caller."""

    contact: str
    number: str
    kind: str
    dialled_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    result: str
    talked_ms: int


class CallTold(CallShown):
    """A call with what happened in it."""

    steps: list[Step]
    attempts: list[Attempt]

    @classmethod
    def told(
        cls, call: CustomerCall, trail: Iterable[tuple[str, float, str]], attempts: Iterable[CallAttempt]
    ) -> CallTold:
        """`trail`: word, seconds since the call arrived, detail."""
        steps = [Step(what=what, after_ms=round(seconds * 1000), detail=detail) for what, seconds, detail in trail]
        return cls(**_of_call(call), steps=steps, attempts=[_attempt(one) for one in attempts])


def _attempt(one: CallAttempt) -> Attempt:
    shown = {name: getattr(one, name) for name in Attempt.model_fields if name != "talked_ms"}
    return Attempt(**shown, talked_ms=talked_ms(one))


def _of_call(call: CustomerCall) -> dict[str, Any]:
    shown = {name: getattr(call.record, name) for name in CallShown.model_fields if name not in _NAMES}
    return {**shown, "answered_by": call.agent_name, "agents": call.answered_by}


def mistakes_of(found: Iterable[FieldMistake]) -> list[dict[str, Any]]:
    """As programs read them."""
    return [
        {"path": one.path, "code": one.wrong.code, "values": one.wrong.values, "text": str(one.wrong)} for one in found
    ]
