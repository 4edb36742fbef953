"""Roles, and what each may do.

Rule of this file: a right is one row of one table. Whose data it may be used on is a second question, answered by
`Identity.sees`: both must say yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.terms import AgentId, CustomerId, UserId


class Role(StrEnum):
    """What somebody who signs in is to the service."""

    CUSTOMER = "customer"
    """Somebody of a customer's; sees that one's portal and nothing else."""
    AGENT = "agent"
    """Answers calls; sees the desk."""
    SUPERVISOR = "supervisor"
    """Leads the agents; sees the desk and the live board."""
    SUPPORT = "support"
    """Looks after every customer."""
    ADMIN = "admin"
    """Support, and users, trunks and agents too."""


class Action(StrEnum):
    """What needs a right."""

    EDIT_OWN = "edit_own"
    """What a customer sets in the portal (§5)."""
    EDIT_HOURS = "edit_hours"
    """Narrowing a customer's hours (§3.3: support alone)."""
    EDIT_GREETING_LOCKED = "edit_greeting_locked"
    """The greeting after its two weeks (§5.1.1)."""
    BLOCK = "block"
    EDIT_TARIFF = "edit_tariff"
    EDIT_ACCESS_NUMBERS = "edit_access_numbers"
    EDIT_SHOWN_NUMBERS = "edit_shown_numbers"
    """The numbers that callees may see, for which somebody must have seen the right of use (L7)."""
    CREATE_CUSTOMER = "create_customer"
    HANDLE_ORDERS = "handle_orders"
    """What customers have asked support to change (§6.2)."""
    SEE_AUDIT = "see_audit"
    ACT_FOR = "act_for"
    """Working in the portal as a customer."""
    ANSWER_PERSONS = "answer_persons"
    """What is kept about a telephone number in all customers' data: told, handed over, deleted."""
    WRITE_NEWS = "write_news"
    """What stands on agents' idle desks."""
    MANAGE_OWN_USERS = "manage_own_users"
    """The users of a customer that one sees."""
    MANAGE_USERS = "manage_users"
    """Any user, of any role."""
    MANAGE_TRUNKS = "manage_trunks"
    MANAGE_AGENTS = "manage_agents"
    SEE_DAYS = "see_days"
    """How long every agent was there, and did what."""


_CUSTOMER = frozenset({Action.EDIT_OWN, Action.MANAGE_OWN_USERS})
_SUPPORT = frozenset(Action) - {Action.MANAGE_USERS, Action.MANAGE_TRUNKS, Action.MANAGE_AGENTS, Action.SEE_DAYS}
_RIGHTS: Mapping[Role, frozenset[Action]] = {
    Role.CUSTOMER: _CUSTOMER,
    Role.AGENT: frozenset(),
    Role.SUPERVISOR: frozenset({Action.SEE_DAYS}),
    Role.SUPPORT: _SUPPORT,
    Role.ADMIN: frozenset(Action),
}


def may(role: Role, action: Action) -> bool:
    """Whether the role has the right."""
    return action in _RIGHTS[role]


def who_may(action: Action) -> tuple[Role, ...]:
    """Every role that has the right."""
    return tuple(role for role in Role if may(role, action))


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who has signed in, as of this moment."""

    user: UserId
    login: str
    name: str
    role: Role
    customer: CustomerId | None = None
    """Whose user; for the role customer alone."""
    agent: AgentId | None = None
    """Which agent; always for an agent, at will for a supervisor."""
    acting_for: CustomerId | None = None
    """The customer as whom support or an admin works in the portal."""
    language: str = "de"
    """`de` or `en`."""

    @property
    def tenant(self) -> CustomerId | None:
        """Whose portal this is: the own customer's, or that of the one acted for; None = no portal is open."""
        return self.customer if self.role is Role.CUSTOMER else self.acting_for

    def sees(self, customer: CustomerId) -> bool:
        """Whether anything of this customer's portal may be shown."""
        if self.role is Role.CUSTOMER:
            return customer == self.customer
        return self.role in (Role.SUPPORT, Role.ADMIN)

    def manages(self, role: Role, customer: CustomerId | None) -> bool:
        """Whether a user of this role and customer may be made, invited, changed or disabled: never above oneself."""
        if self.may(Action.MANAGE_USERS):
            return True
        own = role is Role.CUSTOMER and customer is not None and self.sees(customer)
        return own and self.may(Action.MANAGE_OWN_USERS)

    def may(self, action: Action) -> bool:
        """Whether the role has the right; whose data is `sees`."""
        return may(self.role, action)
