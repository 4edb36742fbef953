"""An agent's session whose time is over in the middle of a talk: it holds for that talk and its message.

Rule of this file: for nothing else, and not for long. What has been ended by somebody, by an administrator or with
another password, is ended; of it the voice of a talk that runs is left alone, which is the caller's, too.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from engine.accounts import OVERTIME, Role
from engine.service.accounts import Session

if TYPE_CHECKING:
    from engine.web.page import Web

_PATHS = re.compile(
    r"/desk(?:/events|/form|/state|/wrap-up/end|/phone(?:/account|/talk|/ws)?|/calls/([^/]+)/.+)?|/sign-out"
)
"""What the desk asks while one talks and writes, and going, which asks first; of its own calls where one is named."""
_PHONE = re.compile(r"/desk/phone/.+")
"""What the browser asks as a phone: it is one for the talk, and not for the message."""
_ROLES = (Role.AGENT, Role.SUPERVISOR)


async def until(web: Web, session: Session) -> datetime | None:
    """When the session's time is over, past where it holds on for its talk; None = it is over, or was ended.

    Asking does not count as using it. Raises StoreError if nobody can say.
    """
    who, there = session.identity, await web.accounts.sessions(session.identity.user, OVERTIME)
    same = (session.id, who.agent, who.role)
    found = next((one for one in there if (one.id, one.identity.agent, one.identity.role) == same), None)
    if found is None or (found.expires <= web.clock.now() and not await may(web, found)):
        return None
    return found.expires


async def may(web: Web, session: Session, path: str = "/desk", call: str = "") -> bool:
    """Whether a session whose time is over may still ask for this, with that `?call=`. Raises StoreError."""
    who, asked = session.identity, _PATHS.fullmatch(path)
    if asked is None or who.agent is None or who.role not in _ROLES:
        return False
    if _PHONE.fullmatch(path) and web.phone_line.call(who.agent) is None:
        return False
    calls = await web.desk.unfinished(who, session.expires)
    named = [one for one in (unquote(asked[1] or ""), call) if one]
    return bool(calls) and all(one in calls for one in named)
