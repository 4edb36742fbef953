"""Who may sign in, with what, for how long, and what they may do then. Pure: the moment to judge is an argument."""

from engine.accounts.lives import (
    LIVES,
    MOST_SESSIONS,
    OVERTIME,
    SEEN_EVERY,
    TOKEN_DAYS,
    Life,
    expiry,
    link_life,
    overtime,
)
from engine.accounts.logins import BadLogin, login_key
from engine.accounts.passwords import LONGEST, SHORTEST, Weakness, own_words, weaknesses
from engine.accounts.refusals import AccountError, Fault, LinkOver, Refused, WeakPassword, Why
from engine.accounts.roles import Action, Identity, Role, may, who_may
from engine.accounts.throttle import LONGEST_WAIT, WINDOW, Failures, Tries, network_of, seconds_to_wait
from engine.accounts.totp import DRIFT, STEP, is_fresh

__all__ = [
    "DRIFT",
    "LIVES",
    "LONGEST",
    "LONGEST_WAIT",
    "MOST_SESSIONS",
    "OVERTIME",
    "SEEN_EVERY",
    "SHORTEST",
    "STEP",
    "TOKEN_DAYS",
    "WINDOW",
    "AccountError",
    "Action",
    "BadLogin",
    "Failures",
    "Fault",
    "Identity",
    "Life",
    "LinkOver",
    "Refused",
    "Role",
    "Tries",
    "WeakPassword",
    "Weakness",
    "Why",
    "expiry",
    "is_fresh",
    "link_life",
    "login_key",
    "may",
    "network_of",
    "overtime",
    "own_words",
    "seconds_to_wait",
    "weaknesses",
    "who_may",
]
