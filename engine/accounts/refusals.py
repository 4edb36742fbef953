"""What is refused about accounts, and why: a word for programs and pages, a sentence for people.

Rule of this file: no text has anything of a secret in it, nor tells whether a login exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from engine.accounts.passwords import Weakness


class Why(StrEnum):
    """Why somebody is not let in."""

    WRONG = "wrong"
    """There is no such login, or the password or the code is not right: which, is not told."""
    CODE_NEEDED = "code_needed"
    """The password is right, and the one-time code is missing."""
    THROTTLED = "throttled"
    """Too many failures; nothing was looked at."""
    DISABLED = "disabled"
    """All is right, and the user is disabled."""


class Refused(Exception):
    """Not let in; `retry_after` are the seconds to wait where that is why, else 0."""

    def __init__(self, why: Why, retry_after: float = 0.0) -> None:
        super().__init__(why.value)
        self.why, self.retry_after = why, retry_after


class WeakPassword(Exception):
    """The new password is refused; `reasons` has every one."""

    def __init__(self, reasons: tuple[Weakness, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class LinkOver(Exception):
    """The one-time link was used, is too old, or never was."""

    def __init__(self) -> None:
        super().__init__("this link is used or too old: ask for a new one")


class Fault(StrEnum):
    """What is wrong with an order about accounts."""

    LOGIN_SHAPE = "login_shape"
    LOGIN_TAKEN = "login_taken"
    NAME_SHAPE = "name_shape"
    LANGUAGE = "language"
    CUSTOMER_NEEDED = "customer_needed"
    CUSTOMER_UNKNOWN = "customer_unknown"
    CUSTOMER_NOT_FITTING = "customer_not_fitting"
    AGENT_NEEDED = "agent_needed"
    AGENT_UNKNOWN = "agent_unknown"
    AGENT_TAKEN = "agent_taken"
    AGENT_NOT_FITTING = "agent_not_fitting"
    USER_UNKNOWN = "user_unknown"
    LAST_ADMIN = "last_admin"
    ONESELF = "oneself"
    LAST_OF_CUSTOMER = "last_of_customer"
    NOT_ALLOWED = "not_allowed"
    TOTP_NOT_BEGUN = "totp_not_begun"
    TOKEN_DAYS = "token_days"


_SAID: Mapping[Fault, str] = {
    Fault.LOGIN_SHAPE: "write the login as an e-mail address, or as 1 to 64 letters, digits, '.', '_', '+' and '-'",
    Fault.LOGIN_TAKEN: "somebody has this login already: choose another",
    Fault.NAME_SHAPE: "write the name as 1 to 80 printable characters without blanks around them",
    Fault.LANGUAGE: "write the language as de or en",
    Fault.CUSTOMER_NEEDED: "a user with the role customer needs the customer whose user it is",
    Fault.CUSTOMER_UNKNOWN: "there is no such customer",
    Fault.CUSTOMER_NOT_FITTING: "only the role customer belongs to a customer: leave the customer out",
    Fault.AGENT_NEEDED: "a user with the role agent needs the agent's login",
    Fault.AGENT_UNKNOWN: "there is no such agent",
    Fault.AGENT_TAKEN: "this agent has a user already",
    Fault.AGENT_NOT_FITTING: "only the roles agent and supervisor can be an agent: leave the agent out",
    Fault.USER_UNKNOWN: "there is no such user",
    Fault.LAST_ADMIN: "this is the last admin who can sign in: make another one first",
    Fault.ONESELF: "nobody disables oneself: ask somebody else",
    Fault.LAST_OF_CUSTOMER: "this is the customer's last user who can sign in: only support can disable it",
    Fault.NOT_ALLOWED: "this role may not do that",
    Fault.TOTP_NOT_BEGUN: "no authenticator app is being set up: begin anew",
    Fault.TOKEN_DAYS: "a token holds for 1 to 366 days",
}


class AccountError(Exception):
    """The order cannot be carried out; `fault` is the word for it, the text one line."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(_SAID[fault])
        self.fault = fault
