"""How long sessions and one-time links live.

Rule of this file: what a session reaches decides how long it may lie idle. NIST SP 800-63B-4, §2.2.3 (AAL2) advises one
hour idle and 24 in all; ASVS 5.0, 7.1.1 asks for a reason to deviate:
- An agent's screen lies idle while the telephone is in use. A session that ends in the middle of a call would cost the
  caller a message, so it lasts a shift, and a talk that was begun in it is brought to its end; agents see released
  fields only.
- Support reaches every customer, an admin every right: a day's work, and half an hour of idleness for the admin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Life:
    """After what a session is over, whichever comes first."""

    idle: timedelta
    absolute: timedelta


_SHIFT = Life(idle=timedelta(hours=8), absolute=timedelta(hours=12))
LIVES: Mapping[Role, Life] = {
    Role.CUSTOMER: Life(idle=timedelta(hours=1), absolute=timedelta(hours=24)),
    Role.AGENT: _SHIFT,
    Role.SUPERVISOR: _SHIFT,
    Role.SUPPORT: Life(idle=timedelta(hours=1), absolute=timedelta(hours=12)),
    Role.ADMIN: Life(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
}
MOST_SESSIONS = 10
"""Of one user at once; one more ends the one that was idle for longest (ASVS 5.0, 7.1.2)."""
OVERTIME = timedelta(hours=2)
"""How long at most a session whose time is over holds for the talk that it was over in, and its message."""
SEEN_EVERY = timedelta(minutes=1)
"""How often at most it is written down that a session is in use."""
TOKEN_DAYS = range(1, 367)
"""How many days a token for programs may hold."""
_INVITATION = timedelta(days=7)
_NEW_PASSWORD = timedelta(days=1)


def expiry(role: Role, created: datetime, last_seen: datetime) -> datetime:
    """When the session is over if it is not used again."""
    life = LIVES[role]
    return min(created + life.absolute, last_seen + life.idle)


def overtime(role: Role) -> timedelta:
    """See `OVERTIME`; none for who does not talk."""
    return OVERTIME if role in (Role.AGENT, Role.SUPERVISOR) else timedelta()


def link_life(has_password: bool) -> timedelta:
    """How long a one-time link holds: a week for who comes new, a day for who has forgotten the password."""
    return _NEW_PASSWORD if has_password else _INVITATION
