"""Accounts: who may sign in, with what, and what became of it.

Rules of this package: what is right is decided in `engine.accounts`; here it is asked for, and written down within one
transaction. Secrets are in no log, no `repr` and no exception, and in the store as hashes alone, but for those of
authenticator apps.
"""

from engine.ports.accounts import AccountEvent, ApiToken
from engine.ports.accounts import User as UserRow
from engine.service.accounts.api_tokens import ApiTokens
from engine.service.accounts.errors import AccountError, Fault, LinkOver, Refused, WeakPassword, Why
from engine.service.accounts.hashing import Passwords
from engine.service.accounts.second_factor import SecondFactor, TotpSecret
from engine.service.accounts.sessions import Session, Sessions
from engine.service.accounts.signing_in import SignedIn, SigningIn
from engine.service.accounts.users import Users


class Accounts(SigningIn, Sessions, Users, SecondFactor, ApiTokens):
    """All of it, over one store."""


__all__ = [
    "AccountError",
    "AccountEvent",
    "Accounts",
    "ApiToken",
    "Fault",
    "LinkOver",
    "Passwords",
    "Refused",
    "Session",
    "SignedIn",
    "TotpSecret",
    "UserRow",
    "WeakPassword",
    "Why",
]
