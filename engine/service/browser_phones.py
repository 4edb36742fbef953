"""Browsers as agents' phones: who has one, with which account, and where its SIP is taken in.

Rule of this file: an agent gets the account of his own phone and no other, and only if that phone is a browser.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.accounts import Identity
from engine.ports.phones import IceServer, PhoneAccount, PhoneStore
from engine.terms import AgentId, PhoneKind


class BrowserPhones:
    """Works for whoever signs in as an agent."""

    def __init__(self, store: PhoneStore, socket: str, ice: Sequence[IceServer] = ()) -> None:
        """`socket`: the switch's WebSocket for SIP (RFC 7118), `ws://…`; `ice`: STUN and TURN servers."""
        self.socket = socket
        self._store, self._ice = store, tuple(ice)

    async def account(self, by: Identity) -> PhoneAccount | None:
        """Of this agent's phone; None if it is no browser, or if who asks is no agent. Raises StoreError."""
        phone = await self._store.phone(by.agent) if by.agent is not None else None
        if phone is None or phone.kind is not PhoneKind.BROWSER or phone.password is None:
            return None
        return PhoneAccount(phone.agent, phone.password, ice=self._ice)

    async def agents(self) -> Sequence[AgentId]:
        """Those whose phone is a browser. Raises StoreError."""
        return [one.agent for one in await self._store.phones() if one.kind is PhoneKind.BROWSER]
